import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { accessible, api, expect, pictured, settled, test } from "./support";

const HEAD = ["Vorname", "Nachname", "E-Mail", "Telefon", "Firma", "Bemerkung"];

/** People as a German spreadsheet writes them: semicolons, Windows' letters; one without an address, one twice. */
function spreadsheet(run: string, people = 30) {
  const rows = Array.from({ length: people }, (_, n) => [
    `Jürgen${n}`,
    `Müller ${run}`,
    `juergen${n}.${run}@import.example`,
    "(617) 500-4900",
    "Süd GmbH",
    n % 3 ? "" : "Messe",
  ]);
  rows.push(["Otto", `Fehler ${run}`, "keine-adresse", "12", "", ""]);
  rows.push(["Doppelt", `Müller ${run}`, `JUERGEN0.${run}@import.example`, "", "", ""]);
  const text = [HEAD, ...rows].map((row) => row.join(";")).join("\r\n");
  return { name: `messe-${run}.csv`, mimeType: "text/csv", buffer: Buffer.from(text, "latin1") };
}

const runOf = () => `${Date.now().toString(36)}${test.info().parallelIndex}`;

async function choose(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(file);
}

async function looked(page: Page, name: string): Promise<void> {
  await settled(page);
  await pictured(page, `imports-${name}`);
  await accessible(page);
}

for (const [width, colorScheme] of [
  [1440, "light"],
  [390, "dark"],
] as const) {
  test.describe(`an import at ${width}`, () => {
    test.use({ viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme });

    test("goes the whole way: upload, match, preview, run, failed rows, undo", async ({ page }) => {
      test.slow();
      const run = runOf();
      const seen = (name: string) => looked(page, `${name}-${width}`);

      await test.step("what a file may be is said before", async () => {
        await page.goto("/app/contacts/imports");
        await page.getByRole("link", { name: "New import" }).first().click();
        await expect(page.getByText("Up to 1,000,000 rows and 500 columns. CSV up to 300 MB")).toBeVisible();
        await seen("upload");
      });

      await test.step("columns are matched by their names", async () => {
        await choose(page, spreadsheet(run));
        await expect(page.getByText("Windows-1252")).toBeVisible();
        await expect(page.getByText("Semicolon")).toBeVisible();
        await expect(page.getByLabel("Field for the column E-Mail")).toHaveValue("Email");
        await expect(page.getByLabel("Field for the column Vorname")).toHaveValue("First name");
        await expect(page.getByLabel("Field for the column Bemerkung")).toHaveValue("");
        await expect(page.getByText("Jürgen0 · Jürgen1 · Jürgen2")).toBeVisible();
        await seen("match");
        await page.getByRole("combobox", { name: "List" }).click();
        await page.getByRole("option", { name: "New list…" }).click();
        await page.getByLabel("Name of the new list").fill(`Fair ${run}`);
      });

      await test.step("the first rows show what is wrong", async () => {
        await page.getByRole("button", { name: "Preview" }).click();
        await expect(page.getByText("The first 20 rows are fine.")).toBeVisible();
        await expect(page.getByRole("cell", { name: "+1 617 500 4900" }).first()).toBeVisible();
        await seen("preview");
      });

      await test.step("a reload loses nothing", async () => {
        await page.reload();
        await expect(page.getByText("The first 20 rows are fine.")).toBeVisible();
        await page.getByRole("button", { name: "Back to columns" }).click();
        await expect(page.getByLabel("Name of the new list")).toHaveValue(`Fair ${run}`);
        await page.getByRole("button", { name: "Preview" }).click();
      });

      await test.step("the result adds up", async () => {
        await page.getByRole("button", { name: "Import about 32 rows" }).click();
        const result = page.getByRole("region", { name: "Result" });
        await expect(page.getByText("Done", { exact: true })).toBeVisible({ timeout: 30_000 });
        for (const [outcome, count] of Object.entries({ Created: 30, Skipped: 1, Failed: 1, Total: 32 })) {
          await expect(result.locator("div", { hasText: new RegExp(`^${outcome}${count}`) }).first()).toBeVisible();
        }
        await seen("result");
      });

      await test.step("the rows that were left out can be downloaded", async () => {
        const coming = page.waitForEvent("download");
        await page.getByRole("link", { name: "Download the 2 rows left out" }).click();
        // What is trimmed is the mark by which spreadsheets know the encoding, too.
        const rows = readFileSync(await (await coming).path(), "utf8")
          .trim()
          .split("\r\n");
        expect(rows[0]).toBe("Vorname,Nachname,E-Mail,Telefon,Firma,Bemerkung,line,reason");
        expect(rows.find((row) => row.startsWith("Otto"))).toMatch(/,32,.*E-Mail/);
        expect(rows.find((row) => row.startsWith("Doppelt"))).toMatch(/,33,The same person comes in line 2 already\.$/);
      });

      await test.step("undo takes everybody back", async () => {
        await page.getByRole("button", { name: "Undo import" }).click();
        const question = page.getByRole("dialog", { name: "Undo this import?" });
        await expect(question.getByText("The 30 contacts that it created are deleted.")).toBeVisible();
        await question.getByRole("button", { name: "Undo import" }).click();
        await expect(page.getByText("30 contacts were deleted.")).toBeVisible({ timeout: 30_000 });
        await seen("undone");
        const { items } = await api<{ items: unknown[] }>(page, "GET", `/contacts?q=juergen7.${run}@import.example`);
        expect(items).toEqual([]);
      });

      await test.step("and the history knows", async () => {
        await page.getByRole("link", { name: "Imports", exact: true }).first().click();
        await expect(page.getByRole("row", { name: new RegExp(`messe-${run}.csv.*Undone.*30 created`) })).toBeVisible();
        await seen("history");
      });
    });

    test("shows what is wrong with a cell", async ({ page }) => {
      await page.goto("/app/contacts/imports/new");
      await choose(page, spreadsheet(runOf(), 3));
      await page.getByRole("button", { name: "Preview" }).click();
      await expect(page.getByText("1 of the first 5 rows has an error")).toBeVisible();
      await expect(page.getByText("Give an email address, like ann@example.com.")).toBeVisible();
      await looked(page, `faults-${width}`);
    });
  });
}

