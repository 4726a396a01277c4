import { Checkbox, Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ManagedUser } from "@/api/types";
import { Blank, Initials, Mark } from "@/shared/marks";
import { useMe } from "@/shared/session";
import type { DataColumn } from "@/shared/table/types";
import classes from "./Admin.module.css";
import { useUserChanges } from "./userChanges";
import { UserButtons } from "./UserButtons";
import { UserState } from "./UserState";

const ROLES = ["administrator", "contributor"] as const;

/** The columns of the guide, and how each user stands. */
export function useUserColumns(onDelete: (user: ManagedUser) => void): DataColumn<ManagedUser>[] {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("users.name"),
        fixed: true,
        narrow: true,
        cell: (user, narrow) => <Person user={user} full={narrow} />,
      },
      { id: "email", header: t("users.email"), cell: (user) => <span title={user.email}>{user.email}</span> },
      { id: "state", header: t("users.state"), width: "320px", cell: (user) => <UserState user={user} /> },
      {
        id: "on_behalf",
        header: t("users.onBehalf"),
        width: "190px",
        cell: (user) => <OnBehalf user={user} />,
      },
      {
        id: "role",
        header: t("users.role"),
        width: "170px",
        cell: (user) => (user.state === "deleted" ? common(`role.${user.role}`) : <Role user={user} />),
      },
      {
        id: "delete",
        header: t("users.delete"),
        width: "92px",
        narrow: true,
        narrowWidth: "92px",
        align: "right",
        cell: (user, narrow) => <UserButtons user={user} full={narrow} onDelete={() => onDelete(user)} />,
      },
    ],
    [t, common, onDelete],
  );
}

function Person({ user, full }: { user: ManagedUser; full: boolean }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const me = useMe();
  return (
    <div className={classes.person} data-full={full || undefined}>
      <Initials name={user.name} size={full ? 30 : 22} />
      <div className={classes.who}>
        <div className={classes.person}>
          <span className={classes.name} title={user.name}>
            {user.name}
          </span>
          {user.id === me?.id && <Mark>{t("users.you")}</Mark>}
        </div>
        {full && (
          <>
            <div className={classes.under}>{user.email}</div>
            <div className={classes.state}>
              <span className={classes.under}>{common(`role.${user.role}`)}</span>
              <UserState user={user} short />
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function OnBehalf({ user }: { user: ManagedUser }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { setOnBehalf } = useUserChanges(user);
  if (user.state === "deleted") return <Blank label={common("blank")} />;
  return (
    <Checkbox
      aria-label={t("users.onBehalfOf", { name: user.name })}
      checked={user.start_salesflow_on_behalf}
      onChange={(event) => setOnBehalf(event.currentTarget.checked)}
    />
  );
}

function Role({ user }: { user: ManagedUser }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { setRole } = useUserChanges(user);
  return (
    <Select
      size="xs"
      aria-label={t("users.roleOf", { name: user.name })}
      allowDeselect={false}
      data={ROLES.map((role) => ({ value: role, label: common(`role.${role}`) }))}
      value={user.role}
      onChange={(role) => role && role !== user.role && setRole(role)}
    />
  );
}
