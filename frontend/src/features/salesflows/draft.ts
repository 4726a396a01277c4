import { useCallback, useMemo, useState } from "react";
import type { Delay, Step, StepInput } from "@/api/types";

export interface DraftVariant {
  key: string;
  weight: number;
  subject: string;
  body_html: string;
}

export interface DraftStep {
  key: string;
  delay: Delay;
  thread: "new" | "reply";
  variants: DraftVariant[];
}

let made = 0;
const newKey = () => `new-${++made}`;

export const newVariant = (weight = 100): DraftVariant => ({ key: newKey(), weight, subject: "", body_html: "" });

export function newStep(first: boolean): DraftStep {
  return {
    key: newKey(),
    delay: first ? { amount: 0, unit: "minutes" } : { amount: 2, unit: "business_days" },
    thread: first ? "new" : "reply",
    variants: [newVariant()],
  };
}

export const copyOf = (step: DraftStep): DraftStep => ({
  key: newKey(),
  delay: step.delay,
  thread: step.thread,
  variants: step.variants.map((variant) => ({ ...variant, key: newKey() })),
});

export const fromSteps = (steps: Step[]): DraftStep[] =>
  steps.map(({ id, delay, thread, variants }) => ({
    key: id,
    delay,
    thread,
    variants: variants.map((variant) => ({
      key: variant.id,
      weight: variant.weight,
      subject: variant.subject,
      body_html: variant.body_html,
    })),
  }));

/** A step as the API takes it; the first email always opens the thread. */
export const toInput = (step: DraftStep, position: number): StepInput => ({
  kind: "email",
  mode: "automatic",
  delay: step.delay,
  thread: position === 0 ? "new" : step.thread,
  variants: step.variants.map(({ weight, subject, body_html }) => ({
    weight,
    subject: position > 0 && step.thread === "reply" ? "" : subject,
    body_html,
  })),
});

export interface StepsDraft {
  steps: DraftStep[];
  dirty: boolean;
  change: (key: string, changes: Partial<DraftStep>) => void;
  insert: (step: DraftStep, at: number) => void;
  remove: (key: string) => void;
  move: (from: number, to: number) => void;
  reset: (steps: Step[]) => void;
}

const shape = (steps: DraftStep[]) => JSON.stringify(steps.map(toInput));

/** The steps as they are being edited, beside the ones that are saved. */
export function useStepsDraft(saved: Step[]): StepsDraft {
  const [base, setBase] = useState(() => fromSteps(saved));
  const [steps, setSteps] = useState(base);
  const change = useCallback(
    (key: string, changes: Partial<DraftStep>) =>
      setSteps((now) => now.map((step) => (step.key === key ? { ...step, ...changes } : step))),
    [],
  );
  const insert = useCallback(
    (step: DraftStep, at: number) => setSteps((now) => [...now.slice(0, at), step, ...now.slice(at)]),
    [],
  );
  const remove = useCallback((key: string) => setSteps((now) => now.filter((step) => step.key !== key)), []);
  const move = useCallback(
    (from: number, to: number) =>
      setSteps((now) => {
        const moved = now[from];
        if (!moved || to < 0 || to >= now.length) return now;
        const rest = now.filter((_, at) => at !== from);
        return [...rest.slice(0, to), moved, ...rest.slice(to)];
      }),
    [],
  );
  const reset = useCallback((latest: Step[]) => {
    const fresh = fromSteps(latest);
    setBase(fresh);
    setSteps(fresh);
  }, []);
  const dirty = useMemo(() => shape(steps) !== shape(base), [steps, base]);
  return { steps, dirty, change, insert, remove, move, reset };
}
