import i18next from "i18next";

/** The numbers and names in a sentence of the service. */
type Params = Record<string, string | number>;

/** A fault of one field of the input; `pointer` is a JSON pointer into the request's body. */
export interface FieldFault {
  pointer: string;
  code: string;
  message: string;
  params?: Params | null;
}

interface ProblemBody {
  status?: number;
  title?: string;
  detail?: string;
  code?: string;
  reason?: string | null;
  params?: Params | null;
  request_id?: string;
  errors?: FieldFault[] | null;
}

/** Everything that can go wrong with a request, in one shape: RFC 9457 answers, broken answers and a lost network. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** Tells the cases of one code apart. */
  readonly reason: string | null;
  readonly params: Params;
  readonly requestId: string | null;
  readonly faults: FieldFault[];
  readonly retryAfter: number | null;
  /** The whole body: some codes say more, such as the id of the record that already exists. */
  readonly body: Record<string, unknown>;

  constructor(status: number, body: ProblemBody & Record<string, unknown>, headers?: Headers) {
    super(body.detail ?? body.title ?? "");
    this.name = "ApiProblem";
    this.status = status;
    this.code = body.code ?? "unknown";
    this.reason = body.reason ?? null;
    this.params = body.params ?? {};
    this.requestId = body.request_id ?? headers?.get("x-request-id") ?? null;
    this.faults = body.errors ?? [];
    this.retryAfter = Number(headers?.get("retry-after")) || null;
    this.body = body;
  }
}

export const NETWORK_LOST = "network_lost";

export function networkLost(): ApiProblem {
  return new ApiProblem(0, { code: NETWORK_LOST });
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const known = body !== null && typeof body === "object" ? (body as Record<string, unknown>) : {};
  return new ApiProblem(response.status, known, response.headers);
}

export function isProblem(error: unknown, code?: string): error is ApiProblem {
  return error instanceof ApiProblem && (code === undefined || error.code === code);
}

/** Where a proof is asked for: what would do. */
export function methodsOf({ body }: ApiProblem): string[] {
  return Array.isArray(body.methods) ? body.methods.map(String) : [];
}

/** In English as the service says it, else by its code in the language that is spoken, where there are words for it. */
function inWords(key: string, context: string, params: Params, english: string): string {
  const how = { ns: "faults" as "common", context, ...params };
  return i18next.exists(key, how) ? i18next.t(key as "blank", { ...how, defaultValue: english }) : english;
}

/** What is wrong with a field. A sentence with values is told apart by their names, so that none is ever left open. */
export function faultInWords({ code, message, params }: FieldFault): string {
  const names = Object.keys(params ?? {}).sort();
  return inWords(`field.${code}`, names.join("_"), params ?? {}, message);
}

/** Why a request as a whole was refused; empty where the service does not say. */
export function problemInWords({ code, reason, params, message }: ApiProblem): string {
  return inWords(`problem.${code}`, reason ?? "", params, message);
}

/**
 * The faults by field path as a form knows them: `/steps/0/variants/1/subject` becomes `steps.0.variants.1.subject`.
 * The first fault of a field wins: it is the one that has to be mended first.
 */
export function faultsByField(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {};
  const found: Record<string, string> = {};
  for (const fault of error.faults) {
    const path = fault.pointer
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
      .join(".");
    found[path] ??= faultInWords(fault);
  }
  return found;
}
