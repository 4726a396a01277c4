import { Anchor, Button, Group, Text } from "@mantine/core";
import { IconMailQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Settlement } from "@/api/types";
import { useMe } from "../session";
import classes from "./EmailToSettle.module.css";
import { useSettling } from "./useSettling";

interface Props {
  emailId: string;
  contact: string;
  /** In whose mailbox to look; without an id, whoever sees the email may settle it. */
  sender: { id?: string; name: string };
  onShow?: (emailId: string) => void;
}

const OUTCOMES: Settlement[] = ["sent", "not_sent"];

/** An email that may have left or not: where to look, and the two answers for whoever may give them. */
export function EmailToSettle({ emailId, contact, sender, onShow }: Props) {
  const { t } = useTranslation("enrollment");
  const me = useMe();
  const { decide, pending } = useSettling(emailId, contact);
  const own = sender.id === me?.id;
  const allowed = own || sender.id === undefined || me?.role === "administrator";
  const words = own ? "yours" : allowed ? "others" : "theirs";
  return (
    <div className={classes.callout} role="group" aria-label={t("settle.of", { contact })}>
      <IconMailQuestion size={18} stroke={1.7} className={classes.icon} aria-hidden />
      <div>
        <Text size="sm" fw={600} className={classes.title}>
          {t("settle.title")}
        </Text>
        <Text size="sm">
          {t(`settle.${words}`, { sender: sender.name })}{" "}
          {onShow && allowed && (
            <Anchor component="button" type="button" size="sm" underline="always" onClick={() => onShow(emailId)}>
              {t("settle.show")}
            </Anchor>
          )}
        </Text>
        {allowed && (
          <Group gap={8} mt={8}>
            {OUTCOMES.map((outcome) => (
              <Button
                key={outcome}
                size="compact-sm"
                variant="default"
                loading={pending === outcome}
                disabled={pending !== undefined && pending !== outcome}
                onClick={() => void decide(outcome)}
              >
                {t(`settle.${outcome}`)}
              </Button>
            ))}
          </Group>
        )}
      </div>
    </div>
  );
}
