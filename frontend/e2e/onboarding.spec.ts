import type { Browser, Page } from "@playwright/test";
import { ADMIN, browserOf, lettersTo } from "./people";
import { accessible, api, expect, pictured, SANDBOX, settled, test } from "./support";

const PASSWORD = "nine purple otters sing";
const LINK = /https?:\/\/\S+\/app\/invitations\/[\w.~-]+/;

/** Invited by an Administrator; gives the address and the link as it stands in the mail. */
async function invited(browser: Browser, baseURL: string, name: string): Promise<{ email: string; link: string }> {
  const email = `${name.toLowerCase().replaceAll(" ", ".")}.${Date.now().toString(36)}@demo.example`;
  const context = await browserOf(browser, baseURL, ADMIN);
  const page = await context.newPage();
  await api(page, "POST", "/admin/users", { email, name, role: "contributor" });
  let link = "";
  await expect
    .poll(async () => (link = LINK.exec((await lettersTo(page, email))[0]?.text ?? "")?.[0] ?? ""), { timeout: 30_000 })
    .not.toBe("");
  await context.close();
  return { email, link };
}

async function joined(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.locator("input[type=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/app\/onboarding/);
}

const step = (page: Page, name: string) => expect(page.getByRole("heading", { level: 1, name })).toBeFocused();
const next = (page: Page) => page.getByRole("button", { name: "Continue" }).click();

async function seen(page: Page, name: string): Promise<void> {
  await settled(page);
  await pictured(page, name);
  await accessible(page);
}

const NOBODY = { cookies: [], origins: [] };

test.describe("a newcomer", () => {
  test.use({ storageState: NOBODY, viewport: { width: 1440, height: 900 }, timezoneId: "Europe/Lisbon" });

  test("comes from the invitation to the first contact", async ({ page, browser, baseURL }) => {
    test.setTimeout(180_000);
    const { email, link } = await invited(browser, baseURL ?? "", "Nora Newcomer");
    await joined(page, link);

    await test.step("Contact Details", async () => {
      await step(page, "Contact Details");
      await expect(page.getByText("Step 1 of 6")).toBeVisible();
      await page.getByLabel("Phone number").fill("12");
      await next(page);
      await expect(page.getByText("Enter a phone number with its country code")).toBeVisible();
      await seen(page, "onboarding-details-fault");
      await page.getByLabel("Phone number").fill("+1 202 555 0143");
      await page.getByLabel("Job title").fill("Account Executive");
      await next(page);
    });

    await test.step("Email Integration Setup, through the consent page and back", async () => {
      await step(page, "Email Integration Setup");
      await page.getByRole("combobox", { name: "Hyperlink clicked" }).click();
      await page.getByRole("option", { name: "Never" }).click();
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await page.waitForURL(`${SANDBOX}/**`);
      await page.getByLabel("Account", { exact: true }).fill(email);
      await page.getByRole("button", { name: "Allow" }).click();
      await page.waitForURL(/\/app\/onboarding/);
      await step(page, "Email Integration Setup");
      await expect(page.getByText("Google is connected.")).toBeVisible();
      await expect(page.getByRole("combobox", { name: "Hyperlink clicked" })).toHaveValue("Never");
      await seen(page, "onboarding-connected");
      await next(page);
    });

    await test.step("Integration Setup has nothing to connect, and says so", async () => {
      await step(page, "Integration Setup");
      await expect(page.getByText("There is nothing to connect")).toBeVisible();
      await seen(page, "onboarding-integrations");
      await next(page);
    });

    await test.step("a reload and another device go on where this one was", async () => {
      await step(page, "Email Signature");
      await page.goto("/app/");
      await step(page, "Email Signature");
      const other = await browserOf(browser, baseURL ?? "", { email, password: PASSWORD });
      const elsewhere = await other.newPage();
      await elsewhere.goto("/app/contacts");
      await step(elsewhere, "Email Signature");
      await other.close();
    });

    await test.step("Email Signature", async () => {
      await expect(page.getByRole("radio", { name: "Template 1" })).toBeChecked();
      await page.getByRole("radio", { name: "Template 2" }).check();
      await seen(page, "onboarding-signature");
      await next(page);
    });

    await test.step("Dialer Setup is skipped, after a look back", async () => {
      await step(page, "Dialer Setup");
      await page.getByRole("button", { name: "Back" }).click();
      await step(page, "Email Signature");
      await expect(page.getByRole("radio", { name: "Template 2" })).toBeChecked();
      await next(page);
      await expect(page.getByRole("textbox", { name: "Phone" })).toHaveValue("(202) 555-0143");
      await page.getByRole("button", { name: "Skip" }).click();
    });

    await test.step("Verify & Set Timezone, as the browser says", async () => {
      await step(page, "Verify & Set Timezone");
      await expect(page.getByRole("combobox", { name: "Time zone" })).toHaveValue("Europe / Lisbon");
      await seen(page, "onboarding-time-zone");
      await next(page);
      await expect(page.getByRole("heading", { name: "You're all set, Nora Newcomer" })).toBeVisible();
      await expect(page.getByRole("listitem").filter({ hasText: "Dialer Setup" }).last()).toBeVisible();
      await seen(page, "onboarding-done");
      const me = await api<{ time_zone: string; onboarding_done: boolean; company: string }>(page, "GET", "/me");
      expect(me).toMatchObject({ time_zone: "Europe/Lisbon", onboarding_done: true, company: "Northwind Demo" });
    });

    await test.step("Let's Go: the tour, by keyboard, over the real screens", async () => {
      await page.getByRole("button", { name: "Let's Go" }).click();
      const tour = page.getByRole("dialog");
      await expect(tour).toContainText("1 of 6");
      await seen(page, "tour");
      for (const [words, address] of [
        ["New Contact", /\/contacts$/],
        ["Salesflows", /\/content\/salesflows$/],
        ["Start a Salesflow", /\/content\/salesflows\/.+/],
        ["Feed", /\/contacts$/],
        ["Account", /\/contacts$/],
      ] as const) {
        await page.keyboard.press("ArrowRight");
        await expect(tour.getByText(words, { exact: true })).toBeVisible();
        await expect(page).toHaveURL(address);
        // Its keys wait until it has come to rest.
        await expect(tour.getByRole("button", { name: /^(Next|Done)$/ })).toBeFocused();
        await settled(page);
      }
      await pictured(page, "tour-end");
      await page.keyboard.press("Enter");
      await expect(tour).toBeHidden();
      await expect.poll(async () => (await api<{ tour: string }>(page, "GET", "/me/onboarding")).tour).toBe("done");
    });

    await test.step("the first contact", async () => {
      await page.keyboard.press("c");
      const dialog = page.getByRole("dialog", { name: "New Contact" });
      await dialog.getByLabel("First name").fill("Ada");
      await dialog.getByLabel("Last name").fill("First");
      await dialog.getByLabel("Email").fill(`ada.${Date.now().toString(36)}@prospect.example`);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { name: "Ada First" })).toBeVisible();
    });

    await test.step("nobody is led into the wizard twice", async () => {
      await page.goto("/app/");
      await expect(page).toHaveURL(/\/app\/contacts$/);
    });
  });

  test("puts it off, finds it again, and breaks off the tour", async ({ page, browser, baseURL }) => {
    const { link } = await invited(browser, baseURL ?? "", "Lee Later");
    await joined(page, link);
    await step(page, "Contact Details");
    await page.getByRole("button", { name: "Finish later" }).click();
    await expect(page).toHaveURL(/\/app\/contacts$/);
    await page.reload();
    await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();
    await page.goto("/app/account/profile");
    await expect(page.getByText("6 steps of the setup are left.")).toBeVisible();
    await seen(page, "onboarding-reminder");
    await page.getByRole("link", { name: "Finish setting up" }).click();
    await step(page, "Contact Details");
    await page.goto("/app/contacts");
    await page.getByRole("button", { name: /^Menu of/ }).click();
    await page.getByRole("menuitem", { name: "Take the tour" }).click();
    await expect(page.getByRole("dialog")).toContainText("1 of 6");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect.poll(async () => (await api<{ tour: string }>(page, "GET", "/me/onboarding")).tour).toBe("skipped");
  });
});

