import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DialerPhone } from "@/api/types";
import { Mark } from "../marks";
import { When } from "../When";
import classes from "./Phone.module.css";

/** Whether a call has shown that the number is one's own; if not, what will happen. */
export function PhoneState({ phone }: { phone: DialerPhone }) {
  const { t } = useTranslation("account");
  return (
    <div className={classes.state}>
      <Mark tone={phone.verified ? "positive" : "caution"}>
        {t(phone.verified ? "dialer.verified" : "dialer.unverified")}
      </Mark>
      <Text size="sm" c="dimmed" component="span">
        {phone.verified_at ? <When at={phone.verified_at} as="date" /> : t("dialer.unverifiedWhy")}
      </Text>
    </div>
  );
}
