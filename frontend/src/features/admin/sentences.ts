import { useTranslation } from "react-i18next";
import type { AuditEntry } from "@/api/types";
import { i18next } from "@/app/i18n";
import { useFormat } from "@/shared/format";
import { wordOf } from "./actions";

type Detail = AuditEntry["detail"];

/** Who acted, by name; Engage itself and the command line have none of their own. */
export function actorName({ kind, name }: AuditEntry["actor"]): string {
  return kind === "system" || kind === "command_line" ? i18next.t(`audit.actor.${kind}`, { ns: "admin" }) : name;
}

const VARIANTS: Record<string, string> = {
  password: "session_opened_password",
  passkey: "session_opened_passkey",
  link: "session_opened_link",
  single_sign_on: "session_opened_sso",
};

/** Some acts are told more exactly by what is in their details. */
export function wordingOf({ action, detail }: Pick<AuditEntry, "action" | "detail">): string {
  const fields = String(detail.fields ?? "");
  if (action === "user.changed" && fields === "role") return "user_changed_role";
  if (action === "user.changed" && fields === "start_salesflow_on_behalf") {
    return detail.start_salesflow_on_behalf ? "user_changed_on_behalf" : "user_changed_not_on_behalf";
  }
  if (action === "session.opened") {
    if (detail.method === "password" && detail.second_factor) return "session_opened_second_factor";
    return VARIANTS[String(detail.method)] ?? "session_opened";
  }
  if (action === "session.ended") {
    if (detail.how === "signed_out") return "session_ended_signed_out";
    return detail.sessions_ended === undefined ? "session_ended" : "session_ended_many";
  }
  return wordOf(action);
}

/** An entry as a sentence, with <b> around the names. */
export function useSentence(): (entry: AuditEntry) => string {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { list, number } = useFormat();
  return (entry) => {
    const { detail } = entry;
    const role = detail.role === "administrator" || detail.role === "contributor" ? common(`role.${detail.role}`) : "";
    const key = `audit.sentence.${wordingOf(entry)}` as "audit.sentence.user_changed_role";
    return t(key, {
      actor: actorName(entry.actor),
      target: entry.target?.name ?? "",
      other: entry.on_behalf_of?.name ?? "",
      to: text(detail.to_name),
      role,
      fields: list(fieldsOf(detail)),
      count: Number(detail.enrolled ?? 0),
      enrollments: number(Number(detail.enrollments ?? 0)),
      defaultValue: `<b>{{actor}}</b>: ${entry.action}`,
    });
  };
}

const text = (value: unknown) => (value == null ? "" : String(value));

/** The names of what was changed, as the screens call it. */
export const fieldsOf = (detail: Detail): string[] =>
  text(detail.fields)
    .split(", ")
    .filter(Boolean)
    .map((field) =>
      i18next.t(`audit.field.${field}` as "audit.field.name", {
        ns: "admin",
        defaultValue: field.replaceAll("_", " "),
      }),
    );
