import { execFileSync } from "node:child_process";
import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import { api, SANDBOX } from "./support";

export const ADMIN = { email: "admin@demo.example", password: process.env.E2E_PASSWORD ?? "engage-demo" };

export interface Letter {
  id: string;
  subject: string;
  text: string;
}

/** What the sandbox's mail servers have for an address, newest first. */
export async function lettersTo(page: Page, address: string): Promise<Letter[]> {
  const answer = await page.request.get(`${SANDBOX}/control/messages?to=${encodeURIComponent(address)}`);
  return ((await answer.json()) as { items: Letter[] }).items;
}

/** Does to a message what its recipient would do: open, click, reply, bounce. */
export async function recipient(page: Page, message: Letter, act: "open" | "click" | "reply" | "bounce", data = {}) {
  const answer = await page.request.post(`${SANDBOX}/control/messages/${message.id}/${act}`, { data });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Somebody else's browser, signed in. */
export async function browserOf(
  browser: Browser,
  baseURL: string,
  person: { email: string; password: string } | null,
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 }, locale: "en-US" });
  if (person) {
    const answer = await context.request.post("/auth/login", { data: person, headers: { origin: baseURL } });
    expect(answer.status(), await answer.text()).toBe(200);
  }
  return context;
}

/** Whether the system's own directory is known, so that time can be let pass. */
export const TIME_PASSES = Boolean(process.env.E2E_DATA_DIR);

/** As if eleven minutes had passed since it was last shown who sits at the sessions of this person. */
export function minutesPass(email: string): void {
  const { E2E_DATA_DIR: directory = "", E2E_PYTHON: python = "../.venv/bin/python" } = process.env;
  execFileSync(python, ["-m", "tests.journeys.minutes", directory, email], { cwd: ".." });
}

/** The wizard of whoever is signed in, as if everything were filled in. */
export async function skipSetup(page: Page): Promise<void> {
  const { steps } = await api<{ steps: { id: string }[] }>(page, "GET", "/me/onboarding");
  for (const { id } of steps) await api(page, "PATCH", "/me/onboarding", { step: id, state: "done" });
  await api(page, "PATCH", "/me/onboarding", { tour: "skipped" });
}

/** Connects the mailbox of whoever is signed in, through the provider's consent page. */
export async function connectMailbox(page: Page, address: string): Promise<void> {
  const { authorize_url } = await api<{ authorize_url: string }>(page, "POST", "/me/connections/google");
  await page.goto(authorize_url);
  await page.getByLabel("Account", { exact: true }).fill(address);
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/\/app\//);
}

const ALL_DAY = [{ from: "00:00", to: "24:00" }];
const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** Sends the first of two emails of a Salesflow at once to a new contact of whoever is signed in; as it arrived. */
export async function emailTo(page: Page, person: { first_name: string; last_name: string; email: string }) {
  await api(page, "PUT", "/me/business-hours", {
    days: Object.fromEntries(WEEK.map((day) => [day, ALL_DAY])),
    holidays: [],
    away: [],
  });
  const contact = await api<{ id: string }>(page, "POST", "/contacts", person);
  const flow = await api<{ id: string }>(page, "POST", "/salesflows", { name: `To ${person.email}` });
  const body_html = '<p>Hello {{ contact.first_name }}, <a href="https://example.com/offer">our offer</a></p>';
  await api(page, "PUT", `/salesflows/${flow.id}/steps`, {
    steps: [
      { variants: [{ subject: "Hello {{ contact.first_name }}", body_html }] },
      {
        delay: { amount: 2, unit: "business_days" },
        thread: "reply",
        variants: [{ body_html: "<p>Any thoughts?</p>" }],
      },
    ],
  });
  await api(page, "POST", `/salesflows/${flow.id}/activate`);
  await api(page, "POST", `/salesflows/${flow.id}/enrollments`, { contact_ids: [contact.id] });
  await expect.poll(async () => (await lettersTo(page, person.email)).length, { timeout: 60_000 }).toBe(1);
  const [message] = await lettersTo(page, person.email);
  if (!message) throw new Error("The email did not arrive.");
  return { contact, message };
}
