import { Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconMail } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { nextStepsQuery } from "@/api/contacts";
import type { NextStep } from "@/api/types";
import { WaitingFor } from "@/shared/enrollment/EnrollmentState";
import { AnchorLink } from "@/shared/links";
import { ErrorState } from "@/shared/states";
import { When } from "@/shared/When";
import classes from "./NextSteps.module.css";

/** What comes next for a contact, when, and why not earlier. */
export function NextSteps({ contactId }: { contactId: string }) {
  const { t } = useTranslation("contactPage");
  const { data, error, refetch } = useQuery(nextStepsQuery(contactId));
  return (
    <section className={classes.panel} aria-labelledby="next-steps">
      <Title order={2} id="next-steps" className={classes.title}>
        {t("nextSteps.title")}
      </Title>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={56} radius="md" />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("nextSteps.none")}
        </Text>
      )}
      {data && data.items.length > 0 && (
        <ol className={classes.steps}>
          {data.items.map((step) => (
            <Step key={step.enrollment_id} step={step} />
          ))}
        </ol>
      )}
    </section>
  );
}

/** Why it does not come earlier; when it comes is said beside it. */
function Why({ waiting }: { waiting: NonNullable<NextStep["waiting"]> }) {
  const { t } = useTranslation("contactPage");
  const { reason } = waiting;
  if (reason === "delay" || reason === "start_time") return t(`nextSteps.why.${reason}`);
  return <WaitingFor waiting={{ ...waiting, until: null }} />;
}

function Step({ step }: { step: NextStep }) {
  const { t } = useTranslation("contactPage");
  const { t: words } = useTranslation("enrollment");
  const { due_at, waiting, salesflow, user } = step;
  return (
    <li className={classes.step}>
      <IconMail size={16} stroke={1.6} className={classes.icon} aria-hidden />
      <div className={classes.body}>
        <div className={classes.line}>
          <span className={classes.kind}>{t("nextSteps.email")}</span>
          <span className={classes.when}>{due_at ? <When at={due_at} as="moment" /> : t("nextSteps.open")}</span>
        </div>
        {waiting && (
          <Text size="sm" component="div">
            <Why waiting={waiting} />
          </Text>
        )}
        <Text size="xs" c="dimmed" component="div">
          {salesflow ? (
            <AnchorLink
              to="/content/salesflows/$salesflowId"
              params={{ salesflowId: salesflow.id }}
              size="xs"
              underline="always"
            >
              {salesflow.name}
            </AnchorLink>
          ) : (
            t("nextSteps.private")
          )}
          {` · ${words("step", step.step)} · ${user.name}`}
        </Text>
      </div>
    </li>
  );
}
