import { Checkbox, Table } from "@mantine/core";
import { memo, type MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import classes from "./DataTable.module.css";
import type { DataColumn } from "./types";

interface Props<Row> {
  row: Row;
  id: string;
  name: string;
  columns: DataColumn<Row>[];
  narrow: boolean;
  /** Undefined where rows can't be selected. */
  selected: boolean | undefined;
  active: boolean;
  opens: boolean;
  onToggle: (row: Row) => void;
  onOpen: (row: Row) => void;
}

const interactive = (event: MouseEvent) =>
  event.target instanceof Element &&
  event.target.closest("a, button, input, label, [role=menu], [role=dialog]") !== null;

function Drawn<Row>({ row, id, name, columns, narrow, selected, active, opens, onToggle, onOpen }: Props<Row>) {
  const { t } = useTranslation();
  return (
    <Table.Tr
      className={classes.row}
      data-row={id}
      data-active={active || undefined}
      data-selected={selected || undefined}
      data-opens={opens || undefined}
      onClick={(event) => {
        if (!interactive(event)) onOpen(row);
      }}
    >
      {selected !== undefined && (
        <Table.Td className={classes.check}>
          <Checkbox aria-label={t("table.select", { name })} checked={selected} onChange={() => onToggle(row)} />
        </Table.Td>
      )}
      {columns.map((column) => (
        <Table.Td key={column.id} data-align={column.align}>
          {column.cell(row, narrow)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

/** One row; drawn again only when something of it has changed, so that ticking one of a hundred costs one. */
export const TableRow = memo(Drawn) as typeof Drawn;
