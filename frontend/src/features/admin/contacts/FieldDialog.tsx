import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { addOwnField, changeOwnField } from "@/api/contactAdmin";
import { faultsByField, isProblem } from "@/api/errors";
import type { OwnFieldDefinition } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { explain } from "@/shared/explain";
import { said } from "@/shared/feedback";
import { useSubmission } from "@/shared/submission";
import { useFieldsChanged } from "./useFieldsChanged";

const KINDS = ["text", "number", "date", "choice", "url", "checkbox"] as const;
type Kind = (typeof KINDS)[number];

interface Props {
  /** The one that is changed; without it a new one is made. */
  field?: OwnFieldDefinition;
  onClose: () => void;
}

export function FieldDialog({ field, onClose }: Props) {
  const { t } = useTranslation("contactAdmin");
  return (
    <Modal opened onClose={onClose} title={field ? t("fields.editTitle") : t("fields.newTitle")} size={440}>
      <FieldForm field={field} onClose={onClose} />
    </Modal>
  );
}

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** Faults by the inputs of the form, in which all values are one text. */
function faultsOf(error: unknown): Record<string, string> {
  const { label, ...others } = faultsByField(error);
  const [choices] = Object.entries(others).flatMap(([path, fault]) => (path.startsWith("choices") ? [fault] : []));
  const taken = isProblem(error, "already_exists") ? explain(error).detail : undefined;
  const said = label ?? taken;
  return { ...(said ? { label: said } : {}), ...(choices ? { choices } : {}) };
}

function FieldForm({ field, onClose }: { field: OwnFieldDefinition | undefined; onClose: () => void }) {
  const { t } = useTranslation("contactAdmin");
  const { t: common } = useTranslation();
  const changed = useFieldsChanged();
  const form = useForm({
    initialValues: {
      label: field?.label ?? "",
      kind: (field?.kind ?? "text") as Kind,
      choices: field?.choices.join("\n") ?? "",
    },
    validate: {
      label: (label) => (label.trim() ? null : common("form.required")),
      choices: (choices, { kind }) =>
        kind === "choice" && linesOf(choices).length === 0 ? common("form.required") : null,
    },
  });
  const saving = useSubmission({
    mutationFn: ({ label, kind, choices }: typeof form.values) => {
      const values = kind === "choice" ? { choices: linesOf(choices) } : {};
      return field ? changeOwnField(field.id, { label, ...values }) : addOwnField({ label, kind, ...values });
    },
    onSuccess: async ({ label }) => {
      onClose();
      said(field ? t("fields.saved", { label }) : t("fields.added", { label }));
      await changed();
    },
    onError: (error) => form.setErrors(faultsOf(error)),
  });
  const unplaced = saving.error && Object.keys(faultsOf(saving.error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saving.submit(values))}>
      <Stack gap={12}>
        {unplaced && <Refusal error={saving.error} />}
        <TextInput
          label={t("fields.name")}
          withAsterisk
          data-autofocus
          maxLength={120}
          {...form.getInputProps("label")}
        />
        <Select
          label={t("fields.kind")}
          allowDeselect={false}
          disabled={field !== undefined}
          description={field ? t("fields.kindFixed") : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          data={KINDS.map((kind) => ({ value: kind, label: t(`fields.kinds.${kind}`) }))}
          {...form.getInputProps("kind")}
        />
        {form.values.kind === "choice" && (
          <Textarea
            label={t("fields.choices")}
            withAsterisk
            description={t("fields.choicesHelp")}
            autosize
            minRows={4}
            maxRows={12}
            {...form.getInputProps("choices")}
          />
        )}
        {field && (
          <Text size="sm" c="dimmed">
            {t("fields.key")}: <code>{`{{ custom.${field.key} }}`}</code>
          </Text>
        )}
        <Group gap={8} justify="flex-end" mt={4}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {field ? t("fields.save") : t("fields.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
