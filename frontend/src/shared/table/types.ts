import type { ReactNode } from "react";

/** A column of a DataTable. */
export interface DataColumn<Row> {
  id: string;
  header: string;
  cell: (row: Row, narrow: boolean) => ReactNode;
  /** The name the server sorts by; ascending first unless `descendingFirst`. */
  sort?: string;
  descendingFirst?: boolean;
  /** Any CSS width; what is left is shared by the columns without one. */
  width?: string;
  align?: "left" | "right";
  /** Always shown, not in the column chooser. */
  fixed?: boolean;
  hidden?: boolean;
  /** Also shown on a narrow screen; `narrowWidth` is its width there. */
  narrow?: boolean;
  narrowWidth?: string;
}

export interface TableQuery<Row> {
  rows: Row[] | undefined;
  isFetching: boolean;
  error: unknown;
  refetch: () => void;
}
