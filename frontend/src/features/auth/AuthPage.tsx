import { Paper, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./AuthPage.module.css";

interface Props {
  title: string;
  /** Below the title, quiet. */
  about?: ReactNode;
  children: ReactNode;
  /** Below the card: ways out. */
  below?: ReactNode;
}

/** The one look of every page that is there before somebody is signed in. */
export function AuthPage({ title, about, children, below }: Props) {
  const { t } = useTranslation();
  useDocumentTitle(`${title} · ${t("product")}`);
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={36} height={36} />
          <Title order={1}>{title}</Title>
          {about && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </div>
        <Paper withBorder className={classes.card}>
          {children}
        </Paper>
        {below && <div className={classes.below}>{below}</div>}
      </div>
    </main>
  );
}
