"""What users are told: once, grouped, at most one email a minute, and found by index."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from adapters.ids import RandomIds
from adapters.postgres.account_tables import notification_emails, notifications, notified_activities
from adapters.postgres.connection import CompiledStatement
from adapters.postgres.database import Database
from adapters.postgres.notifications import HAPPENED, NEWEST_UNREAD, PAGE, PAGE_AFTER, UNREAD
from adapters.postgres.operations import Operations
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import activities, contacts, outbox_jobs, users
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.audit import Act, Action, Target, record
from domain.accounts.notices import SEND_LETTER, tell_of_joining
from domain.accounts.preferences import Frequency, NotificationChoices
from domain.activities.model import Activity, ActivityType
from domain.notifications.deciding import FOLLOW, FOLLOWER
from domain.notifications.model import FeedItem
from domain.notifications.telling import MAIL, Telling
from domain.shared.errors import InvalidCursor, NotFound
from domain.shared.ids import ContactId, EmailId, NotificationId, UserId
from domain.shared.jobs import Job
from domain.shared.paging import PageRequest
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, SetClock, an_office, under_way

pytestmark = pytest.mark.anyio


@dataclass
class Bells:
    """A bus that remembers for whom it was rung."""

    hears: bool = True
    rung: list[UserId] = field(default_factory=list)

    async def ring(self, user_ids: Iterable[UserId]) -> None:
        self.rung.extend(user_ids)

    def listening(self, *_: object) -> Any:
        return nullcontext()


@dataclass
class Desk:
    """An office whose log is followed, and a contact to whom an email has left."""

    office: Office
    bells: Bells
    contact_id: ContactId
    email_id: EmailId

    @property
    def telling(self) -> Telling:
        return Telling(self.office.units, self.bells, self.office.clock)

    @property
    def user_id(self) -> UserId:
        return self.office.sender.id

    def happened(self, type_: ActivityType = ActivityType.EMAIL_OPENED, **more: Any) -> Activity:
        now = self.office.clock.now()
        return replace(Activity(type_, now, self.contact_id, user_id=self.user_id, email_id=self.email_id), **more)

    async def append(self, *happened: Activity) -> Job:
        """The bell that rings for them."""
        before = {row.id for row in await self._jobs(FOLLOW)}
        async with self.office.units.of(self.office.organization_id) as unit:
            await unit.activities.append(happened or [self.happened()])
        [row] = [row for row in await self._jobs(FOLLOW) if row.id not in before]
        return Job(row.kind, self.office.organization_id, row.payload, row.id)

    async def tell(self, *happened: Activity) -> None:
        await self.telling.follow(await self.append(*happened))

    async def feed(self) -> tuple[FeedItem, ...]:
        async with self.office.units.of(self.office.organization_id) as unit:
            return (await unit.notifications.page(self.user_id, PageRequest())).items

    async def letters(self) -> list[str]:
        """Of which notifications, in order."""
        return [row.payload["notification_id"] for row in await self._jobs(SEND_LETTER)]

    async def waiting(self) -> list[Job]:
        return [
            Job(row.kind, self.office.organization_id, row.payload, row.id, row.due_at - row.created_at)
            for row in await self._jobs(MAIL)
        ]

    async def _jobs(self, kind: str) -> Sequence[Any]:
        return await self.office.rows(select(outbox_jobs).where(outbox_jobs.c.kind == kind).order_by(outbox_jobs.c.id))


@pytest.fixture
async def desk(transactions: Database) -> Desk:
    clock = SetClock()
    hashes = SuppressionHashes(KEYS.keyed_hash)
    office = await an_office(transactions, PostgresUnits(transactions, RandomIds(), clock, hashes, [FOLLOWER]), clock)
    async with transactions.system() as transaction:
        await transaction.driver.execute("update enrollments set due_at = null, resume_at = null")
    contact_id, email = await under_way(office)
    return Desk(office, Bells(), contact_id, email.id)


async def test_what_happens_is_told_to_the_sender(desk: Desk) -> None:
    await desk.tell()

    [item] = await desk.feed()
    assert (item.kind.value, item.count, item.read) == ("email_opened", 1, False)
    assert item.contact is not None
    assert item.contact.id == desk.contact_id
    assert item.email is not None
    assert item.email.id == desk.email_id
    assert desk.bells.rung == [desk.user_id]


async def test_a_bell_that_rings_again_tells_nothing_twice(desk: Desk) -> None:
    job = await desk.append()
    for _ in range(3):
        await desk.telling.follow(job)

    assert [item.count for item in await desk.feed()] == [1]
    assert len(await desk.letters()) == 1


async def test_bells_that_ring_at_once_tell_nothing_twice(desk: Desk) -> None:
    job = await desk.append(desk.happened(), desk.happened(ActivityType.EMAIL_CLICKED))
    await asyncio.gather(*(desk.telling.follow(job) for _ in range(6)))

    assert sorted((item.kind.value, item.count) for item in await desk.feed()) == [
        ("email_clicked", 1),
        ("email_opened", 1),
    ]
    assert len(await desk.letters()) == 1


async def test_a_death_in_between_leaves_everything_to_the_next_bell(desk: Desk) -> None:
    job = await desk.append()

    async def dies(*_: object) -> None:
        raise ConnectionError

    desk.bells.ring = dies  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await desk.telling.follow(job)
    del desk.bells.ring  # type: ignore[attr-defined]
    await desk.telling.follow(job)

    assert [item.count for item in await desk.feed()] == [1]
    assert desk.bells.rung == [desk.user_id]


async def test_the_same_again_counts_up_while_unread(desk: Desk) -> None:
    await desk.tell()
    desk.office.clock.move(hours=1)
    await desk.tell(desk.happened(), desk.happened())

    [item] = await desk.feed()
    assert (item.count, item.at) == (3, desk.office.clock.now())


async def test_what_is_late_counts_but_moves_nothing_back(desk: Desk) -> None:
    clicked = desk.happened(ActivityType.EMAIL_CLICKED, detail={"url": "https://now.example"})
    late = replace(clicked, at=clicked.at - timedelta(hours=2), detail={"url": "https://then.example"})
    await desk.tell(clicked)
    await desk.tell(late)

    [item] = await desk.feed()
    assert (item.count, item.at, item.detail["url"]) == (2, clicked.at, "https://now.example")


async def test_after_reading_it_begins_anew(desk: Desk) -> None:
    await desk.tell()
    assert await read(desk) == 0
    desk.office.clock.move(hours=1)
    await desk.tell()

    assert [(item.count, item.read) for item in await desk.feed()] == [(1, False), (1, True)]


async def test_parallel_news_of_one_group_are_all_counted(desk: Desk) -> None:
    jobs = [await desk.append() for _ in range(6)]
    await asyncio.gather(*(desk.telling.follow(job) for job in jobs))

    assert [item.count for item in await desk.feed()] == [6]


async def test_a_deleted_user_and_a_deleted_contact_are_not_told_of(desk: Desk) -> None:
    other = await desk.office.person()
    await desk.office.change(update(contacts).where(contacts.c.id == other).values(deleted_at=desk.office.clock.now()))
    await desk.tell(desk.happened(contact_id=other, email_id=None))
    await desk.office.change(update(users).where(users.c.id == desk.user_id).values(state="deleted"))
    await desk.tell()

    assert await desk.feed() == ()


async def test_a_contact_who_is_deleted_later_is_named_no_more(desk: Desk) -> None:
    await desk.tell()
    await desk.office.change(
        update(contacts).where(contacts.c.id == desk.contact_id).values(deleted_at=desk.office.clock.now())
    )

    assert [item.contact for item in await desk.feed()] == [None]


async def test_one_email_a_minute_about_a_contact_and_the_rest_waits(desk: Desk) -> None:
    await desk.tell(desk.happened(), desk.happened(ActivityType.EMAIL_CLICKED))

    [letter] = await desk.letters()
    [waiting] = await desk.waiting()
    kinds = {str(item.id): item.kind.value for item in await desk.feed()}
    assert (kinds[letter], kinds[waiting.payload["notification_id"]]) == ("email_clicked", "email_opened")
    assert waiting.delay == timedelta(minutes=1)


async def test_what_waited_is_written_about_when_the_minute_is_over(desk: Desk) -> None:
    await desk.tell(desk.happened(), desk.happened(ActivityType.EMAIL_CLICKED))
    [waiting] = await desk.waiting()
    desk.office.clock.move(seconds=59)
    await desk.telling.mail(waiting)
    [_, again] = await desk.waiting()
    assert again.delay == timedelta(seconds=1)
    desk.office.clock.move(seconds=1)
    for job in (waiting, again):
        await desk.telling.mail(job)

    assert len(await desk.letters()) == 2


async def test_what_was_read_meanwhile_is_not_written_about(desk: Desk) -> None:
    await desk.tell(desk.happened(), desk.happened(ActivityType.EMAIL_CLICKED))
    await read(desk)
    desk.office.clock.move(minutes=2)
    for job in await desk.waiting():
        await desk.telling.mail(job)

    assert len(await desk.letters()) == 1


async def test_contacts_have_their_minutes_each(desk: Desk) -> None:
    other = await desk.office.person()
    await desk.tell(desk.happened(), desk.happened(contact_id=other, email_id=None))

    assert len(await desk.letters()) == 2


async def test_parallel_turns_are_given_once(desk: Desk) -> None:
    other = [desk.happened(ActivityType.EMAIL_OPENED, email_id=None), desk.happened(), desk.happened()]
    jobs = [await desk.append(one) for one in other]
    jobs.append(await desk.append(desk.happened(ActivityType.EMAIL_FAILED)))
    await asyncio.gather(*(desk.telling.follow(job) for job in jobs))

    assert len(await desk.letters()) == 1


async def test_who_chose_never_gets_no_email(desk: Desk) -> None:
    async with desk.office.units.of(desk.office.organization_id) as unit:
        user = await unit.users.get(desk.user_id)
        await unit.users.save(replace(user, notifications=NotificationChoices(email_opened=Frequency.NEVER)))
    await desk.tell()

    assert (len(await desk.feed()), await desk.letters(), await desk.waiting()) == (1, [], [])


async def test_a_reply_shows_in_the_feed_alone(desk: Desk) -> None:
    await desk.tell(desk.happened(ActivityType.EMAIL_REPLIED, detail={"text": "Sounds good."}))

    [item] = await desk.feed()
    assert item.detail == {"text": "Sounds good."}
    assert await desk.letters() == []


async def test_who_invited_is_told_of_who_joined_once(desk: Desk) -> None:
    office = desk.office
    joined = (await office.colleague(name="Nora New")).user_id
    async with office.units.of(office.organization_id) as unit:
        act = Act(Action.USER_INVITED, Target("user", joined, "Nora New"))
        await record(unit, office.principal, act, office.clock.now())
        await tell_of_joining(unit, office.organization_id, joined)
    [row] = await office.rows(select(outbox_jobs).where(outbox_jobs.c.kind == "notifications.user_joined"))
    job = Job(row.kind, office.organization_id, row.payload, row.id)
    for _ in range(2):
        await desk.telling.user_joined(job)

    [item] = await desk.feed()
    assert (item.kind.value, item.count, item.detail["name"]) == ("user_joined", 1, "Nora New")


async def test_reading_up_to_one_leaves_what_is_newer(desk: Desk) -> None:
    for type_ in (ActivityType.EMAIL_OPENED, ActivityType.EMAIL_CLICKED, ActivityType.EMAIL_REPLIED):
        await desk.tell(desk.happened(type_))
        desk.office.clock.move(minutes=1)
    _, middle, _ = await desk.feed()

    assert await read(desk, middle.id) == 1
    assert [item.read for item in await desk.feed()] == [False, True, True]


async def test_nobody_reads_or_sees_anothers(desk: Desk) -> None:
    await desk.tell()
    [item] = await desk.feed()
    other = await desk.office.colleague()
    async with desk.office.units.of(desk.office.organization_id) as unit:
        page = await unit.notifications.page(other.user_id, PageRequest())
        with pytest.raises(NotFound):
            await unit.notifications.read(other.user_id, item.id, desk.office.clock.now())
        await unit.notifications.read(other.user_id, None, desk.office.clock.now())

    assert (page.items, page.unread) == ((), 0)
    assert [item.read for item in await desk.feed()] == [False]


async def test_pages_follow_each_other_without_holes(desk: Desk) -> None:
    for number in range(7):
        await desk.tell(desk.happened(contact_id=await desk.office.person(), email_id=None))
        desk.office.clock.move(seconds=number % 2)
    found: list[NotificationId] = []
    page = PageRequest(3)
    async with desk.office.units.of(desk.office.organization_id) as unit:
        while True:
            given = await unit.notifications.page(desk.user_id, page)
            found += [item.id for item in given.items]
            if given.next_cursor is None:
                break
            page = PageRequest(3, given.next_cursor)
        with pytest.raises(InvalidCursor):
            await unit.notifications.page(desk.user_id, PageRequest(3, "x"))

    assert found == [item.id for item in await desk.feed()]
    assert given.unread == 7


async def test_what_is_long_read_and_long_told_is_cleared_out(desk: Desk, transactions: Database) -> None:
    now, office = desk.office.clock.now(), desk.office
    await desk.tell()
    await read(desk)
    await desk.tell(desk.happened(ActivityType.EMAIL_REPLIED))
    operations = Operations(transactions, office.clock)
    await operations.clear_out(now + timedelta(days=29), now)
    assert len(await office.rows(select(notified_activities))) == 2
    assert len(await desk.feed()) == 2
    await operations.clear_out(now + timedelta(days=91), now)

    assert [item.kind.value for item in await desk.feed()] == ["email_replied"]
    assert await office.rows(select(notified_activities)) == []
    assert await office.rows(select(notification_emails)) == []


CROWD = """
insert into notifications (organization_id, id, user_id, kind, group_key, at, read_at)
select '{organization}', gen_random_uuid(), '{user}', 'email_opened', 'crowd ' || number,
  now() - number * interval '1 s',
  case when number % 500 = 0 then null else now() end
