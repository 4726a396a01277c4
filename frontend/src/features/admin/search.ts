import { AUDIT_ACTIONS } from "./actions";
import type { AuditAction } from "@/api/types";
import { type PageSize, readPageSize } from "@/shared/table/sizes";

export const USER_STATES = ["active", "invited", "deleted"] as const;
export type UserState = (typeof USER_STATES)[number];

/** What the URL of User Management says. Without a state, everybody who is there. */
export interface UsersSearch {
  q?: string;
  state?: UserState;
  size?: PageSize;
  cursor?: string;
  new?: boolean;
}

/** What the URL of the audit log says: dates are those of the person's calendar, both included. */
export interface AuditSearch {
  who?: string;
  action?: AuditAction;
  from?: string;
  to?: string;
  entry?: string;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const date = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
const known = <T extends object>(read: T) =>
  Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

export function readUsersSearch(search: Record<string, unknown>): UsersSearch {
  return known({
    // Search terms like 617 arrive as numbers.
    q: search.q === undefined ? undefined : text(String(search.q)),
    state: USER_STATES.find((each) => each === search.state),
    size: readPageSize(search.size),
    cursor: text(search.cursor),
    new: search.new === true || undefined,
  });
}

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  return known({
    who: text(search.who),
    action: AUDIT_ACTIONS.find((each) => each === search.action),
    from: date(search.from),
    to: date(search.to),
    entry: text(search.entry),
  });
}
