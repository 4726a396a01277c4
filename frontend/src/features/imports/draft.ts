import type { ContactImport, ImportInput } from "@/api/types";

export type OnExisting = NonNullable<ImportInput["on_existing"]>;

/** What somebody says about a file, as far as he has come. */
export interface Draft {
  /** The field of each column by its name; a column that is not there is left out. */
  mapping: Record<string, string>;
  country: string | null;
  onExisting: OnExisting;
  owner: string | null;
  status: string | null;
  list: string | null;
  /** The name of a list that is made for this import; null for none. */
  newList: string | null;
}

export const ON_EXISTING: readonly OnExisting[] = ["complete", "overwrite", "skip"];
const NAMES = ["first_name", "last_name"];

/** As the columns suggest, until somebody knows better. */
export function suggestedDraft({ columns }: ContactImport, country: string | null): Draft {
  const found = columns.flatMap(({ name, suggestion }) => (suggestion ? [[name, suggestion]] : []));
  return {
    mapping: Object.fromEntries(found) as Record<string, string>,
    country,
    onExisting: "complete",
    owner: null,
    status: null,
    list: null,
    newList: null,
  };
}

/** The mapping with another field for a column. A field has one column: the other one lets it go. */
export function mapped(mapping: Record<string, string>, column: string, field: string | null): Record<string, string> {
  const others = Object.entries(mapping).filter(([name, taken]) => name !== column && !excludes(field, taken));
  return Object.fromEntries(field ? [...others, [column, field]] : others);
}

/** The mapping once the file is read in another way: of columns that are there no more nothing is known any more. */
export function remapped(mapping: Record<string, string>, file: ContactImport): Record<string, string> {
  const isSame = file.columns.some(({ name }) => name in mapping);
  return isSame ? mapping : suggestedDraft(file, null).mapping;
}

/** The whole name stands in one column, or first and last name in two. */
function excludes(field: string | null, taken: string): boolean {
  if (field === null) return false;
  return field === taken || (field === "name" && NAMES.includes(taken)) || (taken === "name" && NAMES.includes(field));
}

/** Whether people can be told by what is mapped: by their last name or their address. */
export const tellsPeople = ({ mapping }: Draft) =>
  Object.values(mapping).some((field) => field === "last_name" || field === "name" || field === "email");

/** Only columns that the file has: it may be read in another way by now. */
export function inputOf(draft: Draft, { columns }: ContactImport): ImportInput {
  const names = new Set(columns.map(({ name }) => name));
  return {
    mapping: Object.fromEntries(Object.entries(draft.mapping).filter(([name]) => names.has(name))),
    on_existing: draft.onExisting,
    ...(draft.country ? { default_country: draft.country } : {}),
    ...(draft.owner ? { owner_id: draft.owner } : {}),
    ...(draft.status ? { status: draft.status } : {}),
    ...(draft.list ? { list_id: draft.list } : {}),
  };
}

const keyOf = (importId: string) => `engage-import-${importId}`;

/** What was said before a reload. It is the browser tab's, and goes with it. */
export function keptDraft(importId: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(importId)) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

export const keepDraft = (importId: string, draft: Draft) =>
  sessionStorage.setItem(keyOf(importId), JSON.stringify(draft));

export const forgetDraft = (importId: string) => sessionStorage.removeItem(keyOf(importId));
