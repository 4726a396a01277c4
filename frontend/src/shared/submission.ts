import { useMutation, type UseMutationOptions } from "@tanstack/react-query";
import { useRef } from "react";

/** A mutation that is submitted by a person: pressed twice, it is still done once. */
export function useSubmission<Data, Input = void>(options: UseMutationOptions<Data, Error, Input>) {
  const busy = useRef(false);
  const mutation = useMutation(options);
  const submit = (input: Input) => {
    if (busy.current) return;
    busy.current = true;
    mutation.mutate(input, { onSettled: () => (busy.current = false) });
  };
  return { submit, data: mutation.data, error: mutation.error, isPending: mutation.isPending };
}
