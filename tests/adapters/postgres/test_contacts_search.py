"""The directory over thousands of contacts: the right people in the right order, in few statements, by index."""

import random
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres.contact_search import LAST
from adapters.postgres.contact_statements import (
    NARROW,
    Shape,
    Source,
    counting_statement,
    ids_statement,
    page_statement,
)
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.names import Names
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.model import Organization, User
from domain.contacts.folding import sort_key
from domain.contacts.model import Contact, ContactFilter, ContactSort, EmailState
from domain.contacts.search_terms import search_words, terms_of
from domain.shared.errors import InvalidCursor
from domain.shared.ids import ContactId, OrganizationId, UserId
from domain.shared.paging import PageRequest
from domain.shared.principal import Role

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST_NAMES = ("Ann", "Jürgen", "Søren", "Zoë", "Mary")
COMPANIES = ("Fabrikam", "Süd GmbH", None)
MANY = NARROW + 1500


class _Clock:
    def now(self) -> datetime:
        return NOW

    def system(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Directory:
    """What is in the database, and what is known of it."""

    units: PostgresUnits
    organization_id: OrganizationId
    contacts: Sequence[Contact]
    terms: Mapping[ContactId, Set[str]]
    owners: Sequence[UserId]

    def expected(self, matching: ContactFilter, sort: ContactSort) -> list[str]:
        """The ids of those that match, in order: the rules told once more, without a database."""
        words = search_words(matching.q) or ()
        found = [
            contact
            for contact in self.contacts
            if (matching.status is None or contact.status == matching.status)
            and (matching.owner_id is None or contact.owner_id == matching.owner_id)
            and all(any(term.startswith(word) for term in self.terms[contact.id]) for word in words)
        ]
        found.sort(key=lambda contact: (_key(contact, sort.column), contact.id), reverse=sort.descending)
        return [str(contact.id) for contact in found]

    async def found(self, matching: ContactFilter, sort: ContactSort, limit: int, pages: int) -> list[str]:
        ids: list[str] = []
        cursor = None
        for _ in range(pages):
            async with self.units.of(self.organization_id) as unit:
                page = await unit.contacts.page(matching, sort, PageRequest(limit, cursor))
            ids += [str(item["id"]) for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        return ids


def _key(contact: Contact, column: str) -> Any:
    keys = {"name": sort_key(contact.name), "email": contact.email_key, "company": sort_key(contact.company)}
    return keys[column] if column in keys else getattr(contact, column)


def _people(statuses: Sequence[Any], owners: Sequence[UserId]) -> Iterator[Contact]:
    """Most are of one company, few have a rare name; statuses and owners are frequent and rare."""
    chance = random.Random(7)
    for number in range(MANY):
        status = statuses[0] if number % 20 else statuses[1 + number // 20 % 2]
        email = f"p{number}@{'rare' if number % 100 == 0 else 'prospect'}.example" if number % 3 else None
        yield Contact(
            id=ContactId(uuid4()),
            first_name=chance.choice(FIRST_NAMES),
            last_name=f"Person{number % 50} {'Oddly' if number % 400 == 0 else 'Named'}",
            company="Fabrikam" if number % 10 else chance.choice(COMPANIES),
            email=email,
            email_state=EmailState.OK if email else EmailState.NONE,
            status_id=status.id,
            status=status.label,
            owner_id=owners[1] if number % 30 == 0 else owners[0],
            created_at=NOW - timedelta(seconds=number // 3),
            updated_at=NOW,
            last_activity_at=NOW - timedelta(seconds=chance.randrange(100)),
        )


@pytest.fixture(scope="module")
async def directory(postgres_url: str, database: Any, servers: Any, anyio_backend: str) -> Any:
    connections = Database(open_engine(postgres_url, pool_size=2))
    hashes = SuppressionHashes(KeyRing([("test", bytes(32))]).keyed_hash)
    units = PostgresUnits(connections, RandomIds(), _Clock(), hashes)
    organization_id = OrganizationId(uuid4())
    owners = [UserId(uuid4()), UserId(uuid4())]
    async with units.of(organization_id) as unit:
        await unit.organizations.add(Organization(organization_id, "Northwind", NOW))
        await unit.statuses.add_defaults()
        for owner in owners:
            await unit.users.add(User(owner, f"{owner.hex}@example.com", "Rob", Role.CONTRIBUTOR, NOW, NOW))
        people = list(_people(await unit.statuses.all(), owners))
        await unit.contacts.add(people)
    servers.sql("analyze contacts, contact_terms", database.name)
    yield Directory(units, organization_id, people, {person.id: terms_of(person) for person in people}, owners)
    await connections.close()


FILTERS = list(product((None, "New", "Closed"), (None, 0, 1)))
QUERIES = (None, "fabrikam", "oddly", "fab nam", "jurgen fabrikam", "zoë oddly", "p1", "rare.example", "sud", "no")


@pytest.mark.parametrize("q", QUERIES)
async def test_a_search_finds_exactly_who_matches_in_order(directory: Directory, q: str | None) -> None:
    """In every order, with every filter in turn."""
    for number, sort in enumerate(ContactSort):
        status, owner = FILTERS[(number + len(q or "")) % len(FILTERS)]
        matching = ContactFilter(q, status, None if owner is None else directory.owners[owner])
        expected = directory.expected(matching, sort)
        assert await directory.found(matching, sort, 50, pages=3) == expected[:150], (matching, sort)


@pytest.mark.parametrize("q", ["fabrikam", "jürgen", "oddly", None])
async def test_paging_meets_everyone_once(directory: Directory, q: str | None) -> None:
    matching = ContactFilter(q)
    found = await directory.found(matching, ContactSort.COMPANY, 200, pages=100)
    assert found == directory.expected(matching, ContactSort.COMPANY)


async def test_all_that_match_are_named_for_bulk_work(directory: Directory) -> None:
    matching = ContactFilter("jurgen fab", "New")
    async with directory.units.of(directory.organization_id) as unit:
        found = await unit.contacts.ids_matching(matching, 10_000)
        assert len(await unit.contacts.ids_matching(matching, 7)) == 7
    assert [str(key) for key in found] == directory.expected(matching, ContactSort.CREATED_DESC)


@pytest.mark.parametrize(
    "matching",
    [ContactFilter(q, status) for q, status in [(None, None), ("fab", None), ("no jur", "New"), ("x", None)]],
)
async def test_the_total_is_exact(directory: Directory, matching: ContactFilter) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        page = await unit.contacts.page(matching, ContactSort.NAME, PageRequest(10, total=True))
    assert page.total == len(directory.expected(matching, ContactSort.NAME))


async def test_what_has_no_word_in_it_matches_nobody(directory: Directory) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        page = await unit.contacts.page(ContactFilter("?!"), ContactSort.NAME, PageRequest(total=True))
        assert (page.items, page.next_cursor, page.total) == ([], None, 0)
        assert await unit.contacts.ids_matching(ContactFilter("?!"), 10) == []


async def test_a_cursor_belongs_to_its_order_and_its_filter(directory: Directory) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        first = await unit.contacts.page(ContactFilter("fab"), ContactSort.NAME, PageRequest(10))
        for matching, sort in [(ContactFilter("fab"), ContactSort.EMAIL), (ContactFilter("named"), ContactSort.NAME)]:
            with pytest.raises(InvalidCursor):
                await unit.contacts.page(matching, sort, PageRequest(10, first.next_cursor))


async def test_a_list_shows_what_the_contact_itself_shows(directory: Directory) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        [item] = (await unit.contacts.page(ContactFilter(), ContactSort.CREATED_DESC, PageRequest(1))).items
        contact = await unit.contacts.get(ContactId(uuid4().__class__(str(item["id"]))))
    shown = {**item, "id": contact.id, "owner": item["owner"]["name"]}  # type: ignore[index]
    assert shown == {name: getattr(contact, name) for name in shown if name != "owner"} | {"owner": contact.owner_name}


class _Counted:
    """The statements that a connection was asked for."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, record: Any) -> None:
        self.statements.append(record.query)


@pytest.mark.parametrize(
    ("matching", "sort"),
    [
        (ContactFilter(), ContactSort.CREATED_DESC),
        (ContactFilter(status="New"), ContactSort.NAME),
        (ContactFilter("oddly"), ContactSort.NAME),
        (ContactFilter("fab named", "New"), ContactSort.EMAIL_DESC),
    ],
)
async def test_a_list_whose_names_are_known_costs_two_statements_at_most(
    directory: Directory, matching: ContactFilter, sort: ContactSort
) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        await unit.contacts.page(matching, sort, PageRequest(50))
        counted = _Counted()
        driver = unit.contacts._transaction.driver
        driver.add_query_logger(counted)
        await unit.contacts.page(matching, sort, PageRequest(50, total=True))
        driver.remove_query_logger(counted)
    assert 1 <= len(counted.statements) <= 2


async def test_names_are_looked_up_in_one_statement_for_a_while(directory: Directory) -> None:
    names, ids = Names(), [uuid4(), None]
    async with directory.units.of(directory.organization_id) as unit:
        status_ids = [status.id for status in await unit.statuses.all()]
        transaction, counted = unit.contacts._transaction, _Counted()
        transaction.driver.add_query_logger(counted)
        for _ in range(3):
            found = await names.of(transaction, directory.organization_id, [*status_ids, None])
        transaction.driver.remove_query_logger(counted)
        assert await names.of(transaction, directory.organization_id, ids) == {}
    assert set(found) == set(status_ids)
    assert len(counted.statements) == 1


async def test_names_of_another_organization_are_not_shown(directory: Directory, strangers: Any) -> None:
    names = Names()
    async with directory.units.of(directory.organization_id) as unit:
        status_ids = [status.id for status in await unit.statuses.all()]
        await names.of(unit.contacts._transaction, directory.organization_id, status_ids)
    async with strangers.units.of(strangers.organization_id) as unit:
        assert await names.of(unit.contacts._transaction, strangers.organization_id, status_ids) == {}


SHAPES = [
    replace(shape, sort=sort, after=after, total=after)
    for sort, after in product(ContactSort, (False, True))
    for shape in (
        Shape(sort, 51),
        Shape(sort, 51, status=True, source=Source.STATUS),
        Shape(sort, 51, owner=True, source=Source.OWNER),
        Shape(sort, 51, words=3, source=Source.WORD),
        Shape(sort, 51, words=2, status=True, source=Source.WORD, frequent=True),
        Shape(sort, 51, words=1, status=True, owner=True, source=Source.OWNER, frequent=True),
    )
]


async def test_no_list_reads_a_whole_table(directory: Directory) -> None:
    """Sequential scans are made dear: one that is left could use no index at all under row-level security."""
    statements = [page_statement(shape) for shape in SHAPES]
    statements += [
        page_statement(Shape(sort, 51, status=True)) for sort in (ContactSort.CREATED, ContactSort.CREATED_DESC)
    ]
    statements += [counting_statement(3, True, True), ids_statement(2, True, True)]
    for statement in statements:
        async with directory.units.of(directory.organization_id) as unit:
            driver = unit.contacts._transaction.driver
            await driver.execute("set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan")
            await driver.execute(f"prepare explained as {statement.sql}")
            nothing = ", ".join("null" for _ in range(_parameters(statement.sql)))
            nothing = f"({nothing})" if nothing else ""
            plan = await driver.fetchval(f"explain (format json) execute explained{nothing}")
            await driver.execute("deallocate explained")
        scanned = {node["Relation Name"] for node in _nodes(plan) if node.get("Node Type") == "Seq Scan"}
        assert not scanned & {"contacts", "contact_terms"}, statement.sql


@pytest.mark.parametrize("sort", ContactSort)
async def test_the_first_page_is_read_from_an_index_in_its_order(directory: Directory, sort: ContactSort) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        driver = unit.contacts._transaction.driver
        plan = await driver.fetchval(f"explain (analyze, format json) {page_statement(Shape(sort, 51)).sql}")
    scans = [node for node in _nodes(plan) if node.get("Relation Name") == "contacts"]
    assert [(node["Node Type"], node["Actual Rows"]) for node in scans] == [("Index Scan", 51)]


def _parameters(sql: str) -> int:
    numbers = [int(part.split("::")[0]) for part in sql.split("$")[1:]]
    return max(numbers, default=0)


def _nodes(plan: Any) -> Iterator[dict[str, Any]]:
    if isinstance(plan, dict):
        yield plan
        for value in plan.values():
            yield from _nodes(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from _nodes(value)


async def test_no_stored_term_sorts_behind_the_end_of_a_range(directory: Directory) -> None:
    assert all(term < LAST for terms in directory.terms.values() for term in terms)
