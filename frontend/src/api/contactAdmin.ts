import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type {
  ContactStatus,
  Job,
  OwnFieldChanges,
  OwnFieldDefinition,
  OwnFieldInput,
  StatusChanges,
  StatusInput,
} from "./types";

/** The fields that the organization has added, the archived ones at the end. */
export const ownFieldsQuery = () =>
  queryOptions({
    queryKey: ["contact-fields", "own"],
    queryFn: ({ signal }) => answer(http.GET("/admin/contact-fields", { signal })),
  });

export const addOwnField = (body: OwnFieldInput): Promise<OwnFieldDefinition> =>
  answer(http.POST("/admin/contact-fields", { body }));

export const changeOwnField = (field_id: string, body: OwnFieldChanges): Promise<OwnFieldDefinition> =>
  answer(http.PATCH("/admin/contact-fields/{field_id}", { params: { path: { field_id } }, body }));

export const archiveOwnField = (field_id: string) =>
  answer(http.DELETE("/admin/contact-fields/{field_id}", { params: { path: { field_id } } }));

export const orderOwnFields = (ids: string[]) => answer(http.PUT("/admin/contact-fields/order", { body: { ids } }));

/** The Contact Status list. */
export const statusListQuery = () =>
  queryOptions({
    queryKey: ["contact-statuses", "admin"],
    queryFn: ({ signal }) => answer(http.GET("/admin/contact-statuses", { signal })),
  });

export const addStatus = (body: StatusInput): Promise<ContactStatus> =>
  answer(http.POST("/admin/contact-statuses", { body }));

export const changeStatus = (status_id: string, body: StatusChanges): Promise<ContactStatus> =>
  answer(http.PATCH("/admin/contact-statuses/{status_id}", { params: { path: { status_id } }, body }));

export const orderStatuses = (ids: string[]) => answer(http.PUT("/admin/contact-statuses/order", { body: { ids } }));

/** Gives the job that moves the contacts of the status, where there are any. */
export const deleteStatus = (status_id: string, replace_with?: string): Promise<Job | undefined> =>
  answer(
    http.DELETE("/admin/contact-statuses/{status_id}", {
      params: { path: { status_id }, query: replace_with ? { replace_with } : {} },
    }),
  ) as Promise<Job | undefined>;
