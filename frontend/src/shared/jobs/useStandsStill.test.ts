import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useStandsStill } from "./useStandsStill";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds));

it("says that a figure has not moved for long, until it moves", () => {
  const { result, rerender } = renderHook(useStandsStill, { initialProps: 10 });
  after(7_900);
  expect(result.current).toBe(false);
  rerender(20);
  after(7_900);
  expect(result.current).toBe(false);
  after(100);
  expect(result.current).toBe(true);
  rerender(30);
  expect(result.current).toBe(false);
});