test.describe("a newcomer whose browser speaks German", () => {
  test.use({
    storageState: NOBODY,
    viewport: { width: 1440, height: 900 },
    locale: "de-DE",
    timezoneId: "Europe/Berlin",
  });

  test("is spoken to in German, in German formats", async ({ page, browser, baseURL }) => {
    const { link } = await invited(browser, baseURL ?? "", "Jan Neu");
    await page.goto("/app/login");
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await page.goto(link);
    await expect(
      page.getByText("Engage beginnt wie Ihr Browser: Deutsch, Deutschland; Europa / Berlin."),
    ).toBeVisible();
    await seen(page, "join-german");
    await joined(page, link);
    expect(await api(page, "GET", "/me")).toMatchObject({ culture: "de-DE", time_zone: "Europe/Berlin" });
    for (const [title, button] of [
      ["Kontaktdaten", "Weiter"],
      ["E-Mail-Anbindung", "Überspringen"],
      ["Integrationen", "Weiter"],
      ["E-Mail-Signatur", "Überspringen"],
      ["Telefonie", "Überspringen"],
    ] as const) {
      await step(page, title);
      await page.getByRole("button", { name: button }).click();
    }
    await step(page, "Zeitzone prüfen und festlegen");
    await expect(page.getByText(/\d\d\.\d\d\.\d{4} · \d\d:\d\d · 1\.234,5/)).toBeVisible();
    await seen(page, "onboarding-german");
    await page.getByRole("button", { name: "Weiter" }).click();
    await page.getByRole("button", { name: "Später erkunden" }).click();
    await expect(page.getByRole("heading", { name: "Kontakte" })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    expect(await api(page, "GET", "/me")).toMatchObject({ culture: "de-DE", time_zone: "Europe/Berlin" });

    const people = await api<{ items: { id: string }[] }>(page, "GET", "/contacts?limit=1");
    await page.goto(`/app/contacts/${people.items[0]?.id}`);
    await expect(page.getByRole("heading", { name: "Verlauf" })).toBeVisible();
    await page.getByRole("button", { name: "In Salesflow aufnehmen" }).first().click();
    const dialog = page.getByRole("dialog", { name: "In Salesflow aufnehmen" });
    await dialog.getByLabel("Bestimmte Startzeit").click();
    await dialog.getByLabel("Startzeit", { exact: true }).click();
    // Weeks begin with Monday.
    await expect(page.getByRole("columnheader").first()).toHaveText("Mo");
    await seen(page, "german-start-time");
  });
});
