/** The shapes of the API under the names that the screens use: the one file that follows the generated schema. */
import type { paths } from "./schema";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Answer<P extends keyof paths, M extends Method, S extends number = 200> = paths[P][M] extends {
  responses: Record<S, { content: { "application/json": infer Body } }>;
}
  ? Body
  : never;
type Input<P extends keyof paths, M extends Method> = paths[P][M] extends {
  requestBody?: { content: { "application/json": infer Body } };
}
  ? Body
  : never;
type Query<P extends keyof paths> = paths[P]["get"] extends { parameters: { query?: infer Q } }
  ? NonNullable<Q>
  : never;

export type Me = Answer<"/me", "get">;
export type MeInput = Input<"/me", "patch">;
export type Token = Answer<"/me/tokens", "get">["items"][number];
export type TokenInput = Input<"/me/tokens", "post">;
export type NewToken = Answer<"/me/tokens", "post", 201>;
export type AcceptanceInput = Input<"/auth/invitations/{token}/accept", "post">;
export type InvitationShown = Answer<"/auth/invitations/{token}", "get">;
export type Session = Answer<"/me/sessions", "get">["items"][number];
export type Passkey = Answer<"/me/passkeys", "get">["items"][number];
export type TotpSetup = Answer<"/me/second-factor/totp", "post", 201>;
export type Signature = Answer<"/me/signature", "get">;
export type SignatureInput = Input<"/me/signature", "put">;
export type BusinessHours = Answer<"/me/business-hours", "get">;
export type BusinessHoursInput = Input<"/me/business-hours", "put">;
export type NotificationChoices = Answer<"/me/notifications", "get">;
export type MailboxLimits = Input<"/me/mailbox", "patch">;
export type DialerPhone = Answer<"/me/phone", "get">;
export type DialerPhoneInput = Input<"/me/phone", "put">;
export type Voicemail = Answer<"/me/voicemails", "get">["items"][number];
export type Onboarding = Answer<"/me/onboarding", "get">;
export type OnboardingChanges = Input<"/me/onboarding", "patch">;
export type WizardStep = Onboarding["steps"][number]["id"];
export type StepState = Onboarding["tour"];
export type Connection = Answer<"/me/connections", "get">["items"][number];

export type Contact = Answer<"/contacts", "get">["items"][number];
/** With what only its page shows. */
export type ContactDetail = Answer<"/contacts/{contact_id}", "get">;
export type ContactInput = Input<"/contacts", "post">;
export type ContactChanges = Input<"/contacts/{contact_id}", "patch">;
export type ContactsQuery = Query<"/contacts">;
export type ContactStatus = Answer<"/contacts/statuses", "get">["items"][number];
export type Activity = Answer<"/contacts/{contact_id}/activities", "get">["items"][number];
export type TimelineKind = NonNullable<Query<"/contacts/{contact_id}/activities">["kind"]>;
export type Note = Answer<"/contacts/{contact_id}/notes", "get">["items"][number];
export type NextStep = Answer<"/contacts/{contact_id}/next-steps", "get">["items"][number];
export type OwnFieldDefinition = Answer<"/admin/contact-fields", "get">["items"][number];
export type OwnFieldInput = Input<"/admin/contact-fields", "post">;
export type OwnFieldChanges = Input<"/admin/contact-fields/{field_id}", "patch">;
export type StatusInput = Input<"/admin/contact-statuses", "post">;
export type StatusChanges = Input<"/admin/contact-statuses/{status_id}", "patch">;
export type ContactEnrollment = Answer<"/contacts/{contact_id}/enrollments", "get">["items"][number];

export type KnownField = Answer<"/contacts/fields", "get">["items"][number];
type WholeFilter = NonNullable<Input<"/contacts/bulk", "post">["filter"]>;
/** What is left out is not asked for. */
export type ContactFilter = Partial<WholeFilter>;
type Filtered<Body> = Omit<Body, "filter"> & { filter?: ContactFilter };
export type ContactView = Answer<"/contacts/views", "get">["items"][number];
export type ContactViewInput = Input<"/contacts/views", "post">;
export type ContactViewChanges = Input<"/contacts/views/{view_id}", "patch">;
export type ViewState = ContactView["state"];
export type ContactList = Answer<"/contacts/lists", "get">["items"][number];
export type ContactListInput = Filtered<Input<"/contacts/lists", "post">>;
export type ContactListChanges = Filtered<Input<"/contacts/lists/{list_id}", "patch">>;
export type BulkInput = Filtered<Input<"/contacts/bulk", "post">>;
export type BulkAction = BulkInput["action"];
export type Job = Answer<"/jobs/{job_id}", "get">;

