import type { FeedNews, openFeed } from "@/api/feed";

type Open = typeof openFeed;

/** `who`: is there a stream? `here`: yes, for whoever has just come; `open`: there is another one. */
type Said = { said: "who" | "here" | "open" | "end" } | { said: "news"; news: FeedNews };

/**
 * Opens one stream for all pages of the browser that do so under this name: one of them has it and tells the others.
 * When that page lets go of it, or is closed, another one opens the next. Where browsers can't, each page has its own.
 */
export function openTogether(name: string, open: Open): Open {
  if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) return open;
  return ({ onOpen, onNews, onEnd }) => {
    const channel = new BroadcastChannel(name);
    const waiting = new AbortController();
    let hears = false;
    let left = false;
    let close: (() => void) | null = null;
    let release = () => {};

    const tell = (said: Said) => channel.postMessage(said);
    const leave = () => {
      left = true;
      waiting.abort();
      close?.();
      release();
      channel.close();
    };
    const opened = () => {
      hears = true;
      onOpen();
    };
    const ended = () => {
      leave();
      onEnd();
    };
    // As long as the lock is held, so is the stream.
    const lead = () =>
      new Promise<void>((resolve) => {
        release = resolve;
        if (left) {
          resolve();
          return;
        }
        close = open({
          onOpen: () => {
            tell({ said: "open" });
            opened();
          },
          onNews: (news) => {
            tell({ said: "news", news });
            onNews(news);
          },
          onEnd: () => {
            tell({ said: "end" });
            ended();
          },
        });
      });

    channel.onmessage = ({ data }: MessageEvent<Said>) => {
      if (left) return;
      if (close) {
        if (data.said === "who" && hears) tell({ said: "here" });
      } else if (data.said === "news") onNews(data.news);
      else if (data.said === "end") ended();
      else if (data.said === "open" || (data.said === "here" && !hears)) opened();
    };
    tell({ said: "who" });
    navigator.locks.request(name, { signal: waiting.signal }, lead).catch(() => {
      // Locks may be refused to a page: then it has a stream of its own.
      if (!left && !close) void lead();
    });
    return leave;
  };
}
