import { useLocation } from "@tanstack/react-router";
import { IconShieldLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/shared/links";
import { useMe } from "@/shared/session";
import { EmptyState } from "@/shared/states";

const OPEN = "/account/security";

/** While the organization asks for a second factor that is missing, every page says so and leads to where it is set up. */
export function SecondFactorGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation("account");
  const me = useMe();
  const path = useLocation({ select: ({ pathname }) => pathname });
  if (!me?.must_set_up_second_factor || path.includes(OPEN)) return children;
  return (
    <EmptyState
      icon={IconShieldLock}
      title={t("gate.title")}
      why={t("gate.why", { organization: me.organization.name })}
    >
      <ButtonLink to={OPEN}>{t("gate.go")}</ButtonLink>
    </EmptyState>
  );
}