from generate_series(1, 20000) as number
"""


async def test_feeds_are_found_by_index(desk: Desk, transactions: Database, servers: Any, database: Any) -> None:
    organization = desk.office.organization_id
    servers.sql(CROWD.format(organization=organization, user=desk.user_id), database.name)
    servers.sql("analyze notifications", database.name)
    reading = CompiledStatement(
        update(notifications)
        .where(notifications.c.user_id == desk.user_id, notifications.c.read_at.is_(None))
        .values(read_at=datetime(2026, 1, 1, tzinfo=UTC))
    )
    plans = [await plan(transactions, organization, one) for one in (PAGE, PAGE_AFTER, NEWEST_UNREAD, UNREAD, reading)]

    assert not any("Seq Scan on notifications" in one for one in plans), plans
    assert all("notifications_feed" in one for one in plans[:2]), plans
    assert all(re.search("notifications_unread", one) for one in plans[2:]), plans
    assert not any("Sort" in one for one in plans[:3]), plans


async def test_activities_are_found_by_their_ids(desk: Desk, transactions: Database) -> None:
    statement = CompiledStatement(HAPPENED.where(activities.c.id.in_([uuid4(), uuid4()])))
    found = await plan(transactions, desk.office.organization_id, statement, "set local enable_seqscan = off")

    assert "Seq Scan on activities" not in found, found


async def plan(database: Database, organization_id: UUID, statement: CompiledStatement, *settings: str) -> str:
    """As the server executes it for the application after many executions, for whatever parameters."""
    async with database.application(organization_id) as transaction:
        for setting in ("set local plan_cache_mode = force_generic_plan", *settings):
            await transaction.driver.execute(setting)
        await transaction.driver.execute(f"prepare explained as {statement.sql}")
        nulls = ", ".join("null" for _ in set(re.findall(r"\$\d+", statement.sql)))
        rows = await transaction.driver.fetch(f"explain execute explained ({nulls})")
        await transaction.driver.execute("deallocate explained")
    return "\n".join(row[0] for row in rows)


async def read(desk: Desk, up_to: NotificationId | None = None) -> int:
    async with desk.office.units.of(desk.office.organization_id) as unit:
        return await unit.notifications.read(desk.user_id, up_to, desk.office.clock.now())
