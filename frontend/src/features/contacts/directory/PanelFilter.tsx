import { Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Pill } from "./Pill";

interface Props {
  label: string;
  value: string | undefined;
  onClear: () => void;
  fresh?: boolean;
  width?: number;
  children: (close: () => void) => ReactNode;
}

/** A condition that is set in a small panel of its own. */
export function PanelFilter({ label, value, onClear, fresh = false, width = 280, children }: Props) {
  const [opened, { close, toggle }] = useDisclosure(fresh);
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      position="bottom-start"
      width={width}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Pill label={label} value={value} onClick={toggle} onClear={onClear} />
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>{opened && children(close)}</Popover.Dropdown>
    </Popover>
  );
}
