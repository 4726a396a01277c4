import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Account.module.css";

interface Props {
  /** Of the heading, so that a link can lead here. */
  id: string;
  title: string;
  why?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

/** Settings that belong together: what they are, what they are for, and a card of them. */
export function Group({ id, title, why, action, children }: Props) {
  return (
    <section className={classes.group} aria-labelledby={id}>
      <div className={classes.groupHead}>
        <div className={classes.groupWords}>
          <Title order={2} id={id}>
            {title}
          </Title>
          {why && (
            <Text size="sm" c="dimmed">
              {why}
            </Text>
          )}
        </div>
        {action}
      </div>
      <div className={classes.card}>{children}</div>
    </section>
  );
}
