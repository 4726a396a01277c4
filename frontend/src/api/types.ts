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

export type Contact = Answer<"/contacts/{contact_id}", "get">;
export type ContactInput = Input<"/contacts", "post">;
export type ContactChanges = Input<"/contacts/{contact_id}", "patch">;
export type ContactsQuery = Query<"/contacts">;
export type ContactStatus = Answer<"/contacts/statuses", "get">["items"][number];
export type Activity = Answer<"/contacts/{contact_id}/activities", "get">["items"][number];
export type ContactEnrollment = Answer<"/contacts/{contact_id}/enrollments", "get">["items"][number];

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
export type EnrollInput = Omit<Input<"/salesflows/{salesflow_id}/enrollments", "post">, "dry_run">;
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
export type AuditEntry = Answer<"/admin/audit-log", "get">["items"][number];
export type AuditQuery = Omit<Query<"/admin/audit-log">, "limit" | "cursor">;
export type AuditAction = NonNullable<AuditQuery["action"]>;

export type FeedItem = Answer<"/me/feed", "get">["items"][number];
