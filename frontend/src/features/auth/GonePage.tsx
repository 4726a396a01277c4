import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AnchorLink } from "@/shared/links";
import { AuthPage } from "./AuthPage";
import classes from "./AuthPage.module.css";

interface Props {
  title: string;
  why: string;
  children?: ReactNode;
}

/** A link that serves no more: why that can be, and what to do now. */
export function GonePage({ title, why, children }: Props) {
  const { t } = useTranslation("auth");
  return (
    <AuthPage title={title} below={<AnchorLink to="/login">{t("back")}</AnchorLink>}>
      <div className={classes.done}>
        <p>{why}</p>
        {children}
      </div>
    </AuthPage>
  );
}
