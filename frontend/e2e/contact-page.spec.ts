import type { Page } from "@playwright/test";
import { ADMIN } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";

const RUN = Date.now().toString(36);

test.use({ storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 } });

test.beforeEach(async ({ page, baseURL }) => {
  const answer = await page.request.post("/auth/login", { data: ADMIN, headers: { origin: baseURL ?? "" } });
  expect(answer.status(), await answer.text()).toBe(200);
});

interface Contact {
  id: string;
  version: number;
  city: string | null;
  custom: Record<string, unknown>;
}

const created = (page: Page, first_name: string, more = {}) =>
  api<Contact>(page, "POST", "/contacts", { first_name, last_name: `Page ${RUN}`, ...more });
const read = (page: Page, { id }: Contact) => api<Contact>(page, "GET", `/contacts/${id}`);
const fact = (page: Page, label: string) => page.getByRole("button", { name: new RegExp(`^Edit ${label}`) });

test("a fact is changed where it stands", async ({ page }) => {
  const contact = await created(page, "Ina", { email: `ina.${RUN}@prospect.example` });
  await page.goto(`/app/contacts/${contact.id}`);
  await settled(page);

  await test.step("Enter saves, and the focus returns", async () => {
    await fact(page, "City").click();
    await page.getByRole("textbox", { name: "City" }).fill("Oslo");
    await page.keyboard.press("Enter");
    await expect(fact(page, "City")).toHaveText(/Oslo/);
    await expect(fact(page, "City")).toBeFocused();
    expect((await read(page, contact)).city).toBe("Oslo");
  });

  await test.step("Escape leaves it as it was", async () => {
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "City" }).fill("Bergen");
    await page.keyboard.press("Escape");
    await expect(fact(page, "City")).toHaveText(/Oslo/);
    await expect(fact(page, "City")).toBeFocused();
    expect((await read(page, contact)).city).toBe("Oslo");
  });

  await test.step("without a network that is said at once, nothing is made later, and what was typed stays", async () => {
    const field = page.getByRole("textbox", { name: "City" });
    await page.context().setOffline(true);
    await fact(page, "City").click();
    await field.fill("Turin");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Check your connection, then try again.")).toBeVisible();
    await page.context().setOffline(false);
    await expect(field).toHaveValue("Turin");
    expect((await read(page, contact)).city).toBe("Oslo");
    await field.press("Enter");
    await expect(fact(page, "City")).toHaveText(/Turin/);
    expect((await read(page, contact)).city).toBe("Turin");
  });

  await test.step("what is wrong is said at the field, which stays open", async () => {
    await fact(page, "Email").click();
    const field = page.getByRole("textbox", { name: "Email" });
    await field.fill("nobody");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Enter an email address like name@company.com.")).toBeVisible();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await accessible(page);
    await pictured(page, "contact-fact-refused");
    await page.keyboard.press("Escape");
    await fact(page, "Last name").click();
    await page.getByRole("textbox", { name: "Last name" }).fill("L".repeat(121));
    await page.keyboard.press("Enter");
    await expect(page.locator(".mantine-InputWrapper-error")).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("a change that somebody else made meanwhile is shown before it is replaced", async () => {
    await fact(page, "City").click();
    await page.getByRole("textbox", { name: "City" }).fill("Tromsø");
    await api(page, "PATCH", `/contacts/${contact.id}`, { city: "Stavanger", company: "Fabrikam" });
    await page.keyboard.press("Enter");
    await expect(page.getByText(/^Somebody changed this meanwhile/)).toBeVisible();
    await expect(fact(page, "Company")).toHaveText(/Fabrikam/);
    expect((await read(page, contact)).city).toBe("Stavanger");
    await page.getByRole("textbox", { name: "City" }).press("Enter");
    await expect(fact(page, "City")).toHaveText(/Tromsø/);
    expect((await read(page, contact)).city).toBe("Tromsø");
  });
});

