import { useMutation } from "@tanstack/react-query";
import { actOnContacts } from "@/api/directory";
import type { BulkAction, BulkInput } from "@/api/types";
import { failed } from "@/shared/feedback";
import { useJobStarted } from "@/shared/jobs/useJobs";

/** Who is meant: some, or everybody who matches. */
export type Target = Pick<BulkInput, "contact_ids"> | Pick<BulkInput, "filter">;

/** Acts on many contacts in the background; what comes of it is told by the tray of jobs. */
export function useBulk(onStarted: () => void) {
  const began = useJobStarted();
  const start = async (target: Target, action: BulkAction) => {
    began(await actOnContacts({ ...target, action }));
    onStarted();
  };
  const acting = useMutation({
    mutationFn: ({ target, action }: { target: Target; action: BulkAction }) => start(target, action),
    onError: failed,
  });
  return {
    act: (target: Target, action: BulkAction) => acting.mutate({ target, action }),
    start,
    busy: acting.isPending,
  };
}
