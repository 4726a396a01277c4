import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "@/api/errors";

const passing = (error: unknown) =>
  error instanceof ApiProblem ? error.status === 0 || error.status >= 502 : error instanceof Error;

export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && passing(error),
        networkMode: "always",
        refetchOnReconnect: true,
      },
      // Without a network a change fails at once and says so: one that waited for it would be lost with the page, or
      // made when nobody means it any more.
      mutations: { retry: false, networkMode: "always" },
    },
  });
