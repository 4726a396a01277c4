import { Button, Group, Modal, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteUser, handoverQuery } from "@/api/admin";
import { isProblem } from "@/api/errors";
import type { ManagedUser } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useFormat } from "@/shared/format";
import { ErrorState } from "@/shared/states";
import { useSubmission } from "@/shared/submission";
import classes from "./Admin.module.css";
import { ColleagueField } from "./ColleagueField";
import { LeftSalesflows } from "./LeftSalesflows";
import { refusedFor, usersChanged } from "./userChanges";

interface Props {
  user: ManagedUser;
  onClose: () => void;
}

/** Before a user is deleted: what ends at once, and what becomes of what runs in that name. */
export function DeleteUserDialog({ user, onClose }: Props) {
  const { t } = useTranslation("admin");
  return (
    <Modal opened onClose={onClose} title={t("remove.title", { name: user.name })} size={520}>
      <DeleteUserForm user={user} onClose={onClose} />
    </Modal>
  );
}

function DeleteUserForm({ user, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const { name } = user;
  const queryClient = useQueryClient();
  const left = useQuery(handoverQuery(user.id));
  const [handOver, setHandOver] = useState(false);
  const [to, setTo] = useState<ManagedUser | null>(null);
  const [missing, setMissing] = useState(false);
  const running = left.data?.enrollments ?? 0;
  const deleting = useSubmission({
    mutationFn: () => deleteUser(user.id, handOver && to ? to.id : null),
    onSuccess: () => {
      const counted = { count: running, total: number(running), name };
      if (running === 0) said(t("remove.done", { name }));
      else said(handOver && to ? t("remove.doneGiven", { ...counted, to: to.name }) : t("remove.doneHeld", counted));
      void usersChanged(queryClient);
      onClose();
    },
    onError: (error) => {
      if (!isProblem(error, "last_administrator")) return;
      onClose();
      refusedFor(name, error);
    },
  });
  const submit = () => {
    const incomplete = running > 0 && handOver && !to;
    setMissing(incomplete);
    if (!incomplete) deleting.submit();
  };
  return (
    <Stack gap="md">
      {deleting.error && <Refusal error={deleting.error} />}
      <Text size="sm">{user.state === "invited" ? t("remove.invited", { name }) : t("remove.effect", { name })}</Text>
      {left.error && !left.data && <ErrorState error={left.error} retry={() => void left.refetch()} />}
      {left.isPending && <Skeleton h={40} />}
      {left.data && running === 0 && user.state === "active" && (
        <div className={classes.effects}>{t("remove.nothing", { name })}</div>
      )}
      {left.data && running > 0 && (
        <>
          <LeftSalesflows
            lead={t("remove.running", { count: running, total: number(running), name })}
            salesflows={left.data.salesflows}
          />
          <Radio.Group
            label={t("remove.question")}
            value={handOver ? "now" : "pause"}
            onChange={(choice) => setHandOver(choice === "now")}
          >
            <Stack gap={8} mt={4}>
              <Radio size="sm" value="pause" label={t("remove.pause")} description={t("remove.pauseWhy")} />
              <Radio size="sm" value="now" label={t("remove.now")} description={t("remove.nowWhy")} />
            </Stack>
          </Radio.Group>
          {handOver && (
            <div className={classes.choice}>
              <ColleagueField
                without={user.id}
                value={to}
                error={missing && !to ? t("remove.toMissing") : null}
                onChange={setTo}
              />
            </div>
          )}
        </>
      )}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" data-autofocus onClick={onClose}>
          {common("action.cancel")}
        </Button>
        <Button color="red" disabled={!left.data} loading={deleting.isPending} onClick={submit}>
          {t("remove.confirm")}
        </Button>
      </Group>
    </Stack>
  );
}
