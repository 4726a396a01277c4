import { Group, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useBadgedTitle } from "./badge";
import classes from "./Page.module.css";

interface HeaderProps {
  title: string;
  /** Where this is, left of the title: links or words, quiet. */
  above?: ReactNode;
  count?: string | undefined;
  /** Beside the title: state, marks. */
  beside?: ReactNode;
  actions?: ReactNode;
}

/** Every page begins alike: where, what, how many, and one main action. */
export function PageHeader({ title, above, count, beside, actions }: HeaderProps) {
  useDocumentTitle(useBadgedTitle(`${title} · Engage`));
  return (
    <div className={classes.header}>
      <div className={classes.heading}>
        {above && <div className={classes.above}>{above}</div>}
        <Group gap={8} wrap="nowrap" className={classes.line}>
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {count !== undefined && (
            <Text span className={classes.count}>
              {count}
            </Text>
          )}
          {beside}
        </Group>
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** A page that scrolls as a whole, or (fill) one whose content takes the height that is left. */
export function Page({ children, fill = false }: { children: ReactNode; fill?: boolean }) {
  return <div className={fill ? classes.fill : classes.page}>{children}</div>;
}
