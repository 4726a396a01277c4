import { defineConfig } from "@playwright/test";

// Against a running system: E2E_BASE_URL is Engage, E2E_SANDBOX_URL its sandbox, E2E_PROVIDER_URL an identity provider
// (`python -m tests.api.openid`; Engage runs with ENGAGE_SSO_LOOPBACK=true then).
export default defineConfig({
  testDir: "e2e",
  timeout: 90_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    baseURL: process.env.E2E_BASE_URL ?? "http://127.0.0.1:8000",
    locale: "en-US",
    // Recording costs a fifth of the time: E2E_TRACE=1 asks for it where a failure is looked into.
    trace: process.env.E2E_TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium" },
  },
});
