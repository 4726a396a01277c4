import type { QueryClient } from "@tanstack/react-query";
import { meQuery } from "@/api/session";
import { speak } from "./i18n";

/**
 * The interface speaks the language of the signed-in person's culture, from the moment that it is known or changes;
 * once nobody is signed in, that of the browser.
 */
export function followCulture(queryClient: QueryClient): void {
  const { queryKey } = meQuery();
  let followed: string | undefined;
  queryClient.getQueryCache().subscribe(({ query, type }) => {
    if (query.queryHash !== JSON.stringify(queryKey) || type === "observerAdded") return;
    const culture = type === "removed" ? undefined : queryClient.getQueryData(queryKey)?.culture;
    if (culture === followed || (!culture && type !== "removed")) return;
    followed = culture;
    // The words of a language that can't be fetched now stay those of the one before.
    speak(culture).catch(() => undefined);
  });
}
