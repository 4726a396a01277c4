import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { rememberOrganization } from "@/shared/signin/organization";
import { shown } from "@/test/render";
import { LoginPage } from "./LoginPage";

const ORGANIZATION = "01a214ba-6e81-7b92-a20d-4e2e7414cc8b";

describe("the page for signing in", () => {
  it("offers single sign-on once an organization is known, and only to a well-formed one", async () => {
    rememberOrganization("javascript:alert(1)");
    const { unmount } = await shown(<LoginPage back={undefined} refusal={undefined} />);
    await screen.findByLabelText("Email");
    expect(screen.queryByRole("link", { name: "Single sign-on" })).toBeNull();
    unmount();
    rememberOrganization(ORGANIZATION);
    await shown(<LoginPage back={undefined} refusal={undefined} />);
    expect(await screen.findByRole("link", { name: "Single sign-on" })).toHaveAttribute(
      "href",
      `/auth/sso/${ORGANIZATION}`,
    );
  });

  it("says why single sign-on did not work", async () => {
    await shown(<LoginPage back={undefined} refusal="unknown_user" />);
    expect(await screen.findByText(/Nobody here signs in with your address/)).toBeInTheDocument();
  });
});
