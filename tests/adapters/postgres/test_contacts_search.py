"""The directory: the right people in the right order, whichever way leads to them, in few statements."""

import random
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import msgspec
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.crypto import KeyRing
from adapters.ids import RandomIds, first_at
from adapters.postgres import contact_search
from adapters.postgres.connection import CompiledStatement
from adapters.postgres.contact_conditions import Kind, bound, members
from adapters.postgres.contact_counted import Counted
from adapters.postgres.contact_meanings import CLOCKS_APART, LAST
from adapters.postgres.contact_rows import TIMES
from adapters.postgres.contact_search import BY_ACTIVITY
from adapters.postgres.contact_shapes import Shape, is_by_creation
from adapters.postgres.contact_statements import near_statement, page_statement
from adapters.postgres.contact_ways import Way, routes
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.names import Names
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from domain.contacts.model import ContactFilter, ContactSort
from domain.contacts.search_terms import search_words
from domain.shared.errors import InvalidCursor, NotFound
from domain.shared.ids import ContactId, ContactListId, SalesflowId
from domain.shared.paging import PageRequest
from tests.adapters.postgres.directory import NOW, Directory, a_directory, key_of
from tests.mailing import eventually

pytestmark = pytest.mark.anyio


class _Clock:
    def now(self) -> Any:
        return NOW

    system = now


@pytest.fixture(scope="module")
async def directory(postgres_url: str, database: Any, servers: Any, anyio_backend: str) -> Any:
    connections = Database(open_engine(postgres_url, pool_size=2))
    hashes = SuppressionHashes(KeyRing([("test", bytes(32))]).keyed_hash)
    made = await a_directory(PostgresUnits(connections, RandomIds(), _Clock(), hashes))
    servers.sql("analyze contacts, contact_terms, contact_list_members, contact_values, enrollments", database.name)
    yield made
    await connections.close()


QUERIES = ("fabrikam", "oddly", "fab nam", "jurgen fabrikam", "zoë oddly", "p1", "rare.example", "sud", "no", "x")


def filters_of(directory: Directory) -> list[ContactFilter]:
    """Each condition alone, and many together."""
    since, until = NOW - timedelta(hours=40), NOW - timedelta(hours=10)
    lists, flows = directory.lists, directory.salesflows
    alone = [
        *(ContactFilter(q) for q in QUERIES),
        *(ContactFilter(status=status) for status in ("New", "Closed", "Sleepy")),
        *(ContactFilter(owner_id=owner) for owner in directory.owners),
        *(ContactFilter(list_id=list_id) for list_id in (*lists.values(), ContactListId(uuid4()))),
        *(ContactFilter(salesflow_id=flow_id) for flow_id in (*flows.values(), SalesflowId(uuid4()))),
        *(ContactFilter(fields={key: value}) for key, value in (("tier", "gold"), ("ref", "ref 7"), ("ref", "none"))),
        ContactFilter(last_activity_after=since),
        ContactFilter(last_activity_before=until),
        ContactFilter(last_activity_after=since, last_activity_before=until),
        ContactFilter(last_activity_after=until, last_activity_before=since),
        ContactFilter(opted_out=True),
        ContactFilter(opted_out=False),
    ]
    chance, together = random.Random(3), []
    for _ in range(60):
        some = chance.sample(alone, chance.choice((2, 2, 3)))
        given = [{name: getattr(one, name) for name in ContactFilter.__dataclass_fields__} for one in some]
        together.append(
            ContactFilter(**{name: value for one in given for name, value in one.items() if value not in (None, {})})
        )
    return [ContactFilter(), *alone, *together]


async def test_a_search_finds_exactly_who_matches_in_order(directory: Directory) -> None:
    """With every condition, alone and together, in the orders in turn."""
    sorts = list(ContactSort)
    for number, matching in enumerate(filters_of(directory)):
        for sort in (sorts[number % 10], sorts[(3 * number + 5) % 10]):
            expected = directory.expected(matching, sort)
            assert await directory.found(matching, sort, 50, pages=3) == expected[:150], (matching, sort)


