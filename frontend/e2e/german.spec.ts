import type { Page } from "@playwright/test";
import { englishOn } from "./english";
import { ADMIN } from "./people";
import { api, expect, pictured, settled, test } from "./support";

interface Me {
  culture: string;
  time_zone: string;
}

const PLACE = { culture: "de-DE", time_zone: "Europe/Berlin" };
const OURS: Me[] = [];
// Names that the demo organization chose, and what it calls its statuses.
let data: string[] = [];

test.use({
  storageState: { cookies: [], origins: [] },
  viewport: { width: 1440, height: 900 },
  locale: "de-DE",
  timezoneId: "Europe/Berlin",
});

test.beforeEach(async ({ page, baseURL }) => {
  const answer = await page.request.post("/auth/login", { data: ADMIN, headers: { origin: baseURL ?? "" } });
  expect(answer.status(), await answer.text()).toBe(200);
  const { culture, time_zone } = await api<Me>(page, "GET", "/me");
  OURS.push({ culture, time_zone });
  await api(page, "PATCH", "/me", PLACE);
  const statuses = await api<{ items: { label: string }[] }>(page, "GET", "/contacts/statuses");
  data = statuses.items.map(({ label }) => label);
});

test.afterEach(async ({ page }) => {
  const before = OURS.pop();
  if (before) await api(page, "PATCH", "/me", before);
});

/** Nothing of what is shown is in English. */
async function german(page: Page, name: string): Promise<void> {
  await test.step(name, async () => {
    await expect(page.getByRole("heading").first()).toBeVisible();
    await settled(page);
    await pictured(page, `german-${name}`);
    expect(await englishOn(page, data), name).toEqual([]);
  });
}

async function records(page: Page) {
  const flows = await api<{ items: { id: string; counts: { enrolled: number } }[] }>(page, "GET", "/salesflows");
  const [flow] = flows.items.toSorted((one, other) => other.counts.enrolled - one.counts.enrolled);
  const salesflow = flow?.id ?? "";
  const enrolled = await api<{ items: { contact_id: string; reason: string | null }[] }>(
    page,
    "GET",
    `/salesflows/${salesflow}/enrollments?limit=100`,
  );
  const contact = enrolled.items.find(({ reason }) => reason === "replied")?.contact_id ?? "";
  const history = await api<{ items: { email: { id: string } | null }[] }>(
    page,
    "GET",
    `/contacts/${contact}/activities`,
  );
  return { salesflow, contact, email: history.items.find(({ email }) => email)?.email?.id ?? "" };
}

const STEPS = ["contact_details", "email_integration", "integrations", "email_signature", "dialer_setup", "time_zone"];

test("every screen speaks German", async ({ page }) => {
  test.slow();
  const { salesflow, contact, email } = await records(page);
  const places: Record<string, string> = {
    contacts: "/app/contacts",
    "contacts-no-match": "/app/contacts?q=nobody-is-called-so",
    "contacts-new": "/app/contacts?new=true",
    "contacts-filtered": "/app/contacts?optedOut=false&after=2020-01-01&before=2090-01-01",
    lists: "/app/contacts/lists",
    "lists-new": "/app/contacts/lists?new=true",
    imports: "/app/contacts/imports",
    "imports-new": "/app/contacts/imports/new",
    contact: `/app/contacts/${contact}`,
    "contact-email": `/app/contacts/${contact}?email=${email}`,
    salesflows: "/app/content/salesflows",
    "salesflows-new": "/app/content/salesflows?new=true",
    "salesflow-steps": `/app/content/salesflows/${salesflow}`,
    "salesflow-contacts": `/app/content/salesflows/${salesflow}?tab=contacts`,
    "salesflow-statistics": `/app/content/salesflows/${salesflow}?tab=statistics`,
    "account-profile": "/app/account/profile",
    "account-settings": "/app/account/settings",
    "account-security": "/app/account/security",
    ...Object.fromEntries([...STEPS, "done"].map((step) => [`onboarding-${step}`, `/app/onboarding?step=${step}`])),
    "admin-users": "/app/admin/users",
    "admin-add-user": "/app/admin/users?new=true",
    "admin-audit-log": "/app/admin/audit-log",
    "admin-organization": "/app/admin/organization",
    "admin-contact-status": "/app/admin/contact-status",
    "admin-contact-fields": "/app/admin/contact-fields",
    ...Object.fromEntries(
      ["calls", "content", "notes"].map((tab) => [`contact-${tab}`, `/app/contacts/${contact}?tab=${tab}`]),
    ),
    "not-found": "/app/nowhere",
  };
  for (const [name, path] of Object.entries(places)) {
    await page.goto(path);
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await german(page, name);
  }
});

