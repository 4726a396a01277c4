"""The columns of what belongs to accounts: ways to sign in, what users are told, what is on record."""

from sqlalchemy import BigInteger, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.tables import BYTES, FLAG, ID, NUMBER, TEXT, TEXTS, TIME, table

one_time_links = table(
    "one_time_links",
    organization_id=ID,
    id=ID,
    user_id=ID,
    kind=TEXT,
    created_at=TIME,
    expires_at=TIME,
    sent_at=TIME,
    used_at=TIME,
    revoked_at=TIME,
)
user_avatars = table("user_avatars", organization_id=ID, user_id=ID, content=BYTES, updated_at=TIME)
totp_secrets = table(
    "totp_secrets",
    organization_id=ID,
    user_id=ID,
    secret=BYTES,
    created_at=TIME,
    confirmed_at=TIME,
    last_step=BigInteger(),
)
recovery_codes = table(
    "recovery_codes", organization_id=ID, id=ID, user_id=ID, code_hash=BYTES, created_at=TIME, used_at=TIME
)
passkeys = table(
    "passkeys",
    organization_id=ID,
    id=ID,
    user_id=ID,
    name=TEXT,
    credential_id=BYTES,
    public_key=BYTES,
    sign_count=BigInteger(),
    transports=TEXTS,
    created_at=TIME,
    last_used_at=TIME,
)
password_reset_asks = table("password_reset_asks", email_key=TEXT, asked_at=TIME)
passkey_challenges = table("passkey_challenges", id=ID, challenge=BYTES, user_id=ID, expires_at=TIME)
identity_providers = table(
    "identity_providers",
    organization_id=ID,
    id=ID,
    issuer=TEXT,
    client_id=TEXT,
    client_secret=BYTES,
    enabled=FLAG,
    trust_email=FLAG,
    created_at=TIME,
    updated_at=TIME,
)
identities = table("identities", organization_id=ID, id=ID, user_id=ID, issuer=TEXT, subject=TEXT, created_at=TIME)
sign_in_attempts = table(
    "sign_in_attempts", organization_id=ID, id=ID, state_hash=BYTES, verifier=BYTES, nonce=TEXT, expires_at=TIME
)
notifications = table(
    "notifications",
    organization_id=ID,
    id=ID,
    user_id=ID,
    kind=TEXT,
    group_key=TEXT,
    count=NUMBER,
    mailed=NUMBER,
    at=TIME,
    read_at=TIME,
    contact_id=ID,
    email_id=ID,
    salesflow_id=ID,
    detail=JSONB(),
)
notified_activities = table("notified_activities", organization_id=ID, activity_id=ID, at=TIME)
notification_emails = table("notification_emails", organization_id=ID, user_id=ID, contact_id=ID, last_at=TIME)
audit_heads = table("audit_heads", organization_id=ID, seq=BigInteger(), hash=BYTES)
audit_entries = table(
    "audit_entries",
    organization_id=ID,
    seq=BigInteger(),
    id=ID,
    at=TIME,
    actor_kind=TEXT,
    actor_id=ID,
    actor_name=TEXT,
    on_behalf_of=ID,
    on_behalf_of_name=TEXT,
    action=TEXT,
    target_kind=TEXT,
    target_id=ID,
    target_name=TEXT,
    address=TEXT,
    user_agent=TEXT,
    request_id=TEXT,
    detail=JSONB(),
    previous=BYTES,
    hash=BYTES,
)
files = table("files", organization_id=ID, id=ID, name=TEXT, media_type=TEXT, bytes=BigInteger(), created_at=TIME)
file_pieces = table("file_pieces", organization_id=ID, file_id=ID, position=NUMBER, content=BYTES)
voicemails = table(
    "voicemails",
    organization_id=ID,
    id=ID,
    user_id=ID,
    slot=SmallInteger(),
    name=TEXT,
    name_key=TEXT,
    file_id=ID,
    seconds=NUMBER,
    created_at=TIME,
)
