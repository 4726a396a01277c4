import { Alert, Button, Group, Select, Text, Textarea, TextInput } from "@mantine/core";
import { type GetInputPropsReturnType, useForm } from "@mantine/form";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { faultsByField, isProblem } from "@/api/errors";
import classes from "./EditSection.module.css";
import { explain } from "./explain";
import { isEscapeFor } from "./keys";
import { Blank } from "./marks";
import { phoneToKeep, phoneToRead } from "./phone";
import { SectionFrame } from "./SectionFrame";
import { useMe } from "./session";

export interface EditField {
  name: string;
  label: string;
  /** `lines` is text of several lines. */
  kind?: "text" | "email" | "phone" | "choice" | "lines";
  choices?: { value: string; label: string }[];
  required?: boolean;
  autoComplete?: string;
  /** What it is for; also beside the value that is read. */
  help?: string;
  /** How the value is shown when it is not being edited. */
  show?: (value: string) => ReactNode;
}

type Values = Record<string, string>;
type Changes = Record<string, string | null>;

interface Props {
  title: string;
  fields: EditField[];
  values: Record<string, string | null | undefined>;
  /** Saves what changed, and only that; an emptied field is null. */
  onSave: (changes: Changes) => Promise<unknown>;
  layout?: "narrow" | "wide";
  /** Where in the request these fields are, when not at its top: faults come with that path. */
  within?: string;
  /** What is above, and facts below that can't be edited here. */
  before?: ReactNode;
  after?: ReactNode;
}

const EMAIL = /^\S+@\S+\.\S+$/;

/** Facts that are read most of the time and edited together: Enter saves, Escape restores. */
export function EditSection({ title, fields, values, onSave, layout = "narrow", within, before, after }: Props) {
  const [editing, setEditing] = useState(false);
  return (
    <SectionFrame title={title} layout={layout} onEdit={editing ? null : () => setEditing(true)}>
      {before}
      {editing ? (
        <SectionForm fields={fields} values={values} onSave={onSave} within={within} onDone={() => setEditing(false)} />
      ) : (
        <dl className={classes.facts}>
          {fields.map((field) => (
            <Fact key={field.name} label={field.label}>
              <Value field={field} value={values[field.name]} />
              {field.help && (
                <Text size="xs" c="dimmed" mt={2}>
                  {field.help}
                </Text>
              )}
            </Fact>
          ))}
          {after}
        </dl>
      )}
    </SectionFrame>
  );
}

/** One line of a section that is being read. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Value({ field, value }: { field: EditField; value: string | null | undefined }) {
  const { t } = useTranslation();
  if (!value) return <Blank label={t("blank")} />;
  if (field.show) return field.show(value);
  if (field.kind === "phone") return phoneToRead(value);
  if (field.kind === "lines") return <span className={classes.lines}>{value}</span>;
  return field.choices?.find((choice) => choice.value === value)?.label ?? value;
}

interface FormProps extends Pick<Props, "fields" | "values" | "onSave"> {
  within: string | undefined;
  onDone: () => void;
}

function SectionForm({ fields, values, onSave, within, onDone }: FormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [problem, setProblem] = useState<unknown>(null);
  const form = useForm<Values>({
    initialValues: Object.fromEntries(fields.map((field) => [field.name, values[field.name] ?? ""])),
    validate: Object.fromEntries(
      fields.map((field) => [
        field.name,
        (value: string) => {
          if (!value.trim()) return field.required ? t("form.required") : null;
          if (field.kind === "email" && !EMAIL.test(value.trim())) return t("form.email");
          return field.kind === "phone" && !phoneToKeep(value, me?.culture) ? t("form.phone") : null;
        },
      ]),
    ),
  });
  const kept = (field: EditField, typed: string) =>
    field.kind === "phone" && typed ? phoneToKeep(typed, me?.culture) : typed.trim() || null;
  const save = async (typed: Values) => {
    const changed = fields
      .map((field): [string, string | null] => [field.name, kept(field, typed[field.name] ?? "")])
      .filter(([name, value]) => value !== (values[name] || null));
    if (changed.length === 0) return onDone();
    setProblem(null);
    try {
      await onSave(Object.fromEntries(changed));
      onDone();
    } catch (error) {
      const faults = Object.entries(faultsByField(error)).map(([path, fault]) => [
        within && path.startsWith(`${within}.`) ? path.slice(within.length + 1) : path,
        fault,
      ]);
      const known = Object.fromEntries(faults.filter(([name]) => name !== undefined && name in typed));
      form.setErrors(known);
      if (Object.keys(known).length === 0) setProblem(error);
    }
  };
  return (
    // Escape restores from wherever in the form the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate onSubmit={form.onSubmit(save)} onKeyDown={(event) => isEscapeFor(event) && onDone()}>
      {problem !== null && <Refusal error={problem} />}
      <div className={classes.fields}>
        {fields.map((field, n) => (
          <Editor key={field.name} field={field} focus={n === 0} props={form.getInputProps(field.name)} />
        ))}
      </div>
      <Group gap={8} mt={12}>
        <Button type="submit" size="sm" loading={form.submitting}>
          {t("action.save")}
        </Button>
        <Button variant="default" size="sm" onClick={onDone}>
          {t("action.cancel")}
        </Button>
      </Group>
    </form>
  );
}

function Editor({ field, focus, props }: { field: EditField; focus: boolean; props: GetInputPropsReturnType }) {
  const shared = { label: field.label, description: field.help, withAsterisk: field.required === true };
  if (field.kind === "choice") {
    return (
      <Select {...shared} data={field.choices ?? []} searchable clearable={!field.required} limit={200} {...props} />
    );
  }
  if (field.kind === "lines") return <Textarea {...shared} autosize minRows={3} maxRows={8} {...props} />;
  return (
    <TextInput
      {...shared}
      // The person just chose to edit this section.
      // eslint-disable-next-line jsx-a11y/no-autofocus
      autoFocus={focus}
      type={field.kind === "email" ? "email" : field.kind === "phone" ? "tel" : "text"}
      autoComplete={field.autoComplete ?? "off"}
      {...props}
    />
  );
}

/** Why a form as a whole was refused; nothing for somebody who has just turned away himself. */
export function Refusal({ error }: { error: unknown }) {
  if (isProblem(error, "confirmation_required")) return null;
  const { title, detail } = explain(error);
  return (
    <Alert color="red" variant="light" role="alert" mb={12} title={title}>
      <Text size="sm">{detail}</Text>
    </Alert>
  );
}
