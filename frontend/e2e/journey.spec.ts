import type { Page } from "@playwright/test";
import { api, expect, REP, SANDBOX, test } from "./support";

const RUN = Date.now().toString(36);
const PROSPECT = { first: "Pat", last: `Prospect ${RUN}`, email: `pat.${RUN}@prospect.example` };
const FLOW = `Browser journey ${RUN}`;

interface Message {
  id: string;
  subject: string;
}

async function inbox(page: Page): Promise<Message[]> {
  const answer = await page.request.get(`${SANDBOX}/control/messages?to=${encodeURIComponent(PROSPECT.email)}`);
  return ((await answer.json()) as { items: Message[] }).items;
}

const [SUNDAY, TUESDAY] = [0, 2];
const OFFICE = [{ from: "09:00", to: "17:00" }];
const WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"];

/** Goes to the next such day, 15:00 UTC. On Tuesdays that is within business hours on both sides of the Atlantic, and on
 * Sundays nowhere. */
async function comes(page: Page, weekday: number): Promise<void> {
  const { now } = (await (await page.request.get(`${SANDBOX}/control/clock`)).json()) as { now: string };
  const day = new Date(now);
  day.setUTCDate(day.getUTCDate() + ((weekday - day.getUTCDay() + 6) % 7) + 1);
  day.setUTCHours(15, 0, 0, 0);
  const set = await page.request.post(`${SANDBOX}/control/clock`, { data: { at: day.toISOString() } });
  expect(set.ok()).toBe(true);
}

test.use({ storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 } });

test("from signing in to a prospect's reply", async ({ page }) => {
  test.setTimeout(180_000);

  await test.step("sign in, and come to the page that was asked for", async () => {
    await page.goto("/app/account/settings");
    await page.getByLabel("Email").fill(REP.email);
    await page.getByRole("textbox", { name: "Password" }).fill(REP.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(/\/app\/account\/settings$/);
    await expect(page.getByRole("heading", { name: "Email Providers" })).toBeVisible();
  });

  await test.step("connect Google through its consent page", async () => {
    const disconnect = page.getByRole("button", { name: "Disconnect" });
    const connect = page.getByRole("button", { name: /^(Connect|Reconnect)$/ });
    await expect(connect.or(disconnect).first()).toBeVisible();
    if (!(await connect.isVisible())) {
      await disconnect.click();
      await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
    }
    await connect.click();
    await page.waitForURL(`${SANDBOX}/**`);
    await page.getByLabel("Account", { exact: true }).fill(REP.email);
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(/\/app\/account\/settings/);
    await expect(page.getByText("Google is connected.")).toBeVisible();
    await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  });

  await test.step("a new contact, by keyboard", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();
    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog", { name: "New Contact" });
    await dialog.getByRole("button", { name: "Create contact" }).click();
    await expect(dialog.getByText("This field is required.")).toBeVisible();
    await dialog.getByLabel("First name").fill(PROSPECT.first);
    await dialog.getByLabel("Last name").fill(PROSPECT.last);
    await dialog.getByLabel("Email").fill(PROSPECT.email);
    await dialog.getByLabel("Company").fill("Fabrikam");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: `${PROSPECT.first} ${PROSPECT.last}` })).toBeVisible();
  });

  await test.step("a new Salesflow of two steps", async () => {
    await page.getByRole("link", { name: "Content", exact: true }).click();
    await page.getByRole("button", { name: "New Salesflow" }).first().click();
    await page.getByRole("dialog").getByLabel("Name").fill(FLOW);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: FLOW })).toBeVisible();
    await page.getByRole("button", { name: "Add email" }).click();
    await page.getByLabel("Subject").fill("Hello {{ contact.first_nam }}");
    await page.getByRole("textbox", { name: "Text" }).click();
    await page.keyboard.type("Hi {{ contact.first_name | default: 'there' }}, may I call you?");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(/Line 1, column \d+/).first()).toBeVisible();
    await page.getByLabel("Subject").fill("Hello {{ contact.first_name }}");
    await page.getByRole("button", { name: "Add email" }).click();
    await page.getByRole("textbox", { name: "Text" }).click();
    await page.keyboard.type("Any thoughts?");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Steps saved.")).toBeVisible();
    await expect(page.getByRole("button", { name: /Change the wait: after 2 business days/ })).toBeVisible();
    await page.getByRole("button", { name: "Activate" }).click();
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
  });

  await test.step("add the contact to it, on a day on which nothing leaves", async () => {
    await api(page, "PUT", "/me/business-hours", {
      days: Object.fromEntries(WORKDAYS.map((day) => [day, OFFICE])),
      holidays: [],
      away: [],
    });
    await comes(page, SUNDAY);
    await page.getByRole("button", { name: "Add to Salesflow" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Add to Salesflow" });
    await dialog.getByLabel("Contacts").fill(PROSPECT.email);
    await page.getByRole("option", { name: new RegExp(PROSPECT.email) }).click();
    await expect(dialog.getByText("1 contact will be added and get emails.")).toBeVisible();
    await expect(dialog.getByText(/The first email leaves/)).toBeVisible();
    await dialog.getByRole("button", { name: "Start", exact: true }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole("tab", { name: "Contacts" }).click();
    await page.getByRole("link", { name: `${PROSPECT.first} ${PROSPECT.last}` }).click();
    await expect(page.getByText("Added to Salesflow", { exact: true })).toBeVisible();
  });

  await test.step("Tuesday comes: the email leaves", async () => {
    await comes(page, TUESDAY);
    await expect(page.getByText("Email sent", { exact: true })).toBeVisible({ timeout: 60_000 });
    await page.getByRole("button", { name: "Hello Pat" }).first().click();
    const panel = page.getByRole("dialog", { name: "Email" });
    // The frame runs no scripts, so nothing can look inside: what it was given is looked at instead.
    await expect(panel.locator('iframe[srcdoc*="Hi Pat, may I call you?"]')).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(panel).toBeHidden();
  });

  await test.step("the prospect replies: the Salesflow ends", async () => {
    await expect.poll(async () => (await inbox(page)).length, { timeout: 30_000 }).toBe(1);
    const message = (await inbox(page))[0];
    const reply = await page.request.post(`${SANDBOX}/control/messages/${message?.id}/reply`, {
      data: { text: "Sounds good, call me." },
    });
    expect(reply.ok(), await reply.text()).toBe(true);
    await expect(page.getByText("Sounds good, call me.")).toBeVisible({ timeout: 60_000 });
    const flows = page.getByRole("region", { name: "Salesflows" });
    await expect(flows.getByText("Replied", { exact: true })).toBeVisible({ timeout: 30_000 });
    const contact = await api<{ items: { type: string }[] }>(
      page,
      "GET",
      `/contacts/${page.url().split("/contacts/")[1]?.split("?")[0]}/activities`,
    );
    expect(contact.items.filter(({ type }) => type === "email_sent")).toHaveLength(1);
  });
});
