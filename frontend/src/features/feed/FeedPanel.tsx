import { Button, Skeleton, Text, Title } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { IconBell, IconChecks } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FeedItem } from "@/api/types";
import { useFormat } from "@/shared/format";
import { byDay } from "@/shared/happened";
import happened from "@/shared/happened.module.css";
import { ButtonLink } from "@/shared/links";
import { EmptyState, ErrorState } from "@/shared/states";
import classes from "./Feed.module.css";
import { FeedRow, SIGN } from "./FeedRow";

interface Props {
  feed: UseInfiniteQueryResult<InfiniteData<{ items: FeedItem[]; unread: number }>>;
  unread: number;
  live: boolean;
  onRead: (upTo: FeedItem | undefined) => void;
  onClose: () => void;
}

/** What happened lately, by day. What was shown counts as read; what was unread until then is still marked. */
export function FeedPanel({ feed, unread, live, onRead, onClose }: Props) {
  const { t } = useTranslation("feed");
  const items = feed.data?.pages.flatMap((page) => page.items);
  const [fresh, setFresh] = useState<ReadonlySet<string> | null>(null);
  const newest = items?.[0];
  // Once, as soon as there is something to look at.
  if (fresh === null && items) setFresh(new Set(items.filter(({ read }) => !read).map(({ id }) => id)));
  const region = useRef<HTMLDivElement>(null);
  const looked = fresh !== null;
  const seen = useRef(() => {});
  useEffect(() => {
    seen.current = () => {
      if (newest && unread > 0) onRead(newest);
    };
  });
  // Once when it is opened, and for what arrived meanwhile when it is closed.
  useEffect(() => {
    if (!looked) return;
    seen.current();
    return () => seen.current();
  }, [looked]);
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <Title order={2} visibleFrom="sm">
          {t("title")}
        </Title>
        {unread > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconChecks size={15} />}
            onClick={() => {
              setFresh(new Set());
              // The button goes with what was unread; the focus stays in the panel.
              region.current?.focus();
              onRead(undefined);
            }}
          >
            {t("markAll")}
          </Button>
        )}
      </div>
      {!live && (
        <Text size="xs" c="dimmed" className={classes.note} role="status">
          {t("offline")}
        </Text>
      )}
      {/* A region that scrolls has to be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={region} className={classes.scroll} role="region" aria-label={t("list")} tabIndex={0} data-autofocus>
        {!items && !feed.error && <FeedSkeleton />}
        {!items && feed.error && <ErrorState error={feed.error} retry={() => void feed.refetch()} />}
        {items?.length === 0 && (
          <EmptyState icon={IconBell} title={t("empty")} why={t("emptyWhy")}>
            <ButtonLink to="/contacts" variant="default" onClick={onClose}>
              {t("goContacts")}
            </ButtonLink>
          </EmptyState>
        )}
        {items && items.length > 0 && <Days items={items} isNew={(id) => fresh?.has(id) ?? false} onFollow={onClose} />}
        {feed.hasNextPage && (
          <Button
            fullWidth
            variant="subtle"
            color="gray"
            className={classes.more}
            loading={feed.isFetchingNextPage}
            onClick={() => void feed.fetchNextPage()}
          >
            {t("more")}
          </Button>
        )}
      </div>
    </div>
  );
}

interface DaysProps {
  items: FeedItem[];
  isNew: (id: string) => boolean;
  onFollow: () => void;
}

function Days({ items, isNew, onFollow }: DaysProps) {
  const { day } = useFormat();
  return byDay(items, day).map(([name, ofDay]) => (
    <section key={name} aria-label={name}>
      <h3 className={classes.day}>{name}</h3>
      <ul className={happened.list}>
        {ofDay.map((item) => (
          <li key={item.id}>
            <FeedRow item={item} unread={!item.read || isNew(item.id)} onFollow={onFollow} />
          </li>
        ))}
      </ul>
    </section>
  ));
}

function FeedSkeleton() {
  return [70, 55, 80, 60].map((width, n) => (
    <div key={n} className={classes.row} aria-busy>
      <Skeleton circle h={SIGN} w={SIGN} />
      <div className={classes.text}>
        <Skeleton h={12} my={4} w={`${width}%`} />
        <Skeleton h={10} my={5} w="45%" />
      </div>
    </div>
  ));
}
