import type { Page } from "@playwright/test";
import { ADMIN } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";

const RUN = Date.now().toString(36);

interface Listed {
  id: string;
  name: string;
  filter: { q: string | null; opted_out: boolean | null };
}

const filters = (page: Page) => page.getByRole("group", { name: "Filters" });
const strip = (page: Page, name: string) => page.getByRole("region", { name: `Editing the filter of ${name}` });
const search = (page: Page) => page.getByRole("searchbox", { name: "Search contacts" });
const rows = (page: Page) => page.getByRole("table").getByRole("row");

for (const [width, colorScheme] of [
  [1440, "light"],
  [1440, "dark"],
  [390, "light"],
] as const) {
  test.describe(`at ${width} px, ${colorScheme}`, () => {
    test.use({ viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme });
    const view = `${width}-${colorScheme}`;
    const mark = `Lf${width}${colorScheme}${RUN}`;
    const name = `Of ${mark}`;

    test("the filter of a list is replaced by what stands in the directory", async ({ page }) => {
      for (const who of ["Ann", "Bob"])
        await api(page, "POST", "/contacts", { first_name: who, last_name: "Miller", company: mark });
      const list = await api<Listed>(page, "POST", "/contacts/lists", { name, filter: { q: `ann ${mark}` } });
      const kept = () => api<Listed>(page, "GET", `/contacts/lists/${list.id}`);

      await test.step("from the open list to its filter, in the address", async () => {
        await page.goto(`/app/contacts?list=${list.id}&sort=name`);
        await expect(rows(page)).toHaveCount(2);
        await filters(page).getByRole("button", { name: "Edit filter" }).click();
        await expect(page).toHaveURL(new RegExp(`edit=${list.id}`));
        await expect(page).toHaveURL(/sort=name/);
        await expect(search(page)).toHaveValue(`ann ${mark}`);
        await expect(strip(page, name)).toContainText("Change the filters below, then save.");
        await expect(strip(page, name).getByRole("button", { name: "Save filter" })).toBeDisabled();
      });

      await test.step("cancelled, nothing has changed", async () => {
        await search(page).fill(mark);
        await expect(rows(page)).toHaveCount(3);
        await strip(page, name).getByRole("button", { name: "Cancel" }).click();
        await expect(page).toHaveURL(new RegExp(`list=${list.id}`));
        await expect(strip(page, name)).toBeHidden();
        await expect(rows(page)).toHaveCount(2);
      });

      await test.step("from the lists, without any condition nothing can be saved", async () => {
        await page.goto(`/app/contacts/lists?q=${mark}`);
        await page.getByRole("button", { name: `What to do with ${name}` }).click();
        await page.getByRole("menuitem", { name: "Edit filter" }).click();
        await filters(page).getByRole("button", { name: "Clear filters" }).click();
        await expect(strip(page, name)).toContainText("Set a filter or search for something first.");
        await expect(strip(page, name).getByRole("button", { name: "Save filter" })).toBeDisabled();
      });

      await test.step("another filter takes its place after a question", async () => {
        await search(page).fill(mark);
        await filters(page).getByRole("combobox", { name: "Opted out" }).click();
        await page.getByRole("option", { name: "No", exact: true }).click();
        await expect(rows(page)).toHaveCount(3);
        await page.reload();
        await expect(strip(page, name)).toContainText("The list changes once you save.");
        await settled(page);
        await pictured(page, `list-filter-${view}`);
        await accessible(page);
        await strip(page, name).getByRole("button", { name: "Save filter" }).click();
        const question = page.getByRole("dialog", { name: `Replace the filter of ${name}?` });
        await expect(question).toContainText("2 contacts match the new filter.");
        await settled(page);
        await pictured(page, `list-filter-question-${view}`);
        await accessible(page);
        await question.getByRole("button", { name: "Save filter" }).click();
        await expect(page.getByText(`${name} has its new filter.`)).toBeVisible();
        await expect(page).toHaveURL(new RegExp(`list=${list.id}`));
        await expect(rows(page)).toHaveCount(3);
        await pictured(page, `list-filter-saved-${view}`);
        expect((await kept()).filter).toMatchObject({ q: mark, opted_out: false });
      });
      await api(page, "DELETE", `/contacts/lists/${list.id}`);
    });
  });
}

test("whoever may not change a list can look at its filter alone", async ({ page, playwright, baseURL }) => {
  const headers = { baseURL: baseURL ?? "", extraHTTPHeaders: { origin: baseURL ?? "" } };
  const desk = await playwright.request.newContext({ ...headers, storageState: { cookies: [], origins: [] } });
  expect((await desk.post("/auth/login", { data: ADMIN })).status()).toBe(200);
  const name = `Others ${RUN}`;
  const made = await desk.post("/contacts/lists", { data: { name, filter: { opted_out: true } } });
  const { id } = (await made.json()) as Listed;

  await page.goto(`/app/contacts?list=${id}`);
  await expect(filters(page).getByRole("combobox", { name: `List: ${name}` })).toBeVisible();
  await expect(filters(page).getByRole("button", { name: "Edit filter" })).toBeHidden();
  await page.goto(`/app/contacts/lists?q=${name}`);
  await page.getByRole("button", { name: `What to do with ${name}` }).click();
  await page.getByRole("menuitem", { name: "Show its filter" }).click();
  await expect(page).toHaveURL(/optedOut=true/);
  await expect(page).not.toHaveURL(/edit=/);

  expect((await desk.delete(`/contacts/lists/${id}`)).ok()).toBe(true);
  await desk.dispose();
});
