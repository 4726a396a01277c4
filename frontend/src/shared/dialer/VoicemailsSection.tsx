import { Button, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconMicrophone, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { voicemailsQuery } from "@/api/dialer";
import { Mark } from "../marks";
import { SectionFrame } from "../SectionFrame";
import { EmptyState, ErrorState } from "../states";
import { AddVoicemailDialog } from "./AddVoicemailDialog";
import { VoicemailsTable } from "./VoicemailsTable";
import classes from "./Voicemails.module.css";

/** The recordings that one leaves behind: played back, added, renamed, removed. */
export function VoicemailsSection({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation("account");
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery(voicemailsQuery());
  const count = data?.items.length ?? 0;
  const isFull = data !== undefined && count >= data.maximum;
  const button = (
    <Button
      variant={count > 0 ? "default" : "filled"}
      leftSection={<IconPlus size={16} />}
      disabled={isFull}
      onClick={() => setAdding(true)}
    >
      {t("dialer.add")}
    </Button>
  );
  return (
    <SectionFrame
      title={t("dialer.voicemails")}
      layout="wide"
      onEdit={null}
      beside={count > 0 && <Mark>{t("dialer.count", { count, maximum: data?.maximum })}</Mark>}
      action={count > 0 && button}
    >
      {isFull && (
        <Text size="sm" c="dimmed" role="status">
          {t("dialer.full", { maximum: data.maximum })}
        </Text>
      )}
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={96} my={8} />}
      {data && count === 0 && (
        <div className={classes.empty}>
          <EmptyState icon={IconMicrophone} title={t("dialer.empty")} why={t("dialer.emptyWhy")}>
            {button}
          </EmptyState>
        </div>
      )}
      {count > 0 && <VoicemailsTable voicemails={data?.items ?? []} compact={compact} />}
      {adding && <AddVoicemailDialog onClose={() => setAdding(false)} />}
    </SectionFrame>
  );
}
