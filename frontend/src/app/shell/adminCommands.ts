import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/shared/commands";
import { useMe } from "@/shared/session";

/** What Administrators can do from anywhere. */
export function useAdminCommands(): void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  useCommands(
    me?.role !== "administrator"
      ? []
      : [
          {
            id: "go.admin",
            group: "go",
            title: t("nav.admin"),
            keys: "g a",
            run: () => void navigate({ to: "/admin/users" }),
          },
          {
            id: "create.user",
            group: "create",
            title: t("nav.addUser"),
            run: () => void navigate({ to: "/admin/users", search: { new: true } }),
          },
          {
            id: "go.audit",
            group: "go",
            title: t("nav.adminAudit"),
            run: () => void navigate({ to: "/admin/audit-log" }),
          },
          {
            id: "go.organization",
            group: "go",
            title: t("nav.adminOrganization"),
            run: () => void navigate({ to: "/admin/organization" }),
          },
        ],
  );
}
