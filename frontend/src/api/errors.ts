import i18next from "i18next";

/** A fault of one field of the input; `pointer` is a JSON pointer into the request's body. */
export interface FieldFault {
  pointer: string;
  code: string;
  message: string;
}

interface ProblemBody {
  status?: number;
  title?: string;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: FieldFault[] | null;
}

/** Everything that can go wrong with a request, in one shape: RFC 9457 answers, broken answers and a lost network. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
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

/** What is wrong with a field: in English as the service says it, else by its code in the language that is spoken. */
export function faultInWords({ code, message }: FieldFault): string {
  return i18next.t(code as "blank", { ns: "faults" as "common", defaultValue: message });
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
