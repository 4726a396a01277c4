import { Button, Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { signatureQuery } from "@/api/account";
import type { Signature } from "@/api/types";
import { EmailFrame } from "@/shared/email/EmailFrame";
import { said } from "@/shared/feedback";
import { SectionFrame } from "@/shared/SectionFrame";
import { SignatureForm } from "@/shared/signature/SignatureForm";
import { ErrorState } from "@/shared/states";
import { useUnsavedGuard } from "@/shared/unsaved";
import classes from "../Account.module.css";

export function SignatureSection() {
  const { t } = useTranslation("account");
  const { data, error, refetch } = useQuery(signatureQuery());
  const [editing, setEditing] = useState(false);
  const done = () => setEditing(false);
  return (
    <SectionFrame title={t("signature.title")} layout="wide" onEdit={editing || !data ? null : () => setEditing(true)}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={96} my={8} />}
      {data && !editing && <Chosen signature={data} />}
      {data && editing && (
        <SignatureForm
          signature={data}
          onSaved={() => {
            said(t("signature.saved"));
            done();
          }}
        >
          {(state) => <Buttons {...state} onCancel={done} />}
        </SignatureForm>
      )}
    </SectionFrame>
  );
}

function Buttons({ pending, dirty, onCancel }: { pending: boolean; dirty: boolean; onCancel: () => void }) {
  const { t } = useTranslation();
  useUnsavedGuard(dirty);
  return (
    <Group gap={8} mt={16}>
      <Button type="submit" size="sm" loading={pending}>
        {t("action.save")}
      </Button>
      <Button variant="default" size="sm" onClick={onCancel}>
        {t("action.cancel")}
      </Button>
    </Group>
  );
}

function Chosen({ signature }: { signature: Signature }) {
  const { t } = useTranslation("account");
  const { kind, template, html } = signature;
  if (kind === "none") {
    return (
      <Text size="sm">
        {t("signature.kind.none")}{" "}
        <Text span inherit c="dimmed">
          · {t("signature.noneWhy")}
        </Text>
      </Text>
    );
  }
  const name = kind === "template" ? t("signature.template", { number: template }) : t("signature.own");
  return (
    <>
      <Text size="sm" mb={8}>
        {name}{" "}
        <Text span inherit c="dimmed">
          · {t("signature.chosen")}
        </Text>
      </Text>
      <div className={classes.signature}>
        <EmailFrame key={html} html={html} title={t("signature.title")} minHeight={64} />
      </div>
    </>
  );
}
