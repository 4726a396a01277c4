import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { Email, Settlement } from "./types";

export const emailQuery = (email_id: string) =>
  queryOptions({
    queryKey: ["emails", email_id],
    queryFn: ({ signal }) => answer(http.GET("/emails/{email_id}", { params: { path: { email_id } }, signal })),
  });

/** A person's word about an email of which the provider can't say whether it left. */
export const settleEmail = (email_id: string, outcome: Settlement): Promise<Email> =>
  answer(http.POST("/emails/{email_id}/settlement", { params: { path: { email_id } }, body: { outcome } }));
