import { ActionIcon, ColorSwatch, Popover, Radio, TextInput, Tooltip } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconTrash } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changeStatus } from "@/api/contactAdmin";
import { faultsByField } from "@/api/errors";
import type { ContactStatus, StatusChanges } from "@/api/types";
import { explain } from "@/shared/explain";
import { failed, said } from "@/shared/feedback";
import { isEscapeFor } from "@/shared/keys";
import { COLORS } from "./colors";
import { DeleteStatusDialog } from "./DeleteStatusDialog";
import { Handle } from "./Handle";
import classes from "./Lists.module.css";
import type { useOrder } from "./useOrder";
import { useStatusesChanged } from "./useStatusesChanged";

interface Props {
  status: ContactStatus;
  position: number;
  others: ContactStatus[];
  dragged: boolean;
  handle: ReturnType<ReturnType<typeof useOrder>["handle"]>;
}

/** A status: its place, whether it is the default, its colour and its name. */
export function StatusRow({ status, position, others, dragged, handle }: Props) {
  const { t } = useTranslation("contactAdmin");
  const { label, is_default } = status;
  const [deleting, setDeleting] = useState(false);
  const changed = useStatusesChanged();
  const changing = useMutation({
    mutationFn: (changes: StatusChanges) => changeStatus(status.id, changes),
    onSuccess: changed,
  });
  const makeDefault = () =>
    changing.mutate(
      { is_default: true },
      { onSuccess: () => said(t("status.defaultNow", { label })), onError: failed },
    );
  return (
    <li className={classes.item} data-dragged={dragged || undefined}>
      <Handle label={label} {...handle} />
      <span className={classes.number}>{position + 1}</span>
      <Tooltip label={is_default ? t("status.default") : t("status.makeDefault", { label })}>
        <Radio
          size="xs"
          name="default-status"
          aria-label={t("status.makeDefault", { label })}
          checked={is_default}
          onChange={makeDefault}
        />
      </Tooltip>
      <ColorField status={status} onChange={(color) => changing.mutate({ color }, { onError: failed })} />
      <NameField status={status} onChange={(name) => changing.mutateAsync({ label: name })} />
      <Tooltip label={is_default ? t("status.isDefault") : t("status.delete", { label })}>
        <ActionIcon
          size={28}
          aria-label={t("status.delete", { label })}
          data-disabled={is_default || undefined}
          aria-disabled={is_default}
          onClick={() => !is_default && setDeleting(true)}
        >
          <IconTrash size={15} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      {deleting && <DeleteStatusDialog status={status} others={others} onClose={() => setDeleting(false)} />}
    </li>
  );
}

function ColorField({ status, onChange }: { status: ContactStatus; onChange: (color: string) => void }) {
  const { t } = useTranslation("contactAdmin");
  const [opened, setOpened] = useState(false);
  const { label, color } = status;
  const choose = (next: string) => {
    setOpened(false);
    if (next !== color) onChange(next);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon size={28} aria-label={t("status.color", { label })} onClick={() => setOpened(!opened)}>
          <span className={classes.swatch} style={{ background: color }} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={t("status.color", { label })}>
        <div className={classes.colors} role="radiogroup" aria-label={t("status.color", { label })}>
          {COLORS.map((each) => (
            <ColorSwatch
              key={each}
              component="button"
              type="button"
              role="radio"
              size={24}
              className={classes.color ?? ""}
              color={`#${each}`}
              withShadow={false}
              aria-label={t(`status.colors.${each}`)}
              aria-checked={color === `#${each}`}
              onClick={() => choose(`#${each}`)}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function NameField({ status, onChange }: { status: ContactStatus; onChange: (name: string) => Promise<unknown> }) {
  const { t } = useTranslation("contactAdmin");
  const { label, is_default } = status;
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const busy = useRef(false);
  const leave = () => {
    setDraft(null);
    setFault(null);
  };
  const save = async () => {
    const name = (draft ?? "").trim();
    if (busy.current) return;
    if (!name || name === label) return leave();
    busy.current = true;
    try {
      await onChange(name);
      leave();
      said(t("status.renamed", { label, name }));
    } catch (error) {
      setFault(faultsByField(error).label ?? explain(error).detail);
    } finally {
      busy.current = false;
    }
  };
  if (draft === null) {
    return (
      <div className={classes.name}>
        <button type="button" className={classes.label} onClick={() => setDraft(label)}>
          {is_default ? t("status.shownDefault", { label }) : label}
        </button>
      </div>
    );
  }
  return (
    <TextInput
      className={classes.name}
      aria-label={t("status.rename", { label })}
      // The person just chose to rename it.
      // eslint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      maxLength={120}
      value={draft}
      error={fault}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === "Enter") void save();
        else if (isEscapeFor(event)) leave();
      }}
    />
  );
}
