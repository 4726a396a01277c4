import type { Page } from "@playwright/test";
import { ADMIN, browserOf, lettersTo, skipSetup } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";
import { totp } from "./totp";

const RUN = Date.now().toString(36);
const NAME = "Jo Marlow";
const JO = { email: `jo.${RUN}@demo.example`, password: "copper lantern walrus" };
const ANOTHER = "seven quiet harbors";

test.use({ storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 } });
test.describe.configure({ mode: "serial" });

async function signIn(page: Page, password = JO.password) {
  await page.goto("/app/login");
  await page.getByLabel("Email").fill(JO.email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function looked(page: Page, name: string) {
  await settled(page);
  await pictured(page, `account-${name}`);
  await accessible(page);
}

test.describe("the account of somebody who was invited", () => {
  test("begins with a link that serves once", async ({ page, browser, baseURL }) => {
    const admin = await browserOf(browser, baseURL ?? "", ADMIN);
    const office = await admin.newPage();
    const data = { email: JO.email, name: NAME, role: "contributor" };
    const invited = await office.request.post("/admin/users", { data, headers: { origin: baseURL ?? "" } });
    expect(invited.ok(), await invited.text()).toBe(true);
    await expect.poll(async () => (await lettersTo(office, JO.email)).length, { timeout: 30_000 }).toBe(1);
    const [letter] = await lettersTo(office, JO.email);
    const link = /\/app\/invitations\/[\w-]+/.exec(letter?.text ?? "")?.[0] ?? "";
    await admin.close();

    await page.goto(link);
    await expect(page.getByRole("heading", { name: `Welcome, ${NAME}` })).toBeVisible();
    const field = page.getByRole("textbox", { name: "Password" });
    await field.fill("too short");
    await expect(page.getByText("3 more characters to go.")).toBeVisible();
    await field.fill("password1234");
    await page.getByRole("button", { name: "Start with Engage" }).click();
    await expect(page.getByText(/easily guessed/i)).toBeVisible();
    await looked(page, "join");
    await field.fill(JO.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/app\/onboarding/);
    await skipSetup(page);
  });

  test("has a signature that is chosen and seen", async ({ page }) => {
    await signIn(page);
    await expect(page).toHaveURL(/\/app\/contacts/);
    await page.goto("/app/account/profile");
    await page.getByRole("button", { name: "Edit: Primary Information" }).click();
    await page.getByLabel("Job title").fill("Account Executive");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Profile saved.")).toBeVisible();
    await page.getByRole("button", { name: "Edit: Email Signature" }).click();
    await page.getByRole("radio", { name: "Template 2" }).check();
    await looked(page, "signature");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Signature saved.")).toBeVisible();
    await page.reload();
    const seen = page.getByRole("region", { name: "Email Signature" }).locator("iframe");
    await expect(seen).toHaveAttribute("srcdoc", /Account Executive/);

    await page.getByRole("button", { name: "Edit: Email Signature" }).click();
    await page.getByRole("radio", { name: "Create New Signature" }).check();
    await page.getByRole("textbox", { name: "Your signature" }).click();
    await page.keyboard.type("Yours, Jo");
    await page.getByRole("button", { name: "Save" }).click();
    // As long as there is a choice, templates are seen as well.
    await expect(page.getByRole("button", { name: "Edit: Email Signature" })).toBeVisible();
    await expect(seen).toHaveAttribute("srcdoc", /Yours, Jo/);
    expect((await api<{ kind: string }>(page, "GET", "/me/signature")).kind).toBe("custom");
  });

  test("has hours, holidays and days away", async ({ page }) => {
    await signIn(page);
    await expect(page).toHaveURL(/\/app\/contacts/);
    await page.goto("/app/account/profile");
    await expect(page.getByText(/Thursday \| Friday 8AM - 6PM/)).toBeVisible();
    await page.getByRole("button", { name: "Edit: Time Zone & Business Hours" }).click();
    await page.getByRole("combobox", { name: "Friday: Closes" }).click();
    await page.getByRole("option", { name: "12PM", exact: true }).click();
    await page.getByRole("button", { name: "Add hours on Friday" }).click();
    await page.getByRole("checkbox", { name: "Saturday" }).check();
    await page
      .getByRole("button", { name: /^Remove Christmas Day, / })
      .first()
      .click();
    await page.getByRole("button", { name: "Day", exact: true }).click();
    await looked(page, "calendar");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
    await looked(page, "hours");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Time zone and business hours saved.")).toBeVisible();
    await expect(page.getByText("8AM - 12PM, 1PM - 6PM")).toBeVisible();
    const { days } = await api<{ days: Record<string, unknown[]> }>(page, "GET", "/me/business-hours");
    expect(days.friday).toEqual([
      { from: "08:00", to: "12:00" },
      { from: "13:00", to: "18:00" },
    ]);
    expect(days.saturday).toHaveLength(1);
  });

  test("changes its password, which ends the other sessions", async ({ page, browser, baseURL }) => {
    await signIn(page);
    await expect(page).toHaveURL(/\/app\/contacts/);
    const elsewhere = await browserOf(browser, baseURL ?? "", JO);
    await page.goto("/app/account/security");
    await expect(page.getByText("This browser", { exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: /^End session: / }).first()).toBeVisible();
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByLabel("Current password").fill("not this one");
    await page.getByLabel("New password").fill(ANOTHER);
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("This is not the current password.")).toBeVisible();
    await looked(page, "password");
    await page.getByLabel("Current password").fill(JO.password);
    await page.keyboard.press("Enter");
    await expect(page.getByText("Your password is changed.")).toBeVisible();
    await expect(page.getByRole("button", { name: /^End session: / })).toHaveCount(0);
    expect((await elsewhere.request.get("/me")).status()).toBe(401);
    await elsewhere.close();
  });

  test("ends a session that it does not know", async ({ page, browser, baseURL }) => {
    await signIn(page, ANOTHER);
    await expect(page).toHaveURL(/\/app\/contacts/);
    const elsewhere = await browserOf(browser, baseURL ?? "", { ...JO, password: ANOTHER });
    await page.goto("/app/account/security");
    const end = page.getByRole("button", { name: /^End session: / });
    await expect(end.first()).toBeVisible();
    const before = await end.count();
    await end.first().click();
    await expect(page.getByText("The session has ended.")).toBeVisible();
    await expect(end).toHaveCount(before - 1);
    await elsewhere.close();
  });

  test("signs in with a second factor", async ({ page }) => {
    await signIn(page, ANOTHER);
    await expect(page).toHaveURL(/\/app\/contacts/);
    await page.goto("/app/account/security");
    await page.getByRole("button", { name: "Set up" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("img", { name: /QR code/ })).toBeVisible();
    await looked(page, "totp");
    const secret = (await dialog.locator("code").innerText()).replaceAll(" ", "");
    await dialog.getByLabel("Code that the app shows now").fill(totp(secret));
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("listitem")).toHaveCount(10);
    const recovery = await dialog.locator("li code").first().innerText();
    await looked(page, "recovery-codes");
    await dialog.getByRole("button", { name: "I have kept them" }).click();
    await expect(page.getByText("10 codes left")).toBeVisible();

    await page.context().clearCookies();
    await signIn(page, ANOTHER);
    const code = page.getByRole("textbox", { name: "Code" });
    await expect(code).toBeFocused();
    await code.fill("not a code");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/This code is not valid/)).toBeVisible();
    await looked(page, "code");
    // The one of now has served to set it up; the next is good a step early.
    await code.fill(totp(secret, 1));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/app\/contacts/);

    await page.context().clearCookies();
    await signIn(page, ANOTHER);
    await code.fill(recovery);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/app\/contacts/);
  });
});

test("a forgotten password is answered alike for everybody", async ({ page }) => {
  await page.goto("/app/login");
  await page.getByRole("link", { name: "Forgot password?" }).click();
  // Both pages ask for an email.
  await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
  await page.getByLabel("Email").fill(`nobody.${RUN}@demo.example`);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText(`If nobody.${RUN}@demo.example signs in to Engage`)).toBeVisible();
  await looked(page, "asked");
});
