import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Step } from "@/api/types";
import { newStep, toInput, useStepsDraft } from "./draft";

const saved = (id: string, subject: string): Step => ({
  id,
  position: 1,
  kind: "email",
  mode: "automatic",
  delay: { amount: 1, unit: "days" },
  thread: "new",
  variants: [{ id: `${id}-a`, weight: 100, subject, body_html: "<p>Hi</p>" }],
});

describe("steps that are being edited", () => {
  it("are unsaved only while they differ from what is saved", () => {
    const { result } = renderHook(() => useStepsDraft([saved("s1", "One"), saved("s2", "Two")]));
    expect(result.current.dirty).toBe(false);
    act(() => result.current.move(0, 1));
    expect(result.current.dirty).toBe(true);
    act(() => result.current.move(1, 0));
    expect(result.current.dirty).toBe(false);
  });

  it("come back to their place when a removal is undone", () => {
    const { result } = renderHook(() => useStepsDraft([saved("s1", "One"), saved("s2", "Two")]));
    const first = result.current.steps[0];
    act(() => result.current.remove("s1"));
    act(() => first && result.current.insert(first, 0));
    expect(result.current.steps.map(({ key }) => key)).toEqual(["s1", "s2"]);
  });

  it("never begin with a reply, and a reply has no subject of its own", () => {
    const reply = { ...newStep(false), variants: [{ key: "v", weight: 100, subject: "Ignored", body_html: "x" }] };
    expect(toInput(reply, 0)).toMatchObject({ thread: "new", variants: [{ subject: "Ignored" }] });
    expect(toInput(reply, 1)).toMatchObject({ thread: "reply", variants: [{ subject: "" }] });
  });
});
