import { type PageSize, readPageSize } from "@/shared/table/sizes";

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const filled = <T extends object>(search: T): T =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;

export interface SalesflowsSearch {
  size?: PageSize;
  cursor?: string;
  new?: boolean;
}

export const readSalesflowsSearch = (search: Record<string, unknown>): SalesflowsSearch =>
  filled({
    size: readPageSize(search.size),
    cursor: text(search.cursor),
    new: search.new === true || undefined,
  }) as SalesflowsSearch;

export const SALESFLOW_TABS = ["steps", "contacts", "statistics"] as const;
export type SalesflowTab = (typeof SALESFLOW_TABS)[number];
export const ENROLLMENT_STATES = ["active", "paused", "finished"] as const;
/** Not a state of its own: those with an email of which only a person can say whether it left. */
export const TO_CHECK = "check";
const SHOWN = [...ENROLLMENT_STATES, TO_CHECK] as const;
export type ShownEnrollments = (typeof SHOWN)[number];

export interface SalesflowSearch {
  tab?: SalesflowTab;
  state?: ShownEnrollments;
  size?: PageSize;
  cursor?: string;
}

export const readSalesflowSearch = (search: Record<string, unknown>): SalesflowSearch =>
  filled({
    tab: SALESFLOW_TABS.find((tab) => tab === search.tab),
    state: SHOWN.find((state) => state === search.state),
    size: readPageSize(search.size),
    cursor: text(search.cursor),
  }) as SalesflowSearch;
