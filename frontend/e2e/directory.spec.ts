import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { ADMIN } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";

const RUN = Date.now().toString(36);
const COMPANY = `Dir${RUN}`;
const PEOPLE = 30;
// As many as there are, more than one page of 25.
const HERE = `/app/contacts?q=${COMPANY}&size=25`;

interface Named {
  id: string;
  name: string;
}

test.use({ viewport: { width: 1440, height: 900 } });

test.beforeEach(async ({ page }) => {
  const known = await api<{ total: number }>(page, "GET", `/contacts?q=${COMPANY}&limit=1&total=true`);
  for (let n = known.total; n < PEOPLE; n++) {
    await api(page, "POST", "/contacts", {
      first_name: "Dora",
      last_name: `Number ${String(n).padStart(2, "0")}`,
      email: `dora.${n}.${RUN}@prospect.example`,
      company: COMPANY,
    });
  }
});

const filters = (page: Page) => page.getByRole("group", { name: "Filters" });
const pill = (page: Page, name: string) => filters(page).getByRole("combobox", { name, exact: true });
const table = (page: Page) => page.getByRole("table");
const bar = (page: Page) => page.getByRole("toolbar", { name: "Selected contacts" });
const toast = (page: Page, text: string): Locator => page.getByRole("alert").filter({ hasText: text });

/** Opens the menu of views, when the one before is gone. */
async function openViews(page: Page): Promise<void> {
  await expect(page.getByRole("menu")).toHaveCount(0);
  await page.getByRole("button", { name: /^View: / }).click();
}

async function statuses(page: Page): Promise<string[]> {
  const { items } = await api<{ items: { label: string }[] }>(page, "GET", "/contacts/statuses");
  return items.map(({ label }) => label);
}

async function tick(page: Page, names: string[]): Promise<void> {
  for (const name of names) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
}

test("what is asked for is in the address, and in chips that can be taken away", async ({ page }) => {
  const [first = "", second = ""] = await statuses(page);
  await page.goto(`/app/contacts?q=${COMPANY}`);
  await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();

  await test.step("by mouse: a status", async () => {
    await pill(page, "Status").click();
    await page.getByRole("option", { name: second, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`status=${encodeURIComponent(second).replace("%20", "(\\+|%20)")}`));
    await expect(page.getByText("No contact matches")).toBeVisible();
    await pill(page, `Status: ${second}`).click();
    await page.getByRole("option", { name: first, exact: true }).click();
    await expect(table(page).getByRole("row")).toHaveCount(PEOPLE + 1);
  });

  await test.step("by keyboard: opted out", async () => {
    await pill(page, "Opted out").focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("option", { name: "No" })).toBeVisible();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/optedOut=false/);
    await expect(pill(page, "Opted out: No")).toBeFocused();
  });

  await test.step("the last activity", async () => {
    await filters(page).getByRole("button", { name: "Last activity" }).click();
    await page.getByRole("button", { name: "Last 7 days" }).click();
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL(/after=\d{4}-\d\d-\d\d/);
    await expect(filters(page).getByRole("button", { name: /^Last activity: since / })).toBeVisible();
    await expect(table(page).getByRole("row")).toHaveCount(PEOPLE + 1);
  });

  await test.step("the order and a column", async () => {
    await page.getByRole("button", { name: "Name", exact: true }).click();
    await expect(page).toHaveURL(/sort=name/);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("menuitemcheckbox", { name: "City" }).click();
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL(/columns=.*city/);
    await expect(table(page).getByRole("columnheader", { name: "City" })).toBeVisible();
  });

  await test.step("shown again by its address alone", async () => {
    await page.reload();
    await expect(pill(page, `Status: ${first}`)).toBeVisible();
    await expect(pill(page, "Opted out: No")).toBeVisible();
    await expect(table(page).getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
    await expect(table(page).getByRole("columnheader", { name: "City" })).toBeVisible();
    await expect(page.getByText(`${PEOPLE}`, { exact: true })).toBeVisible();
    await settled(page);
    await accessible(page);
  });

  await test.step("taken away one by one, and all at once", async () => {
    await filters(page).getByRole("button", { name: "Remove the filter Opted out" }).click();
    await expect(page).not.toHaveURL(/optedOut/);
    await page.goBack();
    await expect(page).toHaveURL(/optedOut=false/);
    await filters(page).getByRole("button", { name: "Clear filters" }).click();
    await expect(page).not.toHaveURL(/status=|optedOut|after|q=/);
    await expect(page.getByRole("searchbox", { name: "Search contacts" })).toHaveValue("");
  });
});

