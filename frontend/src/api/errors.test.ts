import { describe, expect, it } from "vitest";
import { ApiProblem, faultsByField, problemOf } from "./errors";

describe("a refused request", () => {
  it("points at the fields of the form, the first fault of each", () => {
    const error = new ApiProblem(422, {
      errors: [
        { pointer: "/steps/0/variants/1/subject", code: "template_syntax", message: "Line 1, column 7: broken." },
        { pointer: "/steps/0/variants/1/subject", code: "required", message: "Later." },
        { pointer: "/a~1b", code: "x", message: "Slash." },
      ],
    });
    expect(faultsByField(error)).toEqual({
      "steps.0.variants.1.subject": "Line 1, column 7: broken.",
      "a/b": "Slash.",
    });
  });

  it("keeps its request id and its patience even when the answer is no problem document", async () => {
    const answer = new Response("<html>", { status: 503, headers: { "x-request-id": "r-9", "retry-after": "5" } });
    const error = await problemOf(answer);
    expect([error.status, error.code, error.requestId, error.retryAfter]).toEqual([503, "unknown", "r-9", 5]);
  });
});
