import type { Page } from "@playwright/test";
import { ADMIN, browserOf, lettersTo, minutesPass, skipSetup, TIME_PASSES } from "./people";
import { accessible, expect, pictured, settled, test } from "./support";
import { totp } from "./totp";

const RUN = Date.now().toString(36);
const KIM = { email: `kim.${RUN}@demo.example`, password: "copper lantern walrus" };
const TITLE = "Confirm it's you";

test.use({ storageState: { cookies: [], origins: [] } });
test.describe.configure({ mode: "serial" });
test.skip(!TIME_PASSES, "Runs beside a system of its own alone: python -m tests.journeys.browser");

async function signIn(page: Page, code?: string) {
  await page.goto("/app/login");
  await page.getByLabel("Email").fill(KIM.email);
  await page.getByRole("textbox", { name: "Password" }).fill(KIM.password);
  await page.keyboard.press("Enter");
  if (code) {
    await page.getByRole("textbox", { name: "Code" }).fill(code);
    await page.keyboard.press("Enter");
  }
  await expect(page).toHaveURL(/\/app\/contacts/);
}

async function makeToken(page: Page, name: string) {
  await page.getByRole("button", { name: "New token" }).first().click();
  await page.getByRole("dialog").getByLabel(/^Name/).fill(name);
  await page.getByRole("button", { name: "Create token" }).click();
}

async function looked(page: Page, name: string) {
  await settled(page);
  await pictured(page, `confirmation-${name}`);
  await accessible(page);
}

test("somebody comes by an invitation", async ({ page, browser, baseURL }) => {
  const admin = await browserOf(browser, baseURL ?? "", ADMIN);
  const data = { email: KIM.email, name: "Kim Ford", role: "contributor" };
  const invited = await admin.request.post("/admin/users", { data, headers: { origin: baseURL ?? "" } });
  expect(invited.ok(), await invited.text()).toBe(true);
  await expect.poll(async () => (await lettersTo(page, KIM.email)).length, { timeout: 30_000 }).toBe(1);
  await admin.close();
  const [letter] = await lettersTo(page, KIM.email);
  await page.goto(/\/app\/invitations\/[\w-]+/.exec(letter?.text ?? "")?.[0] ?? "");
  await page.getByRole("textbox", { name: "Password" }).fill(KIM.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/app\/onboarding/);
  await skipSetup(page);
});

for (const [width, colorScheme] of [
  [1440, "light"],
  [390, "dark"],
] as const) {
  test.describe(`a change after a while, ${colorScheme} at ${width}`, () => {
    test.use({ viewport: { width, height: 844 }, colorScheme });

    test("asks for the password above what was typed, and then is made", async ({ page }) => {
      const name = `Script ${width} ${colorScheme}`;
      await signIn(page);
      await page.goto("/app/account/security");
      await expect(page.getByRole("heading", { name: "Passkeys" })).toBeVisible();
      minutesPass(KIM.email);
      await makeToken(page, name);
      const question = page.getByRole("dialog", { name: TITLE });
      await expect(question.getByLabel("Password", { exact: true })).toBeFocused();
      await looked(page, `password-${width}-${colorScheme}`);

      await page.keyboard.press("Escape");
      await expect(question).toBeHidden();
      await expect(page.getByRole("dialog").getByLabel(/^Name/)).toHaveValue(name);
      await expect(page.getByRole("alert")).toHaveCount(0);

      await page.getByRole("button", { name: "Create token" }).click();
      await question.getByLabel("Password", { exact: true }).fill("not this one");
      await page.keyboard.press("Enter");
      await expect(question.getByText("This is not the password.")).toBeVisible();
      await looked(page, `wrong-${width}-${colorScheme}`);
      await question.getByLabel("Password", { exact: true }).fill(KIM.password);
      await page.keyboard.press("Enter");
      await expect(page.getByText(/^eng_pat_/)).toBeVisible();
      await expect(question).toBeHidden();
      await page.getByRole("button", { name: "Done" }).click();
      await expect(page.getByText(name)).toHaveCount(1);

      // For ten minutes nothing asks again.
      await makeToken(page, `${name} too`);
      await expect(page.getByText(/^eng_pat_/)).toBeVisible();
    });
  });
}

test("a code of the app does as well, and the app is set up after a confirmation", async ({ page }) => {
  await signIn(page);
  await page.goto("/app/account/security");
  await expect(page.getByRole("button", { name: "Set up" })).toBeVisible();
  minutesPass(KIM.email);
  await page.getByRole("button", { name: "Set up" }).click();
  const question = page.getByRole("dialog", { name: TITLE });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("You have not confirmed that it's you")).toBeVisible();
  await looked(page, "turned-away");
  await page.getByRole("button", { name: "Try again" }).click();
  await question.getByLabel("Password", { exact: true }).fill(KIM.password);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  const secret = (await dialog.locator("code").innerText()).replaceAll(" ", "");
  await dialog.getByLabel("Code that the app shows now").fill(totp(secret));
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByText("10 codes left")).toBeVisible();

  minutesPass(KIM.email);
  await page.getByRole("button", { name: "Make new codes" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make new codes" }).click();
  await question.getByRole("button", { name: "Use a code instead" }).click();
  await looked(page, "code");
  // The one of now has served to set it up; the next is good a step early.
  await question.getByLabel("Code", { exact: true }).fill(totp(secret, 1));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(10);
});
