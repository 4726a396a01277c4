import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useMemo, useRef } from "react";
import { useMe } from "../session";
import type { DataColumn } from "./types";

export interface ColumnChoice<Row> {
  shown: DataColumn<Row>[];
  choosable: DataColumn<Row>[];
  isShown: (id: string) => boolean;
  toggle: (id: string) => void;
}

interface Named {
  /** The columns that an address or a saved view names; without, those that the person last chose. */
  ids: string[] | undefined;
  onChange: (ids: string[]) => void;
  /** Whether what is chosen now is to be shown next time too. */
  remembers: boolean;
}

/** Which columns a person shows in a table, remembered for that person in this browser. */
export function useColumnChoice<Row>(table: string, columns: DataColumn<Row>[], named?: Named): ColumnChoice<Row> {
  const me = useMe();
  const [chosen, setChosen] = useLocalStorage<Record<string, boolean>>({
    key: `engage-columns-${table}-${me?.id ?? "anyone"}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const told = named?.ids?.join();
  const usual = named !== undefined && !named.remembers;
  const change = useRef(named?.onChange);
  useEffect(() => {
    change.current = named?.onChange;
  });
  return useMemo(() => {
    const ids = told?.split(",");
    const isShown = (id: string) => {
      const column = columns.find((candidate) => candidate.id === id);
      if (column?.fixed) return true;
      return ids ? ids.includes(id) : ((usual ? undefined : chosen[id]) ?? !column?.hidden);
    };
    const toggle = (id: string) => {
      const shown = columns.filter((column) => !column.fixed && isShown(column.id) !== (column.id === id));
      if (!usual) setChosen(Object.fromEntries(columns.map((column) => [column.id, shown.includes(column)])));
      change.current?.(shown.map((column) => column.id));
    };
    return {
      shown: columns.filter((column) => isShown(column.id)),
      choosable: columns.filter((column) => !column.fixed),
      isShown,
      toggle,
    };
  }, [chosen, columns, setChosen, told, usual]);
}
