import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { Me, MeInput, NewToken, TokenInput } from "./types";

export const meQuery = () =>
  queryOptions({
    queryKey: ["me"],
    queryFn: ({ signal }): Promise<Me> => answer(http.GET("/me", { signal })),
    staleTime: 60_000,
  });

export const updateMe = (body: MeInput): Promise<Me> => answer(http.PATCH("/me", { body }));

export const tokensQuery = () =>
  queryOptions({
    queryKey: ["tokens"],
    queryFn: ({ signal }) => answer(http.GET("/me/tokens", { signal })),
  });

export const createToken = (body: TokenInput): Promise<NewToken> => answer(http.POST("/me/tokens", { body }));

export const revokeToken = (token_id: string) =>
  answer(http.DELETE("/me/tokens/{token_id}", { params: { path: { token_id } } }));

export const connectionsQuery = () =>
  queryOptions({
    queryKey: ["connections"],
    queryFn: ({ signal }) => answer(http.GET("/me/connections", { signal })),
  });

/** `from` is the page that the consent page leads back to. */
export const startConnection = (provider: "google", from: "account" | "onboarding") =>
  answer(http.POST("/me/connections/{provider}", { params: { path: { provider }, query: { from } } }));

export const disconnect = (provider: "google") =>
  answer(http.DELETE("/me/connections/{provider}", { params: { path: { provider } } }));
