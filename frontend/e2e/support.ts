import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type APIRequestContext, test as base, expect, type Page } from "@playwright/test";
import axe, { type AxeResults, type RunOptions } from "axe-core";

export const SANDBOX = process.env.E2E_SANDBOX_URL ?? "http://127.0.0.1:8900";
export const PROVIDER = process.env.E2E_PROVIDER_URL ?? "http://127.0.0.1:8950";
const PASSWORD = process.env.E2E_PASSWORD ?? "engage-demo";
const SCREENSHOTS = process.env.SCREENSHOTS;
export const REP = { email: "rep@demo.example", password: PASSWORD };

type State = Awaited<ReturnType<APIRequestContext["storageState"]>>;

/** Signed in once a worker; every page is watched for errors and for requests that leave the origin. */
export const test = base.extend<{ watched: undefined }, { session: State }>({
  session: [
    async ({ playwright }, use) => {
      const baseURL = process.env.E2E_BASE_URL ?? "http://127.0.0.1:8000";
      const request = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { origin: baseURL } });
      const answer = await request.post("/auth/login", { data: REP });
      expect(answer.status(), await answer.text()).toBe(200);
      await use(await request.storageState());
      await request.dispose();
    },
    { scope: "worker" },
  ],
  storageState: ({ session }, use) => use(session),
  watched: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        // Browsers report refused requests too; those that a person is told about are part of the story.
        const told =
          /status of (401|403|409|412|422) |ERR_CONNECTION_RESET|ERR_INTERNET_DISCONNECTED/.test(message.text()) ||
          message.location().url.startsWith(SANDBOX);
        // Playwright itself knocks at the frames of emails, which run no scripts.
        const knocked = message.text().startsWith("Blocked script execution in 'about:srcdoc'");
        if (message.type() === "error" && !told && !knocked) complaints.push(message.text());
      });
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        const own =
          origin === baseURL ||
          origin === SANDBOX ||
          origin === PROVIDER ||
          protocol === "data:" ||
          protocol === "blob:";
        if (!own) complaints.push(`left the origin: ${request.url()}`);
      });
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const RULES: RunOptions = {
  iframes: false,
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
};

/** No violation of WCAG 2.2 AA on what is shown now; the frames of emails run no scripts, so no checks either. */
export async function accessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  // A message that begins to fade while it is looked at would count as too pale.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await settled(page);
  const found = await page.evaluate<AxeResults, RunOptions>(
    (rules) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, rules),
    RULES,
  );
  await page.emulateMedia({ reducedMotion: null });
  const said = found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(" | ")}`,
  );
  expect(said).toEqual([]);
}

/** What a dialog takes from the click to the first step of its movement, in frames, and one more. */
const BEFORE_MOVING = 4;

/** What was loading has arrived, and what moves, or is about to, stands still. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator("[aria-busy=true], .mantine-Skeleton-root")).toHaveCount(0);
  await page.evaluate(async (frames) => {
    // What turns for as long as something is waited for has no end to wait for.
    const ends = (each: Animation) => each.effect?.getComputedTiming().iterations !== Infinity;
    const moves = (each: Animation) => each.playState === "running" && ends(each);
    for (let still = 0; still < frames; still += 1) {
      await new Promise((shown) => requestAnimationFrame(shown));
      const moving = document.getAnimations().filter(moves);
      if (moving.length > 0) still = -1;
      await Promise.all(moving.map((each) => each.finished.catch(() => null)));
    }
  }, BEFORE_MOVING);
}

export async function pictured(page: Page, name: string): Promise<void> {
  if (!SCREENSHOTS) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** A call to the API in the name of whoever is signed in on the page. */
export async function api<T>(page: Page, method: string, path: string, data?: unknown): Promise<T> {
  const origin = new URL(
    page.url() === "about:blank" ? (process.env.E2E_BASE_URL ?? "http://127.0.0.1:8000") : page.url(),
  ).origin;
  const answer = await page.request.fetch(path, { method, headers: { origin }, ...(data ? { data } : {}) });
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return (answer.status() === 204 ? undefined : await answer.json()) as T;
}
