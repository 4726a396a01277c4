import { modals } from "@mantine/modals";
import { Text } from "@mantine/core";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { updateUser } from "@/api/admin";
import { isProblem } from "@/api/errors";
import { meQuery } from "@/api/session";
import type { ManagedUser, ManagedUserChanges } from "@/api/types";
import { i18next } from "@/app/i18n";
import { confirmed, failed, said, undoable } from "@/shared/feedback";
import { useMe } from "@/shared/session";

interface UserList {
  items: ManagedUser[];
}

/** Puts the user as he is now into every list that is on the screen. */
function shownAs(queryClient: QueryClient, user: Partial<ManagedUser> & { id: string }) {
  queryClient.setQueriesData<UserList>(
    { queryKey: ["admin", "users", "list"] },
    (list) => list && { ...list, items: list.items.map((each) => (each.id === user.id ? { ...each, ...user } : each)) },
  );
}

export function usersChanged(queryClient: QueryClient): Promise<unknown> {
  void queryClient.invalidateQueries({ queryKey: ["users"] });
  return queryClient.invalidateQueries({ queryKey: ["admin"] });
}

/** Says why the last Administrator has to stay one; everything else as usual. */
export function refusedFor(name: string, error: unknown): void {
  if (!isProblem(error, "last_administrator")) return failed(error);
  modals.open({
    title: i18next.t("users.lastTitle", { ns: "admin", name }),
    children: <Text size="sm">{i18next.t("users.lastBody", { ns: "admin" })}</Text>,
  });
}

/** What is changed right in the list. */
export function useUserChanges(user: ManagedUser) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const me = useMe();
  const queryClient = useQueryClient();
  const changing = useMutation({
    mutationFn: (changes: ManagedUserChanges) => updateUser(user.id, changes),
    // The box is ticked at once; refused, it is as it was.
    onMutate: async (changes) => {
      // A list that is on its way was read before the change, and would show what was.
      await queryClient.cancelQueries({ queryKey: ["admin", "users", "list"] });
      shownAs(queryClient, { id: user.id, ...changes } as ManagedUser);
      return user;
    },
    onSuccess: (saved) => {
      shownAs(queryClient, saved);
      void queryClient.invalidateQueries({ queryKey: ["admin", "audit"] });
      if (saved.id === me?.id) void queryClient.invalidateQueries({ queryKey: meQuery().queryKey });
    },
    onError: (error, _changes, before) => {
      if (before) shownAs(queryClient, before);
      refusedFor(user.name, error);
    },
  });
  const setOnBehalf = (allowed: boolean) =>
    changing.mutate(
      { start_salesflow_on_behalf: allowed },
      {
        onSuccess: () =>
          undoable(t(allowed ? "users.onBehalfOn" : "users.onBehalfOff", { name: user.name }), () =>
            changing.mutate({ start_salesflow_on_behalf: !allowed }),
          ),
      },
    );
  const setRole = async (role: ManagedUser["role"]) => {
    const { name } = user;
    const promoted = role === "administrator";
    const question = {
      title: t(promoted ? "users.promoteTitle" : "users.demoteTitle", { name }),
      body: promoted
        ? t("users.promoteBody", { name })
        : user.id === me?.id
          ? t("users.demoteSelf")
          : t("users.demoteBody", { name }),
      confirm: t(promoted ? "users.promote" : "users.demote"),
    };
    if (!(await confirmed(question))) return;
    changing.mutate({ role }, { onSuccess: () => said(t("users.roleSaved", { name, role: common(`role.${role}`) })) });
  };
  return { setOnBehalf, setRole: (role: ManagedUser["role"]) => void setRole(role) };
}