test("a view is saved, seen to be changed, shared, renamed and deleted", async ({ page }) => {
  const name = `Fresh ${RUN}`;
  await page.goto(`${HERE}&optedOut=false&sort=-name`);
  await openViews(page);
  await page.getByRole("menuitem", { name: "Save as a new view…" }).click();
  const dialog = page.getByRole("dialog", { name: "Save this view" });
  await dialog.getByLabel("Name").fill(name);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/view=/);
  await expect(page.getByRole("button", { name: `View: ${name}`, exact: true })).toBeVisible();

  await filters(page).getByRole("button", { name: "Remove the filter Opted out" }).click();
  const changed = page.getByRole("button", { name: `View: ${name}, changed since it was saved` });
  await expect(changed).toBeVisible();
  await openViews(page);
  await settled(page);
  await pictured(page, "view-changed");
  await accessible(page);
  await page.getByRole("menuitem", { name: "Discard changes" }).click();
  await expect(page).toHaveURL(/optedOut=false/);
  await pill(page, "Opted out: No").click();
  await page.getByRole("option", { name: "Yes" }).click();
  await expect(changed).toBeVisible();
  await openViews(page);
  await page.getByRole("menuitem", { name: "Save changes" }).click();
  await expect(page.getByRole("button", { name: `View: ${name}`, exact: true })).toBeVisible();

  await openViews(page);
  await page.getByRole("menuitem", { name: "Share with everybody" }).click();
  await expect(page.getByText(`Everybody can use ${name} now.`)).toBeVisible();
  await openViews(page);
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByRole("dialog", { name: "Rename view" }).getByLabel("Name").fill(`${name} again`);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: `View: ${name} again`, exact: true })).toBeVisible();

  await openViews(page);
  await page.getByRole("menuitemradio", { name: "All contacts" }).click();
  await expect(page).not.toHaveURL(/optedOut|view=/);
  await openViews(page);
  await page.getByRole("menuitemradio", { name: `${name} again` }).click();
  await expect(page).toHaveURL(/optedOut=true/);
  await expect(page).toHaveURL(/sort=-name/);

  await openViews(page);
  await page.getByRole("menuitem", { name: "Delete view" }).click();
  const question = page.getByRole("dialog", { name: `Delete the view ${name} again?` });
  await question.getByRole("button", { name: "Delete view" }).click();
  await expect(page.getByRole("button", { name: "View: All contacts" })).toBeVisible();
  const left = await api<{ items: Named[] }>(page, "GET", "/contacts/views");
  expect(left.items.filter((each) => each.name.startsWith(name))).toEqual([]);
});

