import type { TFunction } from "i18next";

// What a column can be, in the order in which people think of it.
const GROUPS = {
  person: ["email", "first_name", "last_name", "name", "salutation"],
  work: ["company", "job_title", "business_phone", "mobile_phone"],
  address: ["street", "city", "state", "zip", "country", "time_zone"],
  sales: ["status", "owner"],
} as const;

type Known = (typeof GROUPS)[keyof typeof GROUPS][number];

const known = (field: string): field is Known => Object.values(GROUPS).some((group) => group.includes(field as never));

/** The name of a field; the organization's own ones are named by their labels. */
export function fieldName(t: TFunction<"imports">, field: string, own: ReadonlyMap<string, string>): string {
  return known(field) ? t(`field.${field}`) : (own.get(field) ?? field);
}

/** The fields that the service takes, in groups. */
export function fieldChoices(t: TFunction<"imports">, fields: readonly string[], own: ReadonlyMap<string, string>) {
  const choice = (field: string) => ({ value: field, label: fieldName(t, field, own) });
  const groups = Object.entries(GROUPS).map(([group, names]) => ({
    group: t(`group.${group as keyof typeof GROUPS}`),
    items: names.filter((name) => fields.includes(name)).map(choice),
  }));
  const others = fields.filter((field) => !known(field)).map(choice);
  return [...groups, { group: t("group.own"), items: others }].filter(({ items }) => items.length > 0);
}
