import { describe, expect, it } from "vitest";
import { creationOptions, credentialJson, requestOptions, toBase64url, toBytes } from "./webauthn";

const bytes = (...values: number[]) => new Uint8Array(values);

describe("passkeys where the browser does not convert them itself", () => {
  it("carry bytes as base64url, there and back", () => {
    const all = Uint8Array.from({ length: 256 }, (_, n) => n);
    expect(toBytes(toBase64url(all.buffer))).toEqual(all);
    expect(toBase64url(bytes(251, 255, 254).buffer)).toBe("-__-");
  });

  it("are asked for with the challenge and the known ones as bytes", () => {
    const asked = requestOptions({ challenge: "AQID", rpId: "localhost", allowCredentials: [] });
    expect(asked).toMatchObject({ rpId: "localhost", challenge: bytes(1, 2, 3) });
    const made = creationOptions({
      challenge: "AQID",
      user: { id: "BA", name: "a", displayName: "A" },
      excludeCredentials: [{ id: "BQ", type: "public-key" }],
    });
    expect(made.user.id).toEqual(bytes(4));
    expect(made.excludeCredentials).toEqual([{ id: bytes(5), type: "public-key" }]);
  });

  it("are answered as the service takes them", () => {
    const passkey = {
      id: "BA",
      rawId: bytes(4).buffer,
      type: "public-key",
      authenticatorAttachment: "platform",
      getClientExtensionResults: () => ({}),
      response: { clientDataJSON: bytes(1).buffer, signature: bytes(2).buffer, authenticatorData: bytes(3).buffer },
    };
    expect(credentialJson(passkey as unknown as PublicKeyCredential)).toEqual({
      id: "BA",
      rawId: "BA",
      type: "public-key",
      authenticatorAttachment: "platform",
      clientExtensionResults: {},
      response: { clientDataJSON: "AQ", signature: "Ag", authenticatorData: "Aw" },
    });
  });
});