test("lists: by filter and by hand, filled and emptied in bulk", async ({ page }) => {
  const matching = `Matching ${RUN}`;
  const chosen = `Chosen ${RUN}`;

  await test.step("what is asked for becomes a list", async () => {
    await page.goto(HERE);
    await filters(page).getByRole("button", { name: "Save as list" }).click();
    const dialog = page.getByRole("dialog", { name: "Save as list" });
    await dialog.getByLabel("Name").fill(matching);
    await settled(page);
    await pictured(page, "save-as-list");
    await dialog.getByRole("button", { name: "Create list" }).click();
    await expect(page.getByText(`${matching} was created.`)).toBeVisible();
  });

  await test.step("some are put on a new one", async () => {
    await page.goto(`/app/contacts?q=${COMPANY}&sort=name&size=25`);
    await tick(page, ["Dora Number 01", "Dora Number 02", "Dora Number 03"]);
    await bar(page).getByRole("combobox", { name: "Add to list" }).click();
    await page.getByRole("option", { name: "New list…" }).click();
    const dialog = page.getByRole("dialog", { name: "New List" });
    await dialog.getByLabel("Name").fill(matching);
    await page.keyboard.press("Enter");
    await expect(dialog.getByText("There is a list with this name already.")).toBeVisible();
    await dialog.getByLabel("Name").fill(chosen);
    await page.keyboard.press("Enter");
    await expect(toast(page, "Added to a list")).toContainText("3 contacts");
  });

  await test.step("both are among the lists", async () => {
    await page.getByRole("navigation", { name: "Contacts" }).getByRole("link", { name: "Lists" }).click();
    await expect(page.getByRole("heading", { name: "Lists", exact: true })).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: matching })).toContainText(`${PEOPLE}`);
    await expect(page.getByRole("row").filter({ hasText: chosen })).toContainText("3");
    await settled(page);
    await pictured(page, "lists-1440");
    await accessible(page);
    await page.getByRole("link", { name: chosen }).click();
    await expect(pill(page, `List: ${chosen}`)).toBeVisible();
    await expect(table(page).getByRole("row")).toHaveCount(4);
  });

  await test.step("one is taken off it", async () => {
    await tick(page, ["Dora Number 02"]);
    await bar(page).getByRole("combobox", { name: "Remove from list" }).click();
    await page.getByRole("option", { name: chosen }).click();
    await expect(toast(page, "Removed from a list")).toContainText("1 contact");
    await expect(table(page).getByRole("row")).toHaveCount(3);
  });

  await test.step("renamed, and deleted", async () => {
    await page.goto("/app/contacts/lists");
    await page.getByRole("button", { name: `What to do with ${chosen}` }).click();
    await page.getByRole("menuitem", { name: "Rename…" }).click();
    await page.getByRole("dialog", { name: "Rename list" }).getByLabel("Name").fill(`${chosen} few`);
    await page.keyboard.press("Enter");
    for (const name of [`${chosen} few`, matching]) {
      await page.getByRole("button", { name: `What to do with ${name}` }).click();
      await page.getByRole("menuitem", { name: "Delete list" }).click();
      const question = page.getByRole("dialog", { name: `Delete the list ${name}?` });
      await question.getByRole("button", { name: "Delete list" }).click();
      await expect(page.getByRole("link", { name, exact: true })).toBeHidden();
    }
  });
});

test("a selection over two pages is changed, and changed back once", async ({ page }) => {
  const [first = "", second = ""] = await statuses(page);
  const asked = `/contacts?q=${COMPANY}&status=${encodeURIComponent(second)}&limit=1&total=true`;
  const changed = async () => (await api<{ total: number }>(page, "GET", asked)).total;
  await page.goto(`/app/contacts?q=${COMPANY}&sort=name&size=25`);
  await tick(page, ["Dora Number 00"]);
  await page.getByRole("button", { name: "Next page" }).click();
  await tick(page, ["Dora Number 29"]);
  await expect(bar(page)).toContainText("2 selected");
  await bar(page).getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: second, exact: true }).click();
  const done = toast(page, "Status changed");
  await expect(done).toContainText("2 contacts");
  await expect(bar(page)).toBeHidden();
  expect(await changed()).toBe(2);
  await done.getByRole("button", { name: "Undo" }).click();
  await expect(toast(page, "Change of status: undone")).toContainText("2 restored");
  expect(await changed()).toBe(0);

  await test.step("the tray knows of it, also after a reload, and it can't be undone twice", async () => {
    await page.reload();
    await page.getByRole("button", { name: "Background work" }).click();
    const tray = page.getByRole("dialog", { name: "Background work" });
    await expect(tray.getByText("Change of status: undone").first()).toBeVisible();
    await expect(tray.getByText("2 restored").first()).toBeVisible();
    await expect(tray.getByRole("listitem").first().getByRole("button", { name: /^Undo/ })).toBeHidden();
    await settled(page);
    await pictured(page, "jobs-1440");
    await accessible(page);
    await page.keyboard.press("Escape");
    await expect(tray).toBeHidden();
  });
  expect(first).not.toBe(second);
});

