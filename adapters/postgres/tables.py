"""The columns, for SQLAlchemy Core. Keys, policies and indexes live in the migrations; a test holds both equal."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP, UUID
from sqlalchemy.types import TypeEngine

metadata = MetaData()

ID: TypeEngine[Any] = UUID(as_uuid=True)
TIME: TypeEngine[Any] = TIMESTAMP(timezone=True)
TEXT: TypeEngine[Any] = Text()
BYTES: TypeEngine[Any] = LargeBinary()
NUMBER: TypeEngine[Any] = Integer()
FLAG: TypeEngine[Any] = Boolean()
TEXTS: TypeEngine[Any] = ARRAY(Text())


def table(name: str, /, **columns: TypeEngine[Any]) -> Table:
    return Table(name, metadata, *(Column(key, kind) for key, kind in columns.items()))


organizations = table(
    "organizations",
    id=ID,
    name=TEXT,
    postal_address=TEXT,
    dispatch_paused=FLAG,
    require_second_factor=FLAG,
    session_idle_minutes=NUMBER,
    session_days=NUMBER,
    version=NUMBER,
    created_at=TIME,
)
users = table(
    "users",
    organization_id=ID,
    id=ID,
    email=TEXT,
    email_key=TEXT,
    name=TEXT,
    role=TEXT,
    state=TEXT,
    time_zone=TEXT,
    culture=TEXT,
    phone=TEXT,
    job_title=TEXT,
    company=TEXT,
    start_salesflow_on_behalf=FLAG,
    working_hours=JSONB(none_as_null=True),
    address=JSONB(none_as_null=True),
    signature=JSONB(none_as_null=True),
    notifications=JSONB(none_as_null=True),
    onboarding=JSONB(none_as_null=True),
    away=JSONB(none_as_null=True),
    avatar_version=NUMBER,
    second_factor=FLAG,
    dialer_phone=TEXT,
    dialer_extension=TEXT,
    dialer_phone_verified_at=TIME,
    version=NUMBER,
    created_at=TIME,
    updated_at=TIME,
    deleted_at=TIME,
)
credentials = table("credentials", organization_id=ID, user_id=ID, email_key=TEXT, password_hash=TEXT, changed_at=TIME)
sessions = table(
    "sessions",
    organization_id=ID,
    id=ID,
    user_id=ID,
    token_hash=BYTES,
    created_at=TIME,
    last_seen_at=TIME,
    expires_at=TIME,
    address=TEXT,
    user_agent=TEXT,
    idle_seconds=NUMBER,
    second_factor=FLAG,
    confirmed_at=TIME,
)
access_tokens = table(
    "access_tokens",
    organization_id=ID,
    id=ID,
    user_id=ID,
    name=TEXT,
    token_hash=BYTES,
    scopes=TEXTS,
    created_at=TIME,
    expires_at=TIME,
    last_used_at=TIME,
)
idempotency_keys = table(
    "idempotency_keys",
    organization_id=ID,
    user_id=ID,
    key=TEXT,
    request_hash=BYTES,
    status=NUMBER,
    body=BYTES,
    created_at=TIME,
)
outbox_jobs = table(
    "outbox_jobs",
    organization_id=ID,
    id=ID,
    kind=TEXT,
    payload=JSONB(),
    created_at=TIME,
    due_at=TIME,
    attempts=NUMBER,
)
worker_heartbeats = table("worker_heartbeats", id=TEXT, started_at=TIME, seen_at=TIME)

contact_statuses = table(
    "contact_statuses", organization_id=ID, id=ID, label=TEXT, color=TEXT, position=NUMBER, is_default=FLAG
)
contacts = table(
    "contacts",
    organization_id=ID,
    id=ID,
    salutation=TEXT,
    first_name=TEXT,
    last_name=TEXT,
    name_key=TEXT,
    email=TEXT,
    email_key=TEXT,
    company=TEXT,
    company_key=TEXT,
    job_title=TEXT,
    business_phone=TEXT,
    mobile_phone=TEXT,
    street=TEXT,
    city=TEXT,
    state=TEXT,
    zip=TEXT,
    country=TEXT,
    time_zone=TEXT,
    status_id=ID,
    owner_id=ID,
    email_state=TEXT,
    opted_out_at=TIME,
    last_activity_at=TIME,
    version=NUMBER,
    created_at=TIME,
    updated_at=TIME,
    deleted_at=TIME,
)
contact_terms = table("contact_terms", organization_id=ID, term=TEXT, contact_id=ID)
suppressions = table(
    "suppressions", organization_id=ID, id=ID, kind=TEXT, value_hash=BYTES, reason=TEXT, created_at=TIME
)
activities = table(
    "activities",
    organization_id=ID,
    id=ID,
    at=TIME,
    type=TEXT,
    contact_id=ID,
    user_id=ID,
    salesflow_id=ID,
    enrollment_id=ID,
    email_id=ID,
    detail=JSONB(),
)

connections = table(
    "connections",
    organization_id=ID,
    id=ID,
    user_id=ID,
    provider=TEXT,
    account=TEXT,
    subject=TEXT,
    state=TEXT,
    scopes=TEXTS,
    access_token=BYTES,
    refresh_token=BYTES,
    expires_at=TIME,
    refreshing_until=TIME,
    connected_at=TIME,
    lost_at=TIME,
    lost_reason=TEXT,
    version=NUMBER,
)
connection_attempts = table(
    "connection_attempts",
    organization_id=ID,
    id=ID,
    user_id=ID,
    provider=TEXT,
    state_hash=BYTES,
    verifier=BYTES,
    expires_at=TIME,
)
revocations = table(
    "revocations",
    organization_id=ID,
    id=ID,
    provider=TEXT,
    token=BYTES,
    subject=TEXT,
    attempts=NUMBER,
    next_try_at=TIME,
    created_at=TIME,
)
mailboxes = table(
    "mailboxes",
    organization_id=ID,
    id=ID,
    user_id=ID,
    connection_id=ID,
    provider=TEXT,
    address=TEXT,
    display_name=TEXT,
    state=TEXT,
    history_cursor=TEXT,
    synced_at=TIME,
    next_sync_at=TIME,
    next_send_at=TIME,
    paused_until=TIME,
    paused_reason=TEXT,
    throttles=NUMBER,
    per_day=NUMBER,
    per_minute=NUMBER,
    fence=BigInteger(),
    lease_until=TIME,
    created_at=TIME,
)

salesflows = table(
    "salesflows",
    organization_id=ID,
    id=ID,
    name=TEXT,
    state=TEXT,
    owner_id=ID,
    shared=FLAG,
    revision=NUMBER,
    paused_at=TIME,
    version=NUMBER,
    created_at=TIME,
    updated_at=TIME,
)
salesflow_steps = table(
    "salesflow_steps",
    organization_id=ID,
    id=ID,
    salesflow_id=ID,
    revision=NUMBER,
    position=NUMBER,
    kind=TEXT,
    mode=TEXT,
    delay_amount=NUMBER,
    delay_unit=TEXT,
    thread=TEXT,
)
step_variants = table(
    "step_variants",
    organization_id=ID,
    id=ID,
    step_id=ID,
    position=NUMBER,
    weight=NUMBER,
    subject=TEXT,
    body_html=TEXT,
)
enrollments = table(
    "enrollments",
    organization_id=ID,
    id=ID,
    salesflow_id=ID,
    revision=NUMBER,
    contact_id=ID,
    user_id=ID,
    started_by=ID,
    state=TEXT,
    reason=TEXT,
    position=NUMBER,
    due_at=TIME,
    waiting=TEXT,
    held_due_at=TIME,
    missing_fields=TEXTS,
    paused_at=TIME,
    resume_at=TIME,
    start_at=TIME,
    counted_from=TIME,
    started_at=TIME,
    finished_at=TIME,
)
step_runs = table(
    "step_runs",
    organization_id=ID,
    id=ID,
    enrollment_id=ID,
    step_id=ID,
    position=NUMBER,
    state=TEXT,
    started_at=TIME,
    done_at=TIME,
)
emails = table(
    "emails",
    organization_id=ID,
    id=ID,
    mailbox_id=ID,
    user_id=ID,
    contact_id=ID,
    salesflow_id=ID,
    enrollment_id=ID,
    step_run_id=ID,
    step_id=ID,
    variant_id=ID,
    send_key=TEXT,
    state=TEXT,
    due_at=TIME,
    fence=BigInteger(),
    subject=TEXT,
    html=TEXT,
    body=TEXT,
    mime=BYTES,
    to_address=TEXT,
    from_address=TEXT,
    draft_id=TEXT,
    cursor_before=TEXT,
    sending_at=TIME,
    next_check_at=TIME,
    checks=NUMBER,
    sent_at=TIME,
    provider_message_id=TEXT,
    thread_id=TEXT,
    message_id=TEXT,
    reference_ids=TEXTS,
    error=TEXT,
    first_opened_at=TIME,
    last_opened_at=TIME,
    first_clicked_at=TIME,
    replied_at=TIME,
    bounced_at=TIME,
    unsubscribed_at=TIME,
    created_at=TIME,
)
email_links = table("email_links", organization_id=ID, email_id=ID, position=SmallInteger(), url=TEXT, text=TEXT)
inbound_messages = table(
    "inbound_messages",
    organization_id=ID,
    id=ID,
    mailbox_id=ID,
    provider_message_id=TEXT,
    kind=TEXT,
    email_id=ID,
    from_address=TEXT,
    subject=TEXT,
    text=TEXT,
    received_at=TIME,
    created_at=TIME,
)
tracking_hits = table(
    "tracking_hits",
    organization_id=ID,
    id=ID,
    email_id=ID,
    kind=TEXT,
    link_position=SmallInteger(),
    at=TIME,
    method=TEXT,
    user_agent=TEXT,
    address=TEXT,
    prefetch=FLAG,
    actor=TEXT,
    reasons=TEXTS,
    rule_version=NUMBER,
    classified_at=TIME,
)
