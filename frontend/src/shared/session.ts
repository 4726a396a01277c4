import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/session";
import type { Me } from "@/api/types";

/** Who is signed in. The shell's route has loaded it before any page below is drawn; undefined only outside of it. */
export function useMe(): Me | undefined {
  return useQuery({ ...meQuery(), enabled: false }).data;
}
