import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";
import { HoursSection } from "./HoursSection";

const OFFICE = [{ from: "08:00", to: "18:00" }];
const soon = `${new Date().getFullYear() + 1}-01-01`;
const hours = {
  time_zone: "America/New_York",
  country: "US",
  days: {
    monday: OFFICE,
    tuesday: OFFICE,
    wednesday: OFFICE,
    thursday: OFFICE,
    friday: OFFICE,
    saturday: [],
    sunday: [],
  },
  holidays: [
    { date: "2020-01-01", name: "Long ago", source: "country" },
    { date: soon, name: "New Year's Day", source: "country" },
  ],
  away: [],
};

let put: Record<string, unknown> | null;

beforeEach(() => {
  put = null;
  server.use(
    http.get("*/me/business-hours", () => HttpResponse.json(hours)),
    http.put("*/me/business-hours", async ({ request }) => {
      put = (await request.json()) as Record<string, unknown>;
      return HttpResponse.json({ ...hours, ...put });
    }),
  );
});

async function edited() {
  const user = userEvent.setup();
  await shown(<HoursSection />);
  await user.click(await screen.findByLabelText("Edit: Time Zone & Business Hours"));
  return user;
}

describe("time zone and business hours", () => {
  it("are read as the guide shows them", async () => {
    await shown(<HoursSection />);
    expect(await screen.findByText("8AM - 6PM")).toBeInTheDocument();
    expect(screen.getByText(/Monday \| Tuesday \| Wednesday \| Thursday \| Friday/)).toBeInTheDocument();
    expect(screen.getByText("English, United States")).toBeInTheDocument();
    expect(screen.queryByText(/Long ago/)).toBeNull();
  });

  it("keep what is past, and leave out a holiday that was removed", async () => {
    const user = await edited();
    await user.click(screen.getByLabelText(/^Remove New Year's Day/));
    await user.click(screen.getByLabelText("Monday", { selector: "input[type=checkbox]" }));
    await user.click(screen.getByText("Save"));
    await waitFor(() => expect(put).not.toBeNull());
    expect(put?.holidays).toEqual([hours.holidays[0]]);
    expect((put?.days as typeof hours.days).monday).toEqual([]);
  });

  it("say at the day what is wrong with it", async () => {
    server.use(
      http.put("*/me/business-hours", () =>
        problem(422, "invalid_input", {
          errors: [{ pointer: "/days/friday/0", code: "reversed_hours", message: "The hours have to end later." }],
        }),
      ),
    );
    const user = await edited();
    await user.click(screen.getByText("Save"));
    const friday = screen.getByLabelText("Friday", { selector: "[role=group]" });
    expect(await within(friday).findByText("The hours have to end later.")).toBeInTheDocument();
  });

  it("are left as they were by Escape, but not by one that closes a list", async () => {
    const user = await edited();
    await user.click(screen.getByLabelText("Monday: Opens", { selector: "input" }));
    await user.keyboard("{Escape}");
    expect(screen.getByText("Save")).toBeInTheDocument();
    await user.keyboard("{Escape}");
    expect(await screen.findByLabelText("Edit: Time Zone & Business Hours")).toHaveFocus();
    expect(put).toBeNull();
  });
});
