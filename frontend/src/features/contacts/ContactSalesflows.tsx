import { Button, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { contactEnrollmentsQuery } from "@/api/contacts";
import type { Contact, ContactEnrollment } from "@/api/types";
import { EmailToSettle } from "@/shared/email/EmailToSettle";
import { EnrollmentMenu } from "@/shared/enrollment/EnrollmentMenu";
import { EnrollmentNext, EnrollmentState } from "@/shared/enrollment/EnrollmentState";
import { AnchorLink } from "@/shared/links";
import { ErrorState } from "@/shared/states";
import classes from "./ContactSalesflows.module.css";

interface Props {
  contact: Contact;
  onAdd: () => void;
  onEmail: (emailId: string) => void;
}

/** The Salesflows a contact is in: how far, what comes next, and the means to change it. */
export function ContactSalesflows({ contact, onAdd, onEmail }: Props) {
  const { t } = useTranslation("contacts");
  const { data, error, refetch } = useQuery(contactEnrollmentsQuery(contact.id));
  return (
    <section className={classes.panel} aria-labelledby="contact-salesflows">
      <div className={classes.head}>
        <Title order={2} id="contact-salesflows">
          {t("salesflows.title")}
        </Title>
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={onAdd}>
          {t("salesflows.add")}
        </Button>
      </div>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={84} radius="md" />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed" className={classes.none}>
          {t("salesflows.empty")}
        </Text>
      )}
      {data?.items.map((enrollment) => (
        <EnrollmentCard key={enrollment.id} enrollment={enrollment} contact={contact} onEmail={onEmail} />
      ))}
    </section>
  );
}

function EnrollmentCard({ enrollment, contact, onEmail }: Omit<Props, "onAdd"> & { enrollment: ContactEnrollment }) {
  const { t } = useTranslation("enrollment");
  const { t: own } = useTranslation("contacts");
  const { salesflow, step, state, user, email_to_settle } = enrollment;
  return (
    <article className={classes.card} data-over={state === "finished" || undefined}>
      <div className={classes.line}>
        {salesflow ? (
          <>
            <AnchorLink
              to="/content/salesflows/$salesflowId"
              params={{ salesflowId: salesflow.id }}
              className={classes.name}
              truncate
            >
              {salesflow.name}
            </AnchorLink>
            <EnrollmentMenu enrollment={enrollment} salesflow={salesflow} contact={contact.name} />
          </>
        ) : (
          <Text c="dimmed">{own("salesflows.private")}</Text>
        )}
      </div>
      <div className={classes.line}>
        <EnrollmentState enrollment={enrollment} />
        <Text size="xs" c="dimmed">
          {t("step", step)}
        </Text>
      </div>
      {enrollment.waiting?.reason !== "needs_human" && (
        <Text size="sm" component="div" className={classes.next}>
          <EnrollmentNext enrollment={enrollment} />
        </Text>
      )}
      {email_to_settle && (
        <div className={classes.settle}>
          <EmailToSettle emailId={email_to_settle} contact={contact.name} sender={user} onShow={onEmail} />
        </div>
      )}
      <Text size="xs" c="dimmed">
        {own("salesflows.by", { name: user.name })}
      </Text>
    </article>
  );
}
