import { Button, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Contact, ContactChanges, ContactDetail } from "@/api/types";
import { Blank } from "@/shared/marks";
import { useNarrow } from "@/shared/narrow";
import { phoneToRead } from "@/shared/phone";
import { timeZoneChoices } from "@/shared/places";
import { type OwnField, useOwnFields } from "../directory/ownFields";
import { OwnValue } from "../directory/OwnValue";
import type { FactField, FactKind, FactValue } from "./facts";
import { InlineFact } from "./InlineFact";
import classes from "./InlineFact.module.css";
import { Standing } from "./Standing";
import { useContactSave } from "./useContactSave";

type Save = (changes: ContactChanges) => Promise<void>;
type StandardName = keyof Contact & keyof ContactChanges;
interface Section {
  title: string;
  fields: (FactField & { name: StandardName })[];
}

/** What is known of a contact, each line to be changed where it stands. */
export function Facts({ contact }: { contact: ContactDetail }) {
  const { t } = useTranslation("contacts");
  const save = useContactSave(contact);
  // On a phone what happened is nearer than what is known.
  const narrow = useNarrow();
  const [open, { toggle }] = useDisclosure();
  const sections = useSections(contact.time_zone);
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
      {(!narrow || open) && (
        <>
          {sections.map((section) => (
            <StandardFacts key={section.title} section={section} contact={contact} save={save} />
          ))}
          <OwnFacts contact={contact} save={save} />
        </>
      )}
    </>
  );
}

function useSections(timeZone: string | null): Section[] {
  const { t } = useTranslation("contacts");
  return useMemo(() => {
    const fact = (
      name: StandardName,
      label: string,
      kind: FactKind = "text",
      more: Pick<FactField, "required" | "choices"> = {},
    ) => ({ name, label, kind, ...more });
    return [
      {
        title: t("page.person"),
        fields: [
          fact("salutation", t("field.salutation")),
          fact("first_name", t("field.firstName")),
          fact("last_name", t("field.lastName"), "text", { required: true }),
          fact("email", t("field.email"), "email"),
          fact("business_phone", t("field.businessPhone"), "phone"),
          fact("mobile_phone", t("field.mobilePhone"), "phone"),
        ],
      },
      {
        title: t("page.work"),
        fields: [fact("company", t("field.company")), fact("job_title", t("field.jobTitle"))],
      },
      {
        title: t("page.address"),
        fields: [
          fact("street", t("field.street")),
          fact("city", t("field.city")),
          fact("zip", t("field.zip")),
          fact("state", t("field.state")),
          fact("country", t("field.country")),
          fact("time_zone", t("field.timeZone"), "choice", { choices: timeZoneChoices(timeZone) }),
        ],
      },
    ];
  }, [t, timeZone]);
}

function StandardFacts({ section, contact, save }: { section: Section; contact: Contact; save: Save }) {
  return (
    <section className={classes.section} aria-label={section.title}>
      <Title order={2}>{section.title}</Title>
      <dl className={classes.facts}>
        {section.fields.map((field) => {
          const value = contact[field.name] as string | null;
          return (
            <InlineFact
              key={field.name}
              field={field}
              value={value}
              onSave={(next) => save({ [field.name]: next } as ContactChanges)}
            >
              <StandardValue field={field} value={value} />
            </InlineFact>
          );
        })}
      </dl>
    </section>
  );
}

function StandardValue({ field, value }: { field: FactField; value: string | null }) {
  const { t } = useTranslation();
  if (!value) return <Blank label={t("blank")} />;
  if (field.kind === "phone") return phoneToRead(value);
  return field.choices?.find((choice) => choice.value === value)?.label ?? value;
}

/** What the organization wants to know of its contacts besides. */
function OwnFacts({ contact, save }: { contact: Contact; save: Save }) {
  const { t } = useTranslation("contactPage");
  const fields = useOwnFields();
  if (fields.length === 0) return null;
  return (
    <section className={classes.section} aria-label={t("ownFields")}>
      <Title order={2}>{t("ownFields")}</Title>
      <dl className={classes.facts}>
        {fields.map((field) => {
          const value = (contact.custom[field.key] ?? null) as FactValue;
          return (
            <InlineFact
              key={field.key}
              field={factOf(field, value)}
              value={value}
              hasLink={field.kind === "url" && value !== null}
              onSave={(next) => save({ custom: { [field.key]: next } })}
            >
              <OwnValue field={field} value={value} />
            </InlineFact>
          );
        })}
      </dl>
    </section>
  );
}

/** An own field as a fact; a value that can't be chosen any more can at least be kept. */
export function factOf({ key, label, kind, choices }: OwnField, value: FactValue = null): FactField {
  const known = choices.map((choice) => ({ value: choice, label: choice }));
  const former = kind === "choice" && typeof value === "string" && !choices.includes(value);
  return {
    name: `custom.${key}`,
    label,
    kind: kind as FactKind,
    ...(kind === "choice" ? { choices: former ? [...known, { value, label: value }] : known } : {}),
  };
}
