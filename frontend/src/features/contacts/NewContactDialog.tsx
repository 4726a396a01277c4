import { Alert, Button, Group, Modal, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { createContact } from "@/api/contacts";
import { faultsByField, isProblem } from "@/api/errors";
import type { ContactInput, ContactStatus } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { AnchorLink } from "@/shared/links";
import { phoneToKeep } from "@/shared/phone";
import { useLocale } from "@/shared/format";
import { useMe } from "@/shared/session";
import { useSubmission } from "@/shared/submission";
import classes from "./Contacts.module.css";
import { type OwnField, useOwnFields } from "./directory/ownFields";
import { DuplicateWarning } from "./duplicates/DuplicateWarning";
import { FactInput } from "./page/FactInput";
import { factOf } from "./page/Facts";
import { type FactValue, valueTyped, type Writing } from "./page/facts";

const EMPTY = {
  first_name: "",
  last_name: "",
  email: "",
  company: "",
  job_title: "",
  business_phone: "",
  mobile_phone: "",
  status: "",
};
const PHONES = ["business_phone", "mobile_phone"] as const;

export function NewContactDialog({ statuses, onClose }: { statuses: ContactStatus[]; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  return (
    <Modal opened onClose={onClose} title={t("new.title")} size={520}>
      <NewContactForm statuses={statuses} onClose={onClose} />
    </Modal>
  );
}

function NewContactForm({ statuses, onClose }: { statuses: ContactStatus[]; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const { t: common } = useTranslation();
  const me = useMe();
  const own = useOwnFields();
  const writing = { culture: me?.culture, locale: useLocale() };
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const phone = (value: string) => (value.trim() && !phoneToKeep(value, me?.culture) ? common("form.phone") : null);
  const form = useForm({
    initialValues: { ...EMPTY, custom: {} as Record<string, string>, another: false },
    validate: {
      last_name: (value) => (value.trim() ? null : common("form.required")),
      email: (value) => (!value.trim() || /^\S+@\S+\.\S+$/.test(value.trim()) ? null : common("form.email")),
      business_phone: phone,
      mobile_phone: phone,
    },
  });
  const creating = useSubmission({
    mutationFn: ({ custom, ...values }: typeof form.values) =>
      createContact({ ...toInput(values, me?.culture), ...ownInput(own, custom, writing) }),
    onSuccess: (contact, { another }) => {
      void queryClient.invalidateQueries({ queryKey: ["contacts", "list"] });
      said(t("new.done", { name: contact.name }));
      if (!another) return navigate({ to: "/contacts/$contactId", params: { contactId: contact.id } });
      form.setValues({ ...EMPTY, custom: {}, company: contact.company ?? "", another });
      return form.getInputNode("first_name")?.focus();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const { first_name, last_name, email, company, business_phone, mobile_phone } = form.values;
  const typed = { first_name, last_name, email, company, business_phone, mobile_phone };
  const problem = creating.error;
  const exists = isProblem(problem, "already_exists") ? problem.body.contact_id : undefined;
  const places = new Set([...Object.keys(EMPTY), ...own.map(({ key }) => `custom.${key}`)]);
  const unplaced = problem !== null && !exists && !Object.keys(faultsByField(problem)).some((name) => places.has(name));
  return (
    <form noValidate onSubmit={form.onSubmit((values) => creating.submit(values))}>
      <Stack gap={12}>
        {typeof exists === "string" && (
          <Alert color="yellow" variant="light" role="alert" title={t("new.exists")}>
            <AnchorLink size="sm" to="/contacts/$contactId" params={{ contactId: exists }}>
              {t("new.openExisting")}
            </AnchorLink>
          </Alert>
        )}
        {unplaced && <Refusal error={problem} />}
        <div className={classes.pair}>
          <TextInput label={t("field.firstName")} data-autofocus {...form.getInputProps("first_name")} />
          <TextInput label={t("field.lastName")} withAsterisk {...form.getInputProps("last_name")} />
        </div>
        <TextInput label={t("field.email")} type="email" autoComplete="off" {...form.getInputProps("email")} />
        <div className={classes.pair}>
          <TextInput label={t("field.company")} {...form.getInputProps("company")} />
          <TextInput label={t("field.jobTitle")} {...form.getInputProps("job_title")} />
          <TextInput label={t("field.businessPhone")} type="tel" {...form.getInputProps("business_phone")} />
          <TextInput label={t("field.mobilePhone")} type="tel" {...form.getInputProps("mobile_phone")} />
        </div>
        <Select
          label={t("field.status")}
          placeholder={statuses.find((status) => status.is_default)?.label ?? ""}
          clearable
          data={statuses.map(({ label }) => label)}
          {...form.getInputProps("status")}
          value={form.values.status || null}
        />
        {own.length > 0 && (
          <div className={classes.pair}>
            {own.map((field) => (
              <FactInput
                key={field.key}
                field={factOf(field)}
                value={form.values.custom[field.key] ?? ""}
                error={form.errors[`custom.${field.key}`]}
                onChange={(value) => form.setFieldValue(`custom.${field.key}`, value)}
              />
            ))}
          </div>
        )}
        <DuplicateWarning typed={typed} />
        <Group justify="space-between" gap={12} mt={4}>
          <Switch size="xs" label={t("new.another")} {...form.getInputProps("another", { type: "checkbox" })} />
          <Group gap={8} ml="auto">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" loading={creating.isPending}>
              {t("new.create")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

/** The same of own fields. */
function ownInput(fields: OwnField[], typed: Record<string, string>, writing: Writing): Pick<ContactInput, "custom"> {
  const given = fields.flatMap((field): [string, FactValue][] => {
    const read = valueTyped(factOf(field), typed[field.key] ?? "", writing);
    return "value" in read && read.value !== null ? [[field.key, read.value]] : [];
  });
  return given.length > 0 ? { custom: Object.fromEntries(given) } : {};
}

/** What was typed and nothing else: an empty field is left out, a phone is written with its country. */
function toInput(values: Record<string, string | boolean | null>, culture: string | undefined): ContactInput {
  const filled = Object.keys(EMPTY).flatMap((name): [string, string][] => {
    const typed = String(values[name] ?? "").trim();
    if (!typed) return [];
    const isPhone = PHONES.some((each) => each === name);
    return [[name, isPhone ? (phoneToKeep(typed, culture) ?? typed) : typed]];
  });
  return Object.fromEntries(filled) as unknown as ContactInput;
}
