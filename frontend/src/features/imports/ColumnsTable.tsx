import { Select } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContactImport, ImportColumn } from "@/api/types";
import { Mark } from "@/shared/marks";
import { type Draft, mapped } from "./draft";
import { fieldChoices } from "./fields";
import classes from "./Wizard.module.css";
import { useOwnFields } from "./ownFields";

const SHOWN_SAMPLES = 3;

interface Props {
  file: ContactImport;
  fields: readonly string[];
  draft: Draft;
  onDraft: (draft: Draft) => void;
}

/** Every column of the file, what stands in it, and the field that it goes to. */
export function ColumnsTable({ file, fields, draft, onDraft }: Props) {
  const { t } = useTranslation("imports");
  const own = useOwnFields();
  const choices = useMemo(() => fieldChoices(t, [...new Set([...fields, ...own.keys()])], own), [t, fields, own]);
  const choose = (column: string, field: string | null) =>
    onDraft({ ...draft, mapping: mapped(draft.mapping, column, field) });
  return (
    <div className={classes.columns} role="table" aria-label={t("match.columns")}>
      <div role="row" className={classes.columnsHead}>
        <span role="columnheader">{t("match.column")}</span>
        <span role="columnheader">{t("match.field")}</span>
      </div>
      {file.columns.map((column) => (
        <div
          role="row"
          key={column.name}
          className={classes.column}
          data-out={!draft.mapping[column.name] || undefined}
        >
          <div role="cell" className={classes.source}>
            <div className={classes.sourceName}>{column.name}</div>
            <Samples column={column} />
          </div>
          <div role="cell" className={classes.target}>
            <IconArrowRight size={16} stroke={1.6} className={classes.arrow} aria-hidden />
            <Select
              className={classes.field}
              aria-label={t("match.fieldOf", { column: column.name })}
              placeholder={t("match.leaveOut")}
              data={choices}
              searchable
              clearable
              comboboxProps={{ keepMounted: false }}
              value={draft.mapping[column.name] ?? null}
              onChange={(field) => choose(column.name, field)}
            />
            {column.suggestion && column.suggestion === draft.mapping[column.name] && (
              <span className={classes.suggested}>
                <Mark tone="accent">{t("match.suggested")}</Mark>
              </span>
            )}
          </div>
        </div>
      ))}
    </div>
  );
}

function Samples({ column }: { column: ImportColumn }) {
  const { t } = useTranslation("imports");
  if (column.samples.length === 0) return <div className={classes.samples}>{t("match.nothing")}</div>;
  return (
    <div className={classes.samples} title={column.samples.join("\n")}>
      {column.samples.slice(0, SHOWN_SAMPLES).join(" · ")}
    </div>
  );
}
