import { ActionIcon, Group, Select, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../format";
import classes from "./DataTable.module.css";
import { PAGE_SIZES, type PageSize } from "./sizes";

export interface PagerProps {
  page: number;
  size: PageSize;
  count: number;
  /** How many there are; as words where they were not counted to the end. */
  total?: number | string | null | undefined;
  onSize: (size: PageSize) => void;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
}

export function Pager({ page, size, count, total, onSize, onPrevious, onNext }: PagerProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const first = (page - 1) * size + 1;
  const range = { first: number(first), last: number(first + count - 1) };
  const said =
    total == null
      ? t("table.range", range)
      : t("table.rangeOf", { ...range, total: typeof total === "string" ? total : number(Math.max(total, count)) });
  return (
    <nav className={classes.pager} aria-label={t("table.paging")}>
      <Text size="sm" c="dimmed" className={classes.range} aria-live="polite">
        {count > 0 ? said : ""}
      </Text>
      <Group gap={8} wrap="nowrap">
        <Select
          size="xs"
          w={112}
          aria-label={t("table.pageSize")}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true }}
          value={String(size)}
          data={PAGE_SIZES.map((each) => ({ value: String(each), label: t("table.perPage", { count: each }) }))}
          onChange={(value) => onSize(Number(value) as PageSize)}
        />
        <ActionIcon
          variant="default"
          aria-label={t("table.previous")}
          disabled={!onPrevious}
          onClick={() => onPrevious?.()}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
        <ActionIcon variant="default" aria-label={t("table.next")} disabled={!onNext} onClick={() => onNext?.()}>
          <IconChevronRight size={16} />
        </ActionIcon>
      </Group>
    </nav>
  );
}
