import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconDots, IconMailForward, IconMailOff, IconShield, IconTrash, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { revokeInvitation, sendInvitationAgain } from "@/api/admin";
import type { ManagedUser } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import classes from "./Admin.module.css";
import { usersChanged, useUserChanges } from "./userChanges";

interface Props {
  user: ManagedUser;
  /** On a narrow screen the menu has what else stands in the columns. */
  full: boolean;
  onDelete: () => void;
}

export function UserButtons({ user, full, onDelete }: Props) {
  const { t } = useTranslation("admin");
  if (user.state === "deleted") return null;
  return (
    <div className={classes.buttons}>
      {(full || user.state === "invited") && <UserMenu user={user} full={full} />}
      <Tooltip label={t("users.delete")}>
        <ActionIcon aria-label={t("users.deleteOf", { name: user.name })} onClick={onDelete}>
          <IconTrash size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function UserMenu({ user, full }: { user: ManagedUser; full: boolean }) {
  const { t } = useTranslation("admin");
  const { setOnBehalf, setRole } = useUserChanges(user);
  const invitation = useInvitation(user);
  const administrator = user.role === "administrator";
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <ActionIcon aria-label={t("users.menu", { name: user.name })}>
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {user.state === "invited" && (
          <>
            <Menu.Item leftSection={<IconMailForward size={16} stroke={1.6} />} onClick={invitation.send}>
              {t("users.sendAgain")}
            </Menu.Item>
            {user.invitation && (
              <Menu.Item leftSection={<IconMailOff size={16} stroke={1.6} />} onClick={() => void invitation.revoke()}>
                {t("users.revoke")}
              </Menu.Item>
            )}
          </>
        )}
        {full && user.state === "invited" && <Menu.Divider />}
        {full && (
          <>
            <Menu.CheckboxItem
              checked={user.start_salesflow_on_behalf}
              onChange={() => setOnBehalf(!user.start_salesflow_on_behalf)}
            >
              {t("users.onBehalf")}
            </Menu.CheckboxItem>
            <Menu.Item
              leftSection={administrator ? <IconUser size={16} stroke={1.6} /> : <IconShield size={16} stroke={1.6} />}
              onClick={() => setRole(administrator ? "contributor" : "administrator")}
            >
              {t(administrator ? "users.demote" : "users.promote")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function useInvitation(user: ManagedUser) {
  const { t } = useTranslation("admin");
  const queryClient = useQueryClient();
  const { name, email } = user;
  const done = (words: string) => {
    said(words);
    return usersChanged(queryClient);
  };
  const sending = useMutation({
    mutationFn: () => sendInvitationAgain(user.id),
    onSuccess: () => done(t("users.sentAgain", { email })),
    onError: failed,
  });
  const revoking = useMutation({
    mutationFn: () => revokeInvitation(user.id),
    onSuccess: () => done(t("users.revokedNow", { name })),
    onError: failed,
  });
  const revoke = async () => {
    const question = {
      title: t("users.revokeTitle", { name }),
      body: t("users.revokeBody", { name }),
      confirm: t("users.revoke"),
      danger: true,
    };
    if (await confirmed(question)) revoking.mutate();
  };
  return { send: () => sending.mutate(), revoke };
}
