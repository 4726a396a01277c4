import { accessible, api, expect, pictured, settled, test } from "./support";

const RUN = Date.now().toString(36);
const COMPANY = `Contoso ${RUN}`;

interface Made {
  id: string;
  name: string;
}

for (const [width, colorScheme] of [
  [1440, "light"],
  [390, "dark"],
] as const) {
  test.describe(`at ${width} px, ${colorScheme}`, () => {
    test.use({ viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme });
    const last = `Berg${width}`;
    const view = `${width}-${colorScheme}`;

    test("somebody who is known already is found before saving, merged, and told apart again", async ({ page }) => {
      const make = (more: object) =>
        api<Made>(page, "POST", "/contacts", { last_name: `${last} ${RUN}`, company: COMPANY, ...more });

      await test.step("the dialog warns while the person is typed", async () => {
        await make({ first_name: "Ann", city: "Oslo" });
        await page.goto("/app/contacts?new=true");
        const dialog = page.getByRole("dialog", { name: "New Contact" });
        await dialog.getByLabel("First name").fill("ann");
        await dialog.getByLabel("Last name").fill(`${last.toUpperCase()} ${RUN}`);
        await expect(dialog.getByText("You may know this person already")).toBeHidden();
        await dialog.getByLabel("Company").fill(COMPANY.toLowerCase());
        await expect(dialog.getByText("You may know this person already")).toBeVisible();
        await expect(dialog.getByText("Same name and company")).toBeVisible();
        await settled(page);
        await pictured(page, `duplicate-warning-${view}`);
        await accessible(page);
        await dialog.getByLabel("Email").fill(`ann${width}.${RUN}@prospect.example`);
        await dialog.getByLabel("Job title").fill("CFO");
        await dialog.getByRole("button", { name: "Create contact" }).click();
        await expect(page.getByRole("heading", { level: 1, name: new RegExp(RUN, "i") })).toBeVisible();
      });

      await test.step("a search finds the pair", async () => {
        await page.goto("/app/contacts/duplicates");
        await settled(page);
        await page.getByRole("button", { name: "Search for duplicates" }).click();
        await expect(page.getByText("The search has begun.")).toBeVisible();
        const pair = page.getByRole("listitem", { name: new RegExp(`${last} ${RUN}`) });
        await expect(pair).toBeVisible({ timeout: 30_000 });
        await expect(pair.getByText("Same name and company")).toBeVisible();
        await settled(page);
        await pictured(page, `duplicates-${view}`);
        await accessible(page);
      });

      await test.step("they are merged, with a choice where they differ", async () => {
        await page
          .getByRole("listitem", { name: new RegExp(`${last} ${RUN}`) })
          .getByRole("button", { name: "Merge…" })
          .click();
        const dialog = page.getByRole("dialog", { name: "Merge contacts" });
        await expect(dialog.getByRole("radiogroup", { name: "First name" })).toBeVisible();
        await dialog
          .getByRole("radiogroup", { name: "First name" })
          .getByRole("radio", { name: "ann", exact: true })
          .check();
        await settled(page);
        await pictured(page, `merge-${view}`);
        await accessible(page);
        await dialog.getByRole("button", { name: "Merge", exact: true }).click();
        await expect(dialog).toBeHidden();
        await expect(page.getByText(/^Merged into ann/)).toBeVisible();
        await expect(page.getByRole("listitem", { name: new RegExp(`${last} ${RUN}`) })).toBeHidden();
      });

      await test.step("the kept one has what both had", async () => {
        const found = await api<{ items: (Made & { city: string; job_title: string })[] }>(
          page,
          "GET",
          `/contacts?q=${last}+${RUN}`,
        );
        expect(found.items).toHaveLength(1);
        expect(found.items[0]).toMatchObject({ city: "Oslo", job_title: "CFO", first_name: "ann" });
        await page.goto(`/app/contacts/${found.items[0]?.id}`);
        await expect(page.getByText("Merged with another record")).toBeVisible();
      });

      await test.step("and it is taken back from the timeline", async () => {
        await page.getByRole("button", { name: "Undo merge" }).click();
        await expect(page.getByText("is there again.")).toBeVisible();
        await expect(page.getByText("Merge undone")).toBeVisible();
        const found = await api<{ items: Made[] }>(page, "GET", `/contacts?q=${last}+${RUN}`);
        expect(found.items).toHaveLength(2);
      });

      await test.step("two people stay two", async () => {
        await page.goto("/app/contacts/duplicates");
        const pair = page.getByRole("listitem", { name: new RegExp(`${last} ${RUN}`) });
        await pair.getByRole("button", { name: "Two people" }).click();
        await expect(pair).toBeHidden();
      });
    });
  });
}
