import { ActionIcon, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { faultsByField, isProblem } from "@/api/errors";
import { explain } from "@/shared/explain";
import { useLocale } from "@/shared/format";
import { isEscapeFor } from "@/shared/keys";
import { useMe } from "@/shared/session";
import { FactInput } from "./FactInput";
import { draftOf, type FactField, type FactValue, valueTyped } from "./facts";
import classes from "./InlineFact.module.css";

interface Props {
  field: FactField;
  value: FactValue;
  /** How the value is read. */
  children: ReactNode;
  /** What is shown has something in it to be clicked, such as a link: a pencil beside it begins. */
  hasLink?: boolean;
  onSave: (value: FactValue) => Promise<unknown>;
}

/** A fact that is changed where it stands: Enter saves, Escape leaves it as it was. */
export function InlineFact({ field, value, children, hasLink = false, onSave }: Props) {
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const returns = useRef(false);
  useEffect(() => {
    if (editing || !returns.current) return;
    returns.current = false;
    opener.current?.focus();
  }, [editing]);
  const done = (byKey: boolean) => {
    returns.current = byKey;
    setEditing(false);
  };
  return (
    <div className={classes.fact}>
      <dt>{field.label}</dt>
      <dd>
        {editing ? (
          <Editor field={field} value={value} onSave={onSave} onDone={done} />
        ) : (
          <Shown label={field.label} hasLink={hasLink} opener={opener} onEdit={() => setEditing(true)}>
            {children}
          </Shown>
        )}
      </dd>
    </div>
  );
}

interface ShownProps {
  label: string;
  hasLink: boolean;
  opener: React.RefObject<HTMLButtonElement | null>;
  onEdit: () => void;
  children: ReactNode;
}

function Shown({ label, hasLink, opener, onEdit, children }: ShownProps) {
  const { t } = useTranslation("contactPage");
  const name = t("edit", { label });
  if (!hasLink) {
    return (
      <button ref={opener} type="button" className={classes.value} onClick={onEdit}>
        <VisuallyHidden>{`${name}: `}</VisuallyHidden>
        <span className={classes.text}>{children}</span>
        <IconPencil size={14} stroke={1.6} className={classes.pencil} aria-hidden />
      </button>
    );
  }
  return (
    <span className={classes.linked}>
      <span className={classes.text}>{children}</span>
      <Tooltip label={name}>
        <ActionIcon ref={opener} size="sm" aria-label={name} onClick={onEdit}>
          <IconPencil size={14} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}

interface EditorProps {
  field: FactField;
  value: FactValue;
  onSave: (value: FactValue) => Promise<unknown>;
  onDone: (byKey: boolean) => void;
}

function Editor({ field, value, onSave, onDone }: EditorProps) {
  const { t } = useTranslation("contactPage");
  const { t: common } = useTranslation();
  const writing = { culture: useMe()?.culture, locale: useLocale() };
  const [draft, setDraft] = useState(() => draftOf(field, value, writing));
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  useEffect(() => {
    input.current?.focus();
    if (field.kind === "text" || field.kind === "url") input.current?.select();
  }, [field.kind]);
  const leave = (byKey: boolean) => {
    over.current = true;
    onDone(byKey);
  };
  const commit = async (typed: string, byKey: boolean) => {
    if (over.current || busy) return;
    if (typed === draftOf(field, value, writing)) return leave(byKey);
    const read = valueTyped(field, typed, writing);
    if ("fault" in read) return setFault(common(`form.${read.fault}`));
    if (read.value === value) return leave(byKey);
    setBusy(true);
    try {
      await onSave(read.value);
      leave(byKey);
    } catch (error) {
      const told = faultsByField(error)[field.name] ?? explain(error).detail;
      setFault(isProblem(error, "version_mismatch") ? t("conflict") : told);
      setBusy(false);
      input.current?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isEscapeFor(event)) {
      event.stopPropagation();
      leave(true);
    } else if (event.key === "Enter" && (event.target as HTMLElement).getAttribute("aria-expanded") !== "true") {
      event.preventDefault();
      void commit(draft, true);
    }
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    // Going to another window is no going elsewhere.
    const inWindow = event.relatedTarget !== null || document.hasFocus();
    if (inWindow && !event.currentTarget.contains(event.relatedTarget)) void commit(draft, false);
  };
  return (
    // Keys and leaving are heard wherever in the editor the focus is.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={classes.editor} onKeyDown={onKeyDown} onBlur={onBlur}>
      <FactInput
        field={field}
        value={draft}
        error={fault}
        bare
        inputRef={input}
        disabled={busy}
        onChange={setDraft}
        onChoose={(chosen) => {
          setDraft(chosen);
          void commit(chosen, true);
        }}
      />
    </div>
  );
}
