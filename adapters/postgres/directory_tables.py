"""The columns of what grew around contacts: own fields, lists, views, notes, long work, imports, merges."""

from sqlalchemy import BigInteger, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from adapters.postgres.tables import FLAG, ID, NUMBER, TEXT, TEXTS, TIME, table

COUNT = BigInteger()

contact_fields = table(
    "contact_fields",
    organization_id=ID,
    id=ID,
    key=TEXT,
    label=TEXT,
    kind=TEXT,
    choices=TEXTS,
    position=NUMBER,
    created_at=TIME,
    updated_at=TIME,
    archived_at=TIME,
)
contact_values = table("contact_values", organization_id=ID, field_id=ID, value=TEXT, contact_id=ID)
contact_notes = table(
    "contact_notes",
    organization_id=ID,
    id=ID,
    contact_id=ID,
    user_id=ID,
    text=TEXT,
    version=NUMBER,
    created_at=TIME,
    updated_at=TIME,
    deleted_at=TIME,
)
contact_lists = table(
    "contact_lists",
    organization_id=ID,
    id=ID,
    name=TEXT,
    name_key=TEXT,
    kind=TEXT,
    filter=JSONB(none_as_null=True),
    user_id=ID,
    version=NUMBER,
    created_at=TIME,
    updated_at=TIME,
    deleted_at=TIME,
)
contact_list_members = table("contact_list_members", organization_id=ID, list_id=ID, contact_id=ID, added_at=TIME)
contact_views = table(
    "contact_views",
    organization_id=ID,
    id=ID,
    user_id=ID,
    name=TEXT,
    shared=FLAG,
    state=JSONB(),
    created_at=TIME,
    updated_at=TIME,
)
background_jobs = table(
    "background_jobs",
    organization_id=ID,
    id=ID,
    user_id=ID,
    kind=TEXT,
    state=TEXT,
    spec=JSONB(),
    cursor=JSONB(none_as_null=True),
    done=COUNT,
    total=COUNT,
    result=JSONB(),
    error=TEXT,
    lease_until=TIME,
    fence=COUNT,
    created_at=TIME,
    started_at=TIME,
    finished_at=TIME,
    undone_at=TIME,
)
background_job_changes = table(
    "background_job_changes",
    organization_id=ID,
    job_id=ID,
    lane=SmallInteger(),
    id=ID,
    at=TIME,
    contact_ids=ARRAY(ID),
    kept_ids=ARRAY(ID),
)
contact_imports = table(
    "contact_imports",
    organization_id=ID,
    id=ID,
    user_id=ID,
    job_id=ID,
    file_id=ID,
    name=TEXT,
    format=TEXT,
    bytes=COUNT,
    layout=JSONB(),
    columns=JSONB(),
    options=JSONB(none_as_null=True),
    created_at=TIME,
)
contact_import_changes = table(
    "contact_import_changes",
    organization_id=ID,
    import_id=ID,
    contact_id=ID,
    line=COUNT,
    outcome=TEXT,
    before=JSONB(none_as_null=True),
    after=JSONB(none_as_null=True),
    version=NUMBER,
    listed=FLAG,
)
contact_import_faults = table(
    "contact_import_faults",
    organization_id=ID,
    import_id=ID,
    line=COUNT,
    outcome=TEXT,
    code=TEXT,
    reason=TEXT,
    cells=TEXTS,
)
contact_merges = table(
    "contact_merges",
    organization_id=ID,
    id=ID,
    kept_id=ID,
    merged_id=ID,
    user_id=ID,
    at=TIME,
    before=JSONB(none_as_null=True),
    moved=JSONB(none_as_null=True),
    undone_at=TIME,
)
contact_former_addresses = table(
    "contact_former_addresses", organization_id=ID, id=ID, email_key=TEXT, contact_id=ID, at=TIME
)
possible_duplicates = table(
    "possible_duplicates",
    organization_id=ID,
    first_id=ID,
    second_id=ID,
    reason=TEXT,
    found_at=TIME,
    dismissed_at=TIME,
    dismissed_by=ID,
)
