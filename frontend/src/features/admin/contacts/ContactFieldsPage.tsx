import { Button, Skeleton, Text, Title, VisuallyHidden } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconForms, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeOwnField, orderOwnFields, ownFieldsQuery } from "@/api/contactAdmin";
import type { OwnFieldDefinition } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { failed, said } from "@/shared/feedback";
import { EmptyState, ErrorState } from "@/shared/states";
import { When } from "@/shared/When";
import { FieldDialog } from "./FieldDialog";
import { FieldRow } from "./FieldRow";
import classes from "./Lists.module.css";
import { SettingsGroup } from "../SettingsGroup";
import { useFieldsChanged } from "./useFieldsChanged";
import { useOrder } from "./useOrder";

/** The fields that the organization has added to its contacts. */
export function ContactFieldsPage() {
  const { t } = useTranslation("contactAdmin");
  const { data, error, refetch } = useQuery(ownFieldsQuery());
  const [adding, setAdding] = useState(false);
  const used = data?.items.filter(({ archived_at }) => !archived_at) ?? [];
  const archived = data?.items.filter(({ archived_at }) => archived_at) ?? [];
  useCommands([{ id: "create.field", group: "create", title: t("fields.add"), keys: "c", run: () => setAdding(true) }]);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t("fields.add")}
    </Button>
  );
  return (
    <div className={classes.content}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={300} radius="md" />}
      {data && used.length === 0 && (
        <EmptyState icon={IconForms} title={t("fields.emptyTitle")} why={t("fields.emptyWhy")}>
          {add}
        </EmptyState>
      )}
      {data && used.length > 0 && (
        <>
          <Head action={add} count={t("fields.count", { count: used.length, maximum: data.maximum })} />
          <FieldList fields={used} />
        </>
      )}
      {archived.length > 0 && <Archived fields={archived} />}
      {adding && <FieldDialog onClose={() => setAdding(false)} />}
    </div>
  );
}

function Head({ action, count }: { action: React.ReactNode; count: string }) {
  const { t } = useTranslation("contactAdmin");
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        <Title order={2}>
          {t("fields.title")}{" "}
          <Text span size="sm" c="dimmed" fw={400}>
            {count}
          </Text>
        </Title>
        <Text size="sm" c="dimmed">
          {t("fields.why")}
        </Text>
      </div>
      {action}
    </div>
  );
}

function FieldList({ fields }: { fields: OwnFieldDefinition[] }) {
  const { t } = useTranslation("contactAdmin");
  const queryClient = useQueryClient();
  const changed = useFieldsChanged();
  const [heard, setHeard] = useState("");
  const { queryKey } = ownFieldsQuery();
  const ordering = useMutation({
    mutationFn: orderOwnFields,
    // Shown at once; put back when the server refuses.
    onMutate: async (ids) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData(queryKey);
      const known = new Map(fields.map((field) => [field.id, field]));
      const ordered = ids.flatMap((id) => known.get(id) ?? []);
      queryClient.setQueryData(
        queryKey,
        (now) => now && { ...now, items: [...ordered, ...now.items.filter(({ archived_at }) => archived_at)] },
      );
      return before;
    },
    onError: (error, _ids, before) => {
      queryClient.setQueryData(queryKey, before);
      failed(error);
    },
    onSettled: changed,
  });
  const order = useOrder(fields, (ids, { label }, position) => {
    ordering.mutate(ids);
    setHeard(t("move.moved", { label, position: position + 1, count: ids.length }));
  });
  return (
    <>
      <ol className={classes.list} aria-label={t("fields.title")}>
        {order.shown.map((field, position) => (
          <FieldRow key={field.id} field={field} dragged={order.dragged === field.id} handle={order.handle(position)} />
        ))}
      </ol>
      <VisuallyHidden role="status">{heard}</VisuallyHidden>
    </>
  );
}

function Archived({ fields }: { fields: OwnFieldDefinition[] }) {
  const { t } = useTranslation("contactAdmin");
  const changed = useFieldsChanged();
  const restoring = useMutation({
    mutationFn: (field: OwnFieldDefinition) => changeOwnField(field.id, { archived: false }),
    onSuccess: async ({ label }) => {
      said(t("fields.restored", { label }));
      await changed();
    },
    onError: failed,
  });
  return (
    <div className={classes.archived}>
      <SettingsGroup title={t("fields.archivedTitle")} why={t("fields.archivedWhy")}>
        {fields.map((field) => (
          <div key={field.id} className={classes.former}>
            <div className={classes.field}>
              <span className={classes.cut}>{field.label}</span>
              <Text size="sm" c="dimmed">
                {t(`fields.kinds.${field.kind}`)}
              </Text>
              <Text size="sm" c="dimmed" component="span">
                {field.archived_at && <When at={field.archived_at} as="date" />}
              </Text>
            </div>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`${t("fields.restore")}: ${field.label}`}
              loading={restoring.isPending && restoring.variables.id === field.id}
              onClick={() => restoring.mutate(field)}
            >
              {t("fields.restore")}
            </Button>
          </div>
        ))}
      </SettingsGroup>
    </div>
  );
}
