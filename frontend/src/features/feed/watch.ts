import type { FeedNews, openFeed } from "@/api/feed";

/** `polling`: the stream is away and will be tried again; `asleep`: nobody looks; `over`: nobody is signed in. */
export type Mode = "connecting" | "live" | "polling" | "asleep" | "over";

export interface Ways {
  open: typeof openFeed;
  /** Looks the feed up once; false when the session has ended. */
  check: () => Promise<boolean>;
  onNews: (news: FeedNews) => void;
  onMode: (mode: Mode) => void;
}

export interface FeedWatch {
  /** Somebody signed in again. */
  resume: () => void;
  stop: () => void;
}

const SETTLED = 10_000;
const LONGEST = 60_000;
export const SLEEPS_AFTER = 180_000;

/** 1 s, 2 s, 4 s, … up to a minute, and never all tabs at the same time. */
const pause = (failures: number) => Math.min(LONGEST, 1_000 * 2 ** failures) * (0.8 + Math.random() * 0.4);

/**
 * Keeps one stream of the feed open while the tab is looked at: opens it again when it ends, more and more patiently;
 * lets it go when the tab has been hidden for long, and when the session is over.
 */
export function watchFeed({ open, check, onNews, onMode }: Ways): FeedWatch {
  let mode: Mode = "connecting";
  let close: (() => void) | null = null;
  let failures = 0;
  let opened = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  let sleeping: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const become = (next: Mode) => {
    mode = next;
    onMode(next);
  };
  const connect = () => {
    clearTimeout(again);
    if (stopped || close) return;
    close = open({
      onOpen: () => {
        const again = opened > 0 || failures > 0;
        opened = Date.now();
        become("live");
        // What happened while there was no stream.
        if (again) void check();
      },
      onNews,
      onEnd: () => void ended(),
    });
  };
  const ended = async () => {
    close = null;
    if (stopped) return;
    failures = opened && Date.now() - opened > SETTLED ? 0 : failures + 1;
    become("polling");
    const signedIn = await check();
    if (stopped || close || mode !== "polling") return;
    if (signedIn) again = setTimeout(connect, pause(failures));
    else become("over");
  };
  const letGo = () => {
    clearTimeout(again);
    close?.();
    close = null;
  };
  const sleep = () => {
    if (mode === "over") return;
    letGo();
    become("asleep");
  };
  const looked = () => {
    clearTimeout(sleeping);
    if (document.hidden) {
      sleeping = setTimeout(sleep, SLEEPS_AFTER);
    } else if (mode === "asleep") {
      failures = 0;
      become("connecting");
      connect();
    }
  };
  const online = () => mode === "polling" && connect();

  document.addEventListener("visibilitychange", looked);
  window.addEventListener("online", online);
  connect();
  looked();
  return {
    resume: () => {
      if (mode !== "over" || stopped) return;
      failures = 0;
      become("connecting");
      connect();
    },
    stop: () => {
      stopped = true;
      letGo();
      clearTimeout(sleeping);
      document.removeEventListener("visibilitychange", looked);
      window.removeEventListener("online", online);
    },
  };
}
