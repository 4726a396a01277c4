import { Button, Group, Modal, Skeleton, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { handOver, handoverQuery, handoversQuery } from "@/api/admin";
import type { Handover, ManagedUser } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useFormat } from "@/shared/format";
import { Sentence } from "@/shared/Sentence";
import { useSubmission } from "@/shared/submission";
import classes from "./Admin.module.css";
import { ColleagueField } from "./ColleagueField";
import { LeftSalesflows } from "./LeftSalesflows";
import { usersChanged } from "./userChanges";

/** Deleted users whose contacts wait for a colleague; nothing when nobody waits. */
export function HandoverList() {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  const [chosen, setChosen] = useState<Handover | null>(null);
  const waiting = useQuery(handoversQuery()).data?.items ?? [];
  if (waiting.length === 0) return null;
  return (
    <section className={classes.waiting} aria-label={t("handover.list")}>
      <ul>
        {waiting.map((left) => (
          <li key={left.id}>
            <span>
              <Sentence
                text={t("handover.line", { count: left.enrollments, total: number(left.enrollments), name: left.name })}
              />{" "}
              {t("handover.why")}
            </span>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("handover.buttonOf", { name: left.name })}
              onClick={() => setChosen(left)}
            >
              {t("handover.button")}
            </Button>
          </li>
        ))}
      </ul>
      {chosen && (
        <Modal opened onClose={() => setChosen(null)} title={t("handover.title", { name: chosen.name })} size={520}>
          <HandoverForm left={chosen} onClose={() => setChosen(null)} />
        </Modal>
      )}
    </section>
  );
}

function HandoverForm({ left, onClose }: { left: Handover; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const queryClient = useQueryClient();
  const salesflows = useQuery(handoverQuery(left.id)).data?.salesflows;
  const [to, setTo] = useState<ManagedUser | null>(null);
  const [missing, setMissing] = useState(false);
  const giving = useSubmission({
    mutationFn: (heir: ManagedUser) => handOver(left.id, heir.id),
    onSuccess: ({ enrollments }, heir) => {
      said(t("handover.done", { count: enrollments, total: number(enrollments), to: heir.name }));
      void usersChanged(queryClient);
      onClose();
    },
  });
  const submit = () => {
    setMissing(!to);
    if (to) giving.submit(to);
  };
  return (
    <Stack gap="md">
      {giving.error && <Refusal error={giving.error} />}
      {salesflows ? (
        <LeftSalesflows
          lead={t("handover.effect", { count: left.enrollments, total: number(left.enrollments) })}
          salesflows={salesflows}
        />
      ) : (
        <Skeleton h={72} />
      )}
      <ColleagueField
        without={left.id}
        value={to}
        error={missing && !to ? t("remove.toMissing") : null}
        onChange={setTo}
      />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {common("action.cancel")}
        </Button>
        <Button loading={giving.isPending} onClick={submit}>
          {t("handover.confirm")}
        </Button>
      </Group>
    </Stack>
  );
}
