import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import { ADMIN, browserOf } from "./people";
import { accessible, api, expect, pictured, PROVIDER, settled, test } from "./support";

const RUN = Date.now().toString(36);
const CLIENT = { id: "engage", secret: "provider-secret" };
const SUE = { name: `Sue ${RUN}`, email: `sue.${RUN}@demo.example` };
const TOM = { name: `Tom ${RUN}`, email: `tom.${RUN}@demo.example` };
const NOBODY = "01a214ba-6e81-7b92-a20d-4e2e7414cc8b";

test.use({
  storageState: { cookies: [], origins: [] },
  viewport: { width: 1440, height: 900 },
  permissions: ["clipboard-read", "clipboard-write"],
});

test.beforeEach(async ({ page, baseURL }) => {
  const answer = await page.request.post("/auth/login", { data: ADMIN, headers: { origin: baseURL ?? "" } });
  expect(answer.status(), await answer.text()).toBe(200);
});

// The organization is everybody's: whatever becomes of this, it is left without a provider and without these people.
test.afterEach(async ({ page, baseURL }) => {
  await page.request.delete("/admin/sso", { headers: { origin: baseURL ?? "" } });
  const { items } = await api<{ items: { id: string; name: string }[] }>(page, "GET", `/admin/users?q=${RUN}`);
  for (const { id, name } of items) if (name.endsWith(RUN)) await api(page, "DELETE", `/admin/users/${id}`);
});

