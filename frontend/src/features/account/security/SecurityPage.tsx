import { Alert } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/shared/session";
import { TokensSection } from "../TokensSection";
import { PasskeysSection } from "./PasskeysSection";
import { PasswordSection } from "./PasswordSection";
import { SecondFactorSection } from "./SecondFactorSection";
import { SessionsSection } from "./SessionsSection";

/** What one signs in with. While a second factor is missing that the organization asks for, only what leads to it. */
export function SecurityPage() {
  const { t } = useTranslation("account");
  const me = useMe();
  if (!me) return null;
  const gated = me.must_set_up_second_factor;
  return (
    <>
      {gated && (
        <Alert color="yellow" variant="light" mb={20} icon={<IconShieldLock size={18} />}>
          {t("gate.banner", { organization: me.organization.name })}
        </Alert>
      )}
      {!gated && <PasswordSection />}
      <SecondFactorSection />
      <PasskeysSection />
      <SessionsSection />
      {!gated && <TokensSection />}
    </>
  );
}
