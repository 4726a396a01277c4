"""What the gate may read and write, since it comes before any organization is known."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from adapters.postgres.connection import GATE

pytestmark = pytest.mark.anyio

# What the gate may read: found out before an organization is known.
GATE_READS = {
    "credentials": {"organization_id", "user_id", "email_key", "password_hash", "changed_at"},
    "sessions": None,
    "access_tokens": None,
    "users": {"organization_id", "id", "role", "state", "second_factor"},
    "organizations": {"id", "require_second_factor"},
    "passkeys": {"organization_id", "user_id", "credential_id", "public_key", "sign_count"},
    "passkey_challenges": None,
    "identities": {"organization_id", "user_id"},
    "emails": {"organization_id", "id"},
    "email_links": {"organization_id", "email_id", "position", "url"},
    "worker_heartbeats": None,
    "alembic_version": None,
}
GATE_WRITES = {("sessions", "last_seen_at"), ("access_tokens", "last_used_at")}
# What browsers are asked to sign is nobody's yet.
GATE_OWNS = {"passkey_challenges"}
# Who forgot a password is written down, and never read again by the gate.
GATE_LEAVES = {("password_reset_asks", "email_key"), ("password_reset_asks", "asked_at")}


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


async def test_the_gate_reads_what_signing_in_and_public_links_need_and_nothing_else(owner: Any) -> None:
    rows = await owner.fetch(
        "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 "
        f"and not a.attisdropped and has_column_privilege('{GATE}', c.oid, a.attnum, 'select')"
    )
    readable: dict[str, set[str]] = {}
    for row in rows:
        readable.setdefault(row["relname"], set()).add(row["attname"])
    assert readable.keys() == GATE_READS.keys()
    assert {name: columns for name, columns in readable.items() if GATE_READS[name]} == {
        name: columns for name, columns in GATE_READS.items() if columns
    }


async def test_the_gate_writes_when_something_was_last_used_and_nothing_else(owner: Any) -> None:
    rows = await owner.fetch(
        "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0 "
        f"and not a.attisdropped and (has_column_privilege('{GATE}', c.oid, a.attnum, 'update') "
        f"  or has_column_privilege('{GATE}', c.oid, a.attnum, 'insert'))"
    )
    deletable = await owner.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') "
        f"and (has_table_privilege('{GATE}', oid, 'delete') or has_table_privilege('{GATE}', oid, 'truncate'))"
    )
    written = {(row["relname"], row["attname"]) for row in rows if row["relname"] not in GATE_OWNS}
    assert written == GATE_WRITES | GATE_LEAVES
    assert {row["relname"] for row in deletable} == GATE_OWNS
