import { Button, Skeleton, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { addStatus, orderStatuses, statusListQuery } from "@/api/contactAdmin";
import { faultsByField } from "@/api/errors";
import type { ContactStatus } from "@/api/types";
import { explain } from "@/shared/explain";
import { failed, said } from "@/shared/feedback";
import { ErrorState } from "@/shared/states";
import { useSubmission } from "@/shared/submission";
import { nextColor } from "./colors";
import classes from "./Lists.module.css";
import { StatusRow } from "./StatusRow";
import { useOrder } from "./useOrder";
import { useStatusesChanged } from "./useStatusesChanged";

/** The values of the Contact Status list: their names, colours, order and default. */
export function ContactStatusPage() {
  const { t } = useTranslation("contactAdmin");
  const { data, error, refetch } = useQuery(statusListQuery());
  return (
    <div className={classes.content}>
      <Title order={2}>{t("status.title")}</Title>
      <Text size="sm" c="dimmed" className={classes.why}>
        {t("status.why")}
      </Text>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={400} radius="md" />}
      {data && <StatusList statuses={data.items} />}
    </div>
  );
}

function StatusList({ statuses }: { statuses: ContactStatus[] }) {
  const { t } = useTranslation("contactAdmin");
  const queryClient = useQueryClient();
  const changed = useStatusesChanged();
  const [heard, setHeard] = useState("");
  const { queryKey } = statusListQuery();
  const ordering = useMutation({
    mutationFn: orderStatuses,
    // Shown at once; put back when the server refuses.
    onMutate: async (ids) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData(queryKey);
      const known = new Map(statuses.map((status) => [status.id, status]));
      const items = ids.flatMap((id) => known.get(id) ?? []);
      queryClient.setQueryData(queryKey, (now) => now && { ...now, items });
      return before;
    },
    onError: (error, _ids, before) => {
      queryClient.setQueryData(queryKey, before);
      failed(error);
    },
    onSettled: changed,
  });
  const order = useOrder(statuses, (ids, { label }, position) => {
    ordering.mutate(ids);
    setHeard(t("move.moved", { label, position: position + 1, count: ids.length }));
  });
  return (
    <>
      <ol className={classes.list} aria-label={t("status.title")}>
        {order.shown.map((status, position) => (
          <StatusRow
            key={status.id}
            status={status}
            position={position}
            others={statuses.filter(({ id }) => id !== status.id)}
            dragged={order.dragged === status.id}
            handle={order.handle(position)}
          />
        ))}
      </ol>
      <NewStatus statuses={statuses} />
      <VisuallyHidden role="status">{heard}</VisuallyHidden>
    </>
  );
}

function NewStatus({ statuses }: { statuses: ContactStatus[] }) {
  const { t } = useTranslation("contactAdmin");
  const changed = useStatusesChanged();
  const [label, setLabel] = useState("");
  const adding = useSubmission({
    mutationFn: (name: string) =>
      addStatus({ label: name, color: nextColor(statuses.map(({ color }) => color)), is_default: false }),
    onSuccess: async (status) => {
      setLabel("");
      said(t("status.added", { label: status.label }));
      await changed();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim()) adding.submit(label.trim());
  };
  const { error } = adding;
  return (
    <form className={classes.add} onSubmit={submit} noValidate>
      <TextInput
        aria-label={t("status.type")}
        placeholder={t("status.type")}
        maxLength={120}
        value={label}
        error={error && (faultsByField(error).label ?? explain(error).detail)}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!label.trim()} loading={adding.isPending}>
        {t("status.add")}
      </Button>
    </form>
  );
}
