import { useTranslation } from "react-i18next";
import type { AuditAction, AuditEntry } from "@/api/types";
import { useFormat } from "@/shared/format";
import { AUDIT_ACTIONS, wordOf } from "./actions";
import { fieldsOf } from "./sentences";

// Ids stand for names that are shown beside them.
const HIDDEN = new Set(["to", "actor_id"]);
const INSTANTS = new Set(["expires_at", "from", "to"]);

/** What else an entry knows, as pairs of words. */
export function useDetailRows({ action, detail }: AuditEntry): [string, string][] {
  const { t } = useTranslation("admin");
  const { number, exact, list } = useFormat();
  const inWords = (name: string, value: string | number | boolean): string => {
    if (name === "fields") return list(fieldsOf(detail));
    if (typeof value === "boolean") return t(value ? "audit.value.yes" : "audit.value.no");
    if (typeof value === "number") return number(value);
    if (INSTANTS.has(name)) return exact(value);
    if (name === "scopes") return value.split(" ").join(", ");
    if (name === "action" && AUDIT_ACTIONS.some((each) => each === value)) {
      return t(`audit.action.${wordOf(value as AuditAction) as "user_invited"}`);
    }
    return t(`audit.value.${value}` as "audit.value.yes", { defaultValue: value });
  };
  const exported = action === "audit.exported";
  return Object.entries(detail).flatMap(([name, value]): [string, string][] => {
    if (value == null || value === "" || (HIDDEN.has(name) && !exported)) return [];
    const label = t(`audit.detail.${name}` as "audit.detail.role", { defaultValue: name.replaceAll("_", " ") });
    return name === "actor_id" ? [] : [[label, inWords(name, value)]];
  });
}
