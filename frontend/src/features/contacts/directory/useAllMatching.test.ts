import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useSelection } from "@/shared/table/selection";
import { useAllMatching } from "./useAllMatching";

interface Row {
  id: string;
}

const PAGE: Row[] = [{ id: "1" }, { id: "2" }, { id: "3" }];
const idOf = ({ id }: Row) => id;

const selecting = () =>
  renderHook(
    ({ asked }) => {
      const base = useSelection(idOf);
      return { base, ...useAllMatching(base, idOf, PAGE, asked) };
    },
    { initialProps: { asked: "everybody" } },
  );

it("means everybody who matches, also on pages that are not shown", () => {
  const { result } = selecting();
  act(() => result.current.selection.toggleAll(PAGE));
  act(() => result.current.selectAll());
  expect(result.current.all).toBe(true);
  expect(result.current.selection.has("on another page")).toBe(true);
});

it("means those of the page but one, when its tick is taken away", () => {
  const { result } = selecting();
  act(() => result.current.selectAll());
  act(() => result.current.selection.toggle({ id: "2" }));
  expect(result.current.all).toBe(false);
  expect([...result.current.base.rows.keys()]).toEqual(["1", "3"]);
});

it("is over when something else is asked for, and nobody is left over", () => {
  const { result, rerender } = selecting();
  act(() => result.current.selection.toggleAll(PAGE));
  act(() => result.current.selectAll());
  rerender({ asked: "some" });
  expect(result.current.all).toBe(false);
  expect(result.current.base.rows.size).toBe(0);
});
