import { Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { candidatesQuery } from "@/api/people";
import type { Described } from "@/api/types";
import { AnchorLink } from "@/shared/links";
import { Mark } from "@/shared/marks";
import classes from "./Duplicates.module.css";

type Typed = Partial<Record<Exclude<keyof Described, "except_id">, string | null>>;

/** Who the person that is being typed may be, before there is a second record. Silent while there is nobody. */
export function DuplicateWarning({ typed, exceptId }: { typed: Typed; exceptId?: string }) {
  const { t } = useTranslation("people");
  const told = JSON.stringify(given(typed));
  const [asked] = useDebouncedValue(told, 400);
  const described = JSON.parse(asked) as Partial<Described>;
  const found = useQuery({
    ...candidatesQuery({ ...described, ...(exceptId ? { except_id: exceptId } : {}) }),
    enabled: canBeKnown(described),
  });
  const candidates = canBeKnown(described) ? (found.data ?? []) : [];
  return (
    // Said to who does not see it, too, when it appears.
    <div role="status">
      {candidates.length > 0 && (
        <div className={classes.warning}>
          <div className={classes.title}>
            <IconUsers size={18} aria-hidden />
            {t("duplicates.warning")}
          </div>
          <ul className={classes.candidates}>
            {candidates.map(({ contact, reasons }) => (
              <li key={contact.id}>
                <Group gap={8}>
                  <AnchorLink
                    size="sm"
                    to="/contacts/$contactId"
                    params={{ contactId: contact.id }}
                    target="_blank"
                    title={t("duplicates.open", { name: contact.name })}
                  >
                    {contact.name}
                  </AnchorLink>
                  <Text size="sm">{[contact.company, contact.email].filter(Boolean).join(" · ")}</Text>
                  {reasons.map((reason) => (
                    <Mark key={reason} tone={reason === "email" ? "danger" : "caution"}>
                      {t(`duplicates.reason.${reason}`)}
                    </Mark>
                  ))}
                </Group>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

const given = (typed: Typed) =>
  Object.fromEntries(Object.entries(typed).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])));

/** A name alone is many people's. */
export const canBeKnown = (described: Partial<Described>) =>
  Boolean(
    described.email || described.business_phone || described.mobile_phone || (described.last_name && described.company),
  );
