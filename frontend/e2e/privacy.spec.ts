import { readFileSync } from "node:fs";
import { ADMIN } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";

const RUN = Date.now().toString(36);
/** Nobody has it, and nobody is kept from calling it by an earlier run. */
const phoneOf = (number: number) => `+1617${2_000_000 + ((Date.now() + number) % 7_000_000)}`;

test.use({ storageState: { cookies: [], origins: [] } });

test.beforeEach(async ({ page, baseURL }) => {
  const answer = await page.request.post("/auth/login", { data: ADMIN, headers: { origin: baseURL ?? "" } });
  expect(answer.status(), await answer.text()).toBe(200);
});

for (const [width, colorScheme] of [
  [1440, "light"],
  [390, "dark"],
] as const) {
  test.describe(`at ${width} px, ${colorScheme}`, () => {
    test.use({ viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme });
    const view = `${width}-${colorScheme}`;

    test("a person is opted out, not called, shown all that is held, and erased", async ({ page }) => {
      const name = `Pia ${width} ${RUN}`;
      const email = `pia${width}.${RUN}@prospect.example`;
      const contact = await api<{ id: string }>(page, "POST", "/contacts", {
        first_name: "Pia",
        last_name: `${width} ${RUN}`,
        email,
        business_phone: phoneOf(width),
      });
      const choose = async (item: string | RegExp) => {
        const wanted = page.getByRole("menuitem", { name: item });
        // A dialog that closes gives the focus back, which closes a menu.
        await expect(async () => {
          await page.getByRole("button", { name: "More" }).click();
          await expect(wanted).toBeVisible({ timeout: 1_000 });
        }).toPass();
        await wanted.click();
      };
      const shownAgain = (url: URL) => url.pathname === `/contacts/${contact.id}`;
      let goOn = () => {};
      const goesOn = new Promise<void>((resolve) => (goOn = resolve));
      await page.goto(`/app/contacts/${contact.id}`);
      await settled(page);

      await test.step("opted out by hand, and back", async () => {
        await page.getByRole("button", { name: "More" }).click();
        await expect(page.getByRole("menuitem", { name: "Erase person…" })).toBeVisible();
        await settled(page);
        await pictured(page, `privacy-menu-${view}`);
        await accessible(page);
        await page.getByRole("menuitem", { name: "Opt out of emails" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Opt out of emails" }).click();
        await expect(page.getByText(`${name} gets no more emails.`)).toBeVisible();
        await settled(page);
        await choose("Take the opt-out back");
        await page.route(shownAgain, async (route) => {
          if (route.request().method() === "GET") await goesOn;
          await route.fallback();
        });
        await page.getByRole("dialog").getByRole("button", { name: "Take the opt-out back" }).click();
        await expect(page.getByText(`${name} can be written to again.`)).toBeVisible();
      });

      await test.step("not called any more, though the page is still being read again", async () => {
        await choose("Do not call");
        await expect(page.getByText(`${name} is not called any more.`)).toBeVisible();
        goOn();
        await page.unroute(shownAgain);
        await expect(page.getByText("Do not call", { exact: true }).first()).toBeVisible();
      });

      await test.step("all that is held is a file", async () => {
        const downloading = page.waitForEvent("download");
        await choose("Export personal data (page to read)");
        const file = await (await downloading).path();
        expect(readFileSync(file, "utf8")).toContain(email);
      });

      await test.step("erased, once the name was typed", async () => {
        await choose("Erase person…");
        const dialog = page.getByRole("dialog", { name: `Erase ${name}?` });
        await expect(dialog.getByRole("button", { name: "Erase person" })).toBeDisabled();
        await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
        await settled(page);
        await pictured(page, `erase-${view}`);
        await accessible(page);
        await dialog.getByRole("button", { name: "Erase person" }).click();
        await expect(page.getByText(`${name} is being erased.`)).toBeVisible();
        const gone = await page.request.get(`/contacts/${contact.id}`);
        expect(gone.status()).toBe(404);
      });

      await test.step("nobody writes to the address, ever", async () => {
        await page.goto("/app/admin/suppressions");
        await settled(page);
        await page.getByLabel("Address, domain or phone to ask about").fill(email.toUpperCase());
        await page.getByRole("button", { name: "Check" }).click();
        await expect(page.getByText("On the list: Erased")).toBeVisible();
        await pictured(page, `suppressions-${view}`);
        await accessible(page);
      });
    });

    test("a domain is suppressed and let go", async ({ page }) => {
      const domain = `d${width}${RUN}.example`;
      await page.goto("/app/admin/suppressions");
      await settled(page);
      await page.getByRole("button", { name: "Suppress…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Domain", { exact: true }).click();
      await dialog.getByRole("textbox", { name: "Domain" }).fill("no domain");
      await dialog.getByLabel("Reason").fill("A competitor");
      await dialog.getByRole("button", { name: "Suppress", exact: true }).click();
      await expect(dialog.getByText("Give a domain, like example.com.")).toBeVisible();
      await pictured(page, `suppress-${view}`);
      await accessible(page);
      await dialog.getByRole("textbox", { name: "Domain" }).fill(domain);
      await dialog.getByRole("button", { name: "Suppress", exact: true }).click();
      await expect(dialog).toBeHidden();
      const row = page.getByRole("row").filter({ hasText: domain });
      await expect(row).toBeVisible();
      await row.getByRole("button", { name: `Remove ${domain} from the list` }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await expect(row).toBeHidden();
    });
  });
}
