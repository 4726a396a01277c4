import { useEffect, useState } from "react";

// A piece of work takes a second or less: whoever was at it may be gone, until somebody else takes over.
const LONG = 8_000;

/** Whether a figure has stayed the same for long while it was looked at. */
export function useStandsStill(figure: number): boolean {
  const [still, setStill] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setStill(figure), LONG);
    return () => clearTimeout(timer);
  }, [figure]);
  return still === figure;
}
