import { useQueryClient } from "@tanstack/react-query";

/** What shows or uses own fields is asked for again. */
export function useFieldsChanged() {
  const queryClient = useQueryClient();
  return async () => {
    void queryClient.invalidateQueries({ queryKey: ["merge-fields"] });
    await queryClient.invalidateQueries({ queryKey: ["contact-fields"] });
  };
}
