import { Radio, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createList, listsQuery } from "@/api/directory";
import type { ContactFilter, ContactList } from "@/api/types";
import { NameDialog } from "./NameDialog";

interface Props {
  /** What is asked for in the directory: then the list can be filled by it, now or at any time. */
  filter?: ContactFilter;
  onCreated: (list: ContactList) => Promise<unknown> | void;
  onClose: () => void;
}

/** A new list: one that is filled by hand, or by a filter. */
export function NewListDialog({ filter, onCreated, onClose }: Props) {
  const { t } = useTranslation("directory");
  const queryClient = useQueryClient();
  const [kind, setKind] = useState<ContactList["kind"]>(filter ? "filter" : "static");
  const create = async (name: string) => {
    const list = await createList(kind === "filter" && filter ? { name, kind, filter } : { name, kind: "static" });
    void queryClient.invalidateQueries({ queryKey: listsQuery().queryKey });
    await onCreated(list);
  };
  return (
    <NameDialog
      title={t(filter ? "list.saveTitle" : "list.newTitle")}
      submit={t("list.create")}
      placeholder={t("list.example")}
      taken={t("list.taken")}
      onSubmit={create}
      onClose={onClose}
    >
      {filter && (
        <Radio.Group label={t("list.who")} value={kind} onChange={(value) => setKind(value as ContactList["kind"])}>
          <Stack gap={10} mt={6}>
            <Radio size="sm" value="filter" label={t("list.byFilter")} description={t("list.byFilterHelp")} />
            <Radio size="sm" value="static" label={t("list.asNow")} description={t("list.asNowHelp")} />
          </Stack>
        </Radio.Group>
      )}
    </NameDialog>
  );
}
