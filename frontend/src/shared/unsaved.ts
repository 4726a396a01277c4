import { useBlocker } from "@tanstack/react-router";
import { i18next } from "@/app/i18n";
import { confirmed } from "./feedback";

/** Asks before changes that are not saved would be lost by going to another page. */
export function useUnsavedGuard(dirty: boolean): void {
  useBlocker({
    shouldBlockFn: async ({ current, next }) =>
      dirty &&
      current.pathname !== next.pathname &&
      !(await confirmed({
        title: i18next.t("form.leave"),
        body: i18next.t("form.leaveBody"),
        confirm: i18next.t("form.leaveConfirm"),
        danger: true,
      })),
    enableBeforeUnload: () => dirty,
  });
}
