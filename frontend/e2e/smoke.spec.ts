import type { Page } from "@playwright/test";
import { ADMIN } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";

interface Places {
  contact: string;
  email: string | undefined;
  salesflow: string;
}

/** Records worth looking at: a Salesflow with people in it, and somebody with a history. */
async function places(page: Page): Promise<Places> {
  const flows = await api<{ items: { id: string; counts: { enrolled: number } }[] }>(page, "GET", "/salesflows");
  const flow = flows.items.toSorted((one, other) => other.counts.enrolled - one.counts.enrolled)[0];
  const salesflow = flow?.id ?? (await api<{ id: string }>(page, "POST", "/salesflows", { name: "Smoke" })).id;
  const enrolled = await api<{ items: { contact_id: string; reason: string | null }[] }>(
    page,
    "GET",
    `/salesflows/${salesflow}/enrollments?limit=100`,
  );
  const somebody = enrolled.items.find(({ reason }) => reason === "replied") ?? enrolled.items[0];
  const people = await api<{ items: { id: string }[] }>(page, "GET", "/contacts?limit=1");
  const contact = somebody?.contact_id ?? people.items[0]?.id ?? "";
  const history = await api<{ items: { email: { id: string } | null }[] }>(
    page,
    "GET",
    `/contacts/${contact}/activities`,
  );
  return { contact, email: history.items.find(({ email }) => email)?.email?.id, salesflow };
}

// What is there for people who are not signed in; a link that nobody was sent serves no more.
const SIGNED_OUT: Record<string, string> = {
  login: "/app/login",
  "forgot-password": "/app/forgot-password",
  "password-reset": "/app/password-resets/unknown",
  "invitation-gone": "/app/invitations/unknown",
  "welcome-gone": "/app/welcome/unknown",
};

const AREAS: Record<string, Record<string, (places: Places) => string>> = {
  contacts: {
    contacts: () => "/app/contacts",
    "contacts-no-match": () => "/app/contacts?q=nobody-is-called-so",
    "contacts-new": () => "/app/contacts?new=true",
    "contacts-filtered": () => "/app/contacts?optedOut=false&after=2020-01-01&sort=name",
    lists: () => "/app/contacts/lists",
    "lists-new": () => "/app/contacts/lists?new=true",
    imports: () => "/app/contacts/imports",
    duplicates: () => "/app/contacts/duplicates",
    "imports-new": () => "/app/contacts/imports/new",
    contact: ({ contact }) => `/app/contacts/${contact}`,
    "contact-email": ({ contact, email }) => `/app/contacts/${contact}${email ? `?email=${email}` : ""}`,
    "contact-notes": ({ contact }) => `/app/contacts/${contact}?tab=notes&among={}`,
  },
  content: {
    salesflows: () => "/app/content/salesflows",
    "salesflows-new": () => "/app/content/salesflows?new=true",
    "salesflow-steps": ({ salesflow }) => `/app/content/salesflows/${salesflow}`,
    "salesflow-contacts": ({ salesflow }) => `/app/content/salesflows/${salesflow}?tab=contacts`,
    "salesflow-statistics": ({ salesflow }) => `/app/content/salesflows/${salesflow}?tab=statistics`,
  },
  account: {
    "account-profile": () => "/app/account/profile",
    "account-settings": () => "/app/account/settings",
    "account-security": () => "/app/account/security",
    "not-found": () => "/app/nowhere",
  },
  onboarding: {
    onboarding: () => "/app/onboarding?step=contact_details",
    "onboarding-email": () => "/app/onboarding?step=email_integration",
    "onboarding-integrations": () => "/app/onboarding?step=integrations",
    "onboarding-signature": () => "/app/onboarding?step=email_signature",
    "onboarding-dialer": () => "/app/onboarding?step=dialer_setup",
    "onboarding-time-zone": () => "/app/onboarding?step=time_zone",
    "onboarding-done": () => "/app/onboarding?step=done",
  },
};

