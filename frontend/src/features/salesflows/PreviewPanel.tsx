import { Select, Skeleton, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactsQuery } from "@/api/contacts";
import { mergeFieldsQuery, previewStep } from "@/api/salesflows";
import { EmailFrame } from "@/shared/email/EmailFrame";
import { explain } from "@/shared/explain";
import { useFormat } from "@/shared/format";
import { useReadable } from "@/shared/richtext/readable";
import { type DraftStep, type DraftVariant, toInput } from "./draft";
import classes from "./Steps.module.css";

interface Props {
  salesflowId: string;
  step: DraftStep;
  position: number;
  variant: DraftVariant;
  firstSubject: string;
}

/** The open email as one contact will get it, a moment after each change. */
export function PreviewPanel({ salesflowId, step, position, variant, firstSubject }: Props) {
  const { t } = useTranslation("salesflows");
  const [contact, setContact] = useState<{ id: string; name: string } | null>(null);
  const input = toInput({ ...step, variants: [variant] }, position);
  const reply = position > 0 && step.thread === "reply";
  const filled = variant.body_html.trim() !== "" || (!reply && variant.subject.trim() !== "");
  const [asked] = useDebouncedValue(JSON.stringify(input), 350);
  const preview = useQuery({
    queryKey: ["preview", salesflowId, contact?.id, asked],
    queryFn: ({ signal }) =>
      previewStep(
        salesflowId,
        { ...(contact ? { contact_id: contact.id } : {}), step: JSON.parse(asked) as typeof input },
        signal,
      ),
    enabled: filled,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 30_000,
  });
  const { data, error } = preview;
  const readable = useReadable();
  // A thread that is not saved yet has no subject at the server.
  const own = data?.subject.replace(/^re:\s*$/i, "");
  const subject = reply && !own ? t("steps.replyTo", { subject: readable(firstSubject) }) : own;
  const name = contact?.name ?? t("preview.sample");
  return (
    <div className={classes.preview}>
      <div className={classes.previewHead}>
        <Text size="sm" fw={500} style={{ whiteSpace: "nowrap" }}>
          {t("preview.contact")}
        </Text>
        <ContactPicker chosen={contact} onChoose={setContact} />
      </div>
      {filled && error && (
        <div className={classes.notice} data-tone="danger" role="status">
          {t("preview.fault")}. {explain(error).detail}
        </div>
      )}
      {filled && !error && data && data.missing.length > 0 && <Missing fields={data.missing} name={name} />}
      <div className={classes.previewSubject}>{(filled && subject) || <>&nbsp;</>}</div>
      <div className={classes.paper}>
        {filled && data ? (
          <EmailFrame html={data.html} title={t("preview.body", { name })} minHeight={240} />
        ) : filled && !error ? (
          <div style={{ padding: 16 }}>
            <Skeleton h={12} w="40%" mb={12} />
            <Skeleton h={12} w="90%" mb={8} />
            <Skeleton h={12} w="75%" />
          </div>
        ) : (
          <Text size="sm" c="gray.6" p="md">
            {t("preview.nothing")}
          </Text>
        )}
      </div>
    </div>
  );
}

function Missing({ fields, name }: { fields: string[]; name: string }) {
  const { t } = useTranslation("salesflows");
  const { list } = useFormat();
  const known = useQuery(mergeFieldsQuery()).data?.items ?? [];
  const labels = fields.map((field) => known.find((each) => each.name === field)?.label ?? field);
  return (
    <div className={classes.notice} role="status">
      {t("preview.missing", { count: fields.length, fields: list(labels), name })}
    </div>
  );
}

interface PickerProps {
  chosen: { id: string; name: string } | null;
  onChoose: (contact: { id: string; name: string } | null) => void;
}

function ContactPicker({ chosen, onChoose }: PickerProps) {
  const { t } = useTranslation("salesflows");
  const [typed, setTyped] = useState("");
  const q = typed === chosen?.name ? "" : typed.trim();
  const [asked] = useDebouncedValue(q, 200);
  const found = useQuery(contactsQuery({ limit: 10, ...(asked ? { q: asked } : {}) })).data?.items ?? [];
  const people = new Map(found.map(({ id, name }) => [id, name]));
  if (chosen) people.set(chosen.id, chosen.name);
  return (
    <Select
      flex={1}
      aria-label={t("preview.contact")}
      placeholder={t("preview.sample")}
      searchable
      clearable
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...people].map(([value, label]) => ({ value, label }))}
      value={chosen?.id ?? null}
      onChange={(id) => onChoose(id ? { id, name: people.get(id) ?? "" } : null)}
    />
  );
}
