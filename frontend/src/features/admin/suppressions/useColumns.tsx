import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Suppression } from "@/api/types";
import type { DataColumn } from "@/shared/table/types";
import { When } from "@/shared/When";
import { reasonOf, valueOf } from "./words";

/** What is on the list, why, and through whom. */
export function useSuppressionColumns(onRemove: (entry: Suppression) => void): DataColumn<Suppression>[] {
  const { t } = useTranslation("people");
  return useMemo(
    () => [
      {
        id: "value",
        header: t("suppressions.value"),
        fixed: true,
        narrow: true,
        cell: (entry, narrow) => (
          <>
            <Text span inherit c={entry.domain ? undefined : "dimmed"}>
              {valueOf(entry)}
            </Text>
            {narrow && (
              <Text size="xs" c="dimmed">
                {reasonOf(entry)}
              </Text>
            )}
          </>
        ),
      },
      {
        id: "kind",
        header: t("suppressions.kind"),
        width: "110px",
        cell: ({ kind }) => t(`suppressions.kinds.${kind}`),
      },
      {
        id: "reason",
        header: t("suppressions.reason"),
        cell: (entry) => <span title={reasonOf(entry)}>{reasonOf(entry)}</span>,
      },
      {
        id: "by",
        header: t("suppressions.by"),
        width: "180px",
        cell: ({ by_person, created_by }) => (by_person ? t("suppressions.byPerson") : created_by?.name),
      },
      {
        id: "created",
        header: t("suppressions.created"),
        width: "130px",
        cell: ({ created_at }) => <When at={created_at} />,
      },
      {
        id: "remove",
        header: t("suppressions.remove"),
        width: "100px",
        narrow: true,
        narrowWidth: "92px",
        align: "right",
        cell: (entry) => <RemoveButton entry={entry} onRemove={() => onRemove(entry)} />,
      },
    ],
    [t, onRemove],
  );
}

function RemoveButton({ entry, onRemove }: { entry: Suppression; onRemove: () => void }) {
  const { t } = useTranslation("people");
  const label = t("suppressions.removeNamed", { value: valueOf(entry) });
  return (
    <Tooltip label={entry.by_person ? t("suppressions.stays") : t("suppressions.remove")}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        aria-disabled={entry.by_person}
        data-disabled={entry.by_person || undefined}
        onClick={entry.by_person ? undefined : onRemove}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
