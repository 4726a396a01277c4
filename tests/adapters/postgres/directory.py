"""A directory of many people with everything that can be asked of them, and the rules told once more, in Python."""

import random
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from adapters.ids import made_at
from adapters.postgres.directory_tables import contact_fields, contact_list_members, contact_lists, contact_values
from adapters.postgres.tables import enrollments, salesflows
from adapters.postgres.unit_of_work import PostgresUnit, PostgresUnits
from domain.accounts.model import Organization, User
from domain.contacts.folding import fold, sort_key
from domain.contacts.model import Contact, ContactFilter, ContactSort, EmailState
from domain.contacts.search_terms import search_words, terms_of
from domain.shared.ids import ContactId, ContactListId, OrganizationId, SalesflowId, UserId
from domain.shared.paging import PageRequest
from domain.shared.principal import Role

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SIZE = 2_400
FIRST_NAMES = ("Ann", "Jürgen", "Søren", "Zoë", "Mary")
COMPANIES = ("Fabrikam", "Süd GmbH", None)


@dataclass(frozen=True)
class Directory:
    """What is in the database, and what is known of it."""

    units: PostgresUnits
    organization_id: OrganizationId
    contacts: Sequence[Contact]
    terms: Mapping[ContactId, Set[str]]
    owners: Sequence[UserId]
    # By their names: who is on a list or in a Salesflow, and the values of own fields.
    lists: Mapping[str, ContactListId]
    salesflows: Mapping[str, SalesflowId]
    members: Mapping[UUID, Set[ContactId]]
    values: Mapping[str, Mapping[ContactId, str]]
    filters: Mapping[UUID, ContactFilter] = field(default_factory=dict)

    def expected(self, matching: ContactFilter, sort: ContactSort) -> list[str]:
        """The ids of those that match, in order."""
        found = [contact for contact in self.contacts if self.meets(contact, matching)]
        found.sort(key=lambda contact: (key_of(contact, sort.column), contact.id), reverse=sort.descending)
        return [str(contact.id) for contact in found]

    def meets(self, contact: Contact, matching: ContactFilter) -> bool:
        words = search_words(matching.q) or ()
        after, before = matching.last_activity_after, matching.last_activity_before
        return (
            (matching.status is None or contact.status == matching.status)
            and (matching.owner_id is None or contact.owner_id == matching.owner_id)
            and (matching.list_id is None or self._is_on(contact, matching.list_id))
            and (matching.salesflow_id is None or contact.id in self.members.get(matching.salesflow_id, ()))
            and (after is None or contact.last_activity_at >= after)
            and (before is None or contact.last_activity_at < before)
            and (matching.opted_out is None or contact.opted_out == matching.opted_out)
            and all(self.values[key].get(contact.id) == value for key, value in matching.fields.items())
            and all(any(term.startswith(word) for term in self.terms[contact.id]) for word in words)
        )

    def _is_on(self, contact: Contact, list_id: ContactListId) -> bool:
        if list_id in self.filters:
            return self.meets(contact, self.filters[list_id])
        return contact.id in self.members.get(list_id, ())

    async def found(self, matching: ContactFilter, sort: ContactSort, limit: int, pages: int) -> list[str]:
        ids: list[str] = []
        cursor = None
        for _ in range(pages):
            async with self.units.reading(self.organization_id) as unit:
                page = await unit.contacts.page(matching, sort, PageRequest(limit, cursor))
            ids += [item.id for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        return ids


def key_of(contact: Contact, column: str) -> Any:
    """Contacts are created in the order of their ids."""
    keys = {
        "created_at": contact.id,
        "name": sort_key(contact.name),
        "email": contact.email_key,
        "company": sort_key(contact.company),
    }
    return keys[column] if column in keys else getattr(contact, column)


async def a_directory(units: PostgresUnits, size: int = SIZE) -> Directory:
    organization_id = OrganizationId(uuid4())
    owners = [UserId(uuid4()), UserId(uuid4())]
    async with units.of(organization_id) as unit:
        await unit.organizations.add(Organization(organization_id, "Northwind", NOW))
        await unit.statuses.add_defaults()
        for owner in owners:
            await unit.users.add(User(owner, f"{owner.hex}@example.com", "Rob", Role.CONTRIBUTOR, NOW, NOW))
        people = list(_people(await unit.statuses.all(), owners, size))
        await unit.contacts.add(people)
        return await _Filling(unit, organization_id, owners).fill(units, people)


def _people(statuses: Sequence[Any], owners: Sequence[UserId], size: int) -> Iterator[Contact]:
    """Most are of one company, few have a rare name; statuses and owners are frequent and rare. They were created one
    after the other during a hundred hours, and nobody was active before."""
    chance = random.Random(7)
    for number in range(size):
        age = 100 * (size - number) / size
        made, active = NOW - timedelta(hours=age), NOW - timedelta(hours=chance.randint(0, int(age)))
        status = statuses[0] if number % 20 else statuses[1 + number // 20 % 2]
        first, domain = chance.choice(FIRST_NAMES), "rare" if number % 100 == 0 else "prospect"
        email = f"{'p' if number % 4 else fold(first)}{number}@{domain}.example" if number % 3 else None
        yield Contact(
            id=ContactId(made_at(made)),
            first_name=first,
            last_name=f"Person{number % 50} {'Oddly' if number % 400 == 0 else 'Named'}",
            company="Fabrikam" if number % 10 else chance.choice(COMPANIES),
            email=email,
            email_state=EmailState.OK if email else EmailState.NONE,
            status_id=status.id,
            status=status.label,
            owner_id=owners[1] if number % 30 == 0 else owners[0],
            created_at=made,
            updated_at=NOW if number % 2 else made,
            last_activity_at=active if number % 5 else made,
            opted_out_at=NOW if number % 60 == 7 else None,
        )


class _Filling:
    """Lists, Salesflows and own fields over the people; some of them were deleted since."""

    def __init__(self, unit: PostgresUnit, organization_id: OrganizationId, owners: Sequence[UserId]) -> None:
        self._unit = unit
        self._transaction = unit.contacts._transaction
        self._organization_id = organization_id
        self._owners = owners
        self._chance = random.Random(11)
        self._members: dict[UUID, Set[ContactId]] = {}

    async def fill(self, units: PostgresUnits, people: Sequence[Contact]) -> Directory:
        everybody = [person.id for person in people]
        gone = set(everybody[5::97])
        half, few = set(self._chance.sample(everybody, len(everybody) // 2)), {*everybody[:9], everybody[5]}
        lists = {"half": await self._list("half", half), "few": await self._list("few", few)}
        lists["oldest"] = await self._list("oldest", set(everybody[: len(everybody) // 8]))
        lists["empty"] = await self._list("empty", set())
        by_filter = ContactFilter("fab", owner_id=self._owners[0], list_id=lists["half"])
        lists["by filter"] = await self._list("by filter", set(), by_filter)
        flows = {"spring": await self._flow("spring", set(everybody[::7])), "few": await self._flow("few", few)}
        values = {
            "tier": await self._field(
                "tier", {key: self._chance.choice(("gold", "lead", "lead")) for key in everybody}
            ),
            "ref": await self._field("ref", {key: f"ref {number}" for number, key in enumerate(everybody[::2])}),
        }
        for key in gone:
            await self._unit.contacts.remove(key, NOW)
        return Directory(
            units,
            self._organization_id,
            [person for person in people if person.id not in gone],
            {person.id: terms_of(person) for person in people},
            self._owners,
            lists,
            flows,
            self._members,
            values,
            {lists["by filter"]: by_filter},
        )

    async def _list(self, name: str, members: Set[ContactId], matching: ContactFilter | None = None) -> ContactListId:
        list_id = ContactListId(uuid4())
        document = (
            {"q": matching.q, "owner_id": str(matching.owner_id), "list_id": str(matching.list_id)}
            if matching
            else None
        )
        await self._put(
            contact_lists,
            [
                {
                    "id": list_id,
                    "name": name,
                    "name_key": name,
                    "kind": "filter" if matching else "static",
                    "filter": document,
                }
            ],
            created_at=NOW,
            updated_at=NOW,
        )
        await self._put(contact_list_members, [{"contact_id": key} for key in members], list_id=list_id, added_at=NOW)
        self._members[list_id] = members
        return list_id

    async def _flow(self, name: str, members: Set[ContactId]) -> SalesflowId:
        """Some were in it before."""
        flow_id, user = SalesflowId(uuid4()), {"user_id": self._owners[0], "started_by": self._owners[0]}
        await self._put(salesflows, [{"id": flow_id, "name": name}], state="active", created_at=NOW, updated_at=NOW)
        twice = [*members, *sorted(members)[::3]]
        rows = [{"id": uuid4(), "contact_id": key, "salesflow_id": flow_id, **user} for key in twice]
        await self._put(enrollments, rows, revision=1, state="finished", started_at=NOW)
        self._members[flow_id] = members
        return flow_id

    async def _field(self, key: str, values: Mapping[ContactId, str]) -> Mapping[ContactId, str]:
        field_id = uuid4()
        row = {"id": field_id, "key": key, "label": key, "kind": "text", "position": 1}
        await self._put(contact_fields, [row], created_at=NOW, updated_at=NOW)
        rows = [{"value": value, "contact_id": contact_id} for contact_id, value in values.items()]
        await self._put(contact_values, rows, field_id=field_id)
        return values

    async def _put(self, table: Any, rows: Sequence[Mapping[str, Any]], **same: Any) -> None:
        if rows:
            given = [{"organization_id": self._organization_id, **same, **row} for row in rows]
            await self._transaction.execute(insert(table), given)
