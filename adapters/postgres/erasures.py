"""Every table in which something of a person may be: what is filed under the contact, and what has to be looked for."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, any_, bindparam, cast, delete, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from adapters.postgres.account_tables import files, notification_emails, notifications
from adapters.postgres.connection import Transaction
from adapters.postgres.contact_merges import contact_of
from adapters.postgres.contact_rows import contact, every_record
from adapters.postgres.contact_terms import forget_terms
from adapters.postgres.directory_tables import (
    background_jobs,
    contact_former_addresses,
    contact_import_changes,
    contact_import_faults,
    contact_imports,
    contact_list_members,
    contact_lists,
    contact_merges,
    contact_notes,
    contact_values,
    contact_views,
    possible_duplicates,
)
from adapters.postgres.merged_people import merged_into
from adapters.postgres.tables import (
    ID,
    TEXT,
    contacts,
    email_links,
    emails,
    idempotency_keys,
    inbound_messages,
    tracking_hits,
)
from domain.contacts.erasing import ERASED
from domain.contacts.model import Contact
from domain.contacts.traces import Traces
from domain.shared.errors import NotFound
from domain.shared.ids import BackgroundJobId, ContactId, ContactImportId, FileId

# What a remembered answer says instead: the request is not done again, and tells nothing any more.
GONE = b'{"type":"about:blank","title":"Gone","status":410,"detail":"This was erased.","code":"erased"}'
ROWS_AT_ONCE = 5_000
# Of these a worker may be about to hear what became of them; nobody looks them up any more.
IN_DOUBT = ("sending", "unknown", "needs_human")
# What jobs searched for is not looked for any more when they are over.
OVER = ("done", "failed", "cancelled", "undone")
# Where it is kept what somebody searches for, again and again.
KEPT_SEARCHES = ((contact_views.c.state, ("filter", "q")), (contact_lists.c.filter, ("q",)))
PAIRS = (
    (possible_duplicates.c.first_id, possible_duplicates.c.second_id),
    (contact_merges.c.kept_id, contact_merges.c.merged_id),
)
# Kept of a contact: that it was there, and when.
KEPT = ("organization_id", "id", "status_id", "created_at", "last_activity_at", "opted_out_at", "do_not_call_at")
EMPTY: dict[str, Any] = {
    "last_name": "",
    "name_key": "",
    "email_key": "",
    "company_key": "",
    "terms": "",
    "beginnings_low": 0,
    "beginnings_high": 0,
    "email_state": "none",
    "custom": {},
}


class PostgresErasures:
    """Implements domain.contacts.erasing.Erasures."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def records(self, contact_id: ContactId) -> Sequence[ContactId]:
        there = select(contacts.c.id).where(contacts.c.id == contact_id, contacts.c.last_name != "")
        heirs = select(contact_merges.c.id).where(
            contact_merges.c.merged_id == contact_id, contact_merges.c.undone_at.is_(None)
        )
        if (await self._transaction.execute(there.where(~heirs.exists()))).first() is None:
            raise NotFound("contact")
        return [contact_id, *await merged_into(self._transaction, contact_id)]

    async def known(self, contact_ids: Sequence[ContactId]) -> Sequence[Contact]:
        rows = (await self._transaction.execute(every_record().where(_among(contacts.c.id, contact_ids)))).all()
        known = [contact(row) for row in rows]
        merges = select(contact_merges.c.before).where(
            _among(contact_merges.c.kept_id, contact_ids), contact_merges.c.before.is_not(None)
        )
        for row in (await self._transaction.execute(merges)).all():
            known += [contact_of(row.before["before"]), contact_of(row.before["after"])]
        changes = select(contact_import_changes.c.before).where(
            _among(contact_import_changes.c.contact_id, contact_ids), contact_import_changes.c.before.is_not(None)
        )
        for row in (await self._transaction.execute(changes)).all():
            known += _formers(known[0], row.before) if known else []
        former = contact_former_addresses.c
        addresses = select(former.email_key).where(_among(former.contact_id, contact_ids))
        for row in (await self._transaction.execute(addresses)).all():
            known += _formers(known[0], {"email": row.email_key}) if known else []
        return known

    async def forget_answers(self, contact_ids: Sequence[ContactId], traces: Traces) -> None:
        needles = [str(one).encode() for one in contact_ids]
        needles += [one.encode() for one in traces.addresses]
        found = [func.position(literal(needle).op("in")(idempotency_keys.c.body)) > 0 for needle in needles]
        told = update(idempotency_keys).where(idempotency_keys.c.body.is_not(None), or_(*found))
        await self._transaction.execute(told.values(status=410, body=GONE))

    async def forget_searches(self, traces: Traces) -> None:
        for address in traces.addresses:
            for column in (background_jobs.c.spec, contact_views.c.state, contact_lists.c.filter):
                said = cast(column, TEXT)
                replaced = cast(func.regexp_replace(said, re.escape(address), ERASED, "gi"), JSONB)
                table = column.table
                asked = func.strpos(func.lower(said), address) > 0
                await self._transaction.execute(update(table).where(asked).values({column.name: replaced}))
        q = background_jobs.c.spec["filter"]["q"].astext
        over = select(background_jobs.c.id, q.label("q")).where(q.is_not(None), background_jobs.c.state.in_(OVER))
        rows = (await self._transaction.execute(over)).all()
        about = [row.id for row in rows if traces.answer_to(row.q)]
        silent = func.jsonb_set(background_jobs.c.spec, ["filter", "q"], cast(f'"{ERASED}"', JSONB))
        await self._transaction.execute(
            update(background_jobs).where(background_jobs.c.id.in_(about)).values(spec=silent)
        )
        for kept, path in KEPT_SEARCHES:
            await self._silence(kept, path, traces)

    async def _silence(self, kept: Any, path: tuple[str, ...], traces: Traces) -> None:
        """Takes who the person was out of the words that are searched for; all other conditions stay."""
        key = kept.table.c.id
        query = select(key, kept[path].astext.label("q")).where(kept[path].astext.is_not(None))
        for row in (await self._transaction.execute(query.with_for_update())).all():
            silent = traces.silenced(row.q, ERASED)
            if silent != row.q:
                changed = func.jsonb_set(kept, cast(list(path), ARRAY(TEXT)), func.to_jsonb(cast(silent, TEXT)))
                await self._transaction.execute(update(kept.table).where(key == row.id).values({kept.name: changed}))

    async def next_import(self, after: ContactImportId | None) -> ContactImportId | None:
        query = select(contact_imports.c.id).order_by(contact_imports.c.id).limit(1)
        row = (await self._transaction.execute(query.where(contact_imports.c.id > after) if after else query)).first()
        return ContactImportId(row.id) if row else None

    async def forget_rows(self, import_id: ContactImportId, contact_ids: Sequence[ContactId], traces: Traces) -> None:
        met = select(contact_import_changes.c.line).where(
            contact_import_changes.c.import_id == import_id, _among(contact_import_changes.c.contact_id, contact_ids)
        )
        is_in = (await self._transaction.execute(met.limit(1))).first() is not None
        is_in |= await self._forget_faults(import_id, traces)
        columns = select(contact_imports.c.columns).where(contact_imports.c.id == import_id)
        shown = (await self._transaction.execute(columns)).scalar_one()
        samples = list(zip(*(column.get("samples", []) for column in shown), strict=False))
        if is_in or any(traces.are_in(map(str, row)) for row in samples):
            bare = [{**column, "samples": []} for column in shown]
            await self._transaction.execute(
                update(contact_imports).where(contact_imports.c.id == import_id).values(columns=bare)
            )

    async def waiting_file(self, import_id: ContactImportId) -> FileId | None:
        query = select(contact_imports.c.file_id).where(
            contact_imports.c.id == import_id, contact_imports.c.job_id.is_(None)
        )
        found = (await self._transaction.execute(query)).scalar()
        return FileId(found) if found else None

    async def remove_import(self, import_id: ContactImportId) -> None:
        removed = delete(contact_imports).where(contact_imports.c.id == import_id).returning(contact_imports.c.file_id)
        file_id = (await self._transaction.execute(removed)).scalar()
        await self._transaction.execute(delete(files).where(files.c.id == file_id))

    async def next_file(self, after: BackgroundJobId | None) -> tuple[BackgroundJobId, FileId] | None:
        file_id = background_jobs.c.result["file_id"].astext
        query = select(background_jobs.c.id, file_id.label("file_id")).where(file_id.is_not(None))
        query = query.order_by(background_jobs.c.id).limit(1)
        row = (await self._transaction.execute(query.where(background_jobs.c.id > after) if after else query)).first()
        return (BackgroundJobId(row.id), FileId(UUID(row.file_id))) if row else None

    async def remove_file(self, job_id: BackgroundJobId, file_id: FileId) -> None:
        bare = background_jobs.c.result - "file_id"
        await self._transaction.execute(
            update(background_jobs).where(background_jobs.c.id == job_id).values(result=bare)
        )
        await self._transaction.execute(delete(files).where(files.c.id == file_id))

    async def forget(self, contact_ids: Sequence[ContactId], at: datetime) -> None:
        await self._forget_emails(contact_ids)
        await forget_terms(self._transaction, contact_ids)
        for table in (
            contact_values,
            contact_notes,
            contact_former_addresses,
            contact_list_members,
            notifications,
            notification_emails,
        ):
            await self._transaction.execute(delete(table).where(_among(table.c.contact_id, contact_ids)))
        for one, other in PAIRS:
            either = or_(_among(one, contact_ids), _among(other, contact_ids))
            await self._transaction.execute(delete(one.table).where(either))
        await self._bare(contact_import_changes, contact_ids, before=None, after=None)
        details = text("select erase_activity_details(:ids)").bindparams(_ids("ids", contact_ids))
        await self._transaction.execute(details)
        nothing = {column.name: None for column in contacts.columns if column.name not in KEPT} | EMPTY
        nothing |= {"version": contacts.c.version + 1, "updated_at": at}
        nothing["deleted_at"] = func.coalesce(contacts.c.deleted_at, at)
        await self._transaction.execute(update(contacts).where(_among(contacts.c.id, contact_ids)).values(nothing))

    async def _forget_emails(self, contact_ids: Sequence[ContactId]) -> None:
        """That they were sent, opened and answered stays; who it was and what was written goes."""
        mine = select(emails.c.id).where(_among(emails.c.contact_id, contact_ids))
        await self._transaction.execute(delete(email_links).where(email_links.c.email_id.in_(mine)))
        of_hits = update(tracking_hits).where(tracking_hits.c.email_id.in_(mine))
        await self._transaction.execute(of_hits.values(address="", user_agent=""))
        of_answers = update(inbound_messages).where(inbound_messages.c.email_id.in_(mine))
        await self._transaction.execute(of_answers.values(from_address="", subject="", text=""))
        doubted = update(emails).where(_among(emails.c.contact_id, contact_ids), emails.c.state.in_(IN_DOUBT))
        await self._transaction.execute(doubted.values(state="failed", next_check_at=None))
        empty = dict.fromkeys(
            ("subject", "html", "body", "mime", "to_address", "error", "thread_id", "message_id", "provider_message_id")
        )
        await self._bare(emails, contact_ids, **empty, reference_ids=[])

    async def _forget_faults(self, import_id: ContactImportId, traces: Traces) -> bool:
        """Some thousand rows at a time. Whether any was about the person."""
        faults, line, found = contact_import_faults.c, -1, False
        while True:
            query = select(faults.line, faults.cells).where(faults.import_id == import_id, faults.line > line)
            rows = (await self._transaction.execute(query.order_by(faults.line).limit(ROWS_AT_ONCE))).all()
            about = [row.line for row in rows if traces.are_in(row.cells)]
            if about:
                bare = update(contact_import_faults).where(faults.import_id == import_id, faults.line.in_(about))
                empty = func.array_fill(literal("", TEXT), text("array[cardinality(contact_import_faults.cells)]"))
                await self._transaction.execute(bare.values(cells=empty, code=ERASED, reason="Erased."))
                found = True
            if len(rows) < ROWS_AT_ONCE:
                return found
            line = rows[-1].line

    async def _bare(self, table: Table, contact_ids: Sequence[ContactId], **values: Any) -> None:
        await self._transaction.execute(update(table).where(_among(table.c.contact_id, contact_ids)).values(values))


def _among(column: Any, ids: Sequence[UUID]) -> Any:
    return column == any_(literal([UUID(str(one)) for one in ids], ARRAY(ID)))


def _ids(name: str, ids: Sequence[UUID]) -> Any:
    return bindparam(name, [UUID(str(one)) for one in ids], type_=ARRAY(ID))


def _formers(known: Contact, before: Any) -> list[Contact]:
    """As the contact was once, as far as that was kept."""
    names = ("first_name", "last_name", "email", "business_phone", "mobile_phone")
    values = {name: before[name] for name in names if before.get(name)}
    return [replace(known, **values)] if values else []
