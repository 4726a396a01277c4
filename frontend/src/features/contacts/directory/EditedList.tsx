import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconFilter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { changeList, listsQuery } from "@/api/directory";
import type { ContactFilter, ContactList } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { useFormat } from "@/shared/format";
import { useSubmission } from "@/shared/submission";
import { counted } from "./counted";
import classes from "./EditedList.module.css";
import { asksSame, type ContactsSearch, searchToEdit } from "./search";

interface Props {
  list: ContactList;
  search: ContactsSearch;
  /** What is asked for in the directory: the list's new filter. */
  filter: ContactFilter;
  timeZone: string;
  /** How many match it; null while that is not known. */
  total: number | null;
  /** The filter was saved, or stays as it was. */
  onLeave: () => void;
}

/** The list whose filter stands in the directory to be changed, and the ways to end that. */
export function EditedList({ list, search, filter, timeZone, total, onLeave }: Props) {
  const { t } = useTranslation("directory");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const queryClient = useQueryClient();
  const { queryKey } = listsQuery();
  const { name } = list;
  const empty = Object.keys(filter).length === 0;
  const same = asksSame(search, searchToEdit(list, timeZone));
  const title = t("list.editing", { name });

  const saving = useSubmission({
    mutationFn: () => changeList(list, { filter }),
    onSuccess: (kept) => {
      queryClient.setQueryData<ContactList[]>(queryKey, (lists) =>
        lists?.map((one) => (one.id === kept.id ? kept : one)),
      );
      void queryClient.invalidateQueries({ queryKey: ["contacts"] });
      onLeave();
      said(t("list.filterSaved", { name }));
    },
    onError: (error) => {
      failed(error);
      void queryClient.invalidateQueries({ queryKey });
    },
  });
  const save = async () => {
    const matching = total === null ? "" : `${t("list.replaceCount", { count: total, many: counted(total, number) })} `;
    const question = {
      title: t("list.replaceTitle", { name }),
      body: `${matching}${t("list.replaceBody")}`,
      confirm: t("list.saveFilter"),
    };
    if (await confirmed(question)) saving.submit();
  };

  return (
    <section className={classes.place} aria-label={title}>
      <div className={classes.strip}>
        <div className={classes.what}>
          <IconFilter size={18} stroke={1.6} className={classes.sign} aria-hidden />
          <div className={classes.said}>
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <Text size="xs" aria-live="polite">
              {t(empty ? "list.editEmpty" : same ? "list.editSame" : "list.editChanged")}
            </Text>
          </div>
        </div>
        <div className={classes.acts}>
          <Button variant="default" onClick={onLeave}>
            {common("action.cancel")}
          </Button>
          <Button disabled={same || empty} loading={saving.isPending} onClick={() => void save()}>
            {t("list.saveFilter")}
          </Button>
        </div>
      </div>
    </section>
  );
}
