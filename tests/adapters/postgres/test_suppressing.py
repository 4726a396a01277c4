"""What is on the suppression list is asked about wherever an email could leave."""

from collections.abc import AsyncIterator

import pytest

from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from domain.contacts.suppression import SuppressionKind
from domain.emails.model import Cancel
from domain.salesflows.enrolling import Reason
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office

pytestmark = pytest.mark.anyio

ADDRESS = "ann@contoso.example"
EACH = pytest.mark.parametrize(
    ("kind", "value"), [(SuppressionKind.EMAIL, ADDRESS), (SuppressionKind.DOMAIN, "contoso.example")]
)


@pytest.fixture
async def office(postgres_url: str) -> AsyncIterator[Office]:
    database = Database(open_engine(postgres_url, pool_size=4))
    yield await a_rested_office(database, SuppressionHashes(KEYS.keyed_hash))
    await database.close()


async def suppress(office: Office, kind: SuppressionKind, value: str) -> None:
    async with office.units.of(office.organization_id) as unit:
        await unit.suppressions.put(kind, [value], "asked", office.clock.now(), office.sender.id)


@EACH
async def test_nobody_on_it_is_enrolled(office: Office, kind: SuppressionKind, value: str) -> None:
    ann = await office.person(email="Ann@Contoso.example")
    await suppress(office, kind, value)
    [left_out] = (await office.enroll(await office.flow(), ann)).left_out
    assert left_out.reason is Reason.SUPPRESSED


@EACH
async def test_no_email_is_written_to_whoever_comes_to_stand_on_it(
    office: Office, kind: SuppressionKind, value: str
) -> None:
    ann = await office.person(email=ADDRESS)
    await office.enroll(await office.flow(), ann)
    await suppress(office, kind, value)
    await office.dispatched()
    assert await office.emails(ann) == []
    assert ((await office.enrollment(ann)).state, (await office.enrollment(ann)).reason) == ("finished", "suppressed")


@EACH
async def test_an_email_that_was_written_before_does_not_leave(
    office: Office, kind: SuppressionKind, value: str
) -> None:
    ann = await office.person(email=ADDRESS)
    await office.enroll(await office.flow(), ann)
    await office.dispatched()
    [email] = await office.emails(ann)
    await suppress(office, kind, value)
    async with office.units.of(office.organization_id) as unit:
        verdicts = await office.reactions.may_send(unit, [email], office.clock.now())
    assert verdicts[email.id] == Cancel("suppressed")
