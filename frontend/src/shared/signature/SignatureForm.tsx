import { Radio, Skeleton, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { signatureQuery, setSignature } from "@/api/account";
import { faultsByField } from "@/api/errors";
import { meQuery } from "@/api/session";
import type { Signature } from "@/api/types";
import { Refusal } from "../EditSection";
import { EmailFrame } from "../email/EmailFrame";
import classes from "./Signature.module.css";

const RichText = lazy(() => import("../richtext/RichText"));
const KINDS = ["template", "custom", "none"] as const;

interface Props {
  signature: Signature;
  onSaved: () => void;
  /** The buttons below; the first one submits the form. */
  children: (state: { pending: boolean; dirty: boolean }) => ReactNode;
}

/** How one's emails end: a template with one's own data, a text of one's own, or nothing. */
export function SignatureForm({ signature, onSaved, children }: Props) {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const label = useId();
  const [kind, setKind] = useState(signature.kind);
  const [template, setTemplate] = useState<1 | 2>(signature.template ?? 1);
  const [html, setHtml] = useState(signature.custom ?? "");
  const dirty =
    kind !== signature.kind ||
    (kind === "template" && template !== signature.template) ||
    (kind === "custom" && html !== (signature.custom ?? ""));
  const saving = useMutation({
    mutationFn: () =>
      setSignature({
        kind,
        ...(kind === "template" ? { template } : {}),
        ...(kind === "custom" ? { html } : {}),
      }),
    onSuccess: (saved) => {
      queryClient.setQueryData(signatureQuery().queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: meQuery().queryKey });
      onSaved();
    },
  });
  const fault = faultsByField(saving.error).html;
  const chooseTemplate = (chosen: string) => {
    setKind("template");
    setTemplate(chosen === "2" ? 2 : 1);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving.isPending) saving.mutate();
      }}
    >
      {saving.error && !fault && <Refusal error={saving.error} />}
      <VisuallyHidden id={label}>{t("signature.title")}</VisuallyHidden>
      <Stack gap={16} role="radiogroup" aria-labelledby={label}>
        {KINDS.map((each) => (
          <div key={each}>
            <Radio
              size="xs"
              name="signature-kind"
              value={each}
              label={t(`signature.kind.${each}`)}
              checked={kind === each}
              onChange={() => setKind(each)}
            />
            {each === "template" && (
              <Templates
                signature={signature}
                chosen={kind === "template" ? template : null}
                onChoose={chooseTemplate}
              />
            )}
            {each === "custom" && kind === "custom" && <OwnSignature value={html} onChange={setHtml} fault={fault} />}
          </div>
        ))}
      </Stack>
      {children({ pending: saving.isPending, dirty })}
    </form>
  );
}

interface TemplatesProps {
  signature: Signature;
  chosen: 1 | 2 | null;
  onChoose: (template: string) => void;
}

function Templates({ signature, chosen, onChoose }: TemplatesProps) {
  const { t } = useTranslation("account");
  return (
    <div className={classes.templates} role="radiogroup" aria-label={t("signature.kind.template")}>
      {signature.templates.map(({ template, html }) => {
        const name = t("signature.template", { number: template });
        return (
          <label key={template} className={classes.template} data-chosen={chosen === template || undefined}>
            <span className={classes.templateName}>
              <Radio
                size="xs"
                name="signature-template"
                value={String(template)}
                aria-label={name}
                checked={chosen === template}
                onChange={(event) => onChoose(event.currentTarget.value)}
              />
              {name}
            </span>
            <span className={classes.picture}>
              <EmailFrame html={html} title={t("signature.preview", { name })} minHeight={88} />
            </span>
          </label>
        );
      })}
    </div>
  );
}

interface OwnProps {
  value: string;
  onChange: (html: string) => void;
  fault: string | undefined;
}

function OwnSignature({ value, onChange, fault }: OwnProps) {
  const { t } = useTranslation("account");
  const label = useId();
  return (
    <div className={classes.own}>
      <VisuallyHidden id={label}>{t("signature.own")}</VisuallyHidden>
      <Suspense fallback={<Skeleton h={220} />}>
        <RichText
          value={value}
          onChange={onChange}
          labelledBy={label}
          placeholder={t("signature.placeholder")}
          invalid={Boolean(fault)}
          mergeFields={false}
        />
      </Suspense>
      {fault && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt={4}>
          {fault}
        </Text>
      )}
    </div>
  );
}
