import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDocumentVisibility } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { cancelJob, isUnderWay, jobsQuery, openJob, undoJob } from "@/api/jobs";
import type { Job } from "@/api/types";
import { failed } from "../feedback";

const POLLED_EVERY = 2_000;
const { queryKey } = jobsQuery();
// What a job may have changed.
const CHANGED = [["contacts"], ["contact-statuses"], ["contact-lists"], ["salesflows"], ["imports"], ["duplicates"]];

type Jobs = { items: Job[]; next_cursor: string | null };

/** The latest word on a job, in its place or as the newest. */
function put(queryClient: QueryClient, job: Job): void {
  queryClient.setQueryData<Jobs>(queryKey, (known) => {
    if (!known) return known;
    const there = known.items.some(({ id }) => id === job.id);
    const items = there ? known.items.map((each) => (each.id === job.id ? job : each)) : [job, ...known.items];
    return { ...known, items };
  });
}

/** Of a job that somebody here has just begun: it is shown at once, and what came of it is told. */
export function useJobStarted(): (job: Job) => void {
  const queryClient = useQueryClient();
  return (job) => {
    begun.add(job.id);
    // A list that was asked for before does not know of it.
    void queryClient.cancelQueries({ queryKey });
    put(queryClient, job);
    void queryClient.invalidateQueries({ queryKey });
  };
}

// What was begun on this page, however soon it is over.
const begun = new Set<string>();

/** One's jobs, kept up to date while the shell is on the screen: once, in the tray. `onEnd` hears of each that ends. */
export function useLiveJobs(onEnd: (job: Job) => void): Job[] | undefined {
  const queryClient = useQueryClient();
  const seen = useDocumentVisibility() === "visible";
  const [streamed, setStreamed] = useState<string | null>(null);
  const { data } = useQuery({
    ...jobsQuery(),
    refetchInterval: ({ state }) =>
      state.data?.items.some((job) => isUnderWay(job) && job.id !== streamed) ? POLLED_EVERY : false,
  });
  const jobs = data?.items;
  const watched = useWatched(jobs);

  // One stream, and only where somebody looks: browsers and the server keep few open.
  useEffect(() => {
    if (!seen || !watched) return;
    const close = openJob(watched, {
      onJob: (job) => {
        setStreamed(job.id);
        put(queryClient, job);
      },
      // An answer that is still under way may be older than the stream's last word: it is asked for again.
      onEnd: () => {
        setStreamed(null);
        void queryClient.invalidateQueries({ queryKey });
      },
    });
    return () => {
      close();
      setStreamed(null);
    };
  }, [queryClient, seen, watched]);

  useEnds(jobs, (job) => {
    CHANGED.forEach((key) => void queryClient.invalidateQueries({ queryKey: key }));
    onEnd(job);
  });
  return jobs;
}

/** The one that is done now, rather than one that waits for its turn. */
function useWatched(jobs: Job[] | undefined): string | undefined {
  const open = (jobs ?? []).filter(isUnderWay);
  return (open.findLast(({ state }) => state !== "queued") ?? open.at(-1))?.id;
}

/** Calls once for each job that was under way and is not any more. */
function useEnds(jobs: Job[] | undefined, onEnd: (job: Job) => void): void {
  const open = useRef(begun);
  const ended = useRef(onEnd);
  useEffect(() => {
    ended.current = onEnd;
  });
  useEffect(() => {
    for (const job of jobs ?? []) {
      if (isUnderWay(job)) open.current.add(job.id);
      else if (open.current.delete(job.id)) ended.current(job);
    }
  }, [jobs]);
}

/** What can be done about a job. */
export function useJobActs() {
  const queryClient = useQueryClient();
  const began = useJobStarted();
  const onError = (error: unknown) => {
    failed(error);
    void queryClient.invalidateQueries({ queryKey });
  };
  const cancelling = useMutation({ mutationFn: (job: Job) => cancelJob(job.id), onSuccess: began, onError });
  const undoing = useMutation({ mutationFn: (job: Job) => undoJob(job.id), onSuccess: began, onError });
  return {
    cancel: cancelling.mutate,
    undo: undoing.mutate,
    busy: (job: Job) =>
      (cancelling.isPending && cancelling.variables.id === job.id) ||
      (undoing.isPending && undoing.variables.id === job.id),
  };
}
