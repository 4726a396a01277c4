import { Skeleton, Table } from "@mantine/core";
import classes from "./DataTable.module.css";
import type { DataColumn } from "./types";

// Of different lengths, as names are; always the same, so that nothing flickers.
const LENGTHS = [62, 78, 54, 70, 46, 66, 58, 74];

export function SkeletonRows<Row>({ columns, check }: { columns: DataColumn<Row>[]; check: boolean }) {
  return Array.from({ length: 12 }, (_, row) => (
    <Table.Tr key={row} className={classes.row} aria-hidden>
      {check && (
        <Table.Td className={classes.check}>
          <Skeleton h={16} w={16} />
        </Table.Td>
      )}
      {columns.map((column, n) => (
        <Table.Td key={column.id} data-align={column.align}>
          <Skeleton h={10} w={`${LENGTHS[(row * 3 + n) % LENGTHS.length]}%`} className={classes.bone} />
        </Table.Td>
      ))}
    </Table.Tr>
  ));
}
