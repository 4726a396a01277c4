import type { AuditAction } from "@/api/types";

/** What is recorded, in the groups in which a person looks for it. */
export const ACTION_GROUPS = {
  users: [
    "user.invited",
    "user.invitation_sent_again",
    "user.invitation_revoked",
    "user.joined",
    "user.changed",
    "user.deleted",
    "user.enrollments_handed_over",
  ],
  access: [
    "session.opened",
    "session.ended",
    "session.confirmed",
    "session.not_confirmed",
    "password.changed",
    "password.reset",
    "second_factor.enabled",
    "second_factor.disabled",
    "second_factor.recovery_codes_made",
    "passkey.added",
    "passkey.removed",
  ],
  connections: ["token.created", "token.revoked", "connection.connected", "connection.disconnected"],
  organization: [
    "organization.created",
    "settings.changed",
    "sso.changed",
    "contact_fields.changed",
    "contact_statuses.changed",
    "audit.exported",
  ],
  people: [
    "suppression.added",
    "suppression.removed",
    "contact.opted_out",
    "contact.opt_out_taken_back",
    "contact.personal_data_exported",
    "contact.erased",
  ],
  work: ["salesflow.started_on_behalf"],
} as const satisfies Record<string, readonly AuditAction[]>;

export const AUDIT_ACTIONS: readonly AuditAction[] = Object.values(ACTION_GROUPS).flat();

/** The name under which an action's words are kept: no dots, which would be levels. */
export const wordOf = <A extends string>(action: A) => action.replaceAll(".", "_");
