import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Job } from "@/api/types";
import { job } from "@/test/factories";
import { shown } from "@/test/render";
import { JobRow } from "./JobRow";

const nothing = () => {};
const row = (changes: Partial<Job>) =>
  shown(<JobRow job={job(changes)} busy={false} onCancel={nothing} onUndo={nothing} onImport={nothing} />);
const longAfter = () => act(() => void vi.advanceTimersByTime(8_000));

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

it("says of work that stands still that it goes on by itself", async () => {
  await row({ state: "running", done: 10, total: 40 });
  expect(screen.queryByRole("status")).toBeNull();
  longAfter();
  expect(screen.getByRole("status")).toHaveTextContent("No news for a moment: it goes on by itself");
});

it("says nothing like that of work that waits for its turn", async () => {
  await row({ state: "queued", done: 0, total: 40 });
  longAfter();
  expect(screen.getByText("Waiting for its turn")).toBeInTheDocument();
  expect(screen.queryByRole("status")).toBeNull();
});
