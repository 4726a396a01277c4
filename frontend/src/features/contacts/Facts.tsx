import { Button, Select, Text } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery, statusesQuery, updateContact } from "@/api/contacts";
import { isProblem } from "@/api/errors";
import type { Contact, ContactChanges } from "@/api/types";
import { type EditField, EditSection } from "@/shared/EditSection";
import { failed, undoable } from "@/shared/feedback";
import { StatusDot } from "@/shared/marks";
import { timeZoneChoices } from "@/shared/places";
import { When } from "@/shared/When";
import classes from "./Facts.module.css";

/** Saves a change under the version that is shown; when somebody was faster, theirs is shown. */
function useSave(contact: Contact) {
  const queryClient = useQueryClient();
  const { queryKey } = contactQuery(contact.id);
  return async (changes: ContactChanges) => {
    try {
      const latest = queryClient.getQueryData(queryKey) ?? contact;
      queryClient.setQueryData(queryKey, await updateContact(latest, changes));
      void queryClient.invalidateQueries({ queryKey: ["contacts"] });
    } catch (error) {
      if (isProblem(error) && error.status === 412) await queryClient.invalidateQueries({ queryKey });
      throw error;
    }
  };
}

export function Facts({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  const save = useSave(contact);
  // On a phone what happened is nearer than what is known.
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const [open, { toggle }] = useDisclosure();
  const sections = useMemo(() => {
    const text = (name: string, label: string, more: Partial<EditField> = {}): EditField => ({ name, label, ...more });
    return [
      {
        title: t("page.person"),
        fields: [
          text("salutation", t("field.salutation")),
          text("first_name", t("field.firstName")),
          text("last_name", t("field.lastName"), { required: true }),
          text("email", t("field.email"), { kind: "email" }),
          text("business_phone", t("field.businessPhone"), { kind: "phone" }),
          text("mobile_phone", t("field.mobilePhone"), { kind: "phone" }),
        ],
      },
      {
        title: t("page.work"),
        fields: [text("company", t("field.company")), text("job_title", t("field.jobTitle"))],
      },
      {
        title: t("page.address"),
        fields: [
          text("street", t("field.street")),
          text("city", t("field.city")),
          text("zip", t("field.zip")),
          text("state", t("field.state")),
          text("country", t("field.country")),
          text("time_zone", t("field.timeZone"), { kind: "choice", choices: timeZoneChoices(contact.time_zone) }),
        ],
      },
    ];
  }, [t, contact.time_zone]);
  return (
    <>
      <Standing contact={contact} save={save} />
      {narrow && (
        <Button
          variant="default"
          fullWidth
          mt={12}
          rightSection={open ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
          aria-expanded={open}
          onClick={toggle}
        >
          {open ? t("page.hideDetails") : t("page.showDetails")}
        </Button>
      )}
      {(!narrow || open) &&
        sections.map(({ title, fields }) => (
          <EditSection
            key={title}
            title={title}
            fields={fields}
            values={contact as unknown as Record<string, string | null>}
            onSave={(changes) => save(changes as ContactChanges)}
          />
        ))}
    </>
  );
}

function Standing({ contact, save }: { contact: Contact; save: (changes: ContactChanges) => Promise<void> }) {
  const { t } = useTranslation("contacts");
  const statuses = useQuery(statusesQuery()).data?.items ?? [];
  const queryClient = useQueryClient();
  const { queryKey } = contactQuery(contact.id);
  const changing = useMutation({
    mutationFn: (status: string) => save({ status }),
    // Shown at once; put back when the server refuses.
    onMutate: async (status) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData(queryKey);
      queryClient.setQueryData(queryKey, (now) => now && { ...now, status });
      return before;
    },
    onError: (error, _status, before) => {
      queryClient.setQueryData(queryKey, before);
      failed(error);
    },
  });
  const change = (status: string | null) => {
    if (!status || status === contact.status) return;
    const before = contact.status;
    changing.mutate(status, {
      onSuccess: () => undoable(t("page.statusChanged", { status }), () => changing.mutate(before)),
    });
  };
  const color = statuses.find(({ label }) => label === contact.status)?.color;
  return (
    <div className={classes.standing}>
      <Select
        label={t("field.status")}
        mb={8}
        allowDeselect={false}
        data={statuses.map(({ label }) => label)}
        value={contact.status}
        onChange={change}
        leftSection={<StatusDot label="" color={color} />}
        leftSectionWidth={26}
        renderOption={({ option }) => (
          <StatusDot label={option.label} color={statuses.find(({ label }) => label === option.label)?.color} />
        )}
      />
      <div className={classes.row}>
        <Text size="sm" c="dimmed">
          {t("field.owner")}
        </Text>
        <Text size="sm">{contact.owner?.name ?? t("page.noOwner")}</Text>
      </div>
      {contact.last_activity_at && (
        <div className={classes.row}>
          <Text size="sm" c="dimmed">
            {t("page.lastActivity")}
          </Text>
          <Text size="sm" component="div">
            <When at={contact.last_activity_at} />
          </Text>
        </div>
      )}
      <div className={classes.row}>
        <Text size="sm" c="dimmed">
          {t("page.createdOn")}
        </Text>
        <Text size="sm" component="div">
          <When at={contact.created_at} as="date" />
        </Text>
      </div>
    </div>
  );
}
