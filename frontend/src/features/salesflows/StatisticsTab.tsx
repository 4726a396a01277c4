import { Skeleton, Table, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconChartBar } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { statsQuery } from "@/api/salesflows";
import type { SalesflowStats } from "@/api/types";
import { useFormat } from "@/shared/format";
import { useReadable } from "@/shared/richtext/readable";
import { EmptyState, ErrorState } from "@/shared/states";
import classes from "./Statistics.module.css";
import { letterOf } from "./VariantBar";

const StepsChart = lazy(() => import("./StepsChart"));

const RESULTS = ["sent", "delivered", "opened", "clicked", "replied", "bounced", "unsubscribed"] as const;
type Result = (typeof RESULTS)[number];
type Numbers = Record<Result, number>;

export function StatisticsTab({ salesflowId }: { salesflowId: string }) {
  const { t } = useTranslation("salesflows");
  const { data: stats, error, refetch } = useQuery(statsQuery(salesflowId));
  if (error && !stats) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!stats) return <Skeleton h={320} />;
  return (
    <div className={classes.statistics}>
      <Funnel stats={stats} />
      {stats.sent === 0 ? (
        <EmptyState icon={IconChartBar} title={t("stats.none")} why={t("stats.noneWhy")} />
      ) : (
        <>
          <section aria-labelledby="chart-title" className={classes.card}>
            <Title order={2} id="chart-title" mb={12}>
              {t("stats.chart")}
            </Title>
            <Suspense fallback={<Skeleton h={260} />}>
              <StepsChart steps={stats.steps} />
            </Suspense>
          </section>
          <StepTable stats={stats} />
        </>
      )}
    </div>
  );
}

/** From those who were added to those who answered; each share is of the number that it comes from. */
function Funnel({ stats }: { stats: SalesflowStats }) {
  const { t } = useTranslation("salesflows");
  const { number, percent } = useFormat();
  const people = ["enrolled", "active", "paused", "finished"] as const;
  return (
    <>
      <Tiles label={t("stats.contacts")}>
        {people.map((name) => (
          <Tile
            key={name}
            label={t(`stats.${name}`)}
            value={number(stats[name])}
            share={name === "enrolled" ? "" : t("stats.ofEnrolled", { share: percent(stats[name], stats.enrolled) })}
          />
        ))}
      </Tiles>
      <Tiles label={t("stats.emails")}>
        {RESULTS.map((name) => (
          <Tile
            key={name}
            label={t(`stats.${name}`)}
            value={number(stats[name])}
            share={name === "sent" ? "" : t("stats.ofSent", { share: percent(stats[name], stats.sent) })}
          />
        ))}
      </Tiles>
    </>
  );
}

function Tiles({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <section aria-label={label}>
      <Title order={2} className={classes.tilesTitle}>
        {label}
      </Title>
      <dl className={classes.tiles}>{children}</dl>
    </section>
  );
}

function Tile({ label, value, share }: { label: string; value: string; share: string }) {
  return (
    <div className={classes.tile}>
      <dt>{label}</dt>
      <dd>
        <span className={classes.value}>{value}</span>
        <span className={classes.share}>{share}</span>
      </dd>
    </div>
  );
}

function StepTable({ stats }: { stats: SalesflowStats }) {
  const { t } = useTranslation("salesflows");
  const readable = useReadable();
  const subjectOf = (subject: string) => readable(subject) || t("steps.reply");
  return (
    <section aria-labelledby="table-title" className={classes.card} data-flush>
      <Title order={2} id="table-title" p={16} pb={8}>
        {t("stats.table")}
      </Title>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroll} role="region" aria-labelledby="table-title" tabIndex={0}>
        <Table className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("stats.step")}</Table.Th>
              {RESULTS.map((name) => (
                <Table.Th key={name} data-number>
                  {t(`stats.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {stats.steps.map((step) => [
              <NumbersRow key={step.position} name={`${step.position}. ${subjectOf(step.subject)}`} numbers={step} />,
              ...(step.variants.length > 1
                ? step.variants.map((variant, n) => (
                    <NumbersRow
                      key={variant.id}
                      name={`${t("stats.variant", { letter: letterOf(n) })}: ${subjectOf(variant.subject)}`}
                      numbers={variant}
                      under
                    />
                  ))
                : []),
            ])}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  );
}

function NumbersRow({ name, numbers, under }: { name: string; numbers: Numbers; under?: boolean }) {
  const { number, percent } = useFormat();
  return (
    <Table.Tr data-under={under || undefined}>
      <Table.Th scope="row">{name}</Table.Th>
      {RESULTS.map((result) => (
        <Table.Td key={result} data-number>
          {number(numbers[result])}
          {result !== "sent" && numbers.sent > 0 && (
            <span className={classes.share}>{percent(numbers[result], numbers.sent)}</span>
          )}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
