import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { mergesQuery } from "@/api/people";
import { useUndoMerge } from "./useMerging";

/** Who was merged into the contact, and the way back while there is one. */
export function MergeOfTimeline({ contactId, mergeId }: { contactId: string; mergeId: string }) {
  const { t } = useTranslation("people");
  const merge = useQuery(mergesQuery(contactId)).data?.items.find(({ id }) => id === mergeId);
  const undoing = useUndoMerge();
  if (!merge) return null;
  return (
    <Text size="sm" c="dimmed">
      {merge.merged.name}
      {merge.can_undo && (
        <>
          {" · "}
          <Anchor component="button" type="button" size="sm" onClick={() => undoing.submit([mergeId])}>
            {t("merge.undo")}
          </Anchor>
        </>
      )}
    </Text>
  );
}
