import { Button, Group, Modal, Select, Stack, Switch, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { enroll, salesflowsQuery } from "@/api/salesflows";
import type { EnrollInput } from "@/api/types";
import { Refusal } from "../EditSection";
import { said } from "../feedback";
import { useMe } from "../session";
import { useSubmission } from "../submission";
import { instantOf } from "../zonedTime";
import { type Audience, ContactsField } from "./ContactsField";
import { Forecast } from "./Forecast";
import { OnBehalfField } from "./OnBehalfField";

// The calendar is needed only when somebody asks for a start time.
const StartTime = lazy(() => import("./StartTime"));

interface Props {
  audience: Audience;
  /** The Salesflow when the dialog was opened from it. */
  salesflowId?: string;
  /** Begins it as work in the background; without, it is done at once. */
  onStart?: (audience: Audience, wish: Wish) => Promise<unknown>;
  onClose: () => void;
  onDone?: () => void;
}

export interface Wish {
  salesflow_id: string;
  start_at?: string;
  on_behalf_of?: string;
}

// More than that is done in the background alone, and who is left out is said when it is over.
const FORESEEN = 10_000;

/** "Add to Salesflow": says who will get emails, who will not and why, before anything starts. */
export function EnrollDialog({ onClose, ...props }: Props) {
  const { t } = useTranslation("enrollment");
  return (
    <Modal opened onClose={onClose} title={t("add.title")} size={520}>
      <EnrollForm onClose={onClose} {...props} />
    </Modal>
  );
}

function EnrollForm({ audience: given, salesflowId, onStart, onClose, onDone }: Props) {
  const { t } = useTranslation("enrollment");
  const { t: common } = useTranslation();
  const me = useMe();
  const queryClient = useQueryClient();
  const [audience, setAudience] = useState(given);
  const [flow, setFlow] = useState(salesflowId ?? null);
  const [onBehalf, setOnBehalf] = useState<string | null>(null);
  const [later, setLater] = useState(false);
  const [wallTime, setWallTime] = useState<string | null>(null);

  const startAt = later && wallTime ? instantOf(wallTime, me?.time_zone ?? "UTC").toISOString() : null;
  const manner = { ...(startAt ? { start_at: startAt } : {}), ...(onBehalf ? { on_behalf_of: onBehalf } : {}) };
  const body: EnrollInput = {
    ...("filter" in audience ? { filter: audience.filter } : { contact_ids: audience.contacts.map(({ id }) => id) }),
    ...manner,
  };
  const ready = flow !== null && ("filter" in audience || audience.contacts.length > 0) && (!later || startAt !== null);
  const foreseen = onStart === undefined || !("filter" in audience) || audience.total <= FORESEEN;
  const forecast = useQuery({
    queryKey: ["enroll", "dry-run", flow, body],
    queryFn: () => enroll(flow ?? "", body, true),
    enabled: ready && foreseen,
    retry: false,
    gcTime: 0,
  });
  const flows = useSalesflowChoices();
  const starting = useSubmission({
    mutationFn: async () => {
      if (onStart) await onStart(audience, { salesflow_id: flow ?? "", ...manner });
      else return enroll(flow ?? "", body);
    },
    onSuccess: (done) => {
      const name = flows.find(({ value }) => value === flow)?.name ?? "";
      if (done) said(t("add.done", { count: done.enrolled, salesflow: name }));
      void queryClient.invalidateQueries({ queryKey: ["salesflows"] });
      void queryClient.invalidateQueries({ queryKey: ["contacts"] });
      onClose();
      onDone?.();
    },
  });
  const possible = ready && (!foreseen || (forecast.isSuccess && forecast.data.enrolled > 0));

  return (
    <Stack gap="md">
      {starting.error && <Refusal error={starting.error} />}
      {me?.start_salesflow_on_behalf && <OnBehalfField value={onBehalf} onChange={setOnBehalf} />}
      <ContactsField audience={audience} onChange={setAudience} />
      <Select
        label={t("add.select")}
        placeholder={t("add.selectPlaceholder")}
        searchable
        openOnFocus={false}
        data-autofocus={!salesflowId || undefined}
        data={flows}
        value={flow}
        onChange={setFlow}
        nothingFoundMessage={t("add.selectNothing")}
      />
      <div>
        <Switch
          size="sm"
          label={t("add.startTime")}
          checked={later}
          onChange={(event) => setLater(event.currentTarget.checked)}
        />
        {later && (
          <Suspense fallback={null}>
            <StartTime value={wallTime} onChange={setWallTime} zone={me?.time_zone ?? "UTC"} />
          </Suspense>
        )}
      </div>
      {foreseen ? (
        <Forecast asked={ready} result={forecast.data} error={forecast.error} />
      ) : (
        <Text size="sm" c="dimmed">
          {t("add.unforeseen")}
        </Text>
      )}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {common("action.cancel")}
        </Button>
        <Button disabled={!possible} loading={starting.isPending} onClick={() => starting.submit()}>
          {t("add.start")}
        </Button>
      </Group>
    </Stack>
  );
}

/** Active Salesflows can be chosen; the others are shown with their state, so that nobody searches in vain. */
function useSalesflowChoices() {
  const { t } = useTranslation("enrollment");
  const { t: words } = useTranslation("salesflows");
  const flows = useQuery(salesflowsQuery({ limit: 100 }));
  return (flows.data?.items ?? [])
    .filter(({ state }) => state !== "archived")
    .map(({ id, name, state }) => ({
      value: id,
      name,
      label: state === "active" ? name : t("add.selectState", { name, state: words(`state.${state}`) }),
      disabled: state !== "active",
    }))
    .sort((one, other) => Number(one.disabled) - Number(other.disabled));
}
