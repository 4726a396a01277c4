import type { Browser, Page } from "@playwright/test";
import { ADMIN, browserOf, lettersTo, skipSetup } from "./people";
import { accessible, api, expect, pictured, settled, test } from "./support";

const PASSWORD = "copper lantern walrus";
const RATE = 8_000;

test.use({ storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 } });

/** A tone, as a program for recording saves it: PCM of 16 bits in a WAV file. */
function wav(seconds: number, hertz = 440): Buffer {
  const file = Buffer.alloc(44 + seconds * RATE * 2);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  [16, 0x00010001, RATE, RATE * 2, 0x00100002].forEach((value, n) => file.writeUInt32LE(value, 16 + n * 4));
  file.write("data", 36);
  file.writeUInt32LE(file.length - 44, 40);
  for (let n = 0; n < seconds * RATE; n++) {
    file.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * hertz * n) / RATE)), 44 + n * 2);
  }
  return file;
}

const recording = (name: string, seconds = 3) => ({ name, mimeType: "audio/wav", buffer: wav(seconds) });

/** Somebody who was invited and has come, signed in on the page; the wizard is before him. */
async function newcomer(page: Page, browser: Browser, baseURL: string): Promise<void> {
  const email = `dee.${Date.now().toString(36)}.${test.info().parallelIndex}@demo.example`;
  const admin = await browserOf(browser, baseURL, ADMIN);
  const office = await admin.newPage();
  await api(office, "POST", "/admin/users", { email, name: "Dee Dialer", role: "contributor" });
  let token: string | undefined;
  await expect
    .poll(async () => (token = /invitations\/([\w-]+)/.exec((await lettersTo(office, email))[0]?.text ?? "")?.[1]), {
      timeout: 30_000,
    })
    .toBeTruthy();
  await admin.close();
  await page.goto("/app/login");
  await api(page, "POST", `/auth/invitations/${token}/accept`, { password: PASSWORD });
}

async function settings(page: Page, browser: Browser, baseURL: string): Promise<void> {
  await newcomer(page, browser, baseURL);
  await skipSetup(page);
  await page.goto("/app/account/settings");
}

async function upload(page: Page, name: string, seconds = 2): Promise<void> {
  const multipart = { name, file: recording(`${name}.wav`, seconds) };
  const answer = await page.request.post("/me/voicemails", {
    multipart,
    headers: { origin: new URL(page.url()).origin },
  });
  expect(answer.status(), await answer.text()).toBe(201);
}

async function looked(page: Page, name: string): Promise<void> {
  await settled(page);
  await pictured(page, `dialer-${name}`);
  await accessible(page);
}

const phone = (page: Page) => page.getByRole("textbox", { name: "Phone" });

