import { Button, Progress, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconFileImport, IconUpload } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { importsQuery, isUnderWay } from "@/api/imports";
import type { ContactImport } from "@/api/types";
import { usersQuery } from "@/api/users";
import { ContactsTabs } from "@/shared/ContactsTabs";
import { useFormat } from "@/shared/format";
import { AnchorLink, ButtonLink } from "@/shared/links";
import { Blank, Mark } from "@/shared/marks";
import { Page, PageHeader } from "@/shared/Page";
import { useMe } from "@/shared/session";
import { EmptyState } from "@/shared/states";
import { DataTable } from "@/shared/table/DataTable";
import type { DataColumn } from "@/shared/table/types";
import { When } from "@/shared/When";
import classes from "./Imports.module.css";
import { outcomesOf, percentOf, toneOf } from "./states";

const idOf = ({ id }: ContactImport) => id;

/** What was imported, newest first; Administrators see everybody's. */
export function ImportsPage() {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const list = useInfiniteQuery(importsQuery());
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data]);
  const columns = useColumns();
  const open = (file: ContactImport) =>
    file.state === "uploaded"
      ? navigate({ to: "/contacts/imports/new", search: { import: file.id } })
      : navigate({ to: "/contacts/imports/$importId", params: { importId: file.id } });
  const begin = (
    <ButtonLink to="/contacts/imports/new" leftSection={<IconUpload size={16} />}>
      {t("new")}
    </ButtonLink>
  );
  return (
    <Page fill>
      <PageHeader title={t("title")} actions={begin} />
      <ContactsTabs />
      <DataTable
        label={t("title")}
        columns={columns}
        query={{
          rows,
          isFetching: list.isFetching && !list.isFetchingNextPage && !rows,
          error: rows ? null : list.error,
          refetch: () => void list.refetch(),
        }}
        idOf={idOf}
        nameOf={({ name }) => name}
        onOpen={(file) => void open(file)}
        empty={
          <EmptyState icon={IconFileImport} title={t("empty.title")} why={t("empty.why")}>
            {begin}
          </EmptyState>
        }
      />
      {list.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="default"
            size="compact-md"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t("more")}
          </Button>
        </div>
      )}
    </Page>
  );
}

function useColumns(): DataColumn<ContactImport>[] {
  const { t } = useTranslation("imports");
  const { t: common } = useTranslation();
  const me = useMe();
  const isAdministrator = me?.role === "administrator";
  const users = useQuery({ ...usersQuery(), enabled: isAdministrator }).data?.items;
  return useMemo(() => {
    const names = new Map(users?.map(({ id, name }) => [id, name]));
    const by: DataColumn<ContactImport> = {
      id: "by",
      header: t("list.by"),
      width: "170px",
      cell: ({ user_id }) => (user_id && names.get(user_id)) || <Blank label={common("blank")} />,
    };
    return [
      { id: "file", header: t("list.file"), narrow: true, cell: (file, narrow) => <Name file={file} full={narrow} /> },
      { id: "state", header: t("list.state"), width: "240px", cell: (file) => <State file={file} /> },
      { id: "outcome", header: t("list.outcome"), cell: (file) => <Outcome file={file} /> },
      ...(isAdministrator ? [by] : []),
      {
        id: "at",
        header: t("list.at"),
        width: "150px",
        cell: ({ created_at }) => <When at={created_at} as="moment" />,
      },
    ];
  }, [t, common, users, isAdministrator]);
}

function Name({ file, full }: { file: ContactImport; full: boolean }) {
  const link =
    file.state === "uploaded" ? (
      <AnchorLink to="/contacts/imports/new" search={{ import: file.id }} className={classes.link}>
        {file.name}
      </AnchorLink>
    ) : (
      <AnchorLink to="/contacts/imports/$importId" params={{ importId: file.id }} className={classes.link}>
        {file.name}
      </AnchorLink>
    );
  if (!full) return link;
  return (
    <div className={classes.entry}>
      {link}
      <div className={classes.under}>
        <State file={file} />
        <When at={file.created_at} as="moment" />
      </div>
      <div className={classes.under}>
        <Outcome file={file} />
      </div>
    </div>
  );
}

function State({ file }: { file: ContactImport }) {
  const { t } = useTranslation("imports");
  const percent = percentOf(file);
  return (
    <span className={classes.state}>
      <Mark tone={toneOf(file)}>{t(`state.${file.state}`)}</Mark>
      {isUnderWay(file) && percent !== null && (
        <Progress className={classes.bar} value={percent} size={4} aria-label={t("progressOf", { name: file.name })} />
      )}
    </span>
  );
}

function Outcome({ file }: { file: ContactImport }) {
  const { t } = useTranslation("imports");
  const { list, number } = useFormat();
  if (file.state === "uploaded") {
    return (
      <Text span inherit c="dimmed">
        {t("layout.rows", { count: file.detected.rows, rows: number(file.detected.rows) })}
      </Text>
    );
  }
  const said = outcomesOf(t, file);
  return <span>{said.length ? list(said) : t("outcome.nothing")}</span>;
}
