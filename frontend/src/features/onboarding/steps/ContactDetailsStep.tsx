import { Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { Refusal } from "@/shared/EditSection";
import { phoneToKeep, phoneToRead } from "@/shared/phone";
import { guessedCulture } from "@/shared/places";
import { useMe } from "@/shared/session";
import { Footer } from "../Footer";
import type { StepProps } from "../OnboardingPage";
import { otherFault, useSavedDetails } from "./useSavedDetails";

/** The one step that can't be skipped: everybody has a name. */
export function ContactDetailsStep({ wizard, visited }: StepProps) {
  const { t } = useTranslation("onboarding");
  const { t: common } = useTranslation();
  const me = useMe();
  const culture = guessedCulture();
  const form = useForm({
    initialValues: {
      name: me?.name ?? "",
      phone: me?.phone ? phoneToRead(me.phone) : "",
      job_title: me?.job_title ?? "",
      company: me?.company ?? (visited ? "" : (me?.organization.name ?? "")),
    },
    validate: {
      name: (name) => (name.trim() ? null : common("form.required")),
      phone: (phone) => (phone.trim() && !phoneToKeep(phone, culture) ? common("form.phone") : null),
    },
  });
  const saving = useSavedDetails(form, () => wizard.leave("done"));
  const problem = otherFault(saving.error, Object.keys(form.values));
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, phone, job_title, company }) =>
        saving.submit({
          name: name.trim(),
          phone: phone.trim() ? phoneToKeep(phone, culture) : null,
          job_title: job_title.trim() || null,
          company: company.trim() || null,
        }),
      )}
    >
      {problem && <Refusal error={problem} />}
      <Stack gap={16}>
        <TextInput label={t("details.name")} withAsterisk autoComplete="name" {...form.getInputProps("name")} />
        <TextInput
          label={t("details.phone")}
          type="tel"
          autoComplete="tel"
          description={form.errors.phone ? undefined : t("details.phoneHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          {...form.getInputProps("phone")}
        />
        <TextInput
          label={t("details.jobTitle")}
          autoComplete="organization-title"
          {...form.getInputProps("job_title")}
        />
        <TextInput label={t("details.company")} autoComplete="organization" {...form.getInputProps("company")} />
      </Stack>
      <Footer wizard={wizard} skippable={false} pending={saving.isPending} />
    </form>
  );
}
