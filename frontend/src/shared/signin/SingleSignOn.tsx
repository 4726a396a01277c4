import { Button } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { singleSignOnPath } from "@/api/signin";
import { knownOrganization } from "./organization";

/** Leads to the identity provider of the organization whose people sign in here; not there until one is known. */
export function SingleSignOnButton() {
  const { t } = useTranslation("auth");
  const organization = knownOrganization();
  if (!organization) return null;
  return (
    <Button
      component="a"
      href={singleSignOnPath(organization)}
      variant="default"
      fullWidth
      leftSection={<IconBuilding size={16} stroke={1.6} />}
    >
      {t("sso.signIn")}
    </Button>
  );
}
