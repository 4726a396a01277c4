import { useEffect } from "react";
import { allCommands } from "@/shared/commands";

const PAUSE = 900;

const typing = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]") !==
    null;

/** A key belongs to what has the focus when that acts on it itself. */
const taken = (event: KeyboardEvent) =>
  event.key === "Enter" && event.target instanceof Element && event.target.closest("a, button") !== null;

/** Listens to the keys of all commands on the screen; never while somebody types or a dialog is open. */
export function useShortcuts(): void {
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (typing(event.target) || document.querySelector("[role=dialog]") || taken(event)) return;
      const sequence = first && event.timeStamp - first.at < PAUSE ? `${first.key} ${event.key}` : null;
      const commands = allCommands();
      const command =
        commands.find((each) => each.keys === sequence) ?? commands.find((each) => each.keys === event.key);
      first = command ? null : { key: event.key, at: event.timeStamp };
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
