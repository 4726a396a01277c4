import { Button, Popover } from "@mantine/core";
import { IconMailQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Enrollment } from "@/api/types";
import { EmailToSettle } from "../email/EmailToSettle";

type Shown = Pick<Enrollment, "email_to_settle" | "contact" | "user">;

/** The question about an email that may have left or not, where there is no room for its answers. */
export function SettleInRow({ enrollment }: { enrollment: Shown }) {
  const { t } = useTranslation("enrollment");
  const { email_to_settle, contact, user } = enrollment;
  if (!email_to_settle) return null;
  return (
    <Popover width={320} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconMailQuestion size={14} />}
          aria-label={t("settle.of", { contact: contact.name })}
        >
          {t("settle.ask")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t("settle.of", { contact: contact.name })}>
        <EmailToSettle emailId={email_to_settle} contact={contact.name} sender={user} />
      </Popover.Dropdown>
    </Popover>
  );
}
