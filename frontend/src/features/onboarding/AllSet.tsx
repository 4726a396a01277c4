import { Button, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconConfetti } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { goOnWithOnboarding, onboardingQuery } from "@/api/onboarding";
import type { Onboarding } from "@/api/types";
import { failed } from "@/shared/feedback";
import { useMe } from "@/shared/session";
import { useSubmission } from "@/shared/submission";
import { askForTour } from "@/shared/tour";
import classes from "./AllSet.module.css";
import { stateOf, STEPS } from "./steps";

/** The end of the wizard: what was left out, and the tour or none. */
export function AllSet({ onboarding }: { onboarding: Onboarding }) {
  const { t } = useTranslation("onboarding");
  const me = useMe();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const exploring = useSubmission({
    mutationFn: () => goOnWithOnboarding({ tour: "skipped" }),
    onSuccess: (known) => {
      queryClient.setQueryData(onboardingQuery().queryKey, known);
      void navigate({ to: "/contacts" });
    },
    onError: failed,
  });
  const showAround = () => {
    askForTour();
    void navigate({ to: "/contacts" });
  };
  const skipped = STEPS.filter((step) => stateOf(onboarding, step) === "skipped");
  return (
    <div className={classes.end}>
      <div className={classes.icon}>
        <IconConfetti size={24} stroke={1.6} />
      </div>
      <Title order={1} ref={heading} tabIndex={-1}>
        {t("done.title", { name: me?.name ?? "" })}
      </Title>
      <Text c="dimmed" maw={420}>
        {t("done.why")}
      </Text>
      {skipped.length > 0 && (
        <div className={classes.skipped}>
          <Text size="sm" c="dimmed">
            {t("done.skipped")}
          </Text>
          <ul>
            {skipped.map((step) => (
              <li key={step}>{t(`step.${step}.title`)}</li>
            ))}
          </ul>
        </div>
      )}
      <div className={classes.buttons}>
        <Button onClick={showAround}>{t("done.tour")}</Button>
        <Button variant="default" loading={exploring.isPending} onClick={() => exploring.submit()}>
          {t("done.explore")}
        </Button>
      </div>
    </div>
  );
}