NUMBERS = st.integers(0, 10_000)
BEGINNINGS = st.tuples(NUMBERS, st.integers(1, 12)) | st.text("anopr. '@1", max_size=4)
HOURS = st.none() | st.integers(-5, 105)
VALUES = ({}, {}, {"tier": "gold"}, {"tier": "lead"}, {"tier": "gold", "ref": "ref 4"})
ASKED = st.fixed_dictionaries(
    {
        "q": st.lists(BEGINNINGS, max_size=3),
        "status": st.sampled_from([None, None, "New", "Closed", "Contacted"]),
        "owner": st.none() | NUMBERS,
        "list": st.none() | NUMBERS,
        "salesflow": st.none() | NUMBERS,
        "after": HOURS,
        "before": HOURS,
        "opted_out": st.sampled_from([None, None, True, False]),
        "fields": st.sampled_from(VALUES),
    }
)


def asked_of(directory: Directory, asked: dict[str, Any]) -> ContactFilter:
    """Beginnings of words that somebody has, or of none, and any of the conditions."""
    terms = sorted(set().union(*list(directory.terms.values())[:40]))
    words = [one if isinstance(one, str) else terms[one[0] % len(terms)][: one[1]] for one in asked["q"]]

    def of(known: Any, number: int | None) -> Any:
        return None if number is None else list(known)[number % len(known)]

    def ago(hours: int | None) -> Any:
        return None if hours is None else NOW - timedelta(hours=hours)

    return ContactFilter(
        q=" ".join(words) or None,
        status=asked["status"],
        owner_id=of(directory.owners, asked["owner"]),
        list_id=of(directory.lists.values(), asked["list"]),
        salesflow_id=of(directory.salesflows.values(), asked["salesflow"]),
        last_activity_after=ago(asked["after"]),
        last_activity_before=ago(asked["before"]),
        opted_out=asked["opted_out"],
        fields=asked["fields"],
    )


