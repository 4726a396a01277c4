import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";

export const emailQuery = (email_id: string) =>
  queryOptions({
    queryKey: ["emails", email_id],
    queryFn: ({ signal }) => answer(http.GET("/emails/{email_id}", { params: { path: { email_id } }, signal })),
  });
