import type { Page } from "@playwright/test";
import { accessible, api, expect, pictured, settled, test } from "./support";

const EMAIL = "0193e2a4-0000-7000-8000-000000000001";

interface Flow {
  id: string;
  name: string;
  counts: { enrolled: number; needs_human: number };
}
interface Journey {
  id: string;
  contact: { id: string; name: string };
  [more: string]: unknown;
}

// What the page still asks for when a test ends is nobody's business any more.
test.afterEach(({ page }) => page.unrouteAll({ behavior: "ignoreErrors" }));

/** Whoever walked last through the busiest Salesflow, answered as if nobody knew what became of the email. */
async function uncertain(page: Page): Promise<{ flow: Flow; contact: Journey["contact"]; answers: unknown[] }> {
  const flows = await api<{ items: Flow[] }>(page, "GET", "/salesflows");
  const flow = flows.items.toSorted((one, other) => other.counts.enrolled - one.counts.enrolled)[0];
  if (!flow) throw new Error("The demo has no Salesflow.");
  const list = await api<{ items: Journey[] }>(page, "GET", `/salesflows/${flow.id}/enrollments?limit=1`);
  const [journey] = list.items;
  if (!journey) throw new Error("The demo has nobody in its Salesflow.");
  const answers: unknown[] = [];
  const waits = () => answers.length === 0;
  const unclear = (one: Journey): Journey =>
    waits() && one.id === journey.id
      ? {
          ...one,
          state: "active",
          reason: null,
          finished_at: null,
          email_to_settle: EMAIL,
          waiting: { reason: "needs_human", until: null, fields: [] },
        }
      : one;
  await page.route(/\/(salesflows|contacts)\/[^/]+\/enrollments/, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { items: Journey[] };
    await route.fulfill({ response, json: { ...body, items: body.items.map(unclear) } });
  });
  await page.route(`**/salesflows/${flow.id}`, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as Flow;
    await route.fulfill({ response, json: { ...body, counts: { ...body.counts, needs_human: waits() ? 1 : 0 } } });
  });
  await page.route(`**/emails/${EMAIL}/settlement`, async (route) => {
    answers.push(route.request().postDataJSON());
    await route.fulfill({ json: { id: EMAIL, state: "sent" } });
  });
  return { flow, contact: journey.contact, answers };
}

for (const width of [1440, 390]) {
  test.describe(`an email that may have left, at ${width}`, () => {
    test.use({ viewport: { width, height: 844 } });

    test("is settled from the Salesflow", async ({ page }) => {
      const { flow, contact, answers } = await uncertain(page);
      await page.goto(`/app/content/salesflows/${flow.id}?tab=contacts`);
      await expect(page.getByText("Engage could not find out whether 1 email left.")).toBeVisible();
      await page.getByRole("button", { name: `Was the email to ${contact.name} sent?` }).click();
      await expect(page.getByText("Look into your Sent folder.")).toBeVisible();
      await settled(page);
      await pictured(page, `settle-salesflow-${width}`);
      await accessible(page);
      await page.getByRole("button", { name: "It was sent" }).click();
      const question = page.getByRole("dialog", { name: `Count the email to ${contact.name} as sent?` });
      await expect(question).toBeVisible();
      await question.getByRole("button", { name: "It was sent" }).click();
      await expect(page.getByText(`The email to ${contact.name} counts as sent.`)).toBeVisible();
      expect(answers).toEqual([{ outcome: "sent" }]);
      await expect(page.getByText("Engage could not find out")).toHaveCount(0);
    });

    test("is settled from the contact's page", async ({ page }) => {
      const { contact, answers } = await uncertain(page);
      await page.goto(`/app/contacts/${contact.id}`);
      const flows = page.getByRole("region", { name: "Salesflows" });
      await expect(flows.getByText("Look into your Sent folder.")).toBeVisible();
      await settled(page);
      await pictured(page, `settle-contact-${width}`);
      await accessible(page);
      await flows.getByRole("button", { name: "It was not sent" }).click();
      const question = page.getByRole("dialog", { name: `Count the email to ${contact.name} as not sent?` });
      await expect(question).toBeVisible();
      await settled(page);
      await accessible(page);
      await question.getByRole("button", { name: "It was not sent" }).click();
      await expect(page.getByText(`The email to ${contact.name} counts as not sent.`)).toBeVisible();
      expect(answers).toEqual([{ outcome: "not_sent" }]);
    });
  });
}
