import type { Job } from "@/api/types";
import { i18next } from "@/app/i18n";
import { reasonInWords } from "../reasons";

// Kinds of work that have words of their own; what is new is "work in the background".
const KINDS = [
  "bulk_set_status",
  "bulk_set_owner",
  "bulk_add_to_list",
  "bulk_remove_from_list",
  "bulk_add_to_salesflow",
  "bulk_delete",
  "bulk_export",
  "contact_import",
  "contact_status_replacement",
  "duplicate_search",
  "contact_erasure",
] as const;
type Kind = (typeof KINDS)[number] | "other";

const kindOf = (job: Job): Kind => KINDS.find((kind) => kind === job.kind) ?? "other";
const NS = { ns: "jobs" } as const;

/** What it is, and whether it goes on: "Changing status", "Status changed", "Change status: stopped". */
export function titleOf(job: Job): string {
  const kind = kindOf(job);
  if (job.state === "queued" || job.state === "running") return i18next.t(`kind.${kind}.doing`, NS);
  if (job.state === "done") return i18next.t(`kind.${kind}.done`, NS);
  return i18next.t(`state.${job.state}`, { ...NS, what: i18next.t(`kind.${kind}.name`, NS) });
}

const COUNTED = [
  "found",
  "erased",
  "created",
  "updated",
  "changed",
  "rows",
  "unchanged",
  "skipped",
  "left_out",
  "failed",
] as const;
const TAKEN_BACK = ["removed", "restored", "kept"] as const;

/** Work that keeps what it takes to undo it. */
const takesBack = ({ kind }: Job) => kind.startsWith("bulk_") || kind === "contact_import";

/** What has come of it, in the order in which it matters: "12 contacts changed", "3 left out". */
export function outcomeOf(job: Job): string[] {
  const { result, state } = job;
  const said = (name: (typeof COUNTED | typeof TAKEN_BACK)[number]) => {
    const count = Number(result[name] ?? 0);
    return count > 0 ? [i18next.t(`result.${name}`, { ...NS, count })] : [];
  };
  if (state === "undone") return TAKEN_BACK.flatMap(said);
  const parts = COUNTED.flatMap(said);
  if (parts.length > 0 || state !== "done") return parts;
  if (job.kind === "duplicate_search") return [i18next.t("result.noPairs", NS)];
  return takesBack(job) ? [i18next.t("result.nothing", NS)] : [];
}

/** Why some were left out: the reasons with their numbers, the most frequent first. */
export function reasonsOf({ result, state }: Job): string[] {
  const { reasons } = result;
  if (state === "undone" || typeof reasons !== "object" || reasons === null) return [];
  return Object.entries(reasons as Record<string, number>)
    .toSorted(([, one], [, other]) => other - one)
    .map(([reason, count]) => i18next.t("reason", { ...NS, reason: leftOutFor(reason), count }));
}

const OURS = ["not_found", "not_allowed"] as const;

function leftOutFor(reason: string): string {
  const ours = OURS.find((each) => each === reason);
  return ours ? i18next.t(`leftOut.${ours}`, NS) : reasonInWords(reason);
}

/** Why it went wrong, and what that means. */
export function errorOf(job: Job): string | null {
  const { error } = job;
  if (error === null) return null;
  if (!takesBack(job)) return i18next.t("error.again", NS);
  const known = i18next.exists(`error.${error}`, NS) ? (error as "other") : "other";
  return i18next.t(`error.${known}`, NS);
}

/** Whether there is something to take back. */
export const isUndoable = ({ can_undo, kind, result }: Job): boolean =>
  can_undo && !(kind.startsWith("bulk_") && result.changed === 0);