test("status, owner and lists are chosen, and taken back", async ({ page }) => {
  const contact = await created(page, "Olga");
  const list = await api<{ id: string; name: string }>(page, "POST", "/contacts/lists", { name: `Fair ${RUN}` });
  await page.goto(`/app/contacts/${contact.id}`);
  await settled(page);
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Qualified", exact: true }).click();
  await expect(page.getByText("Status is Qualified now.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("New");

  await page.getByRole("combobox", { name: "Owner" }).click();
  await page.getByRole("option", { name: "Robin Hale" }).click();
  await expect(page.getByText("Robin Hale is the owner now.")).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Owner" })).toHaveValue("Robin Hale");

  await page.getByRole("button", { name: "Add to a list" }).click();
  await page.getByRole("menuitem", { name: list.name }).click();
  await expect(page.getByRole("link", { name: list.name })).toBeVisible();
  await page.getByRole("button", { name: `Remove from ${list.name}` }).click();
  await expect(page.getByRole("link", { name: list.name })).toBeHidden();
  await api(page, "DELETE", `/contacts/lists/${list.id}`);
});

test("notes are written, changed and deleted in the timeline, which is narrowed by kind", async ({ page }) => {
  const contact = await created(page, "Nils");
  await page.goto(`/app/contacts/${contact.id}`);
  const form = page.getByRole("textbox", { name: "Write a note" });
  await expect(form).toBeVisible();
  await settled(page);
  await page.keyboard.press("n");
  await expect(form).toBeFocused();
  await form.fill("Likes tea\nand biscuits");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByText("Likes tea")).toBeVisible();

  await page.getByRole("tab", { name: "Notes" }).click();
  await expect(page).toHaveURL(/tab=notes/);
  await expect(page.getByText("Contact created")).toBeHidden();
  await page.getByRole("button", { name: "Note actions" }).click();
  await page.getByRole("menuitem", { name: "Edit note" }).click();
  await page.getByRole("textbox", { name: "Text of the note" }).fill("Likes coffee");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Likes coffee")).toBeVisible();
  await expect(page.getByText("edited")).toBeVisible();
  await accessible(page);
  await pictured(page, "contact-note");

  await page.getByRole("button", { name: "Note actions" }).click();
  await page.getByRole("menuitem", { name: "Delete note" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete note" }).click();
  await expect(page.getByText("No notes yet")).toBeVisible();
  for (const [tab, empty] of [
    ["Emails", "No emails yet"],
    ["Calls", "No calls yet"],
    ["Content", "No content yet"],
    ["Salesflows", "In no Salesflow yet"],
  ] as const) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("heading", { name: empty })).toBeVisible();
  }
});

test("what comes next is told with its time and why it waits", async ({ page }) => {
  const flows = await api<{ items: { id: string; state: string }[] }>(page, "GET", "/salesflows?limit=100");
  let planned: { contact: string; reason: string } | null = null;
  for (const { id } of flows.items) {
    const { items } = await api<{ items: { contact_id: string; state: string; waiting: { reason: string } | null }[] }>(
      page,
      "GET",
      `/salesflows/${id}/enrollments?state=active&limit=20`,
    );
    const found = items.find(({ waiting }) => waiting?.reason === "delay" || waiting?.reason === "business_hours");
    if (found?.waiting) planned = { contact: found.contact_id, reason: found.waiting.reason };
    if (planned) break;
  }
  expect(planned, "the demo has somebody under way").not.toBeNull();
  await page.goto(`/app/contacts/${planned?.contact}`);
  const steps = page.getByRole("region", { name: "Next steps" });
  await expect(steps.getByRole("listitem")).toHaveCount(1);
  await expect(steps.locator("time")).toBeVisible();
  await expect(steps.getByRole("link")).toBeVisible();
});

test("one goes on to the next of the list from which a contact was opened", async ({ page }) => {
  const word = `Walk${RUN}`;
  for (const first_name of ["Ada", "Bea", "Cleo"]) {
    await api(page, "POST", "/contacts", { first_name, last_name: word });
  }
  await page.goto(`/app/contacts?q=${word}&sort=name`);
  await page.getByRole("link", { name: `Ada ${word}` }).click();
  await expect(page.getByRole("heading", { name: `Ada ${word}` })).toBeVisible();
  await expect(page.getByRole("button", { name: "Previous contact" })).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "Next contact" }).click();
  await expect(page.getByRole("heading", { name: `Bea ${word}` })).toBeVisible();
  await expect(page.getByRole("button", { name: "Next contact" })).toHaveAttribute("aria-disabled", "false");
  await page.keyboard.press("j");
  await expect(page.getByRole("heading", { name: `Cleo ${word}` })).toBeVisible();
  await expect(page.getByRole("button", { name: "Previous contact" })).toHaveAttribute("aria-disabled", "false");
  await page.keyboard.press("k");
  await expect(page.getByRole("heading", { name: `Bea ${word}` })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: `Bea ${word}` })).toBeVisible();
  await page.getByRole("link", { name: "Contacts" }).last().click();
  await expect(page).toHaveURL(new RegExp(`q=${word}`));
});
