import { Button, Loader } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { singleSignOnPath } from "@/api/signin";
import { rememberOrganization } from "@/shared/signin/organization";
import { AuthPage } from "./AuthPage";
import classes from "./AuthPage.module.css";

interface Props {
  organization: string;
  /** Whether it is known by now that the way leads somewhere. */
  ready: boolean;
}

/** Takes whoever came by an organization's link straight to its identity provider. */
export function ToProvider({ organization, ready }: Props) {
  const { t } = useTranslation("auth");
  const path = singleSignOnPath(organization);
  useEffect(() => {
    if (!ready) return;
    rememberOrganization(organization);
    // In the place of this page, so that the way back does not lead here again.
    window.location.replace(path);
  }, [organization, path, ready]);
  return (
    <AuthPage title={t("sso.onTheWay")} about={t("sso.onTheWayWhy")}>
      <div className={classes.onTheWay} aria-busy={!ready}>
        <Loader size="sm" />
        {ready && (
          <Button component="a" href={path} variant="default" fullWidth>
            {t("sso.goOn")}
          </Button>
        )}
      </div>
    </AuthPage>
  );
}
