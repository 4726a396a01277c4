import type { SuppressionKind } from "@/api/types";
import { type PageSize, readPageSize } from "@/shared/table/sizes";

export const KINDS = ["email", "domain", "phone"] as const satisfies readonly SuppressionKind[];

/** What the address of the suppression list says. */
export interface SuppressionsSearch {
  kind?: SuppressionKind;
  size?: PageSize;
  cursor?: string;
  new?: boolean;
}

export function readSuppressionsSearch(search: Record<string, unknown>): SuppressionsSearch {
  const kind = KINDS.find((each) => each === search.kind);
  const size = readPageSize(search.size);
  return {
    ...(kind ? { kind } : {}),
    ...(size ? { size } : {}),
    ...(typeof search.cursor === "string" && search.cursor ? { cursor: search.cursor } : {}),
    ...(search.new === true ? { new: true } : {}),
  };
}
