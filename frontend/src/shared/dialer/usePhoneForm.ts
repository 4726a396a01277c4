import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { choosePhone, phoneQuery } from "@/api/dialer";
import { faultsByField } from "@/api/errors";
import type { DialerPhone } from "@/api/types";
import { countryTyped, phoneToEdit, phoneTyped } from "../phone";
import { useSubmission } from "../submission";

const EXTENSION = /^\d{0,10}$/;

interface Options {
  phone: DialerPhone;
  culture: string | undefined;
  /** A number for whoever has not chosen one yet. */
  proposed: string | null | undefined;
  onSaved: () => void;
}

/** The phone that one calls from, being chosen. */
export function usePhoneForm({ phone, culture, proposed, onSaved }: Options) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { ...phoneToEdit(phone.phone ?? proposed ?? null, culture), extension: phone.extension ?? "" },
    validate: {
      phone: (typed, { country }) => {
        if (!typed.trim()) return common("form.required");
        const number = phoneTyped({ country, phone: typed });
        if (!number) return t("dialer.phoneFault");
        return number.extension ? t("dialer.extensionApart") : null;
      },
      extension: (typed) => (EXTENSION.test(typed.trim()) ? null : t("dialer.extensionDigits")),
    },
  });
  const saving = useSubmission({
    mutationFn: ({ extension, ...typed }: typeof form.values) =>
      choosePhone({ phone: phoneTyped(typed)?.kept ?? typed.phone, extension: extension.trim() || null }),
    onSuccess: (saved) => {
      queryClient.setQueryData(phoneQuery().queryKey, saved);
      onSaved();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const faults = Object.keys(faultsByField(saving.error));
  return {
    form,
    submit: form.onSubmit((values) => saving.submit(values)),
    isPending: saving.isPending,
    /** Why it was refused, unless that is said at a field. */
    problem: faults.some((field) => field in form.values) ? null : saving.error,
    /** A number that says its country chooses it. */
    type: (typed: string) => {
      const country = countryTyped(typed);
      form.setValues({ phone: typed, ...(country ? { country } : {}) });
    },
  };
}

export type PhoneForm = ReturnType<typeof usePhoneForm>;
