import { Button } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { singleSignOnPath, singleSignOnQuery } from "@/api/signin";
import { knownOrganization } from "./organization";

/** Leads to the identity provider of the organization whose people sign in here; not there until one is known. */
export function SingleSignOnButton() {
  const organization = knownOrganization();
  return organization && <OfOrganization organization={organization} />;
}

function OfOrganization({ organization }: { organization: string }) {
  const { t } = useTranslation("auth");
  const { data } = useQuery(singleSignOnQuery(organization));
  // There while nobody has said otherwise: it was, the last time, and what appears late is clicked by accident.
  if (data && !data.available) return null;
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