const ADMIN_ROUTES = {
  "admin-not-allowed": "/app/admin",
  "admin-users": "/app/admin/users",
  "admin-users-no-match": "/app/admin/users?q=nobody-is-called-so",
  "admin-users-deleted": "/app/admin/users?state=deleted",
  "admin-add-user": "/app/admin/users?new=true",
  "admin-audit-log": "/app/admin/audit-log",
  "admin-audit-log-no-match": "/app/admin/audit-log?from=2020-01-01&to=2020-01-02",
  "admin-organization": "/app/admin/organization",
  "admin-suppressions": "/app/admin/suppressions",
  "admin-suppressions-new": "/app/admin/suppressions?new=true",
  "admin-contact-status": "/app/admin/contact-status",
  "admin-contact-fields": "/app/admin/contact-fields",
};

/** What every page has to be. */
async function sound(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading").first()).toBeVisible();
  await settled(page);
  await pictured(page, name);
  await accessible(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, "nothing sticks out sideways").toBeLessThanOrEqual(0);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1440, 390]) {
    const view = `${width}-${colorScheme}`;
    test.describe(view, () => {
      test.use({ colorScheme, viewport: { width, height: width === 390 ? 844 : 900 } });

      for (const [area, routes] of Object.entries(AREAS)) {
        test(`${area}: every page is shown and accessible`, async ({ page }) => {
          const here = await places(page);
          for (const [name, path] of Object.entries(routes)) {
            await test.step(name, async () => {
              await page.goto(path(here));
              await sound(page, `${name}-${view}`);
            });
          }
        });
      }

      test("administration is shown and accessible", async ({ page, baseURL }) => {
        for (const [name, path] of Object.entries(ADMIN_ROUTES)) {
          await test.step(name, async () => {
            await page.goto(path);
            await sound(page, `${name}-${view}`);
            if (name !== "admin-not-allowed") return;
            await page.context().clearCookies();
            const answer = await page.request.post("/auth/login", { data: ADMIN, headers: { origin: baseURL ?? "" } });
            expect(answer.status(), await answer.text()).toBe(200);
          });
        }
      });

      test("the dialogs are accessible", async ({ page }) => {
        const { contact } = await places(page);
        await page.goto(`/app/contacts/${contact}`);
        await settled(page);
        for (const [name, open] of Object.entries({
          "add-to-salesflow": () => page.getByRole("button", { name: "Add to Salesflow" }).first().click(),
          palette: () => page.keyboard.press("ControlOrMeta+k"),
          shortcuts: () => page.keyboard.press("?"),
          feed: () => page.getByRole("button", { name: /^Feed/ }).click(),
        })) {
          await open();
          await expect(page.getByRole("dialog")).toBeVisible();
          await settled(page);
          await pictured(page, `${name}-${view}`);
          await accessible(page);
          await page.keyboard.press("Escape");
          await expect(page.getByRole("dialog")).toBeHidden();
        }
        await page.getByRole("button", { name: /^Menu of/ }).click();
        await expect(page.getByRole("menu")).toBeVisible();
        await settled(page);
        await pictured(page, `user-menu-${view}`);
        await accessible(page);
        await page.keyboard.press("Escape");
        await page.goto("/app/contacts");
        await settled(page);
        await page.getByRole("checkbox", { name: "Select all on this page" }).check();
        await expect(page.getByRole("toolbar", { name: "Selected contacts" })).toBeVisible();
        await accessible(page);
        await pictured(page, `selection-${view}`);
        await page.getByRole("button", { name: "Clear selection" }).click();
        if (width < 1000) return;
        await page.getByRole("button", { name: "Columns" }).click();
        await settled(page);
        await pictured(page, `columns-${view}`);
        await accessible(page);
      });
    });

    test.describe(`${view}, signed out`, () => {
      test.use({ colorScheme, viewport: { width, height: width === 390 ? 844 : 900 } });

      test("signing in is accessible", async ({ browser, baseURL }) => {
        const context = await browser.newContext({
          baseURL: baseURL ?? "",
          colorScheme,
          viewport: { width, height: 844 },
          storageState: { cookies: [], origins: [] },
        });
        const page = await context.newPage();
        for (const [name, path] of Object.entries(SIGNED_OUT)) {
          await page.goto(path);
          await settled(page);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await pictured(page, `${name}-${view}`);
          await accessible(page);
        }
        await context.close();
      });
    });
  }
}
