import { useSyncExternalStore } from "react";

let asked = false;
const watchers = new Set<() => void>();

function set(value: boolean) {
  asked = value;
  watchers.forEach((watcher) => watcher());
}

/** Somebody wants to be shown around: the shell does it, now or as soon as it is drawn. */
export const askForTour = () => set(true);
export const tourIsOver = () => set(false);

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export const useTourAsked = (): boolean => useSyncExternalStore(subscribe, () => asked);
