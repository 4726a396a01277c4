import type { Page } from "@playwright/test";
import { ADMIN, browserOf, lettersTo, skipSetup } from "./people";
import { api, expect, settled, test } from "./support";

const RUN = Date.now().toString(36);
// What would run if it were ever taken for more than text: in an element, in an attribute, in a template.
const HOSTILE = `<img src=x onerror=hacked=1><svg/onload=hacked=1>"'{{1}} ${RUN}`;
const MARKUP = `<p>Best ${RUN}</p><script>hacked=1</script><img src=x onerror=hacked=1><a href="javascript:hacked=1">x</a>`;
const EMAIL = `hostile.${RUN}@demo.example`;

test.use({ storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 } });

/** The page shows the text as text, and nothing of it has run. */
async function harmless(page: Page, path: string, shown: string | null = HOSTILE): Promise<void> {
  await page.goto(path);
  await settled(page);
  if (shown)
    await expect(
      page
        .getByText(shown)
        .or(page.locator(`[value*='${RUN}']`))
        .first(),
    ).toBeVisible();
  expect(await page.evaluate(() => "hacked" in globalThis), path).toBe(false);
}

test("what people type stays text on every screen", async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  page.on("dialog", (dialog) => {
    throw new Error(`a dialog opened: ${dialog.message()}`);
  });
  const boss = await page.request.post("/auth/login", { data: ADMIN, headers: { origin: baseURL ?? "" } });
  expect(boss.status(), await boss.text()).toBe(200);
  const user = await api<{ id: string }>(page, "POST", "/admin/users", {
    email: EMAIL,
    name: HOSTILE,
    role: "contributor",
  });
  await expect.poll(async () => (await lettersTo(page, EMAIL)).length, { timeout: 30_000 }).toBe(1);
  const [letter] = await lettersTo(page, EMAIL);
  const token = /invitations\/([\w.~-]+)/.exec(letter?.text ?? "")?.[1] ?? "";

  const theirs = await browserOf(browser, baseURL ?? "", null);
  const desk = await theirs.newPage();
  const complaints: string[] = [];
  desk.on("pageerror", (error) => complaints.push(String(error)));
  desk.on("console", (message) => {
    if (/Content Security Policy|hacked/.test(message.text())) complaints.push(message.text());
  });

  await test.step("before signing in", () => harmless(desk, `/app/invitations/${token}`));
  await api(desk, "POST", `/auth/invitations/${token}/accept`, { password: `a quiet river ${RUN}` });
  await skipSetup(desk);
  const text = { job_title: HOSTILE, company: HOSTILE };
  await api(desk, "PATCH", "/me", {
    ...text,
    address: { street: HOSTILE, city: HOSTILE, state: HOSTILE, zip: HOSTILE },
  });
  await api(desk, "PUT", "/me/signature", { kind: "custom", html: MARKUP });
  await api(desk, "PUT", "/me/business-hours", {
    holidays: [{ date: "2027-01-04", name: HOSTILE, source: "own" }],
    away: [{ from: "2027-02-01", to: "2027-02-03", note: HOSTILE }],
  });
  await api(desk, "POST", "/me/tokens", { name: HOSTILE, scopes: ["contacts:read"] });
  const contact = await api<{ id: string }>(desk, "POST", "/contacts", {
    first_name: HOSTILE,
    last_name: HOSTILE,
    email: `contact.${RUN}@prospect.example`,
    company: HOSTILE,
    job_title: HOSTILE,
    street: HOSTILE,
  });
  const flow = await api<{ id: string }>(desk, "POST", "/salesflows", { name: HOSTILE });
  const kept = await api<{ steps: { variants: { body_html: string }[] }[] }>(
    desk,
    "PUT",
    `/salesflows/${flow.id}/steps`,
    {
      steps: [{ variants: [{ subject: `<b>${RUN}</b>`, body_html: MARKUP }] }],
    },
  );
  expect(kept.steps[0]?.variants[0]?.body_html).toBe(`<p>Best ${RUN}</p><img><a>x</a>`);

  await test.step("the account", async () => {
    await harmless(desk, "/app/account/profile");
    await harmless(desk, "/app/account/settings", null);
    await harmless(desk, "/app/account/security");
  });
  await test.step("contacts and Salesflows", async () => {
    await harmless(desk, `/app/contacts?q=${RUN}`);
    await harmless(desk, `/app/contacts/${contact.id}`);
    await harmless(desk, "/app/content/salesflows");
    await harmless(desk, `/app/content/salesflows/${flow.id}`);
  });
  await test.step("administration", async () => {
    await harmless(page, "/app/admin/users");
    await harmless(page, "/app/admin/audit-log");
  });
  expect(complaints).toEqual([]);

  await api(page, "DELETE", `/contacts/${contact.id}`);
  await api(page, "DELETE", `/admin/users/${user.id}`);
  await theirs.close();
});
