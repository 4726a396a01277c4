import { useMemo, useState } from "react";
import type { Selection } from "@/shared/table/selection";

export interface AllMatching<Row> {
  selection: Selection<Row>;
  /** Everybody who matches is meant, not only those who were ticked. */
  all: boolean;
  selectAll: () => void;
}

/**
 * A selection that can mean everybody who matches. It lasts until something else is asked for (`asked`), or a tick is
 * taken away: then those of the page that are still ticked are meant.
 */
export function useAllMatching<Row>(
  base: Selection<Row>,
  idOf: (row: Row) => string,
  rows: Row[] | undefined,
  asked: string,
): AllMatching<Row> {
  const [allOf, setAllOf] = useState<string | null>(null);
  const all = allOf === asked;
  return useMemo(() => {
    const clear = () => {
      setAllOf(null);
      base.clear();
    };
    const selection: Selection<Row> = !all
      ? base
      : {
          ...base,
          has: () => true,
          toggle: (row) => {
            setAllOf(null);
            base.only((rows ?? []).filter((each) => idOf(each) !== idOf(row)));
          },
          toggleAll: clear,
          clear,
        };
    const selectAll = () => {
      setAllOf(asked);
      // Whoever was ticked before is among them: nobody is left over when something else is asked for.
      base.clear();
    };
    return { selection, all, selectAll };
  }, [all, asked, base, idOf, rows]);
}
