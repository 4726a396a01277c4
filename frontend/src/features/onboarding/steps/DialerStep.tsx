import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { Refusal } from "@/shared/EditSection";
import { phoneToKeep, phoneToRead } from "@/shared/phone";
import { guessedCulture } from "@/shared/places";
import { useMe } from "@/shared/session";
import { Footer } from "../Footer";
import type { StepProps } from "../OnboardingPage";
import { otherFault, useSavedDetails } from "./useSavedDetails";

export function DialerStep({ wizard }: StepProps) {
  const { t } = useTranslation("onboarding");
  const { t: common } = useTranslation();
  const me = useMe();
  const culture = guessedCulture();
  const form = useForm({
    initialValues: { phone: me?.phone ? phoneToRead(me.phone) : "" },
    validate: {
      phone: (phone) => {
        if (!phone.trim()) return common("form.required");
        return phoneToKeep(phone, culture) ? null : common("form.phone");
      },
    },
  });
  const saving = useSavedDetails(form, () => wizard.leave("done"));
  const problem = otherFault(saving.error, ["phone"]);
  return (
    <form noValidate onSubmit={form.onSubmit(({ phone }) => saving.submit({ phone: phoneToKeep(phone, culture) }))}>
      {problem && <Refusal error={problem} />}
      <TextInput
        label={t("dialer.phone")}
        type="tel"
        autoComplete="tel"
        maw={320}
        withAsterisk
        description={form.errors.phone ? undefined : t("dialer.hint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        {...form.getInputProps("phone")}
      />
      <Footer wizard={wizard} pending={saving.isPending} />
    </form>
  );
}
