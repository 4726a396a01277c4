import { afterAll, describe, expect, it } from "vitest";
import { ApiProblem, faultsByField } from "@/api/errors";
import { meQuery } from "@/api/session";
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
    const unknown = new ApiProblem(422, { errors: [{ pointer: "/phone", code: "odd", message: "That is odd." }] });
    expect(faultsByField(unknown)).toEqual({ phone: "That is odd." });
  });
});
