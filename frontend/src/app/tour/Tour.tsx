import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Driver } from "driver.js";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { goOnWithOnboarding, onboardingQuery } from "@/api/onboarding";
import { failed } from "@/shared/feedback";
import { tourIsOver, useTourAsked } from "@/shared/tour";
import type { Words } from "./guide";
import { planned } from "./stops";

/** Shows people around when they asked for it; what became of the tour is kept by the service. */
export function Tour() {
  const asked = useTourAsked();
  const { t } = useTranslation("onboarding");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const begin = useRef<() => Promise<Driver>>(undefined);
  useEffect(() => {
    begin.current = async () => {
      const [{ guide }, stops] = await Promise.all([import("./guide"), planned(queryClient, navigate)]);
      const words: Words = {
        progress: t("tour.progress", { current: "{{current}}", total: "{{total}}" }),
        next: t("tour.next"),
        back: t("tour.back"),
        done: t("tour.done"),
        close: t("tour.close"),
        stop: (id) => ({ title: t(`tour.${id}.title`), text: t(`tour.${id}.text`) }),
      };
      return guide(stops, words, (how) => void ended(how));
    };
    const ended = async (how: "done" | "skipped") => {
      tourIsOver();
      document.getElementById("content")?.focus();
      const { queryKey } = onboardingQuery();
      try {
        // Who took it once has taken it, though he leaves it the next time.
        const known = await queryClient.fetchQuery(onboardingQuery());
        if (known.tour !== "done") queryClient.setQueryData(queryKey, await goOnWithOnboarding({ tour: how }));
      } catch (error) {
        failed(error);
      }
    };
  });
  useEffect(() => {
    if (!asked) return;
    let tour: Driver | undefined;
    let isGone = false;
    begin
      .current?.()
      .then((started) => {
        tour = started;
        if (isGone) started.destroy();
      })
      .catch((error: unknown) => {
        tourIsOver();
        failed(error);
      });
    return () => {
      isGone = true;
      tour?.destroy();
    };
  }, [asked]);
  return null;
}
