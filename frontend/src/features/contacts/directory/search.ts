import type { ContactFilter, ContactList, ContactsQuery, ViewState } from "@/api/types";
import { type PageSize, readPageSize } from "@/shared/table/sizes";
import { instantOf } from "@/shared/zonedTime";

const SORTED_BY = ["name", "email", "company", "created_at", "last_activity_at"] as const;
export const USUAL_SORT = "-created_at";
export type Sort = NonNullable<ContactsQuery["sort"]>;

/** What is asked for: every condition has to be met. Days are those of the person's calendar. */
export interface Conditions {
  status?: string;
  owner?: string;
  list?: string;
  salesflow?: string;
  after?: string;
  before?: string;
  optedOut?: boolean;
  fields?: Record<string, string>;
}

/** What the address of the directory says; what is not there is as usual. */
export interface ContactsSearch extends Conditions {
  q?: string;
  sort?: string;
  /** Keys of columns, with commas between. */
  columns?: string;
  size?: PageSize;
  cursor?: string;
  /** The saved view that was opened; the rest of the address says what it shows, and what was changed since. */
  view?: string;
  /** The list by filter that is given what is asked for as its filter, once that is saved. */
  edit?: string;
  new?: boolean;
}

/** What changes in an address: undefined takes away. */
export type Changes<Search> = { [K in keyof Search]?: Search[K] | undefined };

// What looks like a number arrives as one.
const text = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;
const day = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
const uuid = (value: unknown) => (typeof value === "string" && /^[\da-f-]{36}$/i.test(value) ? value : undefined);

function readFields(value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const read = Object.entries(value).flatMap(([key, each]) => {
    const known = typeof each === "boolean" ? String(each) : text(each);
    return known ? [[key, known]] : [];
  });
  return read.length ? (Object.fromEntries(read) as Record<string, string>) : undefined;
}

/** Without what is not there. */
const known = <Search extends object>(search: Changes<Search>): Search =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Search;

export function readContactsSearch(search: Record<string, unknown>): ContactsSearch {
  const sort = text(search.sort);
  return known<ContactsSearch>({
    q: text(search.q),
    status: text(search.status),
    owner: uuid(search.owner),
    list: uuid(search.list),
    salesflow: uuid(search.salesflow),
    after: day(search.after),
    before: day(search.before),
    optedOut: typeof search.optedOut === "boolean" ? search.optedOut : undefined,
    fields: readFields(search.fields),
    sort: sort && SORTED_BY.some((name) => name === sort.replace(/^-/, "")) ? sort : undefined,
    columns: text(search.columns),
    size: readPageSize(search.size),
    cursor: text(search.cursor),
    view: uuid(search.view),
    edit: uuid(search.edit),
    new: search.new === true || undefined,
  });
}

export function conditionsOf(search: ContactsSearch): Conditions {
  const { status, owner, list, salesflow, after, before, optedOut, fields } = search;
  return known<Conditions>({ status, owner, list, salesflow, after, before, optedOut, fields });
}

const dayOf = (instant: string, timeZone: string) =>
  new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(new Date(instant));

/** The filter as the API takes it. */
export function filterOf(search: ContactsSearch, timeZone: string): ContactFilter {
  const midnight = (date: string | undefined) =>
    date === undefined ? undefined : instantOf(`${date} 00:00:00`, timeZone).toISOString();
  return known<ContactFilter>({
    q: search.q,
    status: search.status,
    owner_id: search.owner,
    list_id: search.list,
    salesflow_id: search.salesflow,
    last_activity_after: midnight(search.after),
    last_activity_before: midnight(search.before),
    opted_out: search.optedOut,
    fields: search.fields,
  });
}

/** The address that shows what a filter means. */
export function searchOfFilter(filter: Omit<ContactFilter, "q"> & { q?: string | null }, timeZone: string) {
  const date = (instant: string | null | undefined) => (instant ? dayOf(instant, timeZone) : undefined);
  const fields = filter.fields ?? {};
  return known<ContactsSearch>({
    q: filter.q ?? undefined,
    status: filter.status ?? undefined,
    owner: filter.owner_id ?? undefined,
    list: filter.list_id ?? undefined,
    salesflow: filter.salesflow_id ?? undefined,
    after: date(filter.last_activity_after),
    before: date(filter.last_activity_before),
    optedOut: filter.opted_out ?? undefined,
    fields: Object.keys(fields).length ? fields : undefined,
  });
}

/** The address in which the filter of a list is changed. */
export const searchToEdit = (list: Pick<ContactList, "id" | "filter">, timeZone: string): ContactsSearch => ({
  ...searchOfFilter(list.filter ?? {}, timeZone),
  edit: list.id,
});

/** The address that shows a saved view. */
export function searchOf(view: { id: string; state: ViewState }, timeZone: string): ContactsSearch {
  const { q, filters, sort, columns } = view.state;
  return known<ContactsSearch>({
    ...searchOfFilter({ ...filters, q: q ?? null }, timeZone),
    sort: sort && sort !== USUAL_SORT ? sort : undefined,
    columns: columns?.length ? columns.join(",") : undefined,
    view: view.id,
  });
}

/** What is shown now, as a view keeps it. */
export function stateOf(search: ContactsSearch, timeZone: string): ViewState {
  const { q, ...filters } = filterOf(search, timeZone);
  return {
    q: q ?? null,
    filters,
    sort: (search.sort ?? USUAL_SORT) as Sort,
    columns: search.columns?.split(",") ?? [],
  } as ViewState;
}

/** Whether the same people are asked for, in whatever order and columns. */
export const asksSame = (one: ContactsSearch, other: ContactsSearch): boolean =>
  showsSame({ ...conditionsOf(one), ...known({ q: one.q }) }, { ...conditionsOf(other), ...known({ q: other.q }) });

/** Whether two addresses show the same, whatever page or dialog is open. */
export function showsSame(one: ContactsSearch, other: ContactsSearch): boolean {
  const said = (search: ContactsSearch) => {
    const { fields, ...plain } = conditionsOf(search);
    const own = Object.entries(fields ?? {}).toSorted(([a], [b]) => a.localeCompare(b));
    const columns = search.columns?.split(",").toSorted() ?? null;
    return JSON.stringify([search.q, search.sort ?? USUAL_SORT, columns, Object.entries(plain).toSorted(), own]);
  };
  return said(one) === said(other);
}
