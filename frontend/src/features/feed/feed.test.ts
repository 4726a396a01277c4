import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FeedNews } from "@/api/feed";
import type { FeedItem } from "@/api/types";
import { withNews } from "./useFeed";
import { type FeedWatch, type Mode, SLEEPS_AFTER, watchFeed } from "./watch";

const item = (id: string, at: string, more: Partial<FeedItem> = {}): FeedItem => ({
  id,
  kind: "email_opened",
  at,
  read: false,
  count: 1,
  contact: null,
  email: null,
  salesflow: null,
  detail: {},
  ...more,
});

const feed = (...pages: FeedItem[][]) => ({
  pages: pages.map((items) => ({ items, next_cursor: null as string | null, unread: 1 })),
  pageParams: pages.map(() => ""),
});
const ids = (known: ReturnType<typeof feed>) => known.pages.map((page) => page.items.map(({ id }) => id));

describe("news in the feed", () => {
  it("come to the top, once, wherever they were", () => {
    const known = feed([item("b", "2026-11-25T10:00:00Z")], [item("a", "2026-11-25T09:00:00Z")]);
    const after = withNews(known, { unread: 2, item: item("a", "2026-11-25T11:00:00.5Z", { count: 2 }) });
    expect(ids(after)).toEqual([["a", "b"], []]);
    expect(after.pages[0]?.unread).toBe(2);
  });

  it("stand where their time puts them", () => {
    const known = feed([item("b", "2026-11-25T10:00:05.250Z")]);
    expect(ids(withNews(known, { unread: 2, item: item("a", "2026-11-25T10:00:05Z") }))).toEqual([["b", "a"]]);
  });

  it("may be no more than another number", () => {
    const after = withNews(feed([item("b", "2026-11-25T10:00:00Z")]), { unread: 0 });
    expect([ids(after), after.pages[0]?.unread]).toEqual([[["b"]], 0]);
  });
});

interface Stream {
  onOpen: () => void;
  onNews: (news: FeedNews) => void;
  onEnd: () => void;
}

describe("the watch of the feed", () => {
  let streams: Stream[] = [];
  let open = 0;
  let modes: Mode[] = [];
  let watch: FeedWatch;
  const check = vi.fn(() => Promise.resolve(true));
  const begin = () =>
    watchFeed({
      open: (stream) => {
        streams.push(stream);
        open += 1;
        return () => {
          open -= 1;
        };
      },
      check,
      onNews: vi.fn(),
      onMode: (mode) => modes.push(mode),
    });
  const end = (stream: Stream | undefined) => {
    open -= 1;
    stream?.onEnd();
  };
  const hide = (hidden: boolean) => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
    document.dispatchEvent(new Event("visibilitychange"));
  };

  beforeEach(() => {
    vi.useFakeTimers();
    streams = [];
    open = 0;
    modes = [];
    check.mockReset().mockResolvedValue(true);
    watch = begin();
  });
  afterEach(() => {
    watch.stop();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("opens another stream after a while when one has ended, and looks what was missed", async () => {
    streams[0]?.onOpen();
    end(streams[0]);
    await vi.advanceTimersByTimeAsync(0);
    expect([modes.at(-1), check.mock.calls.length, open]).toEqual(["polling", 1, 0]);
    await vi.advanceTimersByTimeAsync(5_000);
    streams[1]?.onOpen();
    expect([modes.at(-1), check.mock.calls.length, open]).toEqual(["live", 2, 1]);
  });

  it("looks what was missed when the stream is another one than before", () => {
    streams[0]?.onOpen();
    expect(check).not.toHaveBeenCalled();
    streams[0]?.onOpen();
    expect([modes.at(-1), check.mock.calls.length]).toEqual(["live", 1]);
  });

  it("waits longer and longer while streams fail", async () => {
    for (let n = 0; n < 4; n += 1) {
      end(streams[n]);
      await vi.advanceTimersByTimeAsync(2_000 * 2 ** (n + 1));
    }
    const tried = streams.length;
    end(streams.at(-1));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(streams.length).toBe(tried);
  });

  it("is over with the session, and goes on when somebody signs in again", async () => {
    check.mockResolvedValue(false);
    end(streams[0]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect([modes.at(-1), streams.length]).toEqual(["over", 1]);
    watch.resume();
    expect(streams.length).toBe(2);
  });

  it("sleeps while the tab is hidden for long, and never has two streams", async () => {
    streams[0]?.onOpen();
    hide(true);
    await vi.advanceTimersByTimeAsync(SLEEPS_AFTER - 1);
    expect(open).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect([modes.at(-1), open]).toEqual(["asleep", 0]);
    hide(false);
    expect(open).toBe(1);
    hide(false);
    expect(open).toBe(1);
  });
});
