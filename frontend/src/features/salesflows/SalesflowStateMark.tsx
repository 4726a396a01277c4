import { useTranslation } from "react-i18next";
import type { SalesflowState } from "@/api/types";
import { Mark, type Tone } from "@/shared/marks";

const TONES: Record<SalesflowState, Tone> = {
  draft: "neutral",
  active: "positive",
  paused: "caution",
  archived: "neutral",
};

export function SalesflowStateMark({ state }: { state: SalesflowState }) {
  const { t } = useTranslation("salesflows");
  return <Mark tone={TONES[state]}>{t(`state.${state}`)}</Mark>;
}
