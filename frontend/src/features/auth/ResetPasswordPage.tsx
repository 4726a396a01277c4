import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/errors";
import { resetPassword } from "@/api/signin";
import { ButtonLink } from "@/shared/links";
import { AuthPage } from "./AuthPage";
import classes from "./AuthPage.module.css";
import { ChoosePasswordForm } from "./ChoosePasswordForm";
import { GonePage } from "./GonePage";

/** Where the letter about a forgotten password leads. */
export function ResetPasswordPage({ token }: { token: string }) {
  const { t } = useTranslation("auth");
  const [state, setState] = useState<"open" | "done" | "gone">("open");
  if (state === "gone") {
    return (
      <GonePage title={t("reset.goneTitle")} why={t("reset.gone")}>
        <ButtonLink to="/forgot-password" fullWidth>
          {t("reset.askAgain")}
        </ButtonLink>
      </GonePage>
    );
  }
  if (state === "done") {
    return (
      <AuthPage title={t("reset.doneTitle")}>
        <div className={classes.done} role="status">
          <p>{t("reset.done")}</p>
          <ButtonLink to="/login" fullWidth>
            {t("signIn")}
          </ButtonLink>
        </div>
      </AuthPage>
    );
  }
  const gone = (error: unknown) => {
    if (!isProblem(error) || error.status !== 404) return false;
    setState("gone");
    return true;
  };
  return (
    <AuthPage title={t("reset.title")} about={t("reset.subtitle")}>
      <ChoosePasswordForm
        label={t("newPassword.labelNew")}
        submit={t("reset.submit")}
        choose={(password) => resetPassword(token, password)}
        onDone={() => setState("done")}
        onRefused={gone}
      />
    </AuthPage>
  );
}
