import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { faultInWords } from "@/api/errors";
import type { ContactImport, ImportPreviewRow } from "@/api/types";
import { phoneToRead } from "@/shared/phone";
import { Blank } from "@/shared/marks";
import { fieldName } from "./fields";
import classes from "./Wizard.module.css";
import { useOwnFields } from "./ownFields";

interface Props {
  file: ContactImport;
  mapping: Record<string, string>;
  rows: ImportPreviewRow[];
}

const PARTS = ["first_name", "last_name"];

/** Rows as they would be kept; a cell that is wrong as it stands in the file, with what is wrong. */
export function PreviewTable({ file, mapping, rows }: Props) {
  const { t } = useTranslation("imports");
  const own = useOwnFields();
  const columns = file.columns.flatMap(({ name }, at) => (mapping[name] ? [{ name, at, field: mapping[name] }] : []));
  return (
    // A region that scrolls has to be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.previewScroll} role="region" aria-label={t("preview.rows")} tabIndex={0}>
      <table className={classes.preview}>
        <thead>
          <tr>
            <th scope="col" className={classes.lineNumber}>
              {t(file.format === "csv" ? "preview.line" : "preview.row")}
            </th>
            {columns.map(({ name, field }) => (
              <th key={name} scope="col">
                {fieldName(t, field, own)}
                <span className={classes.from}>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.line} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  row: ImportPreviewRow;
  columns: { name: string; at: number; field: string }[];
}

function Row({ row, columns }: RowProps) {
  const { t } = useTranslation();
  const whole = row.errors.filter(({ column }) => !columns.some(({ name }) => name === column));
  return (
    <>
      <tr data-wrong={row.errors.length > 0 || undefined}>
        <td className={classes.lineNumber}>{row.line}</td>
        {columns.map(({ name, at, field }) => {
          const fault = row.errors.find(({ column }) => column === name);
          const value = valueOf(row, field);
          return (
            <td key={name} data-wrong={fault ? true : undefined}>
              {fault ? row.cells[at] : value ? value : <Blank label={t("blank")} />}
              {fault && <span className={classes.fault}>{faultInWords(asFault(fault))}</span>}
            </td>
          );
        })}
      </tr>
      {whole.length > 0 && (
        <tr data-wrong>
          <td />
          <td colSpan={columns.length}>
            <Text span size="xs" className={classes.fault}>
              {whole.map((fault) => faultInWords(asFault(fault))).join(" ")}
            </Text>
          </td>
        </tr>
      )}
    </>
  );
}

type Fault = ImportPreviewRow["errors"][number];

const asFault = ({ code, message, params }: Fault) => ({ pointer: "", code, message, params });

function valueOf({ values }: ImportPreviewRow, field: string): string {
  if (field === "name")
    return PARTS.map((part) => values[part])
      .filter(Boolean)
      .join(" ");
  const value = values[field] ?? "";
  return field.endsWith("_phone") ? phoneToRead(value) : value;
}
