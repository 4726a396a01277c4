"""How PostgreSQL goes about the directory, as the application's role: by index alone, whatever is asked."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest

from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres.connection import TO_READ
from adapters.postgres.contact_conditions import Kind
from adapters.postgres.contact_counted import Counted
from adapters.postgres.contact_shapes import Shape, is_by_creation
from adapters.postgres.contact_statements import (
    counting_statement,
    ids_statement,
    key_statement,
    near_statement,
    next_statement,
    page_statement,
    piece_statement,
    total_statement,
)
from adapters.postgres.contact_ways import SEEN_AT_ONCE, Route, Way, routes
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.names import NAMES
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from domain.contacts.model import ContactSort
from tests.adapters.postgres.conftest import SetClock
from tests.adapters.postgres.directory import NOW, Directory, a_directory
from tests.mailing import eventually

pytestmark = pytest.mark.anyio

CROWD = 20_000
LARGE = {"contacts", "contact_terms", "contact_list_members", "contact_values", "enrollments"}
RARE = tuple(kind for kind in Kind if kind is not Kind.REACHABLE)
ALONE = [(kind,) for kind in Kind]
PAIRS = list(combinations(RARE, 2))
MANY = [(Kind.WORD, Kind.WORD, Kind.WORD), (Kind.LIST, Kind.LIST, Kind.OWNER), (*RARE, Kind.REACHABLE)]
HELPERS_COST = (
    "parallel_setup_cost",
    "parallel_tuple_cost",
    "min_parallel_index_scan_size",
    "min_parallel_table_scan_size",
)
BY_ACTIVITY = (ContactSort.ACTIVITY, ContactSort.ACTIVITY_DESC)


def shapes_of(kinds: tuple[Kind, ...], sort: ContactSort) -> Iterator[Shape]:
    """Every way that could be chosen, on the first page and behind it."""
    for route in _routes(kinds, sort):
        ordered = tuple(kinds[number] for number in route.order)
        common = tuple(kind for kind in kinds if kind is Kind.REACHABLE)
        for after, few in product((False, True), {False, ordered[:1] == (Kind.WORD,)}):
            way = (route.way, route.at_hand, route.reach, route.goes_on, few)
            yield Shape(sort, 51, (*ordered, *common), after, after, *way)


def _routes(kinds: tuple[Kind, ...], sort: ContactSort) -> list[Route]:
    known = {Kind.REACHABLE, Kind.ACTIVITY} if sort in BY_ACTIVITY else {Kind.REACHABLE}
    if set(kinds) <= known:
        return [Route(Way.ALONG, tuple(range(len(kinds))))]
    rare = [kind for kind in kinds if kind is not Kind.REACHABLE]
    sizes = ([900] * len(rare), [9_000] * len(rare), [10**6] * len(rare))
    offered = [
        route
        for counts in sizes
        for _, route in routes(
            [Counted(kind, count, 0.1) for kind, count in zip(rare, counts, strict=True)],
            51,
            by_creation=is_by_creation(sort),
        )
    ]
    return list(dict.fromkeys(offered))


def people_wait_for() -> list[str]:
    """Every statement of a page."""
    shapes = [shape for kinds in [(), *ALONE] for sort in ContactSort for shape in shapes_of(kinds, sort)]
    sorts = list(ContactSort)
    shapes += [shape for kinds in MANY for sort in sorts[::4] for shape in shapes_of(kinds, sort)]
    for number, kinds in enumerate(PAIRS):
        shapes += shapes_of(kinds, sorts[7 * number % 10])
    statements = [page_statement(shape) for shape in dict.fromkeys(shapes)]
    statements += [near_statement(replace(shape, reach=SEEN_AT_ONCE[0])) for shape in shapes if shape.way is Way.PROBED]
    statements += [next_statement(shape) for shape in dict.fromkeys(shapes) if shape.after]
    statements += [counting_statement(_rare(kinds)) for kinds in [*ALONE[:-1], *PAIRS, *MANY]]
    statements += [key_statement(sort) for sort in ContactSort]
    return list(dict.fromkeys(statement.sql for statement in statements))


def for_bulk_work() -> list[str]:
    asked = [(), *ALONE, *PAIRS, *MANY]
    statements = [statement(kinds) for statement in (ids_statement, total_statement) for kinds in asked]
    statements += [
        piece_statement(kinds, whole, after) for kinds, whole, after in product(asked[1:], (False, True), (False, True))
    ]
    return [statement.sql for statement in statements]


def _rare(kinds: Sequence[Kind]) -> tuple[Kind, ...]:
    return tuple(kind for kind in kinds if kind is not Kind.REACHABLE)


@pytest.fixture(scope="module")
async def directory(servers: Any, anyio_backend: str) -> AsyncIterator[Directory]:
    """In a database of its own: among few people, the planner takes one index for as good as another."""
    database = servers.new_database("plans")
    connections = Database(open_engine(database.url, pool_size=2))
    hashes = SuppressionHashes(KeyRing([("test", bytes(32))]).keyed_hash)
    made = await a_directory(PostgresUnits(connections, RandomIds(), SetClock(NOW), hashes), CROWD)

    async def seen_by_everybody() -> bool:
        """As rows are that have been there for a while: an index alone tells of them."""
        servers.sql("vacuum analyze", database.name)
        said = "select relpages = relallvisible from pg_class where relname = 'contacts'"
        return bool(servers.sql(said, database.name) == "t\n")

    await eventually("everybody sees all contacts", seen_by_everybody)
    yield made
    await connections.close()


@pytest.fixture(scope="module")
async def pages(explained: Any) -> Any:
    """How everything that people wait for is done."""
    return await explained(people_wait_for())


@pytest.fixture(scope="module")
async def explained(directory: Directory) -> Any:
    """Sequential scans are made dear: one that is left could use no index at all under row-level security."""

    async def explain(statements: Sequence[str]) -> list[tuple[str, Any]]:
        plans = []
        async with directory.units.of(directory.organization_id) as unit:
            driver = unit.contacts._transaction.driver
            await driver.execute(TO_READ)
            for sql in statements:
                await driver.execute(f"prepare explained as {sql}")
                nothing = ", ".join("null" for _ in range(_parameters(sql)))
                plan = await driver.fetchval(
                    f"explain (format json) execute explained{f'({nothing})' if nothing else ''}"
                )
                await driver.execute("deallocate explained")
                plans.append((sql, plan))
        return plans

    return explain


async def test_nothing_reads_a_whole_table(pages: Any, explained: Any) -> None:
    for sql, plan in [*pages, *await explained([*for_bulk_work(), NAMES.sql])]:
        scanned = {node["Relation Name"] for node, _ in _nodes(plan) if node.get("Node Type") == "Seq Scan"}
        assert not scanned & LARGE, sql


async def test_what_people_wait_for_reads_no_more_of_an_index_than_it_needs(pages: Any) -> None:
    """Each is entered by a value beside the organization, or read in its order up to a limit: of contacts that are
    passed, or of those who are shown."""
    for sql, plan in pages:
        for node, parent in _nodes(plan):
            if node.get("Relation Name") in LARGE and node["Node Type"] != "Bitmap Heap Scan":
                above = parent or {}
                limited = above.get("Node Type") == "Limit" or above.get("Alias") == "farther"
                small = node.get("Index Name") == "contacts_opted_out"
                assert limited or small or " AND " in node.get("Index Cond", ""), f"{node}\nin {sql}"


async def test_the_members_of_a_set_tell_when_they_were_active(explained: Any) -> None:
    """Nobody is looked up for it."""
    for kind in (Kind.STATUS, Kind.OWNER):
        shape = Shape(ContactSort.CREATED_DESC, 51, (kind, Kind.ACTIVITY), way=Way.NATIVE, reach=1_000)
        [(sql, plan)] = await explained([page_statement(shape).sql])
        [met] = [node for node, _ in _nodes(plan) if node.get("Subplan Name") == "CTE met"]
        read = {node["Index Name"]: node["Node Type"] for node, _ in _nodes(met) if "Index Name" in node}
        of_contacts = [name for name in read if name.startswith("contacts_")]
        assert read[f"contacts_of_{kind}"] == "Index Only Scan", sql
        # The other one is asked whether they were deleted.
        assert len(of_contacts) == 2, sql


async def test_a_page_is_sorted_by_no_more_than_is_known_to_match(explained: Any) -> None:
    """Along an order nothing is sorted but the page."""
    walks = [
        page_statement(Shape(sort, 51, (kind,), way=way, reach=2_000, goes_on=way is Way.PROBED)).sql
        for sort, kind, way in product(ContactSort, (Kind.OWNER, Kind.LIST, Kind.WORD), (Way.HASHED, Way.PROBED))
    ]
    for sql, plan in await explained(walks):
        [met] = [node for node, _ in _nodes(plan) if node.get("Subplan Name") == "CTE met"]
        assert not [
            node for node, _ in _nodes(met) if node["Node Type"] in ("Sort", "Incremental Sort", "Hash Join")
        ], sql


async def test_who_follows_an_order_asks_what_it_tells_where_it_is_read(explained: Any) -> None:
    """And keeps to it, also behind the first page: no other index is read whole, and sorted, for what it tells."""
    orders = [sort for sort in ContactSort if sort not in BY_ACTIVITY]
    asked = [(Kind.ACTIVITY,), (Kind.WORD,), (Kind.WORD, Kind.WORD, Kind.ACTIVITY)]
    shapes = [
        Shape(sort, 51, kinds, after, way=Way.PROBED, goes_on=True)
        for sort, kinds, after in product(orders, asked, (False, True))
    ]
    for sql, plan in await explained([page_statement(shape).sql for shape in shapes]):
        below = [node for node, above in _nodes(plan) if (above or {}).get("Alias") == "farther"]
        [read] = [node for node in below if node["Parent Relationship"] == "Subquery"]
        assert "Filter" in read, sql
        assert read["Node Type"] == "Index Only Scan", sql
        assert read["Index Name"] in ("contacts_alive", "contacts_by_name", "contacts_by_email", "contacts_by_company")


async def test_an_order_of_creation_begins_with_those_who_were_there_when_somebody_was_active(explained: Any) -> None:
    """Whoever was created later is not passed: nobody was active before."""
    asked = [(Kind.ACTIVITY,), (Kind.WORD, Kind.ACTIVITY), (Kind.STATUS, Kind.ACTIVITY)]
    for kinds, after in product(asked, (False, True)):
        native = kinds[0] is Kind.STATUS
        shape = Shape(ContactSort.CREATED_DESC, 51, kinds, after, way=Way.NATIVE if native else Way.PROBED)
        [(sql, plan)] = await explained([page_statement(replace(shape, goes_on=not native)).sql])
        index = "contacts_of_status" if native else "contacts_alive"
        entered = [node["Index Cond"] for node, _ in _nodes(plan) if node.get("Index Name") == index]
        assert max(one.count("(id < ") for one in entered) == 1 + after, sql


async def test_who_has_another_status_or_owner_is_left_out_before_anybody_is_looked_up(explained: Any) -> None:
    """By the index that has their members in the order of the ids that are looked up."""
    asked = product((Kind.STATUS, Kind.OWNER), ((Kind.WORD, Kind.WORD), (Kind.LIST,), (Kind.SALESFLOW, Kind.WORD)))
    for told, (first, *others) in asked:
        shape = Shape(ContactSort.COMPANY, 51, (first, told, *others), way=Way.WHOLE)
        [(sql, plan)] = await explained([page_statement(shape).sql])
        by_ids = [node["Index Name"] for node, _ in _nodes(plan) if "(id = ANY (" in node.get("Index Cond", "")]
        assert by_ids == [f"contacts_of_{told}"], sql


async def test_what_most_meet_is_asked_late(explained: Any) -> None:
    """Of those who were looked up and sorted, until the page is full."""
    shape = Shape(ContactSort.NAME, 51, (Kind.LIST, Kind.SALESFLOW, Kind.FIELD), way=Way.WHOLE, late=1)
    for kinds in (shape.kinds, (*shape.kinds, Kind.REACHABLE)):
        [(sql, plan)] = await explained([page_statement(replace(shape, kinds=kinds)).sql])
        above = [above for node, above in _nodes(plan) if _asks_fields(node)]
        assert [one["Alias"] for one in above if one] == ["ordered"], sql


def _asks_fields(node: dict[str, Any]) -> bool:
    return node.get("Parent Relationship") == "SubPlan" and "contact_values" in str(node)


async def test_whoever_is_met_is_looked_at_once(explained: Any) -> None:
    """For all that their own row says."""
    asked = (Kind.WORD, Kind.WORD, Kind.STATUS, Kind.OWNER)
    [(sql, plan)] = await explained(
        [page_statement(Shape(ContactSort.NAME, 51, asked, way=Way.PROBED, goes_on=True)).sql]
    )
    assert len([node for node, _ in _nodes(plan) if node.get("Alias", "").startswith("person")]) == 1, sql


async def test_of_a_set_at_hand_nobody_is_kept_who_is_told_not_to_match(explained: Any) -> None:
    shape = Shape(ContactSort.CREATED, 51, (Kind.STATUS, Kind.WORD, Kind.WORD), way=Way.NATIVE, at_hand=1)
    [(sql, plan)] = await explained([page_statement(shape).sql])
    above = [
        above for node, above in _nodes(plan) if node.get("Index Name") in ("contacts_by_name", "contacts_by_email")
    ]
    assert len(above) == 2, sql
    assert all("beginnings_low" in (one or {}).get("Filter", "") for one in above), sql


async def test_nobody_who_reads_waits_for_processes_that_help(directory: Directory) -> None:
    """They take longer to begin than most pages take, and what many do at once is none the faster for them."""
    async with directory.units.of(directory.organization_id) as unit:
        driver = unit.contacts._transaction.driver
        await driver.execute("; ".join((TO_READ, *(f"set local {cost} = 0" for cost in HELPERS_COST))))
        plan = await driver.fetchval("explain (format json) select count(*) from contact_terms")
    assert not [node for node, _ in _nodes(plan) if node["Node Type"].startswith("Gather")]


@pytest.mark.parametrize("sort", ContactSort)
async def test_the_first_page_is_read_from_an_index_in_its_order(explained: Any, sort: ContactSort) -> None:
    [(_, plan)] = await explained([page_statement(Shape(sort, 51)).sql])
    [scan] = [node for node, _ in _nodes(plan) if node.get("Relation Name") == "contacts"]
    assert scan["Node Type"] == "Index Scan"
    assert "Sort" not in [node["Node Type"] for node, _ in _nodes(plan)]


def _parameters(sql: str) -> int:
    numbers = [int(part.split("::")[0]) for part in sql.split("$")[1:]]
    return max(numbers, default=0)


def _nodes(plan: Any, parent: Any = None) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Each with the one above it."""
    if isinstance(plan, list):
        for one in plan:
            yield from _nodes(one, parent)
    elif "Plan" in plan:
        yield from _nodes(plan["Plan"])
    else:
        yield plan, parent
        yield from _nodes(plan.get("Plans", []), plan)
