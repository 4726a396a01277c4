import { Button, Progress, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { goOnWithOnboarding, onboardingQuery } from "@/api/onboarding";
import type { Onboarding, StepState } from "@/api/types";
import { failed } from "@/shared/feedback";
import { useSubmission } from "@/shared/submission";
import classes from "./Frame.module.css";
import { openSteps, type Place, stateOf, STEPS } from "./steps";

interface Props {
  onboarding: Onboarding | undefined;
  place: Place | undefined;
  children: ReactNode;
}

/** The wizard's own page: where one is, one thing to do, and a way out. */
export function Frame({ onboarding, place, children }: Props) {
  const { t } = useTranslation("onboarding");
  const { t: common } = useTranslation();
  const step = place === "done" ? undefined : place;
  const title = step ? t(`step.${step}.title`) : t("title");
  useDocumentTitle(`${title} · ${common("product")}`);
  const left = onboarding ? openSteps(onboarding).length : STEPS.length;
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <span className={classes.brand}>
          <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={22} height={22} />
          {common("product")}
        </span>
        {onboarding && place !== "done" && <FinishLater />}
      </header>
      <div className={classes.columns}>
        <nav className={classes.rail} aria-label={t("steps")}>
          <Text size="sm" c="dimmed" className={classes.position} aria-live="polite">
            {step ? t("progress", { position: STEPS.indexOf(step) + 1, of: STEPS.length }) : t("title")}
          </Text>
          <Progress
            value={(100 * (STEPS.length - left)) / STEPS.length}
            size={4}
            className={classes.progress}
            aria-label={t("progressLabel")}
          />
          <ol className={classes.steps}>
            {STEPS.map((each, n) => {
              const state = onboarding ? stateOf(onboarding, each) : "open";
              return (
                <li key={each}>
                  <Link
                    to="/onboarding"
                    search={{ step: each }}
                    className={classes.step}
                    data-current={each === step || undefined}
                    aria-current={each === step ? "step" : undefined}
                  >
                    <StepMark state={state} position={n + 1} />
                    <span>{t(`step.${each}.title`)}</span>
                  </Link>
                </li>
              );
            })}
          </ol>
        </nav>
        <main className={classes.main}>
          {step && <StepHeading title={title} why={t(`step.${step}.why`)} />}
          {children}
        </main>
      </div>
    </div>
  );
}

/** The focus comes to what is new, once somebody has moved on. */
function StepHeading({ title, why }: { title: string; why: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [title]);
  return (
    <div className={classes.heading}>
      <Title order={1} ref={heading} tabIndex={-1}>
        {title}
      </Title>
      <Text c="dimmed">{why}</Text>
    </div>
  );
}

function StepMark({ state, position }: { state: StepState; position: number }) {
  const { t } = useTranslation("onboarding");
  return (
    <span className={classes.mark} data-state={state} role="img" aria-label={t(`state.${state}`)}>
      {state === "done" && <IconCheck size={13} stroke={2.4} />}
      {state === "skipped" && <IconMinus size={13} stroke={2.4} />}
      {state === "open" && position}
    </span>
  );
}

/** Leaves the wizard as it is. Nobody is led here again by himself; Account leads back. */
function FinishLater() {
  const { t } = useTranslation("onboarding");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leaving = useSubmission({
    mutationFn: () => goOnWithOnboarding({ tour: "skipped" }),
    onSuccess: (onboarding) => {
      queryClient.setQueryData(onboardingQuery().queryKey, onboarding);
      void navigate({ to: "/contacts" });
    },
    onError: failed,
  });
  return (
    <Button variant="subtle" color="gray" loading={leaving.isPending} onClick={() => leaving.submit()}>
      {t("later")}
    </Button>
  );
}
