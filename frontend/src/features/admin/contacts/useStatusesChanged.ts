import { useQueryClient } from "@tanstack/react-query";

/** What shows statuses by name or colour is asked for again. */
export function useStatusesChanged() {
  const queryClient = useQueryClient();
  return async () => {
    void queryClient.invalidateQueries({ queryKey: ["contacts"] });
    void queryClient.invalidateQueries({ queryKey: ["contact-fields"] });
    await queryClient.invalidateQueries({ queryKey: ["contact-statuses"] });
  };
}
