import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { fieldsQuery } from "@/api/directory";
import type { Contact, KnownField } from "@/api/types";

/** A field that the organization has added to its contacts. */
export type OwnField = Pick<KnownField, "key" | "label" | "kind" | "choices" | "filterable">;

const NONE: OwnField[] = [];

export function useOwnFields(): OwnField[] {
  const items = useQuery(fieldsQuery()).data?.items;
  return useMemo(() => items?.filter(({ custom }) => custom) ?? NONE, [items]);
}

/** What a contact has in an own field. */
export const valueOf = (contact: Contact, { key }: OwnField): unknown => contact.custom[key];
