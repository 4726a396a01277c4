import { useQueryClient } from "@tanstack/react-query";
import { meQuery } from "@/api/session";

/** After anything that one signs in with has changed: who one is, and all that this page shows. */
export function useSecurityChanged(): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: meQuery().queryKey }),
      queryClient.invalidateQueries({ queryKey: ["security"] }),
    ]);
}
