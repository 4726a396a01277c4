import { Button, Group, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContactImport, ImportLimits } from "@/api/types";
import { ColumnsTable } from "./ColumnsTable";
import { type Draft, remapped, tellsPeople } from "./draft";
import classes from "./Wizard.module.css";
import { LayoutLine } from "./LayoutLine";
import { OptionsForm } from "./OptionsForm";

interface Props {
  file: ContactImport;
  limits: ImportLimits;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onDiscard: () => void;
}

/** What the columns mean, and what is done with whom we know already. */
export function MatchStep({ file, limits, draft, onDraft, onDiscard }: Props) {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const isClear = tellsPeople(draft);
  const goOn = () => {
    setAsked(true);
    if (isClear) void navigate({ to: "/contacts/imports/new", search: { import: file.id, step: "preview" } });
  };
  return (
    <>
      <LayoutLine
        file={file}
        limits={limits}
        onChanged={(read) => onDraft({ ...draft, mapping: remapped(draft.mapping, read) })}
      />
      <section aria-label={t("match.columns")}>
        <ColumnsTable file={file} fields={limits.fields} draft={draft} onDraft={onDraft} />
        {asked && !isClear && (
          <Text role="alert" size="sm" c="var(--mantine-color-error)" mt={8}>
            {t("match.needed")}
          </Text>
        )}
      </section>
      <OptionsForm draft={draft} onDraft={onDraft} />
      <div className={classes.footer}>
        <Button variant="subtle" color="gray" onClick={onDiscard}>
          {t("match.another")}
        </Button>
        <Group gap={8}>
          <Button onClick={goOn}>{t("match.preview")}</Button>
        </Group>
      </div>
    </>
  );
}
