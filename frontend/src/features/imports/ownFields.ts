import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { importableFieldsQuery } from "@/api/imports";

/** The organization's own fields that a file can fill: their labels by key. */
export function useOwnFields(): ReadonlyMap<string, string> {
  const { data } = useQuery(importableFieldsQuery());
  return useMemo(
    () => new Map((data ?? []).filter(({ custom }) => custom).map(({ key, label }) => [key, label])),
    [data],
  );
}
