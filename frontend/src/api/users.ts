import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";

/** The people of the organization, by name. */
export const usersQuery = () =>
  queryOptions({
    queryKey: ["users"],
    queryFn: ({ signal }) => answer(http.GET("/users", { signal })),
    staleTime: 300_000,
  });
