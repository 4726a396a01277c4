import { Text } from "@mantine/core";
import { IconFilter, IconListDetails } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContactList } from "@/api/types";
import { useFormat } from "@/shared/format";
import { AnchorLink } from "@/shared/links";
import { Blank, Initials } from "@/shared/marks";
import type { DataColumn } from "@/shared/table/types";
import { When } from "@/shared/When";
import { counted } from "../directory/counted";
import classes from "../Contacts.module.css";
import { ListMenu } from "./ListMenu";

export function useListColumns(): DataColumn<ContactList>[] {
  const { t } = useTranslation("directory");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("name"),
        narrow: true,
        cell: (list, narrow) => <NameCell list={list} narrow={narrow} />,
      },
      {
        id: "kind",
        header: t("list.kind"),
        width: "180px",
        cell: ({ kind }) => t(kind === "filter" ? "list.filled" : "list.byHand"),
      },
      {
        id: "members",
        header: t("list.members"),
        width: "130px",
        align: "right",
        cell: ({ members }) => counted(members, number),
      },
      {
        id: "owner",
        header: t("list.owner"),
        width: "200px",
        cell: ({ owner }) =>
          owner ? (
            <span className={classes.person}>
              <Initials name={owner.name} size={18} />
              <span className={classes.clip}>{owner.name}</span>
            </span>
          ) : (
            <Blank label={common("blank")} />
          ),
      },
      {
        id: "updated_at",
        header: t("list.changed"),
        width: "140px",
        cell: ({ updated_at }) => <When at={updated_at} />,
      },
      {
        id: "menu",
        header: "",
        width: "64px",
        narrow: true,
        narrowWidth: "60px",
        align: "right",
        cell: (list) => <ListMenu list={list} />,
      },
    ],
    [t, common, number],
  );
}

function NameCell({ list, narrow }: { list: ContactList; narrow: boolean }) {
  const { t } = useTranslation("directory");
  const { number } = useFormat();
  const Icon = list.kind === "filter" ? IconFilter : IconListDetails;
  return (
    <span className={classes.person}>
      <Icon size={16} stroke={1.6} className={classes.sign} aria-hidden />
      <span className={classes.clip}>
        <AnchorLink to="/contacts" search={{ list: list.id }} className={classes.name}>
          {list.name}
        </AnchorLink>
        {narrow && (
          <Text size="xs" c="dimmed" truncate>
            {t("list.membersOf", { count: list.members, many: counted(list.members, number) })}
          </Text>
        )}
      </span>
    </span>
  );
}