@given(asked=ASKED, sort=st.sampled_from(ContactSort), limit=st.sampled_from([1, 7, 25, 200]), at=NUMBERS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_is_asked_is_answered_as_if_everybody_was_looked_at(
    directory: Directory, asked: dict[str, Any], sort: ContactSort, limit: int, at: int
) -> None:
    matching = asked_of(directory, asked)
    if search_words(matching.q) == ():
        matching = replace(matching, q=None)
    expected = directory.expected(matching, sort)
    assert await directory.found(matching, sort, limit, pages=3) == expected[: 3 * limit]
    async with directory.units.reading(directory.organization_id) as unit:
        page = await unit.contacts.page(matching, sort, PageRequest(1, total=True))
        assert page.total == len(expected)
        if expected:
            at %= len(expected)
            found = await unit.contacts.neighbours(ContactId(UUID(expected[at])), matching, sort)
            around = (expected[at - 1] if at else None, expected[at + 1] if at + 1 < len(expected) else None)
            assert tuple(str(one) if one else None for one in (found.previous, found.next)) == around


@pytest.mark.parametrize("sort", ContactSort)
async def test_whichever_way_is_taken_the_same_people_are_found(directory: Directory, sort: ContactSort) -> None:
    """Also where the way along the order ends before it has met enough of them."""
    taken = set()
    for matching in filters_of(directory)[1::4]:
        expected = directory.expected(matching, sort)
        cursors = [None, *(expected[at] for at in (len(expected) // 2, -1) if expected)]
        async with directory.units.reading(directory.organization_id) as unit:
            for shape, values in await _shapes(unit.contacts._search, matching, sort):
                for cursor in cursors:
                    after = await _key(unit, cursor, sort)
                    rows = await unit.contacts._transaction.fetch(
                        page_statement(replace(shape, after=cursor is not None)), **values, **after
                    )
                    behind = expected[expected.index(cursor) + 1 :] if cursor else expected
                    assert [row["id"] for row in rows] == behind[:26], (matching, shape, cursor)
                    taken.add(shape.way)
    assert taken == set(Way) - {Way.ALONG} - (set() if is_by_creation(sort) else {Way.NATIVE})


async def test_whoever_is_sorted_under_a_word_by_name_and_by_address_is_read_once(directory: Directory) -> None:
    """By creation, too, both are in the set; by name it is without those who stand together there."""
    [both] = [one for one in directory.contacts if one.email == "jurgen8@prospect.example"]
    async with directory.units.reading(directory.organization_id) as unit:
        conditions = await unit.contacts._search._conditions(ContactFilter("jürgen"))
        for but_of, times in (("", 1), ("company_key", 1), ("name_key", 1), ("email_key", 1)):
            read = CompiledStatement(members(Kind.WORD, 0, but_of))
            rows = await unit.contacts._transaction.fetch(read, **bound(conditions))
            assert [row["id"] for row in rows].count(both.id) == times, but_of


async def test_what_is_seen_of_an_order_is_its_beginning(directory: Directory) -> None:
    """With how many were passed, where they do not fill a page. By activity a span of time is an order of its own, and
    by creation it begins with those who were there."""
    sorts = [sort for sort in ContactSort if sort not in BY_ACTIVITY]
    everybody = {sort: directory.expected(ContactFilter(), sort) for sort in sorts}
    for number, matching in enumerate(filters_of(directory)[1:]):
        sort = sorts[number % 8]
        expected, passed = directory.expected(matching, sort), _there(everybody[sort], matching, sort)
        for cursor in (None, *expected[len(expected) // 2 :][:1]):
            behind = passed[passed.index(cursor) + 1 :] if cursor else passed
            nearest = [one for one in behind[:300] if one in set(expected)][:26]
            async with directory.units.reading(directory.organization_id) as unit:
                conditions = await unit.contacts._search._conditions(matching)
                if conditions is None:
                    break
                kinds = tuple(one.kind for one in conditions)
                shape = Shape(sort, 26, kinds, cursor is not None, way=Way.PROBED, reach=300)
                values = {**bound(conditions), **await _key(unit, cursor, sort)}
                rows = await unit.contacts._transaction.fetch(near_statement(shape), **values)
            assert [row["id"] for row in rows if row["id"]] == nearest, (matching, sort, cursor)
            assert rows[0]["passed"] == (None if len(nearest) == 26 else len(behind[:300])), (matching, sort, cursor)


def _there(everybody: list[str], matching: ContactFilter, sort: ContactSort) -> list[str]:
    """Those who were made soon enough to be met by creation."""
    before = matching.last_activity_before
    if before is None or not is_by_creation(sort):
        return everybody
    return [one for one in everybody if one < str(first_at(before + CLOCKS_APART))]


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way is so long that the beginning of the order is looked at before."""
    for price in ("DEAR", "DEAR_BEHIND"):
        monkeypatch.setattr(contact_search, price, 0.0)


@pytest.mark.usefixtures("dear")
async def test_pages_are_the_same_where_the_beginning_of_the_order_is_looked_at_before(directory: Directory) -> None:
    sorts = list(ContactSort)
    for number, matching in enumerate(filters_of(directory)):
        sort = sorts[(7 * number + 2) % 10]
        expected = directory.expected(matching, sort)
        assert await directory.found(matching, sort, 50, pages=4) == expected[:200], (matching, sort)


async def test_nobody_of_another_organization_is_seen_at_the_beginning_of_an_order(
    directory: Directory, strangers: Any
) -> None:
    for matching in (ContactFilter("fabrikam"), ContactFilter(list_id=directory.lists["half"])):
        async with directory.units.reading(directory.organization_id) as unit:
            conditions = await unit.contacts._search._conditions(matching)
        kinds = tuple(one.kind for one in conditions)
        statement = near_statement(Shape(ContactSort.NAME, 26, kinds, way=Way.PROBED, reach=300))
        seen = []
        for one in (directory, strangers):
            async with one.units.reading(one.organization_id) as unit:
                rows = await unit.contacts._transaction.fetch(statement, **bound(conditions))
            seen.append([row["id"] for row in rows if row["id"]])
        assert (len(seen[0]), seen[1]) == (26, []), matching


async def _shapes(search: Any, matching: ContactFilter, sort: ContactSort) -> Iterable[tuple[Shape, dict[str, Any]]]:
    """All that could be chosen, each with a long and a short way along the order."""
    conditions = await search._conditions(matching)
    rare = [one for one in conditions or () if one.kind != "reachable"]
    if not rare:
        return []
    counted = [Counted(one.kind, number + 1, 0.5) for number, one in enumerate(rare)]
    shapes = []
    for _, route in routes(counted, 26, by_creation=is_by_creation(sort)):
        ordered = [*(rare[number] for number in route.order), *(one for one in conditions if one not in rare)]
        kinds = tuple(one.kind for one in ordered)
        for reach, at_hand in product((route.reach, 20, 0), range(len(rare))):
            shape = Shape(sort, 26, kinds, way=route.way, at_hand=at_hand, reach=reach)
            shapes += [(replace(shape, goes_on=goes_on), bound(ordered)) for goes_on in _ends(shape)]
            if shape.way is Way.WHOLE and at_hand < len(rare) - 1:
                shapes.append((replace(shape, late=len(rare) - 1 - at_hand), bound(ordered)))
            if kinds[0] == "word":
                shapes.append((replace(shapes[-1][0], few_elsewhere=True), bound(ordered)))
    # Of the same conditions those that are asked for first differ, which the shapes do not tell.
    return {(shape, tuple(values.values())): (shape, values) for shape, values in shapes}.values()


def _ends(shape: Shape) -> tuple[bool, ...]:
    """Whether it goes on along the order where it has met too few: it does so at once where it has no reach."""
    along = shape.way in (Way.HASHED, Way.PROBED)
    if shape.reach:
        return (False, True) if along and not shape.at_hand else (False,)
    return (along,)


async def _key(unit: Any, cursor: str | None, sort: ContactSort) -> dict[str, Any]:
    if cursor is None:
        return {}
    contact = await unit.contacts.get(ContactId(UUID(cursor)))
    return {"after": key_of(contact, sort.column), "after_id": contact.id}


@pytest.mark.parametrize("q", ["fabrikam", "jürgen", "oddly", None])
async def test_paging_meets_everyone_once(directory: Directory, q: str | None) -> None:
    matching = ContactFilter(q)
    found = await directory.found(matching, ContactSort.COMPANY, 200, pages=100)
    assert found == directory.expected(matching, ContactSort.COMPANY)


async def test_all_that_match_are_named_for_bulk_work(directory: Directory) -> None:
    for matching in filters_of(directory):
        async with directory.units.of(directory.organization_id) as unit:
            found = await unit.contacts.ids_matching(matching, 10_000)
            assert list(await unit.contacts.ids_matching(matching, 7)) == list(found[:7])
        assert [str(key) for key in found] == directory.expected(matching, ContactSort.CREATED_DESC), matching


async def test_work_in_pieces_meets_all_who_match_in_the_order_of_their_ids(directory: Directory) -> None:
    later = NOW + timedelta(days=1)
    for matching in filters_of(directory):
        met: list[ContactId] = []
        async with directory.units.of(directory.organization_id) as unit:
            while piece := await unit.contacts.ids_after(matching, met[-1] if met else None, 700, later):
                met += piece
            assert await unit.contacts.count(matching) == len(met)
        assert [str(key) for key in met] == directory.expected(matching, ContactSort.CREATED), matching


async def test_work_in_pieces_leaves_out_who_was_created_since(directory: Directory) -> None:
    middle = sorted(contact.created_at for contact in directory.contacts)[1000]
    async with directory.units.of(directory.organization_id) as unit:
        met = await unit.contacts.ids_after(ContactFilter(status="New"), None, 10_000, middle)
    before = {contact.id for contact in directory.contacts if contact.status == "New" and contact.created_at < middle}
    assert set(met) == before


async def test_the_total_is_exact(directory: Directory) -> None:
    for number, matching in enumerate(filters_of(directory)):
        sort = list(ContactSort)[number % 10]
        async with directory.units.reading(directory.organization_id) as unit:
            page = await unit.contacts.page(matching, sort, PageRequest(10, total=True))
        assert page.total == len(directory.expected(matching, sort)), matching


async def test_what_has_no_word_in_it_matches_nobody(directory: Directory) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        page = await unit.contacts.page(ContactFilter("?!"), ContactSort.NAME, PageRequest(total=True))
        assert (page.items, page.next_cursor, page.total) == ([], None, 0)
        assert await unit.contacts.ids_matching(ContactFilter("?!"), 10) == []


async def test_an_unknown_field_is_met_by_nobody(directory: Directory) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        page = await unit.contacts.page(ContactFilter(fields={"shoe": "9"}), ContactSort.NAME, PageRequest(total=True))
    assert (page.items, page.total) == ([], 0)


async def test_lists_and_fields_of_another_organization_are_met_by_nobody(directory: Directory, strangers: Any) -> None:
    async with strangers.units.of(strangers.organization_id) as unit:
        for matching in (
            ContactFilter(list_id=directory.lists["half"]),
            ContactFilter(list_id=directory.lists["by filter"]),
            ContactFilter(salesflow_id=directory.salesflows["spring"]),
            ContactFilter(fields={"tier": "gold"}),
        ):
            assert await unit.contacts.ids_matching(matching, 10) == []


async def test_a_cursor_belongs_to_its_order_and_its_filter(directory: Directory) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        first = await unit.contacts.page(ContactFilter("fab"), ContactSort.NAME, PageRequest(10))
        for matching, sort in [
            (ContactFilter("fab"), ContactSort.EMAIL),
            (ContactFilter("named"), ContactSort.NAME),
            (ContactFilter("fab", fields={"tier": "gold"}), ContactSort.NAME),
        ]:
            with pytest.raises(InvalidCursor):
                await unit.contacts.page(matching, sort, PageRequest(10, first.next_cursor))


async def test_a_list_shows_what_the_contact_itself_shows(directory: Directory) -> None:
    async with directory.units.of(directory.organization_id) as unit:
        items = (await unit.contacts.page(ContactFilter(), ContactSort.CREATED_DESC, PageRequest(200))).items
        contacts = await unit.contacts.many([ContactId(UUID(item.id)) for item in items])
    for item in items:
        shown, contact = orjson.loads(msgspec.json.encode(item)), contacts[ContactId(UUID(item.id))]
        times = {name: getattr(contact, name) for name in TIMES}
        told = {name: getattr(contact, name) for name in shown if name not in (*TIMES, "id", "owner")}
        written = {name: at and f"{at:%Y-%m-%dT%H:%M:%S.%fZ}" for name, at in times.items()}
        owner = {"id": str(contact.owner_id), "name": contact.owner_name} if contact.owner_id else None
        assert shown == {**told, **written, "id": str(contact.id), "owner": owner}


@pytest.mark.parametrize("sort", ContactSort)
async def test_neighbours_are_those_before_and_after(directory: Directory, sort: ContactSort) -> None:
    for matching in (ContactFilter(), ContactFilter("oddly"), ContactFilter("fab", owner_id=directory.owners[1])):
        expected = directory.expected(matching, sort)
        for at in (0, len(expected) // 2, len(expected) - 1):
            async with directory.units.reading(directory.organization_id) as unit:
                found = await unit.contacts.neighbours(ContactId(UUID(expected[at])), matching, sort)
            around = (expected[at - 1] if at else None, expected[at + 1] if at + 1 < len(expected) else None)
            assert tuple(str(one) if one else None for one in (found.previous, found.next)) == around


async def test_who_does_not_match_has_neighbours_all_the_same(directory: Directory) -> None:
    matching, sort = ContactFilter("oddly"), ContactSort.NAME
    everybody, expected = directory.expected(ContactFilter(), sort), directory.expected(matching, sort)
    other = next(one for one in everybody if one not in expected and everybody.index(one) > 500)
    following = [one for one in everybody[everybody.index(other) :] if one in expected]
    async with directory.units.reading(directory.organization_id) as unit:
        found = await unit.contacts.neighbours(ContactId(UUID(other)), matching, sort)
        with pytest.raises(NotFound):
            await unit.contacts.neighbours(ContactId(uuid4()), matching, sort)
    assert str(found.next) == following[0]


class _Counted:
    """The statements that a connection was asked for."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, record: Any) -> None:
        self.statements.append(record.query)


async def test_a_list_whose_names_are_known_costs_two_statements_at_most(directory: Directory) -> None:
    """And one more where a list's filter has to be looked up."""
    for matching, sort in product(filters_of(directory)[:60:3], (ContactSort.CREATED_DESC, ContactSort.NAME)):
        async with directory.units.reading(directory.organization_id) as unit:
            await unit.contacts.page(matching, sort, PageRequest(50))
            counted = _Counted()
            driver = unit.contacts._transaction.driver
            driver.add_query_logger(counted)
            await unit.contacts.page(matching, sort, PageRequest(50, total=True))
            driver.remove_query_logger(counted)
        looked_up = matching.list_id in directory.filters or matching.list_id not in (None, *directory.lists.values())
        assert len(counted.statements) <= 2 + looked_up, matching


async def test_names_are_looked_up_in_one_statement_for_a_while(directory: Directory) -> None:
    names, ids = Names(), [str(uuid4())]
    async with directory.units.of(directory.organization_id) as unit:
        status_ids = [str(status.id) for status in await unit.statuses.all()]
        transaction, counted = unit.contacts._transaction, _Counted()
        transaction.driver.add_query_logger(counted)
        for _ in range(3):
            found = await names.of(transaction, directory.organization_id, status_ids)
        transaction.driver.remove_query_logger(counted)
        assert await names.of(transaction, directory.organization_id, ids) == {}
    assert set(found) == set(status_ids)
    assert len(counted.statements) == 1
    assert names.at_hand(directory.organization_id) == found


async def test_names_are_not_remembered_for_longer(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do those that are looked up beside them make them last."""
    monkeypatch.setattr("adapters.postgres.names.SERVES_SECONDS", 0.2)
    names, started = Names(), time.monotonic()
    async with directory.units.of(directory.organization_id) as unit:
        first, *others = [str(status.id) for status in await unit.statuses.all()]
        transaction = unit.contacts._transaction
        await names.of(transaction, directory.organization_id, [first])

        async def forgotten() -> bool:
            await names.of(transaction, directory.organization_id, others)
            return first not in names.at_hand(directory.organization_id)

        await eventually("the name is forgotten", forgotten)
    assert time.monotonic() - started >= 0.2


async def test_names_of_another_organization_are_not_shown(directory: Directory, strangers: Any) -> None:
    names = Names()
    async with directory.units.of(directory.organization_id) as unit:
        status_ids = [status.id for status in await unit.statuses.all()]
        await names.of(unit.contacts._transaction, directory.organization_id, status_ids)
    assert names.at_hand(strangers.organization_id) == {}
    async with strangers.units.of(strangers.organization_id) as unit:
        assert await names.of(unit.contacts._transaction, strangers.organization_id, status_ids) == {}


async def test_no_stored_term_sorts_behind_the_end_of_a_range(directory: Directory) -> None:
    assert all(term < LAST for terms in directory.terms.values() for term in terms)
