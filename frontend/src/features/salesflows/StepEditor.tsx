import { Input, SegmentedControl, Skeleton, TextInput } from "@mantine/core";
import { lazy, Suspense, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { MergeFieldMenu } from "@/shared/richtext/MergeFieldMenu";
import type { DraftVariant } from "./draft";
import type { StepCardProps } from "./StepCard";
import classes from "./Steps.module.css";
import { VariantBar } from "./VariantBar";

// The editor is the heaviest part of the app: it comes when a step is opened.
const RichText = lazy(() => import("@/shared/richtext/RichText"));

interface Props extends StepCardProps {
  reply: boolean;
  subject: string;
}

export function StepEditor({ step, position, variantKey, faults, reply, subject, onVariant, onChange, onEdit }: Props) {
  const { t } = useTranslation("salesflows");
  const at = Math.max(
    step.variants.findIndex(({ key }) => key === variantKey),
    0,
  );
  const variant = step.variants[at];
  const path = `steps.${position}.variants.${at}`;
  if (!variant) return null;
  const change = (field: "subject" | "body_html", value: string) => {
    onChange({ variants: step.variants.map((each, n) => (n === at ? { ...each, [field]: value } : each)) });
    onEdit(`${path}.${field}`);
  };
  return (
    <div className={classes.cardBody}>
      <div className={classes.row}>
        {position > 0 && (
          <SegmentedControl
            size="xs"
            aria-label={t("steps.thread")}
            value={step.thread}
            onChange={(thread) => onChange({ thread: thread as "new" | "reply" })}
            data={[
              { value: "reply", label: t("steps.reply") },
              { value: "new", label: t("steps.new") },
            ]}
          />
        )}
        <VariantBar step={step} chosen={variant.key} onChoose={onVariant} onChange={onChange} />
      </div>
      {reply ? (
        <Input.Wrapper label={t("editor.subject")} labelElement="div">
          <Input component="div" disabled pointer={false}>
            {subject}
          </Input>
        </Input.Wrapper>
      ) : (
        <SubjectField
          value={variant.subject}
          fault={faults[`${path}.subject`]}
          onChange={(value) => change("subject", value)}
        />
      )}
      <BodyField
        variant={variant}
        fault={faults[`${path}.body_html`]}
        onChange={(value) => change("body_html", value)}
      />
    </div>
  );
}

interface FieldProps {
  value: string;
  fault: string | undefined;
  onChange: (value: string) => void;
}

function SubjectField({ value, fault, onChange }: FieldProps) {
  const { t } = useTranslation("salesflows");
  const field = useRef<HTMLInputElement>(null);
  const insert = (text: string) => {
    const input = field.current;
    const from = input?.selectionStart ?? value.length;
    const to = input?.selectionEnd ?? value.length;
    onChange(value.slice(0, from) + text + value.slice(to));
    requestAnimationFrame(() => {
      input?.focus();
      input?.setSelectionRange(from + text.length, from + text.length);
    });
  };
  return (
    <TextInput
      ref={field}
      label={t("editor.subject")}
      placeholder={t("editor.subjectPlaceholder")}
      value={value}
      error={fault}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={<MergeFieldMenu onInsert={insert} />}
    />
  );
}

interface BodyProps {
  variant: DraftVariant;
  fault: string | undefined;
  onChange: (value: string) => void;
}

function BodyField({ variant, fault, onChange }: BodyProps) {
  const { t } = useTranslation("salesflows");
  const id = useId();
  return (
    <Input.Wrapper label={t("editor.body")} labelElement="div" labelProps={{ id }} error={fault}>
      <Suspense fallback={<Skeleton h={232} aria-label={t("editor.loading")} />}>
        <RichText
          key={variant.key}
          labelledBy={id}
          placeholder={t("editor.bodyPlaceholder")}
          invalid={fault !== undefined}
          value={variant.body_html}
          onChange={onChange}
        />
      </Suspense>
    </Input.Wrapper>
  );
}
