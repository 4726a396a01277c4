import { Paper, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SignInForm } from "@/shared/SignInForm";
import classes from "./LoginPage.module.css";

/** `back` is a path of this app; anything else has been refused by the route. */
export function LoginPage({ back }: { back: string | undefined }) {
  const { t } = useTranslation();
  const router = useRouter();
  useDocumentTitle(`${t("auth.signIn")} · ${t("product")}`);
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={36} height={36} />
          <Title order={1}>{t("auth.title")}</Title>
          <Text size="sm" c="dimmed">
            {back ? t("auth.goOn") : t("auth.subtitle")}
          </Text>
        </div>
        <Paper withBorder className={classes.card}>
          <SignInForm onDone={() => router.history.push(back ?? "/app/contacts")} />
        </Paper>
      </div>
    </main>
  );
}
