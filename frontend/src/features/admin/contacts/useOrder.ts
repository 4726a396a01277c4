import { type KeyboardEvent, type PointerEvent, useState } from "react";

/** The list with one of its items elsewhere. */
export function moved<Item>(items: Item[], from: number, to: number): Item[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

/** Over which of the items of its list the pointer is. */
function placeUnder({ currentTarget, clientY }: PointerEvent): number {
  const rows = [...(currentTarget.closest("ol")?.children ?? [])];
  const found = rows.findIndex((row) => clientY < row.getBoundingClientRect().bottom);
  return found < 0 ? rows.length - 1 : found;
}

interface Order<Item> {
  /** As it is shown: while something is dragged, with that where it would be dropped. */
  shown: Item[];
  dragged: string | null;
  /** For the handle of the item at this position. */
  handle: (position: number) => {
    onKeyDown: (event: KeyboardEvent) => void;
    onPointerDown: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerUp: () => void;
    onPointerCancel: () => void;
  };
}

/** Lets people put a list in order, by dragging or with the arrow keys. `onOrder` gets the new order, and who moved where. */
export function useOrder<Item extends { id: string }>(
  items: Item[],
  onOrder: (ids: string[], item: Item, position: number) => void,
): Order<Item> {
  const [drag, setDrag] = useState<{ id: string; to: number } | null>(null);
  const from = drag ? items.findIndex(({ id }) => id === drag.id) : -1;
  const shown = drag && from >= 0 ? moved(items, from, drag.to) : items;

  const put = (start: number, end: number) => {
    const item = items[start];
    if (!item || end === start || end < 0 || end >= items.length) return;
    onOrder(
      moved(items, start, end).map(({ id }) => id),
      item,
      end,
    );
  };
  return {
    shown,
    dragged: drag?.id ?? null,
    handle: (position) => ({
      onKeyDown: (event) => {
        const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
        if (step === 0) return;
        event.preventDefault();
        put(position, position + step);
      },
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const id = shown[position]?.id;
        if (id) setDrag({ id, to: position });
      },
      onPointerMove: (event) => {
        if (!drag) return;
        const to = placeUnder(event);
        if (to !== drag.to) setDrag({ ...drag, to });
      },
      onPointerUp: () => {
        if (drag) put(from, drag.to);
        setDrag(null);
      },
      onPointerCancel: () => setDrag(null),
    }),
  };
}
