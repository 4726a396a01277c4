import { useSyncExternalStore } from "react";

const watchers = new Set<() => void>();
let count = 0;

/** How many news wait: shown in the title of the tab, and by a dot on its icon. */
export function setBadge(news: number): void {
  if (news === count) return;
  count = news;
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  const file = news > 0 ? "favicon-unread.svg" : "favicon.svg";
  if (icon) icon.href = `${import.meta.env.BASE_URL}${file}`;
  watchers.forEach((watcher) => watcher());
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** The title of the tab with the news before it: "(3) Contacts · Engage". */
export function useBadgedTitle(title: string): string {
  const news = useSyncExternalStore(subscribe, () => count);
  return news > 0 ? `(${news > 99 ? "99+" : news}) ${title}` : title;
}
