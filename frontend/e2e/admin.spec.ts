import type { Page } from "@playwright/test";
import { ADMIN, browserOf, connectMailbox, emailTo, lettersTo, recipient, skipSetup } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";

const RUN = Date.now().toString(36);
const NEWCOMER = { name: `Nora ${RUN}`, email: `nora.${RUN}@demo.example`, password: `a long walk ${RUN}` };
const PROSPECT = { first_name: "Pia", last_name: `Prospect ${RUN}`, email: `pia.${RUN}@prospect.example` };

test.use({ storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 } });

test.beforeEach(async ({ page, baseURL }) => {
  const answer = await page.request.post("/auth/login", { data: ADMIN, headers: { origin: baseURL ?? "" } });
  expect(answer.status(), await answer.text()).toBe(200);
});

const rowOf = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

test("from an invitation to being out", async ({ page, browser, baseURL }) => {
  test.setTimeout(180_000);

  await test.step("an Administrator invites somebody", async () => {
    await page.goto("/app/contacts");
    await page.getByRole("button", { name: /^Menu of/ }).click();
    await page.getByRole("menuitem", { name: "Admin" }).click();
    await expect(page.getByRole("heading", { name: "User Management" })).toBeVisible();
    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog", { name: "Add User" });
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await expect(dialog.getByText("This field is required.").first()).toBeVisible();
    await dialog.getByLabel("Email").fill(ADMIN.email);
    await dialog.getByLabel("Name").fill(NEWCOMER.name);
    await page.keyboard.press("Enter");
    await expect(dialog.getByText("There is a user with this email already.")).toBeVisible();
    await dialog.getByLabel("Email").fill(NEWCOMER.email);
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(rowOf(page, NEWCOMER.name).getByText("Invited")).toBeVisible();
  });

  await test.step("and once more: the first link serves no more", async () => {
    await expect.poll(async () => (await lettersTo(page, NEWCOMER.email)).length, { timeout: 30_000 }).toBe(1);
    await rowOf(page, NEWCOMER.name)
      .getByRole("button", { name: `More for ${NEWCOMER.name}` })
      .click();
    await page.getByRole("menuitem", { name: "Send invitation again" }).click();
    await expect(page.getByText("A new invitation is on its way")).toBeVisible();
    await expect.poll(async () => (await lettersTo(page, NEWCOMER.email)).length, { timeout: 30_000 }).toBe(2);
  });

  const theirs = await browserOf(browser, baseURL ?? "", null);
  const desk = await theirs.newPage();
  const complaints: string[] = [];
  desk.on("pageerror", (error) => complaints.push(String(error)));
  desk.on("console", (message) => {
    // Told to a person; and Playwright itself knocks at the frames of emails.
    const known = /status of (401|404) |^Blocked script execution in 'about:srcdoc'/.test(message.text());
    if (message.type() === "error" && !known) complaints.push(message.text());
  });

  await test.step("who is invited chooses a password", async () => {
    const links = (await lettersTo(page, NEWCOMER.email)).map(
      ({ text }) => /\S+\/app\/invitations\/\S+/.exec(text)?.[0],
    );
    await desk.goto(links[0] ?? "");
    const newest = desk.getByLabel(/password/i).first();
    await expect(newest).toBeVisible();
    for (const field of await desk.locator("input[type=password]").all()) await field.fill(NEWCOMER.password);
    await desk.keyboard.press("Enter");
    await expect.poll(async () => (await desk.request.get("/me")).status(), { timeout: 20_000 }).toBe(200);
    await page.getByRole("button", { name: /^Feed/ }).click();
    await expect(page.getByText(`${NEWCOMER.name} joined Engage`)).toBeVisible({ timeout: 20_000 });
    await page.keyboard.press("Escape");
  });

  await test.step("a prospect opens an email: the bell says so at once", async () => {
    await skipSetup(desk);
    await connectMailbox(desk, NEWCOMER.email);
    await desk.goto("/app/contacts");
    await expect(desk.getByRole("button", { name: "Feed", exact: true })).toBeVisible();
    const { message } = await emailTo(desk, PROSPECT);
    await recipient(page, message, "open");
    await expect(desk.getByRole("button", { name: "Feed, 1 unread" })).toBeVisible({ timeout: 15_000 });
    await expect(desk).toHaveTitle(/^\(1\) /);
    await desk.getByRole("button", { name: /^Feed/ }).click();
    const name = `${PROSPECT.first_name} ${PROSPECT.last_name}`;
    await desk.getByRole("link", { name: new RegExp(`${name} opened your email`) }).click();
    await expect(desk.getByRole("heading", { name })).toBeVisible();
    await expect(desk.getByRole("button", { name: "Feed", exact: true })).toBeVisible();
    await desk.keyboard.press("Escape");
  });

  await test.step("the right to start on behalf, and back", async () => {
    await page.goto("/app/admin/users");
    const box = page.getByRole("checkbox", { name: `${NEWCOMER.name} may start Salesflows on behalf of others` });
    await box.click();
    await expect(box).toBeChecked();
    await expect(page.getByText(`${NEWCOMER.name} can now start Salesflows`)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(box).not.toBeChecked();
  });

  await test.step("deleted, the newcomer is out within a second, and what ran is paused", async () => {
    await page.getByRole("button", { name: `Delete ${NEWCOMER.name}` }).click();
    const dialog = page.getByRole("dialog", { name: `Delete ${NEWCOMER.name}?` });
    await expect(dialog.getByText("This can't be undone.")).toBeVisible();
    await expect(dialog.getByText(`1 contact is in a Salesflow in the name of ${NEWCOMER.name}`)).toBeVisible();
    await expect(dialog.getByRole("radio", { name: "Pause them, to be handed over" })).toBeChecked();
    await settled(page);
    await pictured(page, "admin-delete");
    await accessible(page);
    await dialog.getByRole("button", { name: "Delete user" }).click();
    await expect(page.getByText(new RegExp(`${NEWCOMER.name} was deleted`))).toBeVisible();
    const deleted = Date.now();
    await expect(desk.getByText("Your session has ended")).toBeVisible({ timeout: 5_000 });
    expect(Date.now() - deleted).toBeLessThan(2_500);
    await expect(rowOf(page, NEWCOMER.name)).toHaveCount(0);
    const waiting = page.getByRole("region", { name: "Waiting to be handed over" });
    await expect(waiting.getByText(`${NEWCOMER.name} left 1 contact in a Salesflow.`)).toBeVisible();
    await settled(page);
    await pictured(page, "admin-waiting");
    await accessible(page);
    await waiting.getByRole("button", { name: `Hand over what ${NEWCOMER.name} left` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Hand over", exact: true }).click();
    await expect(page.getByText("Choose who takes over.")).toBeVisible();
    await settled(page);
    await pictured(page, "admin-handover");
    await accessible(page);
    await page.keyboard.press("Escape");
    expect(complaints).toEqual([]);
    await theirs.close();
  });

  await test.step("all of it is on record, and can be asked for", async () => {
    await page.getByRole("tab", { name: "Audit Log" }).click();
    for (const said of [
      `Alex Morgan deleted ${NEWCOMER.name}`,
      `${NEWCOMER.name} accepted the invitation and joined`,
      `Alex Morgan invited ${NEWCOMER.name} (Contributor)`,
    ]) {
      await expect(page.getByRole("button", { name: said })).toBeVisible();
    }
    await page.getByRole("combobox", { name: "Action" }).click();
    await page.getByRole("option", { name: "User deleted" }).click();
    await expect(page).toHaveURL(/action=user\.deleted/);
    await expect(page.getByRole("button", { name: `Alex Morgan invited ${NEWCOMER.name}` })).toHaveCount(0);
    await page.getByRole("button", { name: `Alex Morgan deleted ${NEWCOMER.name}` }).click();
    const panel = page.getByRole("dialog", { name: "Audit Log" });
    await expect(panel.getByText("127.0.0.1")).toBeVisible();
    await settled(page);
    await pictured(page, "admin-audit-entry");
    await accessible(page);
    await page.keyboard.press("Escape");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("audit-log.ndjson");
  });
});

test("the last Administrator stays one", async ({ page }) => {
  await page.goto("/app/admin/users?q=Alex");
  await page.getByRole("combobox", { name: "Role of Alex Morgan" }).click();
  await page.getByRole("option", { name: "Contributor" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make Contributor" }).click();
  await expect(page.getByText("Alex Morgan is the last Administrator")).toBeVisible();
  await settled(page);
  await accessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("combobox", { name: "Role of Alex Morgan" })).toHaveValue("Administrator");
});

test("the organization's address and sign-in policy are kept", async ({ page }) => {
  await page.goto("/app/admin/organization");
  const before = await api<{ postal_address: string; session_days: number }>(page, "GET", "/admin/settings");
  await page.getByRole("button", { name: "Edit: Organization" }).click();
  await page.getByLabel("Postal address").fill(`Northwind\n${RUN} Main Street`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Settings saved.")).toBeVisible();
  await expect(page.getByText(`${RUN} Main Street`)).toBeVisible();
  await page.getByText("Require a second factor", { exact: true }).click();
  const question = page.getByRole("dialog", { name: "Require a second factor of everybody?" });
  await expect(question.getByText(/have none yet|has none yet/)).toBeVisible();
  await settled(page);
  await accessible(page);
  await question.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("combobox", { name: "Sign out at the latest after" }).click();
  await page.getByRole("option", { name: "7 days" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make shorter" }).click();
  await expect(page.getByText("Length of sessions saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Sign out at the latest after" })).toHaveValue("7 days");
  await api(page, "PATCH", "/admin/settings", {
    postal_address: before.postal_address,
    session_days: before.session_days,
  });
});

test("a Contributor is told that this is not for him", async ({ browser, baseURL }) => {
  const theirs = await browserOf(browser, baseURL ?? "", { ...ADMIN, email: "rep@demo.example" });
  const desk = await theirs.newPage();
  await desk.goto("/app/admin/audit-log");
  await expect(desk.getByText("Only Administrators can see this")).toBeVisible();
  await desk.getByRole("button", { name: /^Menu of/ }).click();
  await expect(desk.getByRole("menuitem", { name: "Account" })).toBeVisible();
  await expect(desk.getByRole("menuitem", { name: "Admin" })).toHaveCount(0);
  await theirs.close();
});
