import { Drawer, Popover } from "@mantine/core";
import type { ReactNode } from "react";
import { useNarrow } from "./narrow";

interface HeaderPanelProps {
  title: string;
  /** The button in the header, which opens and closes. */
  button: ReactNode;
  /** What is shown, once it is opened. */
  panel: ReactNode;
  opened: boolean;
  onClose: () => void;
  classNames: Partial<Record<"drawer" | "drawerHead" | "dropdown", string>>;
}

/** What a button of the header opens: a panel below it or, on a narrow screen, over the whole page. */
export function HeaderPanel({ title, button, panel, opened, onClose, classNames }: HeaderPanelProps) {
  const narrow = useNarrow();
  if (narrow) {
    return (
      <>
        {button}
        <Drawer
          opened={opened}
          onClose={onClose}
          title={title}
          size="100%"
          padding={0}
          classNames={{ content: classNames.drawer, header: classNames.drawerHead }}
        >
          {panel}
        </Drawer>
      </>
    );
  }
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && onClose()}
      position="bottom-end"
      width={400}
      shadow="md"
      trapFocus
      returnFocus
      closeOnEscape
      transitionProps={{ duration: 100 }}
    >
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown p={0} aria-label={title} className={classNames.dropdown}>
        {opened && panel}
      </Popover.Dropdown>
    </Popover>
  );
}
