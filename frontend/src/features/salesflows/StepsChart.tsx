import "@mantine/charts/styles.layer.css";
import { BarChart } from "@mantine/charts";
import { useReducedMotion } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { SalesflowStats } from "@/api/types";
import { useFormat } from "@/shared/format";

const SERIES = [
  ["sent", "gray.5"],
  ["opened", "accent.4"],
  ["clicked", "accent.7"],
  ["replied", "teal.6"],
] as const;

export default function StepsChart({ steps }: { steps: SalesflowStats["steps"] }) {
  const { t } = useTranslation("salesflows");
  const { number } = useFormat();
  const still = useReducedMotion();
  return (
    <BarChart
      h={260}
      data={steps.map((step) => ({ ...step, name: t("steps.number", { position: step.position }) }))}
      dataKey="name"
      series={SERIES.map(([name, color]) => ({ name, color, label: t(`stats.${name}`) }))}
      withLegend
      legendProps={{ verticalAlign: "bottom", itemSorter: null }}
      valueFormatter={number}
      yAxisProps={{ allowDecimals: false, width: 44 }}
      barProps={{ radius: [3, 3, 0, 0], maxBarSize: 36, isAnimationActive: !still }}
      barChartProps={{ margin: { top: 12, right: 0, bottom: 0, left: 0 } }}
      gridAxis="x"
      tickLine="none"
    />
  );
}
