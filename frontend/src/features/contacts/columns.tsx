import { Text, Tooltip } from "@mantine/core";
import { IconMailOff, IconUserOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Contact, ContactStatus } from "@/api/types";
import { AnchorLink } from "@/shared/links";
import { Blank, Initials, StatusDot } from "@/shared/marks";
import { phoneToRead } from "@/shared/phone";
import type { DataColumn } from "@/shared/table/types";
import { When } from "@/shared/When";
import classes from "./Contacts.module.css";
import type { ContactsSearch } from "./directory/search";
import { openedFrom } from "./search";
import { type OwnField, valueOf } from "./directory/ownFields";
import { OwnValue } from "./directory/OwnValue";

export function useContactColumns(statuses: ContactStatus[], own: OwnField[]): DataColumn<Contact>[] {
  const { t } = useTranslation("contacts");
  const { t: common } = useTranslation();
  return useMemo(() => {
    const orBlank = (value: string | null | undefined) => value || <Blank label={common("blank")} />;
    const plain = (id: keyof Contact & string, header: string, more?: Partial<DataColumn<Contact>>) => ({
      id,
      header,
      cell: (contact: Contact) => orBlank(contact[id] as string | null),
      ...more,
    });
    const colors = new Map(statuses.map(({ label, color }) => [label, color]));
    const columns: DataColumn<Contact>[] = [
      {
        id: "name",
        header: t("field.name"),
        sort: "name",
        width: "22%",
        fixed: true,
        narrow: true,
        cell: (contact, narrow) => <NameCell contact={contact} narrow={narrow} />,
      },
      {
        id: "email",
        header: t("field.email"),
        sort: "email",
        width: "22%",
        cell: (contact) => <EmailCell contact={contact} />,
      },
      plain("company", t("field.company"), { sort: "company" }),
      plain("job_title", t("field.jobTitle")),
      {
        id: "status",
        header: t("field.status"),
        width: "136px",
        narrow: true,
        narrowWidth: "124px",
        cell: (contact) => <StatusDot label={contact.status} color={colors.get(contact.status)} />,
      },
      {
        id: "owner",
        header: t("field.owner"),
        width: "140px",
        cell: (contact) =>
          contact.owner ? (
            <span className={classes.person}>
              <Initials name={contact.owner.name} size={18} />
              <span className={classes.clip}>{contact.owner.name}</span>
            </span>
          ) : (
            orBlank(null)
          ),
      },
      {
        id: "last_activity_at",
        header: t("field.lastActivity"),
        sort: "last_activity_at",
        descendingFirst: true,
        width: "132px",
        cell: (contact) => (contact.last_activity_at ? <When at={contact.last_activity_at} /> : orBlank(null)),
      },
      {
        id: "business_phone",
        header: t("field.businessPhone"),
        width: "150px",
        hidden: true,
        cell: (contact) => orBlank(contact.business_phone && phoneToRead(contact.business_phone)),
      },
      {
        id: "mobile_phone",
        header: t("field.mobilePhone"),
        width: "150px",
        hidden: true,
        cell: (contact) => orBlank(contact.mobile_phone && phoneToRead(contact.mobile_phone)),
      },
      plain("city", t("field.city"), { width: "120px", hidden: true }),
      plain("state", t("field.state"), { width: "120px", hidden: true }),
      plain("country", t("field.country"), { width: "120px", hidden: true }),
      {
        id: "created_at",
        header: t("field.created"),
        sort: "created_at",
        descendingFirst: true,
        width: "120px",
        hidden: true,
        cell: (contact) => <When at={contact.created_at} as="date" />,
      },
      ...own.map((field): DataColumn<Contact> => ({
        id: field.key,
        header: field.label,
        width: "140px",
        hidden: true,
        cell: (contact) => <OwnValue field={field} value={valueOf(contact, field)} />,
      })),
    ];
    return columns;
  }, [statuses, own, t, common]);
}

function NameCell({ contact, narrow }: { contact: Contact; narrow: boolean }) {
  return (
    <span className={classes.person}>
      <Initials name={contact.name} size={narrow ? 28 : 22} />
      <span className={classes.clip}>
        <AnchorLink
          to="/contacts/$contactId"
          params={{ contactId: contact.id }}
          search={(listed) => ({ among: openedFrom(listed as ContactsSearch) })}
          className={classes.name}
        >
          {contact.name}
        </AnchorLink>
        {narrow && (
          <Text size="xs" c="dimmed" truncate>
            {contact.company || contact.email}
          </Text>
        )}
      </span>
    </span>
  );
}

function EmailCell({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  const { t: common } = useTranslation();
  if (!contact.email) return <Blank label={common("blank")} />;
  const warning = contact.opted_out ? t("optedOut") : contact.email_state === "bounced" ? t("bounced") : null;
  const Icon = contact.opted_out ? IconUserOff : IconMailOff;
  return (
    <span className={classes.person}>
      <span className={classes.clip}>{contact.email}</span>
      {warning && (
        <Tooltip label={warning}>
          <Icon size={15} stroke={1.8} className={classes.warning} role="img" aria-label={warning} />
        </Tooltip>
      )}
    </span>
  );
}