/** In light and dark, at a desk and on a phone; where it is about one part of the page, that is in view. */
async function looked(page: Page, name: string, about?: Locator): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await about?.scrollIntoViewIfNeeded();
      await settled(page);
      await pictured(page, `sso-${name}-${colorScheme}-${width}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), "wider than the page").toBe(width);
      await accessible(page);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** Whose browser nobody is signed in in. */
async function desk(browser: Browser, baseURL: string | undefined): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browserOf(browser, baseURL ?? "", null);
  return { page: await context.newPage(), context };
}

/** What somebody does on the provider's page. */
async function atProvider(page: Page, email: string, verified = "verified"): Promise<void> {
  await expect(page.getByRole("heading", { name: "A provider" })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(PROVIDER);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("This address is").selectOption(verified);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const whoIs = async (page: Page) => {
  const answer = await page.request.get("/me");
  return answer.ok() ? ((await answer.json()) as { email: string }).email : null;
};

async function invited(page: Page, person: { name: string; email: string }): Promise<void> {
  await api(page, "POST", "/admin/users", { ...person, role: "contributor" });
}

test("people sign in through their organization's provider", async ({ page, browser, baseURL }) => {
  test.setTimeout(240_000);
  const group = page.getByRole("region", { name: "Single sign-on" });
  let link = "";
  await invited(page, SUE);
  await invited(page, TOM);

  await test.step("an Administrator sets it up, and is told what is wrong", async () => {
    await page.goto("/app/admin/organization");
    await expect(group.getByText("Not set up")).toBeVisible();
    await group.getByRole("button", { name: "Set up" }).click();
    await group.getByRole("button", { name: "Save" }).click();
    await expect(group.getByText("This field is required.")).toHaveCount(2);
    await group.getByLabel("Issuer").fill(`${PROVIDER}/elsewhere`);
    await group.getByLabel("Client ID").fill(CLIENT.id);
    await group.getByLabel("Client secret").fill(CLIENT.secret);
    await group.getByRole("button", { name: "Save" }).click();
    await expect(group.getByLabel("Issuer")).toHaveAttribute("aria-invalid", "true");
    await expect(group.getByRole("switch", { name: "This provider verifies email addresses" })).not.toBeChecked();
    await looked(page, "form", group.getByRole("button", { name: "Save" }));
    await group.getByLabel("Issuer").fill(PROVIDER);
    await group.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Single sign-on saved. The provider answered.")).toBeVisible();
    await expect(group.getByText("On", { exact: true })).toBeVisible();
    await expect(group.getByText("Saved, never shown")).toBeVisible();
    await group.getByRole("button", { name: "Copy: Single sign-on link" }).click();
    link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toContain("/app/login?sso=");
    await page.getByText("Single sign-on saved. The provider answered.").waitFor({ state: "hidden" });
    await looked(page, "set-up", group.getByText("Single sign-on link"));
  });

  const sue = await desk(browser, baseURL);

  await test.step("the link leads straight to the provider, and back into the app", async () => {
    await sue.page.goto(link);
    await atProvider(sue.page, SUE.email);
    await sue.page.waitForURL(/\/app\//);
    await expect.poll(() => whoIs(sue.page)).toBe(SUE.email);
    expect(new URL(sue.page.url()).origin).toBe(baseURL);
    await expect(sue.page.getByRole("heading").first()).toBeVisible();
  });

  await test.step("from then on the page for signing in offers it", async () => {
    await api(sue.page, "POST", "/auth/logout");
    await sue.page.goto("/app/login");
    await expect(sue.page.getByRole("link", { name: "Single sign-on" })).toBeVisible();
    await looked(sue.page, "login");
    await sue.page.getByRole("link", { name: "Single sign-on" }).click();
    await atProvider(sue.page, SUE.email);
    await sue.page.waitForURL(/\/app\//);
    expect(await whoIs(sue.page)).toBe(SUE.email);
  });

  await test.step("a stranger is told that nobody knows the address", async () => {
    const stranger = await desk(browser, baseURL);
    await stranger.page.goto(link);
    await atProvider(stranger.page, `stranger.${RUN}@elsewhere.example`);
    await expect(stranger.page.getByText("Single sign-on didn't work")).toBeVisible();
    await expect(stranger.page.getByText(/Nobody here signs in with your address/)).toBeVisible();
    expect(await whoIs(stranger.page)).toBeNull();
    await looked(stranger.page, "refused");
    await stranger.page.getByRole("link", { name: "Single sign-on" }).click();
    await stranger.page.getByRole("button", { name: "Cancel" }).click();
    await expect(stranger.page.getByText(/declined at your identity provider/)).toBeVisible();
    await stranger.context.close();
  });

  const tom = await desk(browser, baseURL);

  await test.step("where the provider says nothing of addresses, an Administrator has to vouch", async () => {
    await tom.page.goto(link);
    await atProvider(tom.page, TOM.email, "not spoken of");
    await expect(tom.page.getByText(/has not verified your email address/)).toBeVisible();
    await group.getByRole("button", { name: "Edit: Single sign-on" }).click();
    await group.getByRole("switch", { name: "This provider verifies email addresses" }).check();
    await group.getByRole("button", { name: "Save" }).click();
    await expect(group.getByText("Taken as verified, unless the provider says otherwise")).toBeVisible();
    await tom.page.goto(link);
    await atProvider(tom.page, TOM.email, "not verified");
    await expect(tom.page.getByText(/has not verified your email address/)).toBeVisible();
    await tom.page.getByRole("link", { name: "Single sign-on" }).click();
    await atProvider(tom.page, TOM.email, "not spoken of");
    await tom.page.waitForURL(/\/app\//);
    expect(await whoIs(tom.page)).toBe(TOM.email);
    await tom.context.close();
  });

  await test.step("switched off, it is offered no more, and every link to it says so", async () => {
    await group.getByRole("button", { name: "Edit: Single sign-on" }).click();
    await group.getByRole("switch", { name: "People can sign in through it" }).uncheck();
    await group.getByRole("button", { name: "Save" }).click();
    await expect(group.getByText("Off", { exact: true })).toBeVisible();
    await api(sue.page, "POST", "/auth/logout");
    await sue.page.goto("/app/login");
    await expect(sue.page.getByLabel("Email")).toBeVisible();
    await expect(sue.page.getByRole("link", { name: "Single sign-on" })).toHaveCount(0);
    const beginning = link.replace("/app/login?sso=", "/auth/sso/");
    const lost = [link, beginning, link.slice(0, -4), beginning.slice(0, -4), `${baseURL ?? ""}/auth/sso/${NOBODY}`];
    for (const url of lost) {
      await sue.page.goto(url);
      await expect(sue.page.getByText("Single sign-on didn't work")).toBeVisible();
      await expect(sue.page.getByText(/not set up for your organization, or switched off/)).toBeVisible();
      await expect(sue.page.getByLabel("Email")).toBeVisible();
    }
    await looked(sue.page, "nowhere");
    await sue.context.close();
  });

  await test.step("and removed, nothing is left of it", async () => {
    await group.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog", { name: "Remove single sign-on?" }).getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText("Single sign-on is removed.")).toBeVisible();
    await expect(group.getByText("Not set up")).toBeVisible();
  });
});
