import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { mergeFieldsQuery } from "@/api/salesflows";
import type { Enrollment } from "@/api/types";
import { Mark, type Tone } from "../marks";
import { reasonInWords } from "../reasons";
import { useFormat } from "../format";
import { When } from "../When";

type Shown = Pick<Enrollment, "state" | "reason" | "due_at" | "waiting" | "step" | "finished_at">;

const GOOD = new Set(["replied", "completed"]);
const BAD = new Set(["bounced", "opted_out", "failed", "suppressed", "no_email"]);

function toneOf({ state, reason }: Shown): Tone {
  if (state === "active") return "accent";
  if (state === "paused") return "caution";
  if (!reason) return "neutral";
  return GOOD.has(reason) ? "positive" : BAD.has(reason) ? "danger" : "neutral";
}

/** Where an enrollment stands; one that is over, by how it ended. */
export function EnrollmentState({ enrollment }: { enrollment: Shown }) {
  const { t } = useTranslation("enrollment");
  const { state, reason } = enrollment;
  const ended = reason === "manual" ? t("stopped_manual") : reason ? reasonInWords(reason) : t("state.finished");
  return <Mark tone={toneOf(enrollment)}>{state === "finished" ? ended : t(`state.${state}`)}</Mark>;
}

/** What comes next and when, or why it waits and until when. */
export function EnrollmentNext({ enrollment }: { enrollment: Shown }) {
  const { t } = useTranslation("enrollment");
  const { state, due_at, waiting, finished_at } = enrollment;
  if (state === "finished") {
    return finished_at ? (
      <Text span inherit c="dimmed">
        {t("ended")} <When at={finished_at} as="moment" />
      </Text>
    ) : null;
  }
  if (!waiting) return due_at ? <When at={due_at} as="moment" /> : <span>{reasonInWords("sending")}</span>;
  return <WaitingFor waiting={waiting} />;
}

/** Why it waits, and until when if that is known. */
export function WaitingFor({ waiting }: { waiting: NonNullable<Shown["waiting"]> }) {
  const { t } = useTranslation("enrollment");
  const { reason, until } = waiting;
  // A plain delay and a chosen start are moments; everything else lasts until one.
  const moment = reason === "delay" || reason === "start_time";
  return (
    <span>
      {reason === "manual" ? t("paused_manual") : reasonInWords(reason)}
      {until && reason !== "sending" && (
        <>
          {moment ? ": " : ` ${t("until")} `}
          <When at={until} as="moment" />
        </>
      )}
      {waiting.fields.length > 0 && <MissingFields names={waiting.fields} />}
    </span>
  );
}

function MissingFields({ names }: { names: string[] }) {
  const { t } = useTranslation("enrollment");
  const { list } = useFormat();
  const known = useQuery(mergeFieldsQuery()).data?.items ?? [];
  const fields = list(names.map((name) => known.find((field) => field.name === name)?.label ?? name));
  return <>. {t("fields", { fields })}</>;
}