export type Described = Input<"/contacts/duplicates/check", "post">;
export type DuplicateCandidate = Answer<"/contacts/duplicates/check", "post">["items"][number];
export type DuplicatePair = Answer<"/contacts/duplicates", "get">["items"][number];
export type MergeInput = Input<"/contacts/merge", "post">;
export type MergedContact = Answer<"/contacts/merge", "post">;
export type Merge = Answer<"/contacts/{contact_id}/merges", "get">["items"][number];

export type ContactImport = Answer<"/contacts/imports/{import_id}", "get">;
export type ImportColumn = ContactImport["columns"][number];
export type ImportLimits = Answer<"/contacts/imports/limits", "get">;
export type ImportInput = Input<"/contacts/imports/{import_id}/start", "post">;
export type ImportLayoutInput = Input<"/contacts/imports/{import_id}", "patch">;
export type ImportPreviewRow = Answer<"/contacts/imports/{import_id}/preview", "post">["items"][number];

export type Salesflow = Answer<"/salesflows", "get">["items"][number];
export type SalesflowDetail = Answer<"/salesflows/{salesflow_id}", "get">;
export type SalesflowState = Salesflow["state"];
export type SalesflowsQuery = Query<"/salesflows">;
export type Step = SalesflowDetail["steps"][number];
export type Variant = Step["variants"][number];
export type Delay = Step["delay"];
export type StepsInput = Input<"/salesflows/{salesflow_id}/steps", "put">;
export type StepInput = StepsInput["steps"][number];
export type MergeField = Answer<"/salesflows/fields", "get">["items"][number];
export type Preview = Answer<"/salesflows/{salesflow_id}/preview", "post">;
export type Enrollment = Answer<"/salesflows/{salesflow_id}/enrollments", "get">["items"][number];
export type EnrollmentsQuery = Query<"/salesflows/{salesflow_id}/enrollments">;
export type EnrollInput = Filtered<Omit<Input<"/salesflows/{salesflow_id}/enrollments", "post">, "dry_run">>;
/** The body of a request, where the generated type asks for what the service fills in itself. */
export type Sent<P extends keyof paths, M extends Method> = Input<P, M>;
export type Enrolled = Answer<"/salesflows/{salesflow_id}/enrollments", "post">;
export type SalesflowStats = Answer<"/salesflows/{salesflow_id}/stats", "get">;
export type Email = Answer<"/emails/{email_id}", "get">;
export type Settlement = Input<"/emails/{email_id}/settlement", "post">["outcome"];

export type ManagedUser = Answer<"/admin/users", "get">["items"][number];
export type ManagedUsersQuery = Query<"/admin/users">;
export type ManagedUserChanges = Input<"/admin/users/{user_id}", "patch">;
export type NewInvitation = Input<"/admin/users", "post">;
export type Handover = Answer<"/admin/handovers", "get">["items"][number];
export type OrganizationSettings = Answer<"/admin/settings", "get">;
export type OrganizationSettingsInput = Input<"/admin/settings", "patch">;
export type Sso = Answer<"/admin/sso", "get">;
export type SsoInput = Input<"/admin/sso", "put">;
export type Suppression = Answer<"/admin/suppressions", "get">["items"][number];
export type SuppressionInput = Input<"/admin/suppressions", "post">;
export type SuppressionKind = SuppressionInput["kind"];
export type SuppressionsQuery = Omit<Query<"/admin/suppressions">, "total">;
export type AuditEntry = Answer<"/admin/audit-log", "get">["items"][number];
export type AuditQuery = Omit<Query<"/admin/audit-log">, "limit" | "cursor">;
export type AuditAction = NonNullable<AuditQuery["action"]>;

export type FeedItem = Answer<"/me/feed", "get">["items"][number];
