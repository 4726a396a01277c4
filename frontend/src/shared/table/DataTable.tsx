import { Checkbox, Table } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { columnVisibilityFeature, type ColumnDef, tableFeatures, useTable } from "@tanstack/react-table";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommands } from "../commands";
import { useNarrow } from "../narrow";
import { ErrorState } from "../states";
import classes from "./DataTable.module.css";
import { Pager, type PagerProps } from "./Pager";
import type { Selection } from "./selection";
import { SkeletonRows } from "./SkeletonRows";
import { TableRow } from "./TableRow";
import type { DataColumn, TableQuery } from "./types";

const features = tableFeatures({ columnVisibilityFeature });
const NOTHING: never[] = [];

interface Props<Row> {
  label: string;
  columns: DataColumn<Row>[];
  query: TableQuery<Row>;
  idOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  /** Shown in place of no rows: why, and what to do. */
  empty: ReactNode;
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  selection?: Selection<Row>;
  onOpen?: (row: Row) => void;
  pager?: PagerProps;
}

/** The one table: rows from the server in four states, sorted and paged by the server, worked by mouse or keys. */
export function DataTable<Row extends object>(props: Props<Row>) {
  const { columns, query, idOf, nameOf, selection, onOpen } = props;
  const { t } = useTranslation();
  const narrow = useNarrow();
  const rows = query.rows ?? (NOTHING as Row[]);
  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        header: column.header,
        cell: ({ row }) => column.cell(row.original, narrow),
      })),
    [columns, narrow],
  );
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map((column) => [column.id, !narrow || column.narrow === true])),
    [columns, narrow],
  );
  const table = useTable({ features, columns: definitions, data: rows, getRowId: idOf, state: { columnVisibility } });
  const visible = useMemo(() => columns.filter((column) => columnVisibility[column.id]), [columns, columnVisibility]);
  const { active, setActive, region } = useRowKeys({ rows, idOf, selection, onOpen });
  const latest = useRef({ selection, onOpen });
  useEffect(() => {
    latest.current = { selection, onOpen };
  });
  // The same for good, so that a row need not be drawn again for them.
  const toggle = useCallback((row: Row) => latest.current.selection?.toggle(row), []);
  const open = useCallback(
    (row: Row) => {
      setActive(idOf(row));
      latest.current.onOpen?.(row);
    },
    [idOf, setActive],
  );
  const span = visible.length + (selection ? 1 : 0);

  return (
    <div className={classes.frame}>
      <div className={classes.progress} data-on={(query.isFetching && query.rows !== undefined) || undefined} />
      {/* A region that scrolls has to be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroll} ref={region} role="region" aria-label={props.label} tabIndex={0}>
        <Table className={classes.table} aria-busy={query.rows === undefined && !query.error}>
          <colgroup>
            {selection && <col style={{ width: "calc(var(--page-gap) + 24px)" }} />}
            {visible.map((column) => (
              <col key={column.id} style={{ width: narrow ? column.narrowWidth : column.width }} />
            ))}
          </colgroup>
          <Table.Thead>
            {table.getHeaderGroups().map((group) => (
              <Table.Tr key={group.id}>
                {selection && (
                  <Table.Th className={classes.check}>
                    <Checkbox
                      aria-label={t("table.selectPage")}
                      disabled={rows.length === 0}
                      checked={rows.length > 0 && rows.every((row) => selection.has(idOf(row)))}
                      indeterminate={
                        rows.some((row) => selection.has(idOf(row))) && !rows.every((row) => selection.has(idOf(row)))
                      }
                      onChange={() => selection.toggleAll(rows)}
                    />
                  </Table.Th>
                )}
                {group.headers.map((header) => (
                  <HeaderCell
                    key={header.id}
                    column={columns.find((column) => column.id === header.column.id) as DataColumn<Row>}
                    sort={props.sort}
                    onSort={props.onSort}
                  />
                ))}
              </Table.Tr>
            ))}
          </Table.Thead>
          <Table.Tbody>
            {query.rows === undefined && !query.error && <SkeletonRows columns={visible} check={Boolean(selection)} />}
            {!query.error &&
              table
                .getRowModel()
                .rows.map((row) => (
                  <TableRow
                    key={row.id}
                    row={row.original}
                    id={row.id}
                    name={nameOf(row.original)}
                    columns={visible}
                    narrow={narrow}
                    selected={selection?.has(row.id)}
                    active={active === row.id}
                    opens={onOpen !== undefined}
                    onToggle={toggle}
                    onOpen={open}
                  />
                ))}
            {(query.error || query.rows?.length === 0) && (
              <Table.Tr>
                <Table.Td colSpan={span} className={classes.instead}>
                  {query.error ? <ErrorState error={query.error} retry={query.refetch} /> : props.empty}
                </Table.Td>
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
      </div>
      {props.pager && <Pager {...props.pager} />}
    </div>
  );
}

interface HeaderProps<Row> {
  column: DataColumn<Row>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderProps<Row>) {
  if (!column.sort || !onSort) return <Table.Th data-align={column.align}>{column.header}</Table.Th>;
  const descending = sort === `-${column.sort}`;
  const sorted = descending || sort === column.sort;
  const first = column.descendingFirst ? `-${column.sort}` : column.sort;
  const other = column.descendingFirst ? column.sort : `-${column.sort}`;
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th data-align={column.align} aria-sort={sorted ? (descending ? "descending" : "ascending") : "none"}>
      <button type="button" className={classes.sort} onClick={() => onSort(sort === first ? other : first)}>
        {column.header}
        <Arrow size={13} className={classes.arrow} data-on={sorted || undefined} aria-hidden />
      </button>
    </Table.Th>
  );
}

interface Keys<Row> {
  rows: Row[];
  idOf: (row: Row) => string;
  selection: Selection<Row> | undefined;
  onOpen: ((row: Row) => void) | undefined;
}

/** j and k move, x selects, Enter opens. */
function useRowKeys<Row>({ rows, idOf, selection, onOpen }: Keys<Row>) {
  const { t } = useTranslation();
  const [active, setActive] = useState<string | null>(null);
  const region = useRef<HTMLDivElement>(null);
  const at = rows.findIndex((row) => idOf(row) === active);
  const current = rows[at];
  const move = (by: 1 | -1) => {
    const row = rows[Math.min(Math.max(at < 0 ? 0 : at + by, 0), rows.length - 1)];
    if (row) setActive(idOf(row));
  };
  useEffect(() => {
    if (active)
      region.current?.querySelector(`[data-row="${CSS.escape(active)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active]);
  useCommands([
    { id: "table.down", group: "page", title: t("table.keyDown"), keys: "j", keyOnly: true, run: () => move(1) },
    { id: "table.up", group: "page", title: t("table.keyUp"), keys: "k", keyOnly: true, run: () => move(-1) },
    ...(selection
      ? [
          {
            id: "table.select",
            group: "page" as const,
            title: t("table.keySelect"),
            keys: "x",
            keyOnly: true,
            run: () => current && selection.toggle(current),
          },
        ]
      : []),
    ...(onOpen
      ? [
          {
            id: "table.open",
            group: "page" as const,
            title: t("table.keyOpen"),
            keys: "Enter",
            keyOnly: true,
            run: () => current && onOpen(current),
          },
        ]
      : []),
  ]);
  return { active, setActive, region };
}
