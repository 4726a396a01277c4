import { Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./Organization.module.css";

interface Props {
  title: string;
  why: string;
  beside?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

/** Settings that belong together: what they are for, and a card of them. */
export function SettingsGroup({ title, why, beside, action, children }: Props) {
  const id = useId();
  return (
    <section className={classes.group} aria-labelledby={id}>
      <div className={classes.head}>
        <div className={classes.words}>
          <div className={classes.title}>
            <Title order={2} id={id}>
              {title}
            </Title>
            {beside}
          </div>
          <Text size="sm" c="dimmed">
            {why}
          </Text>
        </div>
        {action}
      </div>
      <div className={classes.card}>{children}</div>
    </section>
  );
}
