/** Passkeys as the browser has them, spoken to in JSON: natively where it can, else converted here. */
type Json = Record<string, unknown>;

const IP_ADDRESS = /^(\d{1,3}\.){3}\d{1,3}$|^\[/;

/** Browsers have passkeys in secure contexts alone, and for host names alone (WebAuthn Level 2, §5.1.2). */
export function passkeysUsable(): boolean {
  return typeof PublicKeyCredential !== "undefined" && !IP_ADDRESS.test(location.hostname);
}

/** Asks a device for one of its passkeys. Throws a DOMException when nothing came of it. */
export async function passkeyFrom(options: Json): Promise<Json> {
  const native = window.PublicKeyCredential?.parseRequestOptionsFromJSON;
  const publicKey = native
    ? native.call(PublicKeyCredential, options as unknown as PublicKeyCredentialRequestOptionsJSON)
    : requestOptions(options);
  return asJson(await navigator.credentials.get({ publicKey }));
}

/** Asks a device to make a passkey. Throws a DOMException when nothing came of it. */
export async function newPasskeyFrom(options: Json): Promise<Json> {
  const native = window.PublicKeyCredential?.parseCreationOptionsFromJSON;
  const publicKey = native
    ? native.call(PublicKeyCredential, options as unknown as PublicKeyCredentialCreationOptionsJSON)
    : creationOptions(options);
  return asJson(await navigator.credentials.create({ publicKey }));
}

/** Whether the person turned away, or let the time run out. */
export function turnedAway(error: unknown): boolean {
  return error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name);
}

export function toBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function toBase64url(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const descriptors = (listed: unknown) =>
  ((listed ?? []) as { id: string; type: "public-key" }[]).map((one) => ({ ...one, id: toBytes(one.id) }));

export function requestOptions(options: Json): PublicKeyCredentialRequestOptions {
  return {
    ...options,
    challenge: toBytes(options.challenge as string),
    allowCredentials: descriptors(options.allowCredentials),
  };
}

export function creationOptions(options: Json): PublicKeyCredentialCreationOptions {
  const user = options.user as PublicKeyCredentialUserEntity & { id: string };
  return {
    ...(options as unknown as PublicKeyCredentialCreationOptions),
    challenge: toBytes(options.challenge as string),
    user: { ...user, id: toBytes(user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
  };
}

function asJson(credential: Credential | null): Json {
  if (!credential) throw new DOMException("No passkey was chosen.", "NotAllowedError");
  const passkey = credential as PublicKeyCredential;
  if (typeof passkey.toJSON === "function") return passkey.toJSON() as unknown as Json;
  return credentialJson(passkey);
}

export function credentialJson(passkey: PublicKeyCredential): Json {
  const given = passkey.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] as const;
  const response: Json = Object.fromEntries(
    parts.flatMap((part) => (given[part] ? [[part, toBase64url(given[part])]] : [])),
  );
  if (typeof given.getTransports === "function") response.transports = given.getTransports();
  return {
    id: passkey.id,
    rawId: toBase64url(passkey.rawId),
    type: passkey.type,
    authenticatorAttachment: passkey.authenticatorAttachment,
    clientExtensionResults: passkey.getClientExtensionResults(),
    response,
  };
}