test("everybody who matches is exported, and deleted, and comes back", async ({ page }) => {
  await page.goto(HERE);
  const everybody = async () => {
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await bar(page)
      .getByRole("button", { name: `Select all ${PEOPLE} that match` })
      .click();
    await expect(bar(page)).toContainText(`All ${PEOPLE} selected`);
    await expect(bar(page).getByRole("button", { name: "Clear selection" })).toBeFocused();
  };

  await test.step("as a file", async () => {
    await everybody();
    await settled(page);
    await pictured(page, "all-selected-1440");
    await bar(page).getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "All fields" }).click();
    const done = toast(page, "Export is ready");
    await expect(done).toContainText(`${PEOPLE} contacts`);
    const arrives = page.waitForEvent("download");
    await done.getByRole("link", { name: "Download" }).click();
    const file = readFileSync(await (await arrives).path(), "utf8");
    expect(file.trim().split("\r\n")).toHaveLength(PEOPLE + 1);
    expect(file).toContain(`dora.7.${RUN}@prospect.example`);
  });

  await test.step("not those whose tick is taken away", async () => {
    await everybody();
    await page
      .getByRole("checkbox", { name: /^Select Dora Number/ })
      .first()
      .uncheck();
    await expect(bar(page)).toContainText("24 selected");
    await bar(page).getByRole("button", { name: "Clear selection" }).click();
  });

  await test.step("deleted after a question that says how many", async () => {
    await everybody();
    await bar(page).getByRole("button", { name: "Delete" }).click();
    const question = page.getByRole("dialog", { name: `Delete ${PEOPLE} contacts?` });
    await expect(question).toContainText("the Salesflows that end now don't start again");
    await pictured(page, "delete-all-1440");
    await question.getByRole("button", { name: `Delete ${PEOPLE} contacts` }).click();
    const done = toast(page, "Contacts deleted");
    await expect(done).toContainText(`${PEOPLE} contacts`);
    await expect(page.getByText("No contact matches")).toBeVisible();
    await done.getByRole("button", { name: "Undo" }).click();
    await expect(toast(page, "Deletion of contacts: undone")).toContainText(`${PEOPLE} restored`);
    await expect(table(page).getByRole("row")).toHaveCount(26);
  });
});

test("a field of the organization's own is asked for and shown", async ({ page, playwright, baseURL }) => {
  const label = `Region ${RUN}`;
  const origin = baseURL ?? "";
  // Without the session of the others: who signs in over it ends it.
  const nobody = { cookies: [], origins: [] };
  const headers = { baseURL: origin, extraHTTPHeaders: { origin } };
  const desk = await playwright.request.newContext({ ...headers, storageState: nobody });
  expect((await desk.post("/auth/login", { data: ADMIN })).status()).toBe(200);
  const shape = { label, kind: "choice", choices: ["North", "South"] };
  const made = await desk.post("/admin/contact-fields", { data: shape });
  expect(made.status(), await made.text()).toBe(201);
  const field = (await made.json()) as { id: string; key: string };
  const { items } = await api<{ items: Named[] }>(page, "GET", `/contacts?q=${COMPANY}&limit=1`);
  await api(page, "PATCH", `/contacts/${items[0]?.id}`, { custom: { [field.key]: "South" } });

  await page.goto(HERE);
  await filters(page).getByRole("button", { name: "More fields" }).click();
  await page.getByRole("menuitem", { name: label }).click();
  await page.getByRole("option", { name: "South" }).click();
  await expect(pill(page, `${label}: South`)).toBeVisible();
  await expect(page).toHaveURL(/fields=/);
  await expect(table(page).getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: label }).click();
  await page.keyboard.press("Escape");
  await expect(table(page).getByRole("cell", { name: "South" })).toBeVisible();
  await page.reload();
  await expect(table(page).getByRole("cell", { name: "South" })).toBeVisible();

  expect((await desk.delete(`/admin/contact-fields/${field.id}`)).ok()).toBe(true);
  await desk.dispose();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("filters, selection and the tray are at hand", async ({ page }) => {
    await page.goto(HERE);
    await page.getByRole("button", { name: "Sort" }).click();
    await page.getByRole("menuitemradio", { name: "Name, A to Z" }).click();
    await expect(page).toHaveURL(/sort=name/);
    await tick(page, ["Dora Number 04"]);
    await bar(page).getByRole("combobox", { name: "Owner" }).click();
    await page.getByRole("option", { name: "Me", exact: true }).click();
    await expect(toast(page, "Owner changed")).toContainText("1 was so already");
    await page.getByRole("button", { name: "Background work" }).click();
    await expect(page.getByRole("dialog", { name: "Background work" })).toBeVisible();
    await settled(page);
    await pictured(page, "jobs-390");
    await accessible(page);
  });
});
