import { useLocalStorage } from "@mantine/hooks";
import { useMemo } from "react";
import { useMe } from "../session";
import type { DataColumn } from "./types";

export interface ColumnChoice<Row> {
  shown: DataColumn<Row>[];
  choosable: DataColumn<Row>[];
  isShown: (id: string) => boolean;
  toggle: (id: string) => void;
}

/** Which columns a person shows in a table, remembered for that person in this browser. */
export function useColumnChoice<Row>(table: string, columns: DataColumn<Row>[]): ColumnChoice<Row> {
  const me = useMe();
  const [chosen, setChosen] = useLocalStorage<Record<string, boolean>>({
    key: `engage-columns-${table}-${me?.id ?? "anyone"}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  return useMemo(() => {
    const isShown = (id: string) => {
      const column = columns.find((candidate) => candidate.id === id);
      return column?.fixed === true || (chosen[id] ?? !column?.hidden);
    };
    return {
      shown: columns.filter((column) => isShown(column.id)),
      choosable: columns.filter((column) => !column.fixed),
      isShown,
      toggle: (id: string) => setChosen((before) => ({ ...before, [id]: !isShown(id) })),
    };
  }, [chosen, columns, setChosen]);
}
