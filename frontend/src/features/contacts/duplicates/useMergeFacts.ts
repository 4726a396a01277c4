import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Contact } from "@/api/types";
import { useFormat } from "@/shared/format";
import { phoneToRead } from "@/shared/phone";
import { timeZoneName } from "@/shared/places";
import { useOwnFields, valueOf } from "../directory/ownFields";
import type { MergeFact } from "./merging";

/** What contacts are compared by, in the order of their page; own fields behind. */
export function useMergeFacts(): MergeFact[] {
  const { t } = useTranslation("contacts");
  const { t: directory } = useTranslation("directory");
  const { civil, number } = useFormat();
  const own = useOwnFields();
  return useMemo(() => {
    const plain = (key: keyof Contact & string, label: string): MergeFact => ({
      key,
      label,
      valueOf: (contact) => (contact[key] as string | null) || null,
    });
    const phone = (key: "business_phone" | "mobile_phone", label: string): MergeFact => ({
      key,
      label,
      valueOf: (contact) => (contact[key] ? phoneToRead(contact[key]) : null),
    });
    const read = (value: unknown, kind: string): string | null => {
      if (value === undefined || value === null || value === "") return null;
      if (typeof value === "boolean") return directory(`own.${value}`);
      if (typeof value === "number") return number(value);
      return kind === "date" ? civil(String(value)) : String(value);
    };
    return [
      plain("salutation", t("field.salutation")),
      plain("first_name", t("field.firstName")),
      plain("last_name", t("field.lastName")),
      plain("email", t("field.email")),
      plain("company", t("field.company")),
      plain("job_title", t("field.jobTitle")),
      phone("business_phone", t("field.businessPhone")),
      phone("mobile_phone", t("field.mobilePhone")),
      plain("street", t("field.street")),
      plain("city", t("field.city")),
      plain("zip", t("field.zip")),
      plain("state", t("field.state")),
      plain("country", t("field.country")),
      {
        key: "time_zone",
        label: t("field.timeZone"),
        valueOf: ({ time_zone }) => (time_zone ? timeZoneName(time_zone) : null),
      },
      plain("status", t("field.status")),
      { key: "owner", label: t("field.owner"), valueOf: ({ owner }) => owner?.name ?? null },
      ...own.map((field): MergeFact => ({
        key: field.key,
        label: field.label,
        valueOf: (contact) => read(valueOf(contact, field), field.kind),
      })),
    ];
  }, [t, directory, civil, number, own]);
}
