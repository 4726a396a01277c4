import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type {
  AuditQuery,
  ManagedUser,
  ManagedUserChanges,
  ManagedUsersQuery,
  NewInvitation,
  OrganizationSettings,
  OrganizationSettingsInput,
  Sso,
  SsoInput,
} from "./types";

const of = (user_id: string) => ({ params: { path: { user_id } } });

export const managedUsersQuery = (query: ManagedUsersQuery) =>
  queryOptions({
    queryKey: ["admin", "users", "list", query],
    queryFn: ({ signal }) => answer(http.GET("/admin/users", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const inviteUser = (body: NewInvitation): Promise<ManagedUser> => answer(http.POST("/admin/users", { body }));

export const updateUser = (user_id: string, body: ManagedUserChanges): Promise<ManagedUser> =>
  answer(http.PATCH("/admin/users/{user_id}", { ...of(user_id), body }));

/** Deletes the user; what runs in that name is paused, or given to `to`. */
export const deleteUser = (user_id: string, to: string | null) =>
  answer(
    http.DELETE("/admin/users/{user_id}", {
      params: { path: { user_id }, query: to ? { enrollments: "hand_over", to } : { enrollments: "pause" } },
    }),
  );

export const sendInvitationAgain = (user_id: string): Promise<ManagedUser> =>
  answer(http.POST("/admin/users/{user_id}/invitations", of(user_id)));

export const revokeInvitation = (user_id: string) =>
  answer(http.DELETE("/admin/users/{user_id}/invitations", of(user_id)));

/** What runs in the name of one user, by Salesflow. */
export const handoverQuery = (user_id: string) =>
  queryOptions({
    queryKey: ["admin", "users", "handover", user_id],
    queryFn: ({ signal }) => answer(http.GET("/admin/users/{user_id}/handover", { ...of(user_id), signal })),
    staleTime: 0,
  });

/** Deleted users who left something that waits for a colleague. */
export const handoversQuery = () =>
  queryOptions({
    queryKey: ["admin", "users", "handovers"],
    queryFn: ({ signal }) => answer(http.GET("/admin/handovers", { signal })),
  });

export const handOver = (user_id: string, to: string) =>
  answer(http.POST("/admin/users/{user_id}/handover", { ...of(user_id), body: { to } }));

export const settingsQuery = () =>
  queryOptions({
    queryKey: ["admin", "settings"],
    queryFn: ({ signal }) => answer(http.GET("/admin/settings", { signal })),
  });

export const updateSettings = (body: OrganizationSettingsInput): Promise<OrganizationSettings> =>
  answer(http.PATCH("/admin/settings", { body }));

export const auditQuery = (query: AuditQuery) =>
  infiniteQueryOptions({
    queryKey: ["admin", "audit", query],
    queryFn: ({ signal, pageParam }) =>
      answer(
        http.GET("/admin/audit-log", {
          params: { query: { ...query, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  });

/** Where the entries that match are downloaded, one a line. */
export function auditExportUrl(query: AuditQuery): string {
  const wanted = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return `/admin/audit-log/export${wanted.size ? `?${wanted}` : ""}`;
}

export const ssoQuery = () =>
  queryOptions({
    queryKey: ["admin", "sso"],
    queryFn: ({ signal }) => answer(http.GET("/admin/sso", { signal })),
  });

export const setSso = (body: SsoInput): Promise<Sso> => answer(http.PUT("/admin/sso", { body }));

export const removeSso = () => answer(http.DELETE("/admin/sso"));
