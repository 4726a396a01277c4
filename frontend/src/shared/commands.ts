import { useEffect, useRef, useSyncExternalStore } from "react";

export type CommandGroup = "page" | "create" | "go" | "account" | "help";

/** Something that can be done from the keyboard: one entry feeds the palette, the shortcuts and the sheet of them. */
export interface Command {
  id: string;
  group: CommandGroup;
  title: string;
  /** One key ("c"), or two in a row ("g c"). */
  keys?: string;
  run: () => void;
  /** Only a key, such as moving in a list: in the sheet, but not in the palette. */
  keyOnly?: boolean;
}

const registered = new Map<symbol, Command[]>();
const watchers = new Set<() => void>();
let all: Command[] = [];

function publish() {
  const latest = new Map<string, Command>();
  for (const commands of registered.values()) for (const command of commands) latest.set(command.id, command);
  all = [...latest.values()];
  watchers.forEach((watcher) => watcher());
}

/** Offers commands for as long as the caller is on the screen. */
export function useCommands(commands: Command[]): void {
  const current = useRef(commands);
  useEffect(() => {
    current.current = commands;
  });
  const shape = JSON.stringify(
    commands.map(({ id, group, title, keys, keyOnly }) => [id, group, title, keys, keyOnly]),
  );
  useEffect(() => {
    const key = Symbol("commands");
    const run = (id: string) => current.current.find((command) => command.id === id)?.run();
    registered.set(
      key,
      current.current.map((command) => ({ ...command, run: () => run(command.id) })),
    );
    publish();
    return () => {
      registered.delete(key);
      publish();
    };
  }, [shape]);
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export function useAllCommands(): Command[] {
  return useSyncExternalStore(subscribe, () => all);
}

export const allCommands = (): Command[] => all;