test("what opens on the screens speaks German", async ({ page }) => {
  test.slow();
  const { salesflow, contact } = await records(page);
  await page.goto("/app/contacts");
  await german(page, "before");
  for (const [name, open] of Object.entries({
    palette: () => page.keyboard.press("ControlOrMeta+k"),
    shortcuts: () => page.keyboard.press("?"),
    feed: () => page.getByRole("button", { name: /^Feed/ }).click(),
  })) {
    await open();
    await expect(page.getByRole("dialog")).toBeVisible();
    await german(page, name);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  await page.getByRole("button", { name: "Menü von Alex Morgan" }).click();
  await german(page, "user-menu");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Spalten" }).click();
  await german(page, "columns");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Ansicht: Alle Kontakte" }).click();
  await german(page, "views");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Sortieren" }).click();
  await german(page, "orders");
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: "Filter" }).getByRole("button", { name: "Letzte Aktivität" }).click();
  await expect(page.getByRole("button", { name: "Letzte 7 Tage" })).toBeVisible();
  await german(page, "last-activity");
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: "Alle auf dieser Seite auswählen" }).check();
  await german(page, "selection");
  await page.getByRole("button", { name: "Exportieren" }).click();
  await german(page, "export");
  await page.getByRole("menuitem", { name: "Angezeigte Spalten" }).click();
  await expect(page.getByText("Der Export ist fertig")).toBeVisible();
  await page.getByRole("button", { name: "Im Hintergrund" }).click();
  await german(page, "jobs");
  await page.keyboard.press("Escape");

  await page.goto(`/app/contacts/${contact}`);
  await page.getByRole("button", { name: /^Zeitzone bearbeiten/ }).click();
  await page.getByRole("combobox", { name: "Zeitzone" }).fill("Wien");
  await expect(page.getByRole("option", { name: "Europa / Wien" })).toBeVisible();
  await german(page, "contact-edited");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "In Salesflow aufnehmen" }).first().click();
  const dialog = page.getByRole("dialog", { name: "In Salesflow aufnehmen" });
  await dialog.getByLabel("Bestimmte Startzeit").click();
  await dialog.getByLabel("Startzeit", { exact: true }).click();
  // Weeks begin with Monday.
  await expect(page.getByRole("columnheader").first()).toHaveText("Mo");
  await german(page, "add-to-salesflow");

  await page.goto(`/app/content/salesflows/${salesflow}`);
  await page.getByRole("button", { name: "Platzhalter einfügen" }).last().click();
  await page.getByRole("button", { name: /^Anrede/ }).click();
  await german(page, "merge-field");
  await page.keyboard.press("Escape");
  await page
    .getByRole("button", { name: /^Wartezeit ändern/ })
    .last()
    .click();
  await german(page, "delay");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Link", exact: true }).click();
  await german(page, "link");

  await page.goto("/app/account/profile");
  await page.getByRole("button", { name: "Bearbeiten: Zeitzone & Geschäftszeiten" }).click();
  await expect(page.getByText("Neujahr").first()).toBeVisible();
  await german(page, "business-hours");
  await page.getByLabel("Von und bis").click();
  await expect(page.getByRole("columnheader").first()).toHaveText("Mo");
  await german(page, "days-away");

  await page.goto("/app/account/security");
  await page.getByRole("button", { name: "Neues Token" }).click();
  await german(page, "token");

  await page.goto("/app/admin/audit-log");
  await page.getByRole("button", { name: "Von – bis" }).click();
  await expect(page.getByRole("columnheader").first()).toBeVisible();
  await german(page, "audit-period");
});

test("the filter of a list is changed in German", async ({ page }) => {
  const name = `Messe ${Date.now().toString(36)}`;
  const list = await api<{ id: string }>(page, "POST", "/contacts/lists", { name, filter: { opted_out: true } });
  await page.goto(`/app/contacts?list=${list.id}`);
  await page.getByRole("button", { name: "Filter bearbeiten" }).click();
  await german(page, "list-filter");
  await page.getByRole("combobox", { name: "Abgemeldet" }).click();
  await page.getByRole("option", { name: "Nein" }).click();
  await page.getByRole("button", { name: "Filter speichern" }).click();
  const question = page.getByRole("dialog", { name: `Filter von ${name} ersetzen?` });
  await expect(question).toContainText("passen zum neuen Filter");
  await german(page, "list-filter-question");
  await question.getByRole("button", { name: "Filter speichern" }).click();
  await expect(page.getByText(`${name} hat den neuen Filter.`)).toBeVisible();
  await api(page, "DELETE", `/contacts/lists/${list.id}`);
});

test("what is refused is said in German", async ({ page }) => {
  await page.goto("/app/contacts?new=true");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nachname").fill("Lang ".repeat(60));
  await page.keyboard.press("Enter");
  await expect(dialog.getByText(/^Erlaubt sind höchstens \d+ Zeichen\.$/)).toBeVisible();
  await german(page, "refused-field");

  const flow = await api<{ id: string }>(page, "POST", "/salesflows", { name: "Leerer Salesflow" });
  await page.goto(`/app/content/salesflows/${flow.id}`);
  await page.getByRole("button", { name: "Aktivieren" }).click();
  await expect(page.getByText("Fügen Sie einen Schritt hinzu, bevor Sie den Salesflow aktivieren.")).toBeVisible();
  await german(page, "refused-act");
  await api(page, "DELETE", `/salesflows/${flow.id}`);
});

test("the check itself sees English where it is spoken", async ({ page }) => {
  await api(page, "PATCH", "/me", { culture: "en-GB" });
  await page.goto("/app/contacts");
  await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();
  await settled(page);
  expect(await englishOn(page, data)).toEqual(expect.arrayContaining(["New Contact", "Last activity"]));
});
