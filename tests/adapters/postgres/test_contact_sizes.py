"""How many meet a condition: counted where they are few, else as PostgreSQL believes, and remembered for a while."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres import contact_sizes, contact_statements
from adapters.postgres.contact_counted import Counted
from adapters.postgres.contact_meanings import Meanings
from adapters.postgres.contact_sizes import Sizes
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from domain.contacts.model import ContactFilter, ContactSort
from tests.adapters.postgres.conftest import SetClock
from tests.adapters.postgres.directory import NOW, Directory, a_directory

pytestmark = pytest.mark.anyio

COUNTED = 100


@pytest.fixture(scope="module")
async def directory(servers: Any, anyio_backend: str) -> AsyncIterator[Directory]:
    database = servers.new_database("sizes")
    connections = Database(open_engine(database.url, pool_size=2))
    hashes = SuppressionHashes(KeyRing([("test", bytes(32))]).keyed_hash)
    made = await a_directory(PostgresUnits(connections, RandomIds(), SetClock(NOW), hashes))
    servers.sql("vacuum analyze", database.name)
    yield made
    await connections.close()


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (contact_sizes, contact_statements):
        monkeypatch.setattr(module, "COUNTED", COUNTED)
    contact_statements.counting_statement.cache_clear()


async def sizes(directory: Directory, matching: ContactFilter, known: Sizes, key: str = "") -> list[Counted]:
    async with directory.units.reading(directory.organization_id) as unit:
        transaction = unit.contacts._transaction
        conditions = await Meanings().conditions(transaction, directory.organization_id, matching)
        assert conditions is not None
        return await known.of(transaction, directory.organization_id, conditions, key)


async def test_few_are_counted(directory: Directory) -> None:
    for matching in (
        ContactFilter("oddly"),
        ContactFilter(opted_out=True),
        ContactFilter(status="Contacted"),
        ContactFilter(owner_id=directory.owners[1]),
        ContactFilter(salesflow_id=directory.salesflows["few"]),
        ContactFilter(fields={"ref": "ref 7"}),
    ):
        [counted] = await sizes(directory, matching, Sizes())
        expected = directory.expected(matching, ContactSort.NAME)
        # Deleted ones are among those who are told of elsewhere, and who was enrolled twice is there twice.
        assert len(expected) <= counted.size <= 1.5 * len(expected) + 2, matching


async def test_of_many_there_are_about_as_many_as_believed(directory: Directory) -> None:
    for matching in (
        ContactFilter("fabrikam"),
        ContactFilter("jurgen"),
        ContactFilter(status="New"),
        ContactFilter(owner_id=directory.owners[0]),
        ContactFilter(list_id=directory.lists["half"]),
        ContactFilter(salesflow_id=directory.salesflows["spring"]),
        ContactFilter(fields={"tier": "gold"}),
        ContactFilter(last_activity_after=NOW.replace(year=2025)),
    ):
        [counted] = await sizes(directory, matching, Sizes())
        expected = len(directory.expected(matching, ContactSort.NAME))
        assert expected > COUNTED
        assert expected / 2 <= counted.size <= 2 * expected, matching


async def test_of_a_field_it_is_believed_how_frequent_its_own_values_are(directory: Directory) -> None:
    """Most have a tier, and next to nobody the same reference."""
    matching = ContactFilter(fields={"tier": "lead"})
    [counted] = await sizes(directory, matching, Sizes())
    there = directory.expected(matching, ContactSort.NAME)
    # Who was deleted has it still.
    assert len(there) <= counted.size <= 1.05 * len(there)


async def test_it_is_told_among_how_many_they_are(directory: Directory) -> None:
    """Of the organization's own, whatever others have."""
    [counted] = await sizes(directory, ContactFilter(status="New"), Sizes())
    everybody = len(directory.expected(ContactFilter(), ContactSort.NAME))
    assert everybody / 1.2 <= counted.among <= 1.2 * everybody


async def test_it_is_told_how_many_are_sorted_under_a_word(directory: Directory) -> None:
    [counted] = await sizes(directory, ContactFilter("fabrikam"), Sizes(), "company_key")
    assert counted.under > counted.size / 2
    [counted] = await sizes(directory, ContactFilter("fabrikam"), Sizes(), "name_key")
    assert counted.under == 0


async def test_it_is_told_how_many_are_found_by_a_word_in_an_order_that_tells_of_another_one(
    directory: Directory,
) -> None:
    """Addresses are told beside names, and names beside addresses."""
    for word, its_key, other_key in (("jurgen", "name_key", "email_key"), ("p1", "email_key", "name_key")):
        [of_its_order], [of_the_other], [of_companies] = [
            await sizes(directory, ContactFilter(word), Sizes(), key) for key in (its_key, other_key, "company_key")
        ]
        assert of_the_other.beside == of_its_order.under > COUNTED
        assert of_companies.beside == 0


async def test_it_is_told_how_many_are_found_by_a_word_in_no_order(directory: Directory) -> None:
    [company] = await sizes(directory, ContactFilter("fabrikam"), Sizes(), "name_key")
    assert company.untold < company.size / 10
    [domain] = await sizes(directory, ContactFilter("prospect.example"), Sizes(), "name_key")
    assert domain.untold > domain.size / 2 > COUNTED


async def test_it_is_told_among_how_many_of_their_time_they_are(directory: Directory) -> None:
    """An order by activity leads past those who were created at one time; no other order does."""
    half, oldest = (ContactFilter(list_id=directory.lists[name]) for name in ("half", "oldest"))
    [of_all_times] = await sizes(directory, half, Sizes(), "last_activity_at")
    assert of_all_times.between > 0.9 * of_all_times.among
    [of_one_time] = await sizes(directory, oldest, Sizes(), "last_activity_at")
    assert of_one_time.size <= of_one_time.between < 0.2 * of_one_time.among
    [by_name] = await sizes(directory, oldest, Sizes(), "name_key")
    assert of_all_times.astray < 0.1 < 0.5 < of_one_time.astray
    assert (by_name.between, by_name.astray) == (of_one_time.between, 0.0)


async def test_it_is_told_which_share_of_the_last_ones_meets_the_others(directory: Directory) -> None:
    """Whoever was added last was active lately, and long ago nobody of them."""
    matching = ContactFilter(status="New", last_activity_after=NOW - timedelta(hours=20))
    new, _ = await sizes(directory, matching, Sizes())
    assert (new.share_from(descending=True), new.of_last) == (1.0, 1.0)
    assert new.share_from(descending=False) < 0.5 < new.share < 0.75


async def test_it_is_asked_once_for_a_while(directory: Directory) -> None:
    known, matching = Sizes(), ContactFilter("fabrikam", status="New")
    first = await sizes(directory, matching, known)
    assert await sizes(directory, matching, known) is first
    assert await sizes(directory, ContactFilter("fabrikam", status="Closed"), known) != first
