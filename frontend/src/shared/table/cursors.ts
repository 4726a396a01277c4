import { useNavigate, useRouterState } from "@tanstack/react-router";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The cursors of the pages before this one, oldest first; "" is the first page. */
    cursors?: string[];
  }
}

interface Paging {
  page: number;
  next: (cursor: string | null | undefined) => (() => void) | undefined;
  previous: (() => void) | undefined;
}

/**
 * Pages by keyset: the URL holds the cursor of the page that is shown, the history entry those of the pages before it.
 * A shared link knows none of them: from there, previous goes to the first page.
 */
export function useCursorPaging(cursor: string | undefined): Paging {
  const navigate = useNavigate();
  const cursors = useRouterState({ select: (state) => state.location.state.cursors });
  const before = cursor ? (cursors ?? [""]) : [];
  const show = (target: string | undefined, stack: string[]) =>
    void navigate({
      to: ".",
      search: (current: Record<string, unknown>) => ({ ...current, cursor: target || undefined }),
      state: { cursors: stack },
    } as never);
  return {
    page: before.length + 1,
    next: (following) => (following ? () => show(following, [...before, cursor ?? ""]) : undefined),
    previous: before.length ? () => show(before.at(-1), before.slice(0, -1)) : undefined,
  };
}
