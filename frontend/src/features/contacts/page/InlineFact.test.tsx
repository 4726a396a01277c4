import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ApiProblem } from "@/api/errors";
import { shown } from "@/test/render";
import type { FactField, FactValue } from "./facts";
import { InlineFact } from "./InlineFact";

const CITY: FactField = { name: "city", label: "City", kind: "text" };

async function opened(save: (value: FactValue) => Promise<unknown>, field = CITY) {
  await shown(
    <>
      <dl>
        <InlineFact field={field} value="Oslo" onSave={save}>
          Oslo
        </InlineFact>
      </dl>
      <button type="button">Elsewhere</button>
    </>,
  );
  await userEvent.click(await screen.findByRole("button", { name: /^Edit City/ }));
  return screen.getByRole("textbox", { name: "City" });
}

const closed = () => screen.findByRole("button", { name: /^Edit City/ });

describe("a fact that is edited where it stands", () => {
  it("is saved by Enter, and the focus returns", async () => {
    const save = vi.fn(() => Promise.resolve());
    const input = await opened(save);
    expect(input).toHaveFocus();
    await userEvent.clear(input);
    await userEvent.type(input, " Bergen {Enter}");
    expect(save).toHaveBeenCalledExactlyOnceWith("Bergen");
    expect(await closed()).toHaveFocus();
  });

  it("is saved by going elsewhere", async () => {
    const save = vi.fn(() => Promise.resolve());
    const input = await opened(save);
    await userEvent.clear(input);
    await userEvent.tab();
    await closed();
    expect(save).toHaveBeenCalledExactlyOnceWith(null);
  });

  it("stays as it was by Escape, and when nothing was changed", async () => {
    const save = vi.fn(() => Promise.resolve());
    const input = await opened(save);
    await userEvent.type(input, "Bergen{Escape}");
    expect(await closed()).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await userEvent.keyboard("{Enter}");
    await closed();
    expect(save).not.toHaveBeenCalled();
  });

  it("says at the field what is wrong with it, and stays open", async () => {
    const save = vi.fn();
    const input = await opened(save, { ...CITY, kind: "email" });
    await userEvent.clear(input);
    await userEvent.type(input, "nobody{Enter}");
    expect(await screen.findByText(/^Enter an email address/)).toBeVisible();
    expect(save).not.toHaveBeenCalled();
  });

  it("says at the field what the server refuses", async () => {
    const errors = [{ pointer: "/city", code: "too_long", message: "This is too long." }];
    const input = await opened(() => Promise.reject(new ApiProblem(422, { code: "invalid_input", errors })));
    await userEvent.type(input, "x{Enter}");
    expect(await screen.findByText("This is too long.")).toBeVisible();
    expect(input).toHaveAttribute("aria-invalid", "true");
  });

  it("keeps what was typed when somebody else was faster", async () => {
    const save = vi.fn();
    save.mockRejectedValueOnce(new ApiProblem(412, { code: "version_mismatch" })).mockResolvedValueOnce(undefined);
    const input = await opened(save);
    await userEvent.clear(input);
    await userEvent.type(input, "Bergen{Enter}");
    expect(await screen.findByText(/^Somebody changed this meanwhile/)).toBeVisible();
    await userEvent.type(input, "{Enter}");
    await closed();
    expect(save).toHaveBeenCalledTimes(2);
  });
});
