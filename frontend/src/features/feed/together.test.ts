import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FeedNews } from "@/api/feed";
import { openTogether } from "./together";

interface Stream {
  onOpen: () => void;
  onNews: (news: FeedNews) => void;
  onEnd: () => void;
  closed: boolean;
}

/** What the pages of one browser have in common. */
function browser() {
  const channels = new Set<Channel>();
  class Channel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor(readonly name: string) {
      channels.add(this);
    }
    postMessage(data: unknown) {
      const others = [...channels].filter((each) => each !== this && each.name === this.name);
      for (const other of others) queueMicrotask(() => channels.has(other) && other.onmessage?.({ data }));
    }
    close() {
      channels.delete(this);
    }
  }
  const held = new Map<string, Promise<void>>();
  const locks = {
    async request(name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>): Promise<void> {
      const before = held.get(name) ?? Promise.resolve();
      const mine = before.then(() => (signal.aborted ? undefined : work()));
      held.set(name, mine);
      await mine;
      signal.throwIfAborted();
    },
  };
  return { Channel, locks };
}

const passed = () => new Promise((resolve) => setTimeout(resolve));

describe("pages that watch the feed together", () => {
  let streams: Stream[] = [];
  const open = (watcher: Omit<Stream, "closed">) => {
    const stream = { ...watcher, closed: false };
    streams.push(stream);
    return () => {
      stream.closed = true;
    };
  };
  const page = (name = "feed") => {
    const heard: string[] = [];
    const leave = openTogether(
      name,
      open,
    )({
      onOpen: () => heard.push("open"),
      onNews: ({ unread }) => heard.push(`${unread} unread`),
      onEnd: () => heard.push("end"),
    });
    return { heard, leave };
  };
  const openOnes = () => streams.filter(({ closed }) => !closed).length;

  beforeEach(() => {
    streams = [];
    const { Channel, locks } = browser();
    vi.stubGlobal("BroadcastChannel", Channel);
    vi.stubGlobal("navigator", { locks });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("have one stream, and all hear what it says", async () => {
    const pages = [page(), page(), page()];
    await passed();
    streams[0]?.onOpen();
    streams[0]?.onNews({ unread: 2 });
    await passed();
    expect(streams.length).toBe(1);
    expect(pages.map(({ heard }) => heard)).toEqual(Array(3).fill(["open", "2 unread"]));
  });

  it("tell whoever comes later, and nobody else, that there is one", async () => {
    const first = page();
    await passed();
    streams[0]?.onOpen();
    const [second, third] = [page(), page()];
    await passed();
    expect([streams.length, first.heard, second.heard, third.heard]).toEqual([1, ["open"], ["open"], ["open"]]);
  });

  it("open another one when the page that has it goes, and look what was missed", async () => {
    const [first, second, third] = [page(), page(), page()];
    await passed();
    streams[0]?.onOpen();
    await passed();
    first.leave();
    await passed();
    expect([streams.length, openOnes()]).toEqual([2, 1]);
    streams[1]?.onOpen();
    await passed();
    expect([first.heard, second.heard, third.heard]).toEqual([["open"], ["open", "open"], ["open", "open"]]);
  });

  it("all hear that the stream has ended, and begin anew", async () => {
    const pages = [page(), page()];
    await passed();
    streams[0]?.onOpen();
    streams[0]?.onEnd();
    await passed();
    expect(pages.map(({ heard }) => heard)).toEqual(Array(2).fill(["open", "end"]));
    page();
    await passed();
    expect(streams.length).toBe(2);
  });

  it("never open one for a page that has gone while it waited", async () => {
    const [first, second] = [page(), page()];
    await passed();
    second.leave();
    first.leave();
    await passed();
    expect([streams.length, openOnes()]).toEqual([1, 0]);
  });

  it("are those of one user", async () => {
    page("feed of Ann");
    page("feed of Ben");
    await passed();
    expect(openOnes()).toBe(2);
  });

  it("have one each where browsers know no locks", async () => {
    vi.stubGlobal("navigator", {});
    page();
    page();
    await passed();
    expect(openOnes()).toBe(2);
  });

  it("have one each where locks are refused", async () => {
    vi.stubGlobal("navigator", { locks: { request: () => Promise.reject(new Error("refused")) } });
    page();
    page();
    await passed();
    expect(openOnes()).toBe(2);
  });
});
