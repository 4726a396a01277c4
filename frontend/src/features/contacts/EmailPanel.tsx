import { Alert, Drawer, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { emailQuery } from "@/api/emails";
import { EmailFrame } from "@/shared/email/EmailFrame";
import { EmailToSettle } from "@/shared/email/EmailToSettle";
import { Mark } from "@/shared/marks";
import { reasonInWords } from "@/shared/reasons";
import { ErrorState } from "@/shared/states";
import { When } from "@/shared/When";
import classes from "./EmailPanel.module.css";

interface Props {
  emailId: string | undefined;
  contact: string;
  onClose: () => void;
}

/** A sent email beside the timeline, as its recipient got it. */
export function EmailPanel({ emailId, contact, onClose }: Props) {
  const { t } = useTranslation("contacts");
  return (
    <Drawer opened={emailId !== undefined} onClose={onClose} title={t("email.title")} size={620}>
      {emailId && <EmailView emailId={emailId} contact={contact} />}
    </Drawer>
  );
}

function EmailView({ emailId, contact }: { emailId: string; contact: string }) {
  const { t } = useTranslation("contacts");
  const { data: email, error, refetch } = useQuery(emailQuery(emailId));
  if (error && !email) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!email) {
    return (
      <Stack gap={10}>
        <Skeleton h={20} w="70%" />
        <Skeleton h={12} w="50%" />
        <Skeleton h={12} w="45%" />
        <Skeleton h={220} mt={8} />
      </Stack>
    );
  }
  const uncertain = email.state === "needs_human";
  const facts = [
    [t("email.from"), email.from],
    [t("email.to"), email.to],
    [t("email.sent"), email.sent_at ? <When key="at" at={email.sent_at} as="moment" /> : null],
  ] as const;
  return (
    <Stack gap={12}>
      <Text fw={600} size="lg" className={classes.subject}>
        {email.subject || t("email.noSubject")}
      </Text>
      {uncertain && <EmailToSettle emailId={email.id} contact={contact} sender={{ name: email.from ?? "" }} />}
      {email.error && !uncertain && (
        <Alert color="red" variant="light" title={t("email.error")}>
          {reasonInWords(email.error)}
        </Alert>
      )}
      <dl className={classes.facts}>
        {facts.map(([label, value]) => value && <FactRow key={label} label={label} value={value} />)}
      </dl>
      <Group gap={6}>
        <Mark tone={email.opens ? "positive" : "neutral"}>{t("email.opens", { count: email.opens })}</Mark>
        <Mark tone={email.clicks ? "positive" : "neutral"}>{t("email.clicks", { count: email.clicks })}</Mark>
      </Group>
      <div className={classes.frame}>
        {email.html ? (
          <EmailFrame html={email.html} title={t("email.body")} />
        ) : (
          <pre className={classes.text}>{email.text}</pre>
        )}
      </div>
    </Stack>
  );
}

function FactRow({ label, value }: { label: string; value: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