test("the phone to call from is chosen, and waits to be verified", async ({ page, browser, baseURL }) => {
  await settings(page, browser, baseURL ?? "");
  await expect(page.getByRole("heading", { name: "Dialer Settings" })).toBeVisible();
  await expect(page.getByText("You have not chosen a phone yet.")).toBeVisible();
  await page.getByRole("button", { name: "Edit: Your phone" }).click();
  await expect(phone(page)).toBeFocused();
  await page.keyboard.type("12");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/too short or too long for the country/)).toBeVisible();
  await looked(page, "phone-fault");
  await page.getByRole("combobox", { name: "Country" }).fill("Germ");
  await page.getByRole("option", { name: "Germany (+49)" }).click();
  await phone(page).fill("030 901820");
  await page.getByRole("textbox", { name: "Extension" }).fill("12");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("+49 30 901820")).toBeVisible();
  await expect(page.getByText("Not verified")).toBeVisible();
  await expect(page.getByText(/will be called to verify it when your organization's dialer is set up/)).toBeVisible();
  expect(await api(page, "GET", "/me/phone")).toMatchObject({ phone: "+4930901820", extension: "12", verified: false });

  await page.getByRole("button", { name: "Edit: Your phone" }).click();
  await phone(page).fill("030 1");
  await page.keyboard.press("Escape");
  await expect(page.getByText("+49 30 901820")).toBeVisible();
  await page.getByRole("button", { name: "Remove: Your phone" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("You have not chosen a phone yet.")).toBeVisible();
});

test("a voicemail is added, heard, renamed and removed", async ({ page, browser, baseURL }) => {
  await settings(page, browser, baseURL ?? "");
  await expect(page.getByText("No voicemails yet")).toBeVisible();
  await looked(page, "empty");
  const dialog = page.getByRole("dialog", { name: "Add a Voicemail" });
  const chooser = dialog.locator("input[type=file]");

  await test.step("what is no recording is refused, and says why", async () => {
    await page.getByRole("button", { name: "Add a Voicemail" }).click();
    await looked(page, "add");
    await chooser.setInputFiles({
      ...recording("x"),
      name: "program.wav",
      buffer: Buffer.from(`MZ${"\0".repeat(500)}`),
    });
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await expect(dialog.getByText("Choose a WAV or MP3 file.")).toBeVisible();
    await looked(page, "add-fault");
  });

  await test.step("a recording is heard before it is kept", async () => {
    await chooser.setInputFiles(recording("Introduction_call.wav"));
    await dialog.getByRole("textbox", { name: "Name" }).fill("Introduction call");
    await dialog.getByRole("button", { name: "Play: Introduction_call.wav" }).click();
    await expect(dialog.getByRole("button", { name: "Pause: Introduction_call.wav" })).toBeVisible();
    await looked(page, "add-chosen");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByText("Introduction call was added.")).toBeVisible();
  });

  await test.step("another one is dropped, and takes its name from the file", async () => {
    await page.getByRole("button", { name: "Add a Voicemail" }).click();
    const content = wav(2, 660).toString("base64");
    const dropped = await page.evaluateHandle((base64) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], "Follow-up_call.wav", { type: "audio/wav" }));
      return transfer;
    }, content);
    await dialog.getByRole("group", { name: "Recording" }).dispatchEvent("drop", { dataTransfer: dropped });
    await expect(dialog.getByRole("textbox", { name: "Name" })).toHaveValue("Follow-up call");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("table", { name: "Voicemails" }).getByRole("row")).toHaveCount(3);
    await expect(page.getByText("2 of 20")).toBeVisible();
  });

  await test.step("it is played from any place", async () => {
    const sent = page.waitForResponse((answer) => answer.url().endsWith("/audio"));
    await page.getByRole("button", { name: "Play: Introduction call" }).click();
    const answer = await sent;
    expect(answer.headers()["content-type"]).toBe("audio/wav");
    const place = page.getByRole("slider", { name: "Position in Introduction call" });
    await expect.poll(async () => Number(await place.getAttribute("aria-valuenow"))).toBeGreaterThan(0.2);
    await place.focus();
    await page.keyboard.press("End");
    await expect(page.getByRole("button", { name: "Play: Introduction call" })).toBeVisible();
    await page.getByRole("button", { name: "Play: Introduction call" }).click();
    await looked(page, "playing");
    await page.getByRole("button", { name: /^(Pause|Play): Introduction call/ }).click();
  });

  await test.step("it is renamed in its place, but not to a name that is taken", async () => {
    await page.getByRole("button", { name: "Rename: Introduction call" }).click();
    const name = page.getByRole("textbox", { name: "New name of Introduction call" });
    await name.fill("FOLLOW-UP CALL");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/have a voicemail with this name/)).toBeVisible();
    await looked(page, "rename-fault");
    await name.fill("Short introduction");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Renamed to Short introduction.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Rename: Short introduction" })).toBeFocused();
  });

  await test.step("it is removed once that is confirmed", async () => {
    await page.getByRole("button", { name: "Remove: Short introduction" }).click();
    await looked(page, "remove");
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText("Short introduction was removed.")).toBeVisible();
    await expect(page.getByText("1 of 20")).toBeVisible();
    const { items } = await api<{ items: { name: string }[] }>(page, "GET", "/me/voicemails");
    expect(items.map(({ name }) => name)).toEqual(["Follow-up call"]);
  });
});

test("there is room for twenty, on every screen", async ({ page, browser, baseURL }) => {
  await settings(page, browser, baseURL ?? "");
  await api(page, "PUT", "/me/phone", { phone: "+1 202 555 0143", extension: "12" });
  const names = ["A rather long name that somebody gave to a recording so as to find it again", "Übergabe", "挨拶"];
  for (let n = 0; n < 20; n++) await upload(page, names[n] ?? `Recording ${n + 1}`, 1 + (n % 4));
  for (const [colorScheme, width] of [
    ["light", 1440],
    ["dark", 390],
    ["light", 390],
    ["dark", 1440],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.reload();
    await expect(page.getByText("20 of 20")).toBeVisible();
    await expect(page.getByText(/Remove one to add another/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Add a Voicemail" })).toBeDisabled();
    await looked(page, `full-${width}-${colorScheme}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, "nothing sticks out sideways").toBeLessThanOrEqual(0);
  }
});

test("the wizard asks for the same", async ({ page, browser, baseURL }) => {
  await newcomer(page, browser, baseURL ?? "");
  await api(page, "PATCH", "/me", { phone: "+1 202 555 0143" });
  await page.goto("/app/onboarding?step=dialer_setup");
  await expect(page.getByRole("heading", { level: 1, name: "Dialer Setup" })).toBeFocused();
  await expect(phone(page)).toHaveValue("(202) 555-0143");
  await expect(page.getByText(/will be called to verify it/)).toBeVisible();
  await looked(page, "wizard-empty");
  await page.getByRole("button", { name: "Add a Voicemail" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a Voicemail" });
  await dialog.locator("input[type=file]").setInputFiles(recording("Introduction.wav"));
  await dialog.getByRole("textbox", { name: "Name" }).press("Enter");
  await expect(page.getByText("Introduction was added.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Dialer Setup" })).toBeVisible();
  await looked(page, "wizard");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Verify & Set Timezone" })).toBeVisible();
  expect(await api(page, "GET", "/me/phone")).toMatchObject({ phone: "+12025550143", verified: false });
});
