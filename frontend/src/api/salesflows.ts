import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import i18next from "i18next";
import { answer, http } from "./client";
import type {
  Enrolled,
  EnrollInput,
  EnrollmentsQuery,
  Preview,
  SalesflowDetail,
  SalesflowsQuery,
  Sent,
  StepInput,
  StepsInput,
} from "./types";

export type SalesflowAct = "activate" | "pause" | "archive";
export type EnrollmentAct = "pause" | "resume" | "stop";

export const salesflowsQuery = (query: SalesflowsQuery) =>
  queryOptions({
    queryKey: ["salesflows", "list", query],
    queryFn: ({ signal }) => answer(http.GET("/salesflows", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const salesflowQuery = (salesflow_id: string) =>
  queryOptions({
    queryKey: ["salesflows", "one", salesflow_id],
    queryFn: ({ signal }): Promise<SalesflowDetail> =>
      answer(http.GET("/salesflows/{salesflow_id}", { params: { path: { salesflow_id } }, signal })),
  });

/** With labels in the language that is spoken. */
export const mergeFieldsQuery = () =>
  queryOptions({
    queryKey: ["merge-fields", i18next.language],
    queryFn: ({ signal }) => answer(http.GET("/salesflows/fields", { signal })),
    staleTime: Infinity,
  });

export const statsQuery = (salesflow_id: string) =>
  queryOptions({
    queryKey: ["salesflows", "stats", salesflow_id],
    queryFn: ({ signal }) =>
      answer(http.GET("/salesflows/{salesflow_id}/stats", { params: { path: { salesflow_id } }, signal })),
    refetchInterval: 15_000,
  });

export const enrollmentsQuery = (salesflow_id: string, query: EnrollmentsQuery) =>
  queryOptions({
    queryKey: ["salesflows", "enrollments", salesflow_id, query],
    queryFn: ({ signal }) =>
      answer(
        http.GET("/salesflows/{salesflow_id}/enrollments", {
          params: { path: { salesflow_id }, query },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });

export const createSalesflow = (name: string): Promise<SalesflowDetail> =>
  answer(http.POST("/salesflows", { body: { name, shared: false } }));

export const renameSalesflow = (salesflow_id: string, name: string) =>
  answer(http.PATCH("/salesflows/{salesflow_id}", { params: { path: { salesflow_id } }, body: { name } }));

export const deleteSalesflow = (salesflow_id: string) =>
  answer(http.DELETE("/salesflows/{salesflow_id}", { params: { path: { salesflow_id } } }));

export const replaceSteps = (salesflow_id: string, body: StepsInput): Promise<SalesflowDetail> =>
  answer(http.PUT("/salesflows/{salesflow_id}/steps", { params: { path: { salesflow_id } }, body }));

export const changeSalesflow = (salesflow_id: string, act: SalesflowAct): Promise<SalesflowDetail> =>
  answer(http.POST(`/salesflows/{salesflow_id}/${act}`, { params: { path: { salesflow_id } } }));

export const previewStep = (
  salesflow_id: string,
  body: { contact_id?: string; step: StepInput },
  signal?: AbortSignal,
): Promise<Preview> =>
  answer(http.POST("/salesflows/{salesflow_id}/preview", { params: { path: { salesflow_id } }, body, signal }));

/** Adds contacts; a dry run only says who would be added and who would not. */
export const enroll = (salesflow_id: string, input: EnrollInput, dry_run = false): Promise<Enrolled> =>
  answer(
    http.POST("/salesflows/{salesflow_id}/enrollments", {
      params: { path: { salesflow_id } },
      body: { ...input, dry_run } as Sent<"/salesflows/{salesflow_id}/enrollments", "post">,
    }),
  );

export const changeEnrollment = (salesflow_id: string, enrollment_id: string, act: EnrollmentAct) =>
  answer(
    http.POST(`/salesflows/{salesflow_id}/enrollments/{enrollment_id}/${act}`, {
      params: { path: { salesflow_id, enrollment_id } },
    }),
  );
