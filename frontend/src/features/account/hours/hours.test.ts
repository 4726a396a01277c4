import { describe, expect, it } from "vitest";
import { civilDay, civilRange, clockLabel, likeMonday, nextWindow, sameHours, WEEKDAYS, weekdaysOf } from "./hours";

const OFFICE = [{ from: "08:00", to: "18:00" }];
const week = Object.fromEntries(WEEKDAYS.map((day, n) => [day, n < 5 ? OFFICE : []]));

describe("business hours", () => {
  it("are read as the guide writes them: days with the same hours together", () => {
    expect(sameHours(week, WEEKDAYS)).toEqual([[["monday", "tuesday", "wednesday", "thursday", "friday"], OFFICE]]);
    const friday = { ...week, friday: [{ from: "08:00", to: "12:00" }] };
    expect(sameHours(friday, WEEKDAYS).map(([days]) => days.length)).toEqual([4, 1]);
  });

  it("are told in the clock of the culture", () => {
    expect(clockLabel("08:00", "en-US")).toBe("8AM");
    expect(clockLabel("13:30", "en-US")).toBe("1:30PM");
    expect(clockLabel("24:00", "en-US")).toBe("12AM");
    expect(clockLabel("08:00", "de-DE")).toBe("08:00");
  });

  it("begin their week as the culture does", () => {
    expect(weekdaysOf("de-DE")[0]).toBe("monday");
    expect(weekdaysOf("en-US")[0]).toBe("sunday");
  });

  it("go on after what a day has, as long as there is time", () => {
    expect(nextWindow([])).toEqual({ from: "08:00", to: "18:00" });
    expect(nextWindow([{ from: "08:00", to: "12:00" }])).toEqual({ from: "13:00", to: "18:00" });
    expect(nextWindow([{ from: "08:00", to: "18:00" }])).toEqual({ from: "19:00", to: "19:30" });
    expect(nextWindow([{ from: "08:00", to: "24:00" }])).toBeNull();
  });

  it("of Monday can be those of every weekday", () => {
    const days = likeMonday({ ...week, monday: [{ from: "09:00", to: "17:00" }], saturday: OFFICE });
    expect(days.friday).toEqual([{ from: "09:00", to: "17:00" }]);
    expect(days.saturday).toEqual(OFFICE);
  });
});

describe("civil days", () => {
  it("have no time zone", () => {
    expect(civilDay("2020-01-01", "en-US")).toBe("Wednesday, 1/1/2020");
    expect(civilRange("2026-08-03", "2026-08-14", "en-US")).toMatch(/^Aug 3\s–\s14, 2026$/u);
  });
});
