import { afterAll, describe, expect, it } from "vitest";
import { ApiProblem, faultsByField } from "@/api/errors";
import { meQuery } from "@/api/session";
import { explain } from "@/shared/explain";
import { me } from "@/test/factories";
import { i18next, speak } from "./i18n";
import { followCulture } from "./language";
import { makeQueryClient } from "./queryClient";

afterAll(() => speak("en-US"));

const spoken = () => [i18next.language, document.documentElement.lang, i18next.t("nav.contacts")];

describe("the language of the interface", () => {
  it("is that of the culture, and the page says which", async () => {
    await speak("de-AT");
    expect(spoken()).toEqual(["de", "de", "Kontakte"]);
    await speak("fr-FR");
    expect(spoken()).toEqual(["en", "en", "Contacts"]);
  });

  it("is the one that was asked for last", async () => {
    await Promise.all([speak("de-DE"), speak("en-GB")]);
    expect(spoken()).toEqual(["en", "en", "Contacts"]);
  });

  it("follows the signed-in person, and leaves with him", async () => {
    const queryClient = makeQueryClient();
    followCulture(queryClient);
    queryClient.setQueryData(meQuery().queryKey, { ...me, culture: "de-DE" });
    await expect.poll(() => i18next.language).toBe("de");
    queryClient.clear();
    await expect.poll(() => i18next.language).toBe("en");
  });

  it("is also that of what the service says about a field, by its code", async () => {
    const errors = [{ pointer: "/phone", code: "invalid_phone", message: "Give a phone number." }];
    const refused = new ApiProblem(422, { errors });
    expect(faultsByField(refused)).toEqual({ phone: "Give a phone number." });
    await speak("de-DE");
    expect(faultsByField(refused).phone).toMatch(/^Geben Sie eine Telefonnummer/);
    const unknown = new ApiProblem(422, { errors: [{ pointer: "/phone", code: "odd", message: "{{odd}}" }] });
    expect(faultsByField(unknown)).toEqual({ phone: "{{odd}}" });
  });

  it("writes the numbers in its sentences as the region does", async () => {
    const sentence = () => i18next.t("table.selected", { count: 12345 });
    await speak("en-US");
    expect(sentence()).toBe("12,345 selected");
    await speak("de-DE");
    expect(sentence()).toBe("12.345 ausgewählt");
    await speak("de-CH");
    expect(sentence()).toMatch(/^12['’]345 ausgewählt$/);
  });

  it("has the numbers of what the service says, in the language's own form", async () => {
    const fault = { pointer: "/contact_ids", code: "too_many", message: "At most 5,000.", params: { maximum: 5000 } };
    await speak("de-DE");
    expect(faultsByField(new ApiProblem(422, { errors: [fault] })).contact_ids).toMatch(/höchstens 5\.000\.$/);
    const open = { ...fault, params: null };
    expect(faultsByField(new ApiProblem(422, { errors: [open] })).contact_ids).toBe("At most 5,000.");
  });

  it("says why a request was refused: by its reason, else by its code, else as the service does", async () => {
    await speak("en-US");
    const refused = (code: string, more = {}) => explain(new ApiProblem(409, { code, detail: "In English.", ...more }));
    expect(refused("not_connected", { reason: "mailbox" }).detail).toBe("In English.");
    await speak("de-DE");
    expect(refused("not_connected", { reason: "mailbox" }).detail).toBe("Verbinden Sie zuerst ein Postfach.");
    expect(refused("not_connected", { reason: "new" }).detail).toBe("Verbinden Sie zuerst ein Konto.");
    expect(refused("not_connected", { reason: "heir_mailbox", params: { name: "Ann" } }).detail).toMatch(/^Ann hat/);
    expect(refused("unheard_of").detail).toBe("In English.");
  });
});
