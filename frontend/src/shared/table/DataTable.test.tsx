import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ApiProblem } from "@/api/errors";
import { useShortcuts } from "@/app/shortcuts";
import { shown } from "@/test/render";
import { DataTable } from "./DataTable";
import { useSelection } from "./selection";
import type { DataColumn, TableQuery } from "./types";

interface Row {
  id: string;
  name: string;
}

const ROWS: Row[] = [
  { id: "1", name: "Ann" },
  { id: "2", name: "Bob" },
];
const COLUMNS: DataColumn<Row>[] = [{ id: "name", header: "Name", sort: "name", cell: (row) => row.name }];
const idOf = (row: Row) => row.id;
const refetch = vi.fn();
const query = (changes: Partial<TableQuery<Row>>): TableQuery<Row> => ({
  rows: ROWS,
  isFetching: false,
  error: null,
  refetch,
  ...changes,
});

function Sample(props: {
  query: TableQuery<Row>;
  sort?: string;
  onSort?: (sort: string) => void;
  onOpen?: (row: Row) => void;
}) {
  useShortcuts();
  const selection = useSelection(idOf);
  return (
    <>
      <output>{[...selection.rows.keys()].join(",")}</output>
      <DataTable
        label="People"
        columns={COLUMNS}
        idOf={idOf}
        nameOf={(row) => row.name}
        empty={<p>Nobody yet</p>}
        selection={selection}
        {...props}
      />
    </>
  );
}

describe("the table", () => {
  it("shows the shape of what comes, and says that it is busy", async () => {
    await shown(<Sample query={query({ rows: undefined, isFetching: true })} />);
    expect(screen.getByRole("table")).toHaveAttribute("aria-busy", "true");
    expect(screen.queryByText("Nobody yet")).toBeNull();
  });

  it("says what to do when there is nothing", async () => {
    await shown(<Sample query={query({ rows: [] })} />);
    expect(screen.getByText("Nobody yet")).toBeVisible();
  });

  it("says what failed, with the request's id, and tries again", async () => {
    const error = new ApiProblem(500, { code: "internal_error", detail: "Broken.", request_id: "req-7" });
    await shown(<Sample query={query({ rows: undefined, error })} />);
    expect(screen.getByRole("alert")).toHaveTextContent("req-7");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(refetch).toHaveBeenCalledOnce();
  });

  it("sorts by its header, and back", async () => {
    const onSort = vi.fn();
    await shown(<Sample query={query({})} sort="name" onSort={onSort} />);
    expect(screen.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
    await userEvent.click(screen.getByRole("button", { name: "Name" }));
    expect(onSort).toHaveBeenCalledWith("-name");
  });

  it("is worked by keys: j moves, x selects, Enter opens", async () => {
    const onOpen = vi.fn();
    await shown(<Sample query={query({})} onOpen={onOpen} />);
    await userEvent.keyboard("jjx{Enter}");
    expect(screen.getByRole("status")).toHaveTextContent("2");
    expect(onOpen).toHaveBeenCalledWith(ROWS[1]);
  });

  it("selects the page and lets it go", async () => {
    await shown(<Sample query={query({})} />);
    const all = within(screen.getByRole("table")).getByRole("checkbox", { name: "Select all on this page" });
    await userEvent.click(all);
    expect(screen.getByRole("status")).toHaveTextContent("1,2");
    await userEvent.click(all);
    expect(screen.getByRole("status")).toBeEmptyDOMElement();
  });
});
