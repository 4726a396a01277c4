import { useQuery } from "@tanstack/react-query";
import { mergeFieldsQuery } from "@/api/salesflows";

/** A template as people read it where it can't be edited: merge fields by their labels, such as "Hi [First name]". */
export function useReadable(): (source: string) => string {
  const fields = useQuery(mergeFieldsQuery()).data?.items ?? [];
  const labels = new Map(fields.map(({ name, label }) => [name, label]));
  return (source) =>
    source.replace(/\{\{\s*([\w.]+).*?\}\}/g, (_, name: string) => `[${labels.get(name) ?? name.split(".").at(-1)}]`);
}
