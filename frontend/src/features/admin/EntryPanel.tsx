import { Drawer, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "@/api/types";
import { deviceOf } from "@/shared/device";
import { useFormat } from "@/shared/format";
import { Sentence } from "@/shared/Sentence";
import classes from "./Audit.module.css";
import { useDetailRows } from "./details";
import { actorName, useSentence } from "./sentences";

/** An entry in full, beside the list. */
export function EntryPanel({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  const { t } = useTranslation("admin");
  return (
    <Drawer opened={entry !== undefined} onClose={onClose} title={t("tab.audit-log")} size={480}>
      {entry && <Entry entry={entry} />}
    </Drawer>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("admin");
  const { exact, number } = useFormat();
  const sentence = useSentence();
  const details = useDetailRows(entry);
  const device = deviceOf(entry.user_agent);
  const browser = device?.system && t("audit.browserOn", { browser: device.browser, system: device.system });
  const facts: [string, ReactNode][] = [
    [t("audit.fact.at"), exact(entry.at)],
    [t("audit.fact.actor"), `${actorName(entry.actor)} (${t(`audit.means.${entry.actor.kind}`)})`],
    [t("audit.fact.on_behalf_of"), entry.on_behalf_of?.name],
    [t("audit.fact.target"), entry.target?.name],
    [t("audit.fact.address"), entry.address],
    [
      t("audit.fact.browser"),
      (browser || device?.browser) && <span title={entry.user_agent}>{browser || device?.browser}</span>,
    ],
    [t("audit.fact.request"), entry.request_id && <code className={classes.code}>{entry.request_id}</code>],
    [t("audit.fact.seq"), number(entry.seq)],
  ];
  return (
    <Stack gap={16}>
      <Text className={classes.lead}>
        <Sentence text={sentence(entry)} />
      </Text>
      <Facts facts={facts} />
      {details.length > 0 && (
        <section>
          <Title order={3} mb={4}>
            {t("audit.detailTitle")}
          </Title>
          <Facts facts={details} />
        </section>
      )}
    </Stack>
  );
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(
        ([label, value]) =>
          value && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
