import { Button, Group as Row, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { phoneQuery, removePhone } from "@/api/dialer";
import type { DialerPhone } from "@/api/types";
import { PhoneFields } from "@/shared/dialer/PhoneFields";
import { PhoneState } from "@/shared/dialer/PhoneState";
import { usePhoneForm } from "@/shared/dialer/usePhoneForm";
import { VoicemailsSection } from "@/shared/dialer/VoicemailsSection";
import { Fact } from "@/shared/EditSection";
import fixed from "@/shared/EditSection.module.css";
import { confirmed, failed, said } from "@/shared/feedback";
import { isEscapeFor } from "@/shared/keys";
import { Blank } from "@/shared/marks";
import { phoneToRead } from "@/shared/phone";
import { SectionFrame } from "@/shared/SectionFrame";
import { useMe } from "@/shared/session";
import { ErrorState } from "@/shared/states";
import classes from "./Account.module.css";
import { Group } from "./Group";

/** The phone that one calls from, and what one leaves behind when nobody answers. */
export function DialerSection() {
  const { t } = useTranslation("account");
  const [editing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery(phoneQuery());
  return (
    <Group id="dialer" title={t("dialer.title")} why={t("dialer.why")}>
      <SectionFrame
        title={t("dialer.phoneTitle")}
        layout="wide"
        onEdit={editing || !data ? null : () => setEditing(true)}
        action={data?.phone && !editing && <RemovePhone phone={data.phone} />}
      >
        {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton h={72} />}
        {data && editing && <EditedPhone phone={data} onDone={() => setEditing(false)} />}
        {data && !editing && <ShownPhone phone={data} />}
      </SectionFrame>
      <VoicemailsSection />
    </Group>
  );
}

function ShownPhone({ phone }: { phone: DialerPhone }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  if (!phone.phone) {
    return (
      <Text size="sm" c="dimmed">
        {t("dialer.none")}
      </Text>
    );
  }
  return (
    <>
      <dl className={fixed.facts}>
        <Fact label={t("dialer.phone")}>{phoneToRead(phone.phone)}</Fact>
        <Fact label={t("dialer.extension")}>{phone.extension ?? <Blank label={common("blank")} />}</Fact>
      </dl>
      <PhoneState phone={phone} />
    </>
  );
}

function RemovePhone({ phone }: { phone: string }) {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const removing = useMutation({
    mutationFn: removePhone,
    onSuccess: () => {
      said(t("dialer.phoneRemoved"));
      return queryClient.invalidateQueries({ queryKey: phoneQuery().queryKey });
    },
    onError: failed,
  });
  const remove = async () => {
    const title = t("dialer.removeTitle", { name: phoneToRead(phone) });
    if (await confirmed({ title, body: t("dialer.removePhoneBody"), confirm: t("dialer.remove"), danger: true }))
      removing.mutate();
  };
  return (
    <Button
      className={classes.end}
      variant="subtle"
      color="gray"
      size="compact-sm"
      loading={removing.isPending}
      aria-label={`${t("dialer.remove")}: ${t("dialer.phoneTitle")}`}
      onClick={() => void remove()}
    >
      {t("dialer.remove")}
    </Button>
  );
}

function EditedPhone({ phone, onDone }: { phone: DialerPhone; onDone: () => void }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const me = useMe();
  const editing = usePhoneForm({
    phone,
    culture: me?.culture,
    proposed: me?.phone,
    onSaved: () => {
      said(t("dialer.phoneSaved"));
      onDone();
    },
  });
  return (
    // Escape restores from wherever in the form the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate onSubmit={editing.submit} onKeyDown={(event) => isEscapeFor(event) && onDone()}>
      <PhoneFields editing={editing} focus />
      <Row gap={8} mt={12}>
        <Button type="submit" size="sm" loading={editing.isPending}>
          {common("action.save")}
        </Button>
        <Button variant="default" size="sm" onClick={onDone}>
          {common("action.cancel")}
        </Button>
      </Row>
    </form>
  );
}
