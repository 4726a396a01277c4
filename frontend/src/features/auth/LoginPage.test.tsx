import { screen, waitForElementToBeRemoved } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { rememberOrganization } from "@/shared/signin/organization";
import { shown } from "@/test/render";
import { http, HttpResponse, server } from "@/test/server";
import { LoginPage } from "./LoginPage";

const ORGANIZATION = "01a214ba-6e81-7b92-a20d-4e2e7414cc8b";

const page = (more: { refusal?: string; organization?: string } = {}) =>
  shown(<LoginPage back={undefined} refusal={more.refusal} organization={more.organization} />);

const without = () =>
  server.use(http.get("*/auth/sso/:organization/availability", () => HttpResponse.json({ available: false })));

describe("the page for signing in", () => {
  it("offers single sign-on once an organization is known, and only to a well-formed one", async () => {
    rememberOrganization("javascript:alert(1)");
    const { unmount } = await page();
    await screen.findByLabelText("Email");
    expect(screen.queryByRole("link", { name: "Single sign-on" })).toBeNull();
    unmount();
    rememberOrganization(ORGANIZATION);
    await page();
    expect(await screen.findByRole("link", { name: "Single sign-on" })).toHaveAttribute(
      "href",
      `/auth/sso/${ORGANIZATION}`,
    );
  });

  it("offers it no more once the organization has switched it off", async () => {
    rememberOrganization(ORGANIZATION);
    without();
    await page();
    await waitForElementToBeRemoved(() => screen.queryByRole("link", { name: "Single sign-on" }));
  });

  it.each([ORGANIZATION, "cut-of"])("says that a link leads nowhere: %s", async (organization) => {
    without();
    await page({ organization });
    expect(await screen.findByText(/not set up for your organization, or switched off/)).toBeInTheDocument();
    expect(screen.getByLabelText("Email")).toBeInTheDocument();
  });

  it("says why single sign-on did not work", async () => {
    await page({ refusal: "unknown_user" });
    expect(await screen.findByText(/Nobody here signs in with your address/)).toBeInTheDocument();
  });
});
