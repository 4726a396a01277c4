import { Button, Group, Modal, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { suppress } from "@/api/people";
import type { SuppressionKind } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useSubmission } from "@/shared/submission";
import { KINDS } from "./search";

export function SuppressDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("people");
  return (
    <Modal opened onClose={onClose} title={t("suppressions.addTitle")} size={480}>
      <SuppressForm onClose={onClose} />
    </Modal>
  );
}

function SuppressForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("people");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const required = (value: string) => (value.trim() ? null : common("form.required"));
  const form = useForm({
    initialValues: { kind: "email" as SuppressionKind, value: "", reason: "" },
    validate: { value: required, reason: required },
  });
  const { kind } = form.values;
  const suppressing = useSubmission({
    mutationFn: suppress,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["suppressions"] });
      said(t("suppressions.added"));
      onClose();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const unplaced = suppressing.error && Object.keys(faultsByField(suppressing.error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => suppressing.submit(values))}>
      <Stack gap={12}>
        {unplaced && <Refusal error={suppressing.error} />}
        <SegmentedControl
          aria-label={t("suppressions.kind")}
          data={KINDS.map((each) => ({ value: each, label: t(`suppressions.kinds.${each}`) }))}
          value={kind}
          onChange={(next) => form.setFieldValue("kind", next)}
        />
        <TextInput
          data-autofocus
          withAsterisk
          autoComplete="off"
          label={t(`suppressions.values.${kind}`)}
          placeholder={t(`suppressions.placeholders.${kind}`)}
          {...form.getInputProps("value")}
        />
        <TextInput
          withAsterisk
          label={t("suppressions.reason")}
          description={t("suppressions.reasonHelp")}
          {...form.getInputProps("reason")}
        />
        <Group justify="flex-end" gap={8} mt={4}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={suppressing.isPending}>
            {t("suppressions.confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
