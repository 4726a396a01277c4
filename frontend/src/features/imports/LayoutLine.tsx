import { Button, Select, Switch, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { importQuery, layOutImport } from "@/api/imports";
import type { ContactImport, ImportLayoutInput, ImportLimits } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { useFormat } from "@/shared/format";
import { useSubmission } from "@/shared/submission";
import { delimiterName, encodingName } from "./layouts";
import classes from "./Wizard.module.css";

interface Props {
  file: ContactImport;
  limits: ImportLimits;
  onChanged: (file: ContactImport) => void;
}

/** How the file is read, and how else it could be: where it was found out wrongly, somebody knows better. */
export function LayoutLine({ file, limits, onChanged }: Props) {
  const { t } = useTranslation("imports");
  const { number } = useFormat();
  const [editing, setEditing] = useState(false);
  const { encoding, delimiter, header, rows } = file.detected;
  const read = [
    t("layout.rows", { count: rows, rows: number(rows) }),
    t("layout.columnsCount", { count: file.columns.length }),
    ...(file.format === "csv" ? [encodingName(encoding), delimiterName(t, delimiter)] : []),
    t(header ? "layout.header" : "layout.noHeader"),
  ];
  return (
    <div className={classes.layout}>
      <div className={classes.layoutLine}>
        <Text size="sm" className={classes.fileName}>
          {file.name}
        </Text>
        <Text size="sm" c="dimmed">
          {read.join(" · ")}
        </Text>
        <Button size="compact-sm" variant="subtle" aria-expanded={editing} onClick={() => setEditing((open) => !open)}>
          {t(editing ? "layout.close" : "layout.change")}
        </Button>
      </div>
      {editing && <LayoutForm file={file} limits={limits} onChanged={onChanged} />}
    </div>
  );
}

function LayoutForm({ file, limits, onChanged }: Props) {
  const { t } = useTranslation("imports");
  const queryClient = useQueryClient();
  const { encoding, delimiter, header } = file.detected;
  const reading = useSubmission({
    mutationFn: (changed: ImportLayoutInput) =>
      layOutImport(file.id, { ...(file.format === "csv" ? { encoding, delimiter } : {}), header, ...changed }),
    onSuccess: (changed) => {
      queryClient.setQueryData(importQuery(file.id).queryKey, changed);
      onChanged(changed);
    },
  });
  return (
    <div className={classes.layoutForm}>
      {file.format === "csv" && (
        <>
          <Select
            label={t("layout.encoding")}
            data={limits.encodings.map((each) => ({ value: each, label: encodingName(each) }))}
            value={limits.encodings.includes(encoding) ? encoding : null}
            placeholder={encodingName(encoding)}
            disabled={reading.isPending}
            searchable
            allowDeselect={false}
            onChange={(chosen) => chosen && reading.submit({ encoding: chosen })}
          />
          <Select
            label={t("layout.delimiter")}
            data={limits.delimiters.map((each) => ({ value: each, label: delimiterName(t, each) }))}
            value={delimiter}
            disabled={reading.isPending}
            allowDeselect={false}
            onChange={(chosen) => chosen && reading.submit({ delimiter: chosen })}
          />
        </>
      )}
      <Switch
        className={classes.headerSwitch}
        label={t("layout.header")}
        checked={header}
        disabled={reading.isPending}
        onChange={(event) => reading.submit({ header: event.currentTarget.checked })}
      />
      {Boolean(reading.error) && <Refusal error={reading.error} />}
    </div>
  );
}
