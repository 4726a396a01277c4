import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { FeedItem } from "./types";

export const FEED_STREAM = "/me/feed/stream";

export const feedQuery = () =>
  infiniteQueryOptions({
    queryKey: ["feed"],
    queryFn: ({ signal, pageParam }) =>
      answer(
        http.GET("/me/feed", { params: { query: { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) } }, signal }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
    staleTime: 60_000,
  });

/** Everything up to this item was read; without one, everything. */
export const readFeed = (up_to?: string) => answer(http.POST("/me/feed/read", { body: up_to ? { up_to } : {} }));

export interface FeedNews {
  unread: number;
  item?: FeedItem;
}

interface Watcher {
  onOpen: () => void;
  onNews: (news: FeedNews) => void;
  /** The stream is over, for whatever reason; it is not opened again by itself. */
  onEnd: () => void;
}

/** Opens the stream of the feed; gives what closes it. */
export function openFeed({ onOpen, onNews, onEnd }: Watcher): () => void {
  const stream = new EventSource(FEED_STREAM);
  const news = (event: MessageEvent<string>) => onNews(JSON.parse(event.data) as FeedNews);
  stream.addEventListener("open", onOpen);
  stream.addEventListener("unread", news);
  stream.addEventListener("notification", news);
  stream.addEventListener("error", () => {
    stream.close();
    onEnd();
  });
  return () => stream.close();
}
