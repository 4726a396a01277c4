import { describe, expect, it } from "vitest";
import { http, HttpResponse, problem, server } from "@/test/server";
import { me } from "@/test/factories";
import { acceptInvitation } from "./signin";

const PLACE = { culture: "de-DE", time_zone: "America/Coyhaique" };

/** What was asked for, each time; the service answers by what comes back. */
function heard(answer: (body: Record<string, unknown>) => Response) {
  const bodies: Record<string, unknown>[] = [];
  server.use(
    http.post("*/auth/invitations/:token/accept", async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      bodies.push(body);
      return answer(body);
    }),
  );
  return bodies;
}

const refused = (pointer: string) =>
  problem(422, "invalid_input", { errors: [{ pointer, code: "refused", message: "No." }] });

describe("an invitation that is accepted", () => {
  it("says where the browser is", async () => {
    const bodies = heard(() => HttpResponse.json(me));
    await acceptInvitation("t", "a password", PLACE);
    expect(bodies).toEqual([{ password: "a password", ...PLACE }]);
  });

  it("does not fail where the service does not know that place", async () => {
    const bodies = heard((body) => (body.time_zone ? refused("/time_zone") : HttpResponse.json(me)));
    await expect(acceptInvitation("t", "a password", PLACE)).resolves.toEqual(me);
    expect(bodies).toEqual([{ password: "a password", ...PLACE }, { password: "a password" }]);
  });

  it("fails by a password that is refused", async () => {
    const bodies = heard(() => refused("/password"));
    await expect(acceptInvitation("t", "weak", PLACE)).rejects.toThrow();
    expect(bodies).toHaveLength(1);
  });
});
