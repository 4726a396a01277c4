import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/session";
import type { Me } from "@/api/types";

const MINUTE = 60_000;

/** Who is signed in. The shell's route has loaded it before any page below is drawn; undefined only outside of it. */
export function useMe(): Me | undefined {
  return useQuery({ ...meQuery(), enabled: false }).data;
}

/** By how much the server's business time is ahead of this machine's; small differences of clocks do not count. */
export function useAhead(): number {
  const { data: me, dataUpdatedAt } = useQuery({ ...meQuery(), enabled: false });
  const difference = me ? Date.parse(me.now) - dataUpdatedAt : 0;
  return Math.abs(difference) < MINUTE ? 0 : Math.round(difference / MINUTE) * MINUTE;
}

/** Keeps who is signed in, and what time it is, up to date while a page is open. */
export function useFreshMe(): void {
  useQuery({ ...meQuery(), refetchInterval: MINUTE });
}
