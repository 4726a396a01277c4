import type { Page } from "@playwright/test";
import { connectMailbox, emailTo, recipient } from "./people";
import { accessible, api, expect, pictured, REP, settled, test } from "./support";

const RUN = Date.now().toString(36);

async function prospect(page: Page, first_name: string) {
  const person = { first_name, last_name: `Feed ${RUN}`, email: `${first_name}.${RUN}@prospect.example`.toLowerCase() };
  return { ...(await emailTo(page, person)), name: `${person.first_name} ${person.last_name}` };
}

async function ready(page: Page): Promise<void> {
  const { items } = await api<{ items: { provider: string; state: string }[] }>(page, "GET", "/me/connections");
  if (!items.some(({ provider, state }) => provider === "google" && state === "connected")) {
    await connectMailbox(page, REP.email);
    // The page that this ends on would open a stream of its own while the test counts.
    await page.goto("about:blank");
  }
  await api(page, "POST", "/me/feed/read", {});
}

for (const width of [1440, 390]) {
  test.describe(`the feed at ${width}`, () => {
    test.use({ viewport: { width, height: 844 } });

    test("tells what prospects do while they do it", async ({ page }) => {
      test.setTimeout(180_000);
      await ready(page);
      const { message, name } = await prospect(page, width === 390 ? "Mona" : "Dora");
      let streams = 0;
      page.on("request", (request) => request.url().endsWith("/me/feed/stream") && streams++);
      await page.goto("/app/contacts");
      await expect(page.getByRole("button", { name: "Feed", exact: true })).toBeVisible();
      await recipient(page, message, "open");
      await expect(page.getByRole("button", { name: "Feed, 1 unread" })).toBeVisible({ timeout: 15_000 });
      await recipient(page, message, "click");
      await recipient(page, message, "reply", { text: "Sounds good, call me on Tuesday." });
      const toast = page.getByRole("alert").filter({ hasText: `${name} replied` });
      await expect(toast).toBeVisible({ timeout: 60_000 });
      await expect(page).toHaveTitle(/^\(3\) /);
      await toast.getByRole("button", { name: "Close" }).click();

      await page.keyboard.press("g");
      await page.keyboard.press("f");
      const panel = page.getByRole("dialog", { name: /Feed/ });
      await expect(panel.getByRole("link", { name: new RegExp(`unread: ${name} replied`) })).toBeVisible();
      await expect(panel.getByText("Sounds good, call me on Tuesday.").first()).toBeVisible();
      await expect(panel.getByRole("link", { name: new RegExp(`${name} clicked our offer`) })).toBeVisible();
      await settled(page);
      await pictured(page, `feed-${width}`);
      await accessible(page);
      await panel.getByRole("link", { name: new RegExp(`${name} replied`) }).click();
      await expect(page).toHaveURL(/\/app\/contacts\/.+email=/);
      await page.keyboard.press("Escape");
      // What was shown is read.
      await expect(page).not.toHaveTitle(/^\(/);
      expect(streams).toBe(1);
      await page.reload();
      await expect(page.getByRole("button", { name: "Feed", exact: true })).toBeVisible();
    });

    test("goes on by asking while the stream is away, and comes back to it", async ({ page }) => {
      test.setTimeout(180_000);
      await ready(page);
      const { message } = await prospect(page, width === 390 ? "Mara" : "Dana");
      let ended = 0;
      // A stream that ends as soon as it has begun.
      await page.route("**/me/feed/stream", (route) => {
        ended += 1;
        return route.fulfill({ contentType: "text/event-stream", body: "retry: 3000\n\n" });
      });
      await page.goto("/app/contacts");
      await expect.poll(() => ended, { timeout: 30_000 }).toBeGreaterThan(1);
      await recipient(page, message, "open");
      await expect(page.getByRole("button", { name: "Feed, 1 unread" })).toBeVisible({ timeout: 30_000 });
      await page.unroute("**/me/feed/stream");
      await recipient(page, message, "click");
      await expect(page.getByRole("button", { name: "Feed, 2 unread" })).toBeVisible({ timeout: 60_000 });
    });
  });
}

test("many pages have one stream, and it goes on in another when the page that has it is closed", async ({
  page,
  context,
}) => {
  test.setTimeout(240_000);
  await ready(page);
  const { message } = await prospect(page, "Nora");
  const complaints: string[] = [];
  const streams: Page[] = [];
  context.on("console", (said) => said.type() === "error" && complaints.push(said.text()));
  context.on("request", (request) => {
    if (request.url().endsWith("/me/feed/stream")) streams.push(request.frame().page());
  });
  const pages = [page];
  while (pages.length < 7) pages.push(await context.newPage());
  for (const each of pages) {
    await each.goto("/app/contacts");
    await expect(each.getByRole("button", { name: "Feed", exact: true })).toBeVisible();
  }
  expect(streams.length).toBe(1);
  await recipient(page, message, "open");
  for (const each of pages)
    await expect(each.getByRole("button", { name: "Feed, 1 unread" })).toBeVisible({ timeout: 15_000 });
  expect(streams.length).toBe(1);

  await streams[0]?.close();
  const left = pages.filter((each) => !each.isClosed());
  expect(left.length).toBe(6);
  await expect.poll(() => streams.length).toBe(2);
  await recipient(left[0] as Page, message, "click");
  for (const each of left)
    await expect(each.getByRole("button", { name: "Feed, 2 unread" })).toBeVisible({ timeout: 15_000 });
  expect([streams.length, complaints]).toEqual([2, []]);
});
