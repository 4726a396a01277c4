import { useQueryClient } from "@tanstack/react-query";
import { faultsByField } from "@/api/errors";
import { meQuery, updateMe } from "@/api/session";
import type { MeInput } from "@/api/types";
import { useSubmission } from "@/shared/submission";

interface Form {
  setErrors: (faults: Record<string, string>) => void;
}

/** Saves what a step asked about the person; what the service refuses is said at its field. */
export function useSavedDetails(form: Form, onSaved: () => void) {
  const queryClient = useQueryClient();
  return useSubmission({
    mutationFn: (changes: MeInput) => updateMe(changes),
    onSuccess: (me) => {
      queryClient.setQueryData(meQuery().queryKey, me);
      onSaved();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
}

/** A refusal that belongs to none of these fields, to be said above them. */
export function otherFault(error: Error | null, fields: string[]): Error | null {
  const faults = Object.keys(faultsByField(error));
  return faults.some((field) => fields.includes(field)) ? null : error;
}
