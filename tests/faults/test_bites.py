"""The guards of the product, one by one: with the guard no harm is done, and without it the same scenario does harm.

Where several stand behind each other, the others are taken away first, so that it is this one that is tested; that they
are enough without it is tested as well.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from adapters.bootstrap import Container
from tests.faults import harms, harms_of_people
from tests.faults.guards import (
    Bench,
    Removal,
    condition,
    lock_of_the_claim,
    row_lock,
    schema,
    together,
    unique,
    wording,
)
from tests.mailing import Firm, Prospects, Representative, services_of, settings_for


@dataclass(frozen=True)
class Guard:
    """How it is taken away, what it prevents, and what else stands in the way of that."""

    name: str
    removal: Removal
    harm: harms.Harm
    others: tuple[Removal, ...] = ()


STEP_RUN = unique("step_runs", "enrollment_id", "position")
SEND_KEY = unique("emails", "send_key")
EMAIL_OF_A_RUN = unique("emails", "step_run_id")
JOURNEY = together(
    unique("enrollments", "salesflow_id", "contact_id"),
    # A statement that names the key fails without it.
    wording(r"ON CONFLICT \(organization_id, salesflow_id, contact_id\) WHERE .*? DO", "ON CONFLICT DO"),
)
RECORD_OF_A_PERSON = unique("contacts", "email_key")
SIGN_IN_ADDRESS = schema("alter table credentials drop constraint credentials_email_key_key")
REQUEST = unique("idempotency_keys", "user_id", "key")
MESSAGE = unique("inbound_messages", "mailbox_id", "provider_message_id")

FREE = condition(r"mailboxes\.lease_until IS NULL OR mailboxes\.lease_until < clock_timestamp\(\)")
FENCE = condition(r"mailboxes\.fence = \$\d+::BIGINT")
UNDRAFTED = condition(r"emails\.draft_id IS NULL$")
READY = condition(r"emails\.state = \$\d+::VARCHAR(?= AND \(?emails\.draft_id IS NULL(?: OR true\))?$)")
UNSENT = condition(r"emails\.state != \$\d+::VARCHAR")

LEASE_LOCK = wording(r"(?<=clock_timestamp\(\)\)) FOR UPDATE SKIP LOCKED(?=\)\s+UPDATE mailboxes SET fence)")
CONTACT_LOCK = row_lock("contacts", "NO KEY UPDATE")
ENROLLMENT_LOCK = row_lock("enrollments", "UPDATE")
SALESFLOW_LOCK = row_lock("salesflows", "SHARE")
ORGANIZATION_LOCK = row_lock("enrollments", "SHARE")
UNUSED = condition(r"one_time_links\.used_at IS NULL")
USER_LOCK = row_lock("users", "NO KEY UPDATE")
SENDER_LOCK = row_lock("users", "SHARE")

OWN_ROWS = schema("alter policy tenant on contacts using (true)")
OWN_WRITES = schema("alter policy tenant on contact_statuses with check (true)")
NULLIF = schema(
    "alter policy tenant on contact_statuses "
    "using (organization_id = current_setting('app.organization_id', true)::uuid)"
)
COMPOSITE_KEY = schema(
    "alter table enrollments drop constraint enrollments_organization_id_contact_id_fkey",
    "create unique index on contacts (id)",
    "alter table enrollments add foreign key (contact_id) references contacts (id) on delete cascade",
)
APPENDED = schema("grant update on activities to engage_app")

GUARDS = [
    Guard("a step is run once", STEP_RUN, harms.a_step_that_is_written_twice_is_sent_twice, (SEND_KEY,)),
    Guard("a send key is used once", SEND_KEY, harms.a_step_that_is_written_twice_is_sent_twice, (STEP_RUN,)),
    Guard("a step run has one email", EMAIL_OF_A_RUN, harms.a_second_email_of_a_step_is_sent),
    Guard("a claim locks what is due", lock_of_the_claim, harms.a_slow_dispatcher_forgets_a_journey),
    Guard("a contact is enrolled once", JOURNEY, harms.a_contact_goes_through_a_salesflow_twice_at_once),
    Guard("an address has one contact", RECORD_OF_A_PERSON, harms.a_person_with_two_records_is_written_to_twice),
    Guard("an address has one account", SIGN_IN_ADDRESS, harms.an_address_signs_in_to_two_organizations),
    Guard("an idempotency key is used once", REQUEST, harms.a_repeated_request_is_done_twice),
    Guard("a message counts once", MESSAGE, harms.an_answer_is_told_twice),
    Guard("a mailbox has one lease", FREE, harms.two_workers_are_given_the_same_mailbox),
    Guard("a lease locks the mailbox", LEASE_LOCK, harms.two_workers_that_ask_at_once_are_given_the_same_mailbox),
    Guard("a fence stops who slept", FENCE, harms.a_worker_that_slept_sends_from_anothers_mailbox),
    Guard("a drafted email keeps its draft", UNDRAFTED, harms.two_drafts_of_an_email_are_sent, (FENCE, READY)),
    Guard("a ready email alone is drafted", READY, harms.two_drafts_of_an_email_are_sent, (FENCE, UNDRAFTED)),
    Guard("an email is recorded once as sent", UNSENT, harms.an_email_is_told_twice_to_have_left),
    Guard("gate and deletion lock the contact", CONTACT_LOCK, harms.an_email_leaves_after_its_contact_was_deleted),
    Guard("gate and pause lock the Salesflow", SALESFLOW_LOCK, harms.an_email_leaves_after_its_salesflow_was_paused),
    Guard("gate holds the organization", ORGANIZATION_LOCK, harms.an_email_leaves_after_its_organization_was_paused),
    Guard(
        "gate and stop lock the enrollment",
        ENROLLMENT_LOCK,
        harms.an_email_leaves_after_its_journey_ended,
        (CONTACT_LOCK,),
    ),
    Guard("a link is used once", UNUSED, harms_of_people.a_link_serves_twice),
    Guard("administrators are counted by one at a time", USER_LOCK, harms_of_people.nobody_administers_any_more),
    Guard(
        "a sender is held while somebody is enrolled",
        SENDER_LOCK,
        harms_of_people.a_journey_goes_on_in_the_name_of_somebody_who_left,
    ),
    Guard("a policy hides what is others'", OWN_ROWS, harms.an_organization_finds_anothers_contact),
    Guard("a policy checks what is written", OWN_WRITES, harms.an_organization_writes_into_another_one),
    Guard("nullif in a policy", NULLIF, harms.a_used_connection_fails_where_a_new_one_sees_nothing),
    Guard("a composite foreign key", COMPOSITE_KEY, harms.a_row_points_into_another_organization),
    Guard("the log is appended to alone", APPENDED, harms.what_happened_is_rewritten),
]


@pytest.fixture
async def services(
    servers: Any, worker_number: int, redis_url: str, sandbox: Prospects, clock_file: Path
) -> AsyncIterator[Container]:
    """Over a database of the test's own."""
    database = servers.new_database(f"bites_{worker_number}")
    settings = settings_for(database.url, database.owner_url, redis_url, sandbox.url, clock_file)
    async with services_of(settings) as container:
        yield container


@pytest.fixture
async def superuser(services: Container) -> AsyncIterator[Any]:
    url = services.settings.database_owner_url.replace("+asyncpg", "").replace("engage_owner@", "postgres@")
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


@pytest.fixture
def bench(
    firm: Firm, rep: Representative, prospects: Prospects, superuser: Any, monkeypatch: pytest.MonkeyPatch
) -> Bench:
    return Bench(firm, rep, prospects, superuser, monkeypatch)


def each(guards: list[Guard]) -> Any:
    return pytest.mark.parametrize("guard", guards, ids=[guard.name for guard in guards])


@each(GUARDS)
async def test_the_guard_prevents_harm_that_is_done_without_it(bench: Bench, guard: Guard) -> None:
    await together(*guard.others)(bench)
    assert not await guard.harm(bench)
    await guard.removal(bench)
    assert await guard.harm(await bench.with_another_firm())


@each([guard for guard in GUARDS if guard.others])
async def test_guards_behind_each_other_are_enough_without_one_of_them(bench: Bench, guard: Guard) -> None:
    await guard.removal(bench)
    assert not await guard.harm(bench)
