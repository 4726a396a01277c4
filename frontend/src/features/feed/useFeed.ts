import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { isProblem } from "@/api/errors";
import { type FeedNews, feedQuery, openFeed, readFeed } from "@/api/feed";
import type { FeedItem } from "@/api/types";
import { setBadge } from "@/shared/badge";
import { useMe } from "@/shared/session";
import { openTogether } from "./together";
import { type FeedWatch, type Mode, watchFeed } from "./watch";

const POLLED_EVERY = 15_000;

interface FeedPage {
  items: FeedItem[];
  next_cursor: string | null;
  unread: number;
}
type Feed = InfiniteData<FeedPage, string>;

const since = ({ at }: FeedItem) => Date.parse(at);
const newestFirst = (one: FeedItem, other: FeedItem) => since(other) - since(one) || other.id.localeCompare(one.id);

/** The feed with what has just arrived, where its time puts it: a reply may be heard of later than what followed it. */
export function withNews(feed: Feed, { unread, item }: FeedNews): Feed {
  const [first, ...others] = feed.pages.map((page) =>
    item ? { ...page, items: page.items.filter(({ id }) => id !== item.id) } : page,
  );
  if (!first) return feed;
  return {
    ...feed,
    pages: [{ ...first, unread, items: item ? [item, ...first.items].toSorted(newestFirst) : first.items }, ...others],
  };
}

/** The feed after everything up to this item was read. */
function withRead(feed: Feed, upTo: FeedItem | undefined, unread: number): Feed {
  const read = (item: FeedItem) => (!upTo || since(item) <= since(upTo) ? { ...item, read: true } : item);
  return { ...feed, pages: feed.pages.map((page) => ({ ...page, unread, items: page.items.map(read) })) };
}

/** The feed, kept up to date while the shell is on the screen: once, in the bell. */
export function useLiveFeed(onArrival: (item: FeedItem) => void) {
  const queryClient = useQueryClient();
  const userId = useMe()?.id;
  const [mode, setMode] = useState<Mode>("connecting");
  const feed = useInfiniteQuery({ ...feedQuery(), refetchInterval: mode === "polling" ? POLLED_EVERY : false });
  const unread = feed.data?.pages[0]?.unread ?? 0;
  const watch = useRef<FeedWatch>(null);
  const arrived = useRef(onArrival);
  useEffect(() => {
    arrived.current = onArrival;
  });

  useEffect(() => {
    const started = watchFeed({
      open: userId ? openTogether(`engage.feed.${userId}`, openFeed) : openFeed,
      check: () => stillSignedIn(queryClient),
      onNews: (news) => {
        queryClient.setQueryData<Feed>(feedQuery().queryKey, (known) => known && withNews(known, news));
        if (news.item) arrived.current(news.item);
      },
      onMode: setMode,
    });
    watch.current = started;
    return started.stop;
  }, [queryClient, userId]);

  // Whoever signs in again above the page makes every query ask anew: the first answer says that it is worth watching.
  useEffect(() => watch.current?.resume(), [feed.dataUpdatedAt]);

  useEffect(() => {
    setBadge(unread);
    return () => setBadge(0);
  }, [unread]);

  const reading = useMutation({
    mutationFn: (upTo: FeedItem | undefined) => readFeed(upTo?.id),
    onSuccess: (left, upTo) =>
      queryClient.setQueryData<Feed>(feedQuery().queryKey, (known) => known && withRead(known, upTo, left.unread)),
  });
  return { feed, unread, mode, read: reading.mutate };
}

async function stillSignedIn(queryClient: QueryClient): Promise<boolean> {
  const { queryKey } = feedQuery();
  await queryClient.refetchQueries({ queryKey, exact: true }, { cancelRefetch: false });
  const error = queryClient.getQueryState(queryKey)?.error;
  return !(isProblem(error) && error.status === 401);
}
