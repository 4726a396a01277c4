"""What a filter means at the moment: its words, and what the lists and own fields that it names stand for."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.ids import first_at
from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_conditions import Condition, Kind
from adapters.postgres.contact_sizes import Sizes
from adapters.postgres.directory_tables import contact_fields, contact_lists
from adapters.postgres.tables import ID, TEXT
from domain.contacts.beginnings import beginnings_of
from domain.contacts.filters import filter_of
from domain.contacts.model import ContactFilter
from domain.contacts.own_values import FieldKind, FieldShape, sought_key
from domain.contacts.search_terms import search_words, without_shorter
from domain.shared.ids import OrganizationId

# Sorts after every other character, and stands in no term.
LAST = "\U0010ffff"
BEGINNING, END = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
# An id tells when its contact was made, and nobody was active before. It tells that by the machine's time, which
# business time is never behind but for moments.
CLOCKS_APART = timedelta(hours=1)
AFTER_ALL = UUID(int=(1 << 128) - 1)
# So long may a field be used that was taken away elsewhere.
SERVES_SECONDS = 2.0
REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of the organization, as far as its values are looked for."""

    id: UUID
    shape: FieldShape


class Meanings:
    """Fields are remembered by a process for a moment, and which lists have members. A list by filter, whose filter
    can be changed, is looked up each time."""

    def __init__(self) -> None:
        self.sizes = Sizes()
        self._fields: dict[tuple[OrganizationId | None, str], tuple[float, OwnField]] = {}
        self._static: set[tuple[OrganizationId | None, UUID]] = set()

    async def conditions(
        self, transaction: Transaction, organization_id: OrganizationId | None, matching: ContactFilter
    ) -> list[Condition] | None:
        """All that have to be met, each once; None where nobody can. Raises InvalidField for too many words."""
        filters = await self._with_lists(transaction, organization_id, matching)
        words = [search_words(one.q) for one in filters]
        keys = {key for one in filters for key in one.fields}
        fields = await self._own_fields(transaction, organization_id, keys) if keys else {}
        if not filters or () in words or keys != fields.keys():
            return None
        found = [_word(word) for word in without_shorter({word for each in words for word in each or ()})]
        found += [condition for one in filters for condition in _named(one, fields)]
        return list(dict.fromkeys([*found, *_active(filters)]))

    async def _with_lists(
        self, transaction: Transaction, organization_id: OrganizationId | None, matching: ContactFilter
    ) -> list[ContactFilter]:
        """The filter and those of the lists that it names; none where a list is gone. A list that comes to name itself
        asks for nothing more."""
        filters, waiting, seen = [], [matching], set()
        while waiting:
            one = waiting.pop()
            if one.list_id is None or (organization_id, one.list_id) in self._static:
                filters.append(one)
                continue
            rows = await transaction.fetch(LISTS, list_id=one.list_id)
            if not rows:
                return []
            if rows[0]["filter"] is None:
                self._remember_static(organization_id, one.list_id)
                filters.append(one)
                continue
            filters.append(replace(one, list_id=None))
            if one.list_id not in seen:
                seen.add(one.list_id)
                waiting.append(filter_of(rows[0]["filter"]))
        return filters

    async def _own_fields(
        self, transaction: Transaction, organization_id: OrganizationId | None, keys: Iterable[str]
    ) -> Mapping[str, OwnField]:
        """Those that exist; one statement for those that are not at hand."""
        now = time.monotonic()
        known = {key: self._fields.get((organization_id, key), (0.0, None)) for key in keys}
        found = {key: field for key, (until, field) in known.items() if field and now < until}
        missing = sorted(known.keys() - found.keys())
        if not missing:
            return found
        if len(self._fields) > REMEMBERED:
            self._fields.clear()
        rows = await transaction.fetch(FIELDS, keys=missing)
        looked_up = {
            row["key"]: OwnField(row["id"], FieldShape(FieldKind(row["kind"]), tuple(row["choices"]))) for row in rows
        }
        self._fields.update({(organization_id, key): (now + SERVES_SECONDS, one) for key, one in looked_up.items()})
        return found | looked_up

    def _remember_static(self, organization_id: OrganizationId | None, list_id: UUID) -> None:
        if len(self._static) > REMEMBERED:
            self._static.clear()
        self._static.add((organization_id, list_id))


def _word(word: str) -> Condition:
    return Condition(Kind.WORD, (word, word + LAST, *beginnings_of([word])))


def _named(matching: ContactFilter, fields: Mapping[str, OwnField]) -> Iterator[Condition]:
    if matching.status is not None:
        yield Condition(Kind.STATUS, (matching.status,))
    if matching.owner_id is not None:
        yield Condition(Kind.OWNER, (matching.owner_id,))
    if matching.list_id is not None:
        yield Condition(Kind.LIST, (matching.list_id,))
    if matching.salesflow_id is not None:
        yield Condition(Kind.SALESFLOW, (matching.salesflow_id,))
    if matching.opted_out is not None:
        yield Condition(Kind.OPTED_OUT if matching.opted_out else Kind.REACHABLE)
    for key, value in matching.fields.items():
        yield Condition(Kind.FIELD, (fields[key].id, sought_key(fields[key].shape, value)))


def _active(filters: Sequence[ContactFilter]) -> Iterator[Condition]:
    """All spans of time as one."""
    after = [one.last_activity_after for one in filters if one.last_activity_after is not None]
    before = [one.last_activity_before for one in filters if one.last_activity_before is not None]
    if after or before:
        until = min(before, default=END)
        made_before = first_at(min(until, END - CLOCKS_APART) + CLOCKS_APART) if before else AFTER_ALL
        yield Condition(Kind.ACTIVITY, (max(after, default=BEGINNING), until, made_before))


def _listing() -> CompiledStatement:
    there = contact_lists.c.deleted_at.is_(None)
    return CompiledStatement(
        select(contact_lists.c.filter).where(contact_lists.c.id == bindparam("list_id", type_=ID), there)
    )


def _fields() -> CompiledStatement:
    wanted = contact_fields.c.key == func.any(bindparam("keys", type_=ARRAY(TEXT)))
    return CompiledStatement(
        select(*(contact_fields.c[name] for name in ("key", "id", "kind", "choices"))).where(
            wanted, contact_fields.c.archived_at.is_(None)
        )
    )


LISTS, FIELDS = _listing(), _fields()
