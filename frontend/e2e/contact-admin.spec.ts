import type { Page } from "@playwright/test";
import { ADMIN } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";

const RUN = Date.now().toString(36);

test.use({ storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 } });

test.beforeEach(async ({ page, baseURL }) => {
  const answer = await page.request.post("/auth/login", { data: ADMIN, headers: { origin: baseURL ?? "" } });
  expect(answer.status(), await answer.text()).toBe(200);
});

interface Item {
  id: string;
  label: string;
  archived_at?: string | null;
}

const labels = async (page: Page, path: string) =>
  (await api<{ items: Item[] }>(page, "GET", path)).items.filter((one) => !one.archived_at).map(({ label }) => label);

const row = (page: Page, label: string) => page.getByRole("listitem").filter({ hasText: label });

/** Drags an item of a list by its handle onto another one. */
async function drag(page: Page, label: string, onto: string) {
  const handle = page.getByRole("button", { name: `Move ${label}`, exact: true });
  const [from, to] = [await handle.boundingBox(), await row(page, onto).first().boundingBox()];
  if (!from || !to) throw new Error("nothing to drag");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x, to.y + to.height / 2, { steps: 8 });
  await page.mouse.up();
}

test("fields are defined, ordered, filled, archived and brought back", async ({ page }) => {
  const [tier, seats] = [`Tier ${RUN}`, `Seats ${RUN}`];
  await page.goto("/app/admin/contact-fields");
  await expect(page.getByRole("button", { name: "Add field" }).first()).toBeVisible();
  await settled(page);

  await test.step("a choice needs its values", async () => {
    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog", { name: "Add field" });
    await dialog.getByLabel("Name").fill(tier);
    await dialog.getByRole("combobox", { name: "Kind" }).click();
    await page.getByRole("option", { name: "Choice" }).click();
    await dialog.getByRole("button", { name: "Add field" }).click();
    await expect(dialog.getByText("This field is required.")).toBeVisible();
    await dialog.getByLabel("Values").fill("Gold\ngold");
    await dialog.getByRole("button", { name: "Add field" }).click();
    await expect(dialog.getByText("This value is there already.")).toBeVisible();
    await accessible(page);
    await pictured(page, "field-dialog");
    await dialog.getByLabel("Values").fill("Gold\nSilver");
    await dialog.getByRole("button", { name: "Add field" }).click();
    await expect(dialog).toBeHidden();
    await expect(row(page, tier)).toContainText("Gold and Silver");
  });

  await test.step("a second one is moved before it", async () => {
    await api(page, "POST", "/admin/contact-fields", { label: seats, kind: "number" });
    await page.reload();
    await expect(row(page, seats)).toBeVisible();
    await drag(page, seats, tier);
    const ordered = async () => (await labels(page, "/admin/contact-fields")).filter((label) => label.endsWith(RUN));
    await expect.poll(ordered).toEqual([seats, tier]);
    await page.getByRole("button", { name: `Move ${tier}`, exact: true }).press("ArrowUp");
    await expect.poll(ordered).toEqual([tier, seats]);
    await expect(page.getByRole("button", { name: `Move ${tier}`, exact: true })).toBeFocused();
  });

  await test.step("both are filled for a new contact and changed on its page", async () => {
    await page.goto("/app/contacts?new=true");
    const dialog = page.getByRole("dialog", { name: "New Contact" });
    await dialog.getByLabel("Last name").fill(`Field ${RUN}`);
    await dialog.getByRole("combobox", { name: tier }).click();
    await page.getByRole("option", { name: "Silver" }).click();
    await dialog.getByRole("textbox", { name: seats }).fill("many");
    await dialog.getByRole("button", { name: "Create contact" }).click();
    await expect(dialog.getByText("Write this as a number, like 12.5.")).toBeVisible();
    await dialog.getByRole("textbox", { name: seats }).fill("1,200.5");
    await pictured(page, "new-contact-own-fields");
    await accessible(page);
    await dialog.getByRole("button", { name: "Create contact" }).click();
    const fact = (label: string) => page.getByRole("button", { name: new RegExp(`^Edit ${label}`) });
    await expect(fact(seats)).toHaveText(/1,200\.5/);
    await expect(fact(tier)).toHaveText(/Silver/);
    await fact(tier).click();
    await page.getByRole("combobox", { name: tier }).click();
    await page.getByRole("option", { name: "Gold" }).click();
    await expect(fact(tier)).toHaveText(/Gold/);
  });

  await test.step("one is archived and comes back with its values", async () => {
    await page.goto("/app/admin/contact-fields");
    await page.getByRole("button", { name: `More: ${seats}` }).click();
    await page.getByRole("menuitem", { name: "Archive" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
    await expect(page.getByText(`${seats} was archived.`)).toBeVisible();
    await expect(row(page, seats)).toBeHidden();
    await pictured(page, "fields-archived");
    await page.getByRole("button", { name: `Bring back: ${seats}` }).click();
    await expect(row(page, seats)).toBeVisible();
  });

  for (const { id, label } of (await api<{ items: Item[] }>(page, "GET", "/admin/contact-fields")).items) {
    if (label.endsWith(RUN)) await api(page, "DELETE", `/admin/contact-fields/${id}`);
  }
});

test("statuses are added, renamed, coloured, ordered and replaced", async ({ page }) => {
  const name = `Nurture ${RUN}`;
  const before = await api<{ items: Item[] }>(page, "GET", "/admin/contact-statuses");
  await page.goto("/app/admin/contact-status");
  await settled(page);
  await expect(page.getByRole("heading", { name: "Contact Status - not connected to CRM" })).toBeVisible();
  await expect(page.getByRole("button", { name: "New (Default)" })).toBeVisible();

  await test.step("a new one stands at the end", async () => {
    await page.getByRole("textbox", { name: "Type a new status…" }).fill(`Draft ${RUN}`);
    await page.keyboard.press("Enter");
    await expect(row(page, `Draft ${RUN}`)).toBeVisible();
  });

  await test.step("it gets another name and another colour", async () => {
    await page.getByRole("button", { name: `Draft ${RUN}`, exact: true }).click();
    const field = page.getByRole("textbox", { name: `Name of Draft ${RUN}` });
    await field.fill("New");
    await page.keyboard.press("Enter");
    await expect(page.getByText("There is a status with this name already.")).toBeVisible();
    await field.fill(name);
    await page.keyboard.press("Enter");
    await expect(row(page, name)).toBeVisible();
    await page.getByRole("button", { name: `Colour of ${name}` }).click();
    await page.getByRole("radio", { name: "Pink" }).click();
    await expect
      .poll(async () => {
        const { items } = await api<{ items: (Item & { color: string })[] }>(page, "GET", "/admin/contact-statuses");
        return items.find(({ label }) => label === name)?.color;
      })
      .toBe("#e64980");
  });

  await test.step("it is moved by the arrow keys and by dragging", async () => {
    const ordered = () => labels(page, "/admin/contact-statuses");
    const last = before.items.at(-1)?.label ?? "";
    await page.getByRole("button", { name: `Move ${name}`, exact: true }).press("ArrowUp");
    await expect.poll(async () => (await ordered()).slice(-2)).toEqual([name, last]);
    await drag(page, name, last);
    await expect.poll(async () => (await ordered()).slice(-2)).toEqual([last, name]);
    await accessible(page);
    await pictured(page, "contact-status");
  });

  await test.step("its contacts get another one when it goes", async () => {
    const contact = await api<{ id: string }>(page, "POST", "/contacts", { last_name: `Status ${RUN}`, status: name });
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
    await dialog.getByRole("combobox", { name: "Its contacts get" }).click();
    await page.getByRole("option", { name: "Contacted" }).click();
    await pictured(page, "status-delete");
    await accessible(page);
    await dialog.getByRole("button", { name: "Delete status" }).click();
    await expect
      .poll(async () => (await api<{ status: string }>(page, "GET", `/contacts/${contact.id}`)).status, {
        timeout: 20_000,
      })
      .toBe("Contacted");
    await expect(row(page, name)).toBeHidden({ timeout: 20_000 });
  });

  const ids = before.items.map(({ id }) => id);
  await api(page, "PUT", "/admin/contact-statuses/order", { ids });
});
