import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { reasonInWords } from "../reasons";

const KNOWN_REFUSALS = [
  "access_denied",
  "provider_refused",
  "missing_permission",
  "state_invalid",
  "grant_refused",
  "provider_unavailable",
] as const;

/** Why the consent page led to no connection. */
export function ConnectionRefused({ code, onClose }: { code: string; onClose: () => void }) {
  const { t } = useTranslation("account");
  const known = KNOWN_REFUSALS.find((each) => each === code);
  return (
    <Alert
      color="red"
      variant="light"
      mb={16}
      withCloseButton
      closeButtonLabel={t("dismiss")}
      onClose={onClose}
      role="alert"
      title={t("connect.refusedTitle")}
    >
      {known ? t(`connect.refused.${known}`) : t("connect.refused.other", { reason: reasonInWords(code) })}
    </Alert>
  );
}
