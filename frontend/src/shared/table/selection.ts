import { useCallback, useMemo, useState } from "react";

/** What is selected, also on pages that are not shown: the rows by their id. */
export interface Selection<Row> {
  rows: Map<string, Row>;
  has: (id: string) => boolean;
  toggle: (row: Row) => void;
  /** Selects these rows, or lets all of them go when all are selected. */
  toggleAll: (rows: Row[]) => void;
  /** Selects these rows and no others. */
  only: (rows: Row[]) => void;
  clear: () => void;
}

export function useSelection<Row>(idOf: (row: Row) => string): Selection<Row> {
  const [rows, setRows] = useState<Map<string, Row>>(new Map());
  const toggle = useCallback(
    (row: Row) =>
      setRows((before) => {
        const after = new Map(before);
        if (!after.delete(idOf(row))) after.set(idOf(row), row);
        return after;
      }),
    [idOf],
  );
  const toggleAll = useCallback(
    (page: Row[]) =>
      setRows((before) => {
        const after = new Map(before);
        const all = page.every((row) => before.has(idOf(row)));
        page.forEach((row) => (all ? after.delete(idOf(row)) : after.set(idOf(row), row)));
        return after;
      }),
    [idOf],
  );
  const only = useCallback((kept: Row[]) => setRows(new Map(kept.map((row) => [idOf(row), row]))), [idOf]);
  const clear = useCallback(() => setRows(new Map()), []);
  return useMemo(
    () => ({ rows, has: (id: string) => rows.has(id), toggle, toggleAll, only, clear }),
    [rows, toggle, toggleAll, only, clear],
  );
}
