import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { Job } from "./types";

const of = (job_id: string) => ({ params: { path: { job_id } } });

/** It is done, or being taken back, at this moment or as soon as a worker is free. */
export const isUnderWay = ({ state }: Job) => state === "queued" || state === "running" || state === "undoing";

/** One's own work in the background, newest first. */
export const jobsQuery = () =>
  queryOptions({
    queryKey: ["jobs"],
    queryFn: ({ signal }) => answer(http.GET("/jobs", { params: { query: { limit: 25 } }, signal })),
    staleTime: 10_000,
  });

export const cancelJob = (job_id: string): Promise<Job> => answer(http.POST("/jobs/{job_id}/cancel", of(job_id)));

export const undoJob = (job_id: string): Promise<Job> => answer(http.POST("/jobs/{job_id}/undo", of(job_id)));

interface Watcher {
  onJob: (job: Job) => void;
  /** The stream is over, for whatever reason; it is not opened again by itself. */
  onEnd: () => void;
}

/** Tells how far a job is, every second until it is over; gives what closes it. */
export function openJob(job_id: string, { onJob, onEnd }: Watcher): () => void {
  const stream = new EventSource(`/jobs/${job_id}`);
  const end = () => {
    stream.close();
    onEnd();
  };
  stream.addEventListener("job", (event: MessageEvent<string>) => {
    const job = JSON.parse(event.data) as Job;
    onJob(job);
    // The server ends the stream then; a browser would come back.
    if (!isUnderWay(job)) end();
  });
  stream.addEventListener("error", end);
  return () => stream.close();
}