test.describe("a file", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("that is no table is refused, and another one can be chosen", async ({ page }) => {
    await page.goto("/app/contacts/imports/new");
    await choose(page, { name: "photo.csv", mimeType: "text/csv", buffer: Buffer.alloc(30_000_000, "\0\u0001\u0002") });
    await expect(page.getByText("photo.csv can't be imported")).toBeVisible();
    await expect(page.getByText("This is not a table: choose a CSV or XLSX file.")).toBeVisible();
    await looked(page, "refused");
    await choose(page, spreadsheet(runOf(), 3));
    await expect(page.getByLabel("Field for the column E-Mail")).toBeVisible();
  });

  test("can be dropped", async ({ page }) => {
    await page.goto("/app/contacts/imports/new");
    const { name, buffer } = spreadsheet(runOf(), 3);
    const data = await page.evaluateHandle(
      ({ name, bytes }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "text/csv" }));
        return transfer;
      },
      { name, bytes: [...buffer] },
    );
    const zone = page.getByRole("group", { name: "File" });
    await zone.dispatchEvent("dragover", { dataTransfer: data });
    await zone.dispatchEvent("drop", { dataTransfer: data });
    await expect(page.getByLabel("Field for the column E-Mail")).toBeVisible();
  });

  test("whose connection is lost can be sent again", async ({ page }) => {
    await page.goto("/app/contacts/imports/new");
    let lost = 0;
    await page.route("**/contacts/imports", async (route) => {
      if (route.request().method() !== "POST" || lost++) return route.continue();
      return route.abort("connectionreset");
    });
    await choose(page, spreadsheet(runOf(), 3));
    await expect(page.getByText("The connection was lost")).toBeVisible();
    await looked(page, "lost");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByLabel("Field for the column E-Mail")).toBeVisible();
  });

  test("that was read wrongly is read as somebody says", async ({ page }) => {
    await page.goto("/app/contacts/imports/new");
    await choose(page, {
      name: "x.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("Ann|ann@x.example\nBob|bob@x.example\n"),
    });
    await expect(page.getByText("No row with names")).toBeVisible();
    await page.getByRole("button", { name: "Read it differently" }).click();
    await page.getByRole("switch", { name: "First row names the columns" }).click();
    await expect(page.getByLabel("Field for the column Ann", { exact: true })).toBeVisible();
    await looked(page, "layout");
  });

  test("without a name or an address for people goes no further", async ({ page }) => {
    await page.goto("/app/contacts/imports/new");
    await choose(page, { name: "x.csv", mimeType: "text/csv", buffer: Buffer.from("Stadt,Farbe\nOslo,rot\n") });
    await page.getByRole("button", { name: "Preview" }).click();
    await expect(page.getByRole("alert")).toHaveText("Choose a column for the last name, or for the email address.");
  });
});

test.describe("the history", () => {
  test("says why there is nothing", async ({ page }) => {
    await page.route("**/contacts/imports?**", (route) => route.fulfill({ json: { items: [], next_cursor: null } }));
    await page.goto("/app/contacts/imports");
    await expect(page.getByText("Nothing imported yet")).toBeVisible();
    await looked(page, "empty");
  });

  test("says what went wrong, and tries again", async ({ page }) => {
    let fails = true;
    await page.route("**/contacts/imports?**", (route) =>
      fails ? route.fulfill({ status: 422, json: { status: 422, code: "x", detail: "Not today." } }) : route.continue(),
    );
    await page.goto("/app/contacts/imports");
    await expect(page.getByText("Not today.")).toBeVisible();
    fails = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText("Not today.")).toBeHidden();
  });
});
