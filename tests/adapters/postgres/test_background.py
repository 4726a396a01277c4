"""Background jobs over a real PostgreSQL: piece by piece, by one worker at a time, whatever dies or comes between."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from adapters.ids import RandomIds
from adapters.postgres.unit_of_work import PostgresUnits
from domain.background.model import BackgroundJob, Document, JobState, LeaseLost, Progress
from domain.background.service import BACKGROUND_JOB, BackgroundWork
from domain.shared.errors import Contended, Forbidden, NotAllowedInState, NotFound
from domain.shared.ids import BackgroundJobId, ContactId, OrganizationId, UserId
from domain.shared.paging import PageRequest
from domain.shared.principal import Principal, Role
from tests.adapters.postgres.conftest import People, SetClock

pytestmark = pytest.mark.anyio

LEASE_SECONDS = 30.0


@dataclass
class Ears:
    """Who was rung for."""

    rung: list[UserId] = field(default_factory=list)

    async def ring(self, user_ids: Iterable[UserId]) -> None:
        self.rung += user_ids

    @contextmanager
    def listening(self, user_id: UserId, rung: Callable[[], None]) -> Iterator[None]:
        yield


class Struck(BaseException):
    """As if the process had died."""


@dataclass
class Counting:
    """Counts to the spec's `to` in steps of 10, and back; `before` is called in each piece."""

    before: Callable[[BackgroundJob], Any] = lambda _: None
    pieces: list[int] = field(default_factory=list)

    async def piece(self, unit: Any, job: BackgroundJob) -> Progress:
        called = self.before(job)
        if called is not None:
            await called
        at = (job.cursor or {}).get("at", 0)
        self.pieces.append(at)
        step = min(10, job.spec["to"] - at)
        counted = job.result.get("counted", 0) + step
        return Progress({"at": at + step}, step, {"counted": counted}, at + step >= job.spec["to"], job.spec["to"])

    async def undo_piece(self, unit: Any, job: BackgroundJob) -> Progress:
        left = job.result["counted"] - min(10, job.result["counted"])
        return Progress({}, job.result["counted"] - left, {"counted": left}, left == 0)


class CountingInLanes(Counting):
    """In two lanes, each to `to`."""

    async def lanes(self, unit: Any, job: BackgroundJob) -> tuple[list[Document], int | None]:
        return [{"at": 0}, {"at": 0}], 2 * job.spec["to"]


class KeepingInLanes(CountingInLanes):
    """What each changed is kept before the other is met."""

    async def piece(self, unit: Any, job: BackgroundJob) -> Progress:
        await unit.job_changes.add(job, job.created_at, {ContactId(uuid4()): None})
        return await super().piece(unit, job)


@dataclass
class Works:
    """A user, what he starts, and what is done of it."""

    units: PostgresUnits
    principal: Principal
    service: BackgroundWork
    counting: Counting
    ears: Ears

    async def start(self, to: int = 25, kind: str = "counting") -> BackgroundJob:
        async with self.units.of(self.principal.organization_id) as unit:
            return await self.service.put(unit, self.principal, kind, {"to": to})

    async def run(self, job: BackgroundJob, stopping: asyncio.Event | None = None) -> BackgroundJob:
        await self.service.run(self.principal.organization_id, job.id, stopping)
        return await self.now(job)

    async def now(self, job: BackgroundJob) -> BackgroundJob:
        return await self.service.get(self.principal, job.id)

    async def claim(self, job: BackgroundJob, seconds: float) -> int | None:
        async with self.units.of(self.principal.organization_id) as unit:
            return await unit.background_jobs.claim(job.id, ["counting"], job.created_at, seconds)

    async def bells(self) -> int:
        """How often it was rung for background jobs, and not heard yet."""
        async with self.units.system() as unit:
            rung = await unit.jobs.take(1000)
        return sum(job.kind == BACKGROUND_JOB for _, job in rung)


async def works_of(
    units: PostgresUnits, people: People, clock: SetClock, counting: Counting, kind: str = "counting"
) -> Works:
    user = await people.add()
    ears = Ears()
    kinds = {kind: counting}
    service = BackgroundWork(
        units=units, pieceworks=kinds, bells=ears, clock=clock, ids=RandomIds(), lease_seconds=LEASE_SECONDS
    )
    return Works(units, Principal(people.organization_id, user.id, Role.CONTRIBUTOR), service, counting, ears)


@pytest.fixture
async def works(units: PostgresUnits, people: People, clock: SetClock) -> Works:
    return await works_of(units, people, clock, Counting())


async def test_a_job_is_done_piece_by_piece(works: Works) -> None:
    job = await works.run(await works.start(25))

    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 25, 25, {"counted": 25})
    assert works.counting.pieces == [0, 10, 20]
    assert works.ears.rung == [works.principal.user_id]


async def test_putting_a_job_rings_for_it(works: Works) -> None:
    await works.bells()
    await works.start()

    assert await works.bells() == 1


async def test_running_what_is_over_changes_nothing(works: Works) -> None:
    done = await works.run(await works.start())

    assert await works.run(done) == done
    assert works.counting.pieces == [0, 10, 20]


async def test_one_worker_has_a_job_at_a_time(works: Works) -> None:
    job = await works.start()
    fence = await works.claim(job, 30)

    assert fence is not None
    assert await works.claim(job, 30) is None
    assert (await works.run(job)).done == 0


async def test_another_goes_on_where_a_worker_died(works: Works) -> None:
    def dies(job: BackgroundJob) -> None:
        if job.done == 10:
            raise Struck

    works.counting.before = dies
    job = await works.start()
    with pytest.raises(Struck):
        await works.run(job)
    works.counting.before = lambda _: None
    async with works.units.of(works.principal.organization_id) as unit:
        await unit.background_jobs.turn(await unit.background_jobs.lock(job.id))

    assert (await works.run(job)).result == {"counted": 25}
    assert works.counting.pieces == [0, 10, 20]


async def test_a_lease_that_ran_out_is_anybodys(works: Works) -> None:
    job = await works.start()
    first, second = await works.claim(job, 0), await works.claim(job, 30)

    assert (first, second) == (1, 2)


async def test_who_was_asleep_for_too_long_can_write_nothing(works: Works) -> None:
    async def another_takes_over(job: BackgroundJob) -> None:
        async with works.units.of(job.organization_id) as unit:
            await unit.background_jobs.turn(await unit.background_jobs.lock(job.id))
            await unit.background_jobs.claim(job.id, ["counting"], job.created_at, 30)

    works.counting.before = another_takes_over
    job = await works.run(await works.start())

    assert (job.state, job.done, job.result) == (JobState.RUNNING, 0, {})


async def test_a_job_that_is_stopped_keeps_what_was_done_and_nothing_of_the_piece(works: Works) -> None:
    async def stops(job: BackgroundJob) -> None:
        if job.done == 10:
            await works.service.cancel(works.principal, job.id)

    works.counting.before = stops
    job = await works.run(await works.start())

    assert (job.state, job.done, job.result) == (JobState.CANCELLED, 10, {"counted": 10})
    assert works.service.can_undo(job)


async def test_a_worker_that_is_told_to_stop_hands_the_job_on(works: Works) -> None:
    stopping = asyncio.Event()
    stopping.set()
    job = await works.start()
    await works.bells()

    assert (await works.run(job, stopping)).done == 10
    assert await works.bells() == 1
    assert (await works.run(job)).state is JobState.DONE


async def test_a_job_that_nobody_waits_for_goes_on_beyond_its_turn(
    units: PostgresUnits, people: People, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.background.service.TURN_SECONDS", 0)
    works = await works_of(units, people, clock, Counting(), kind="unlike_those_of_others")
    job = await works.start(kind="unlike_those_of_others")
    await works.bells()

    assert (await works.run(job)).state is JobState.DONE
    assert await works.bells() == 0


async def test_a_job_that_others_wait_for_hands_on_when_its_turn_is_over(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.background.service.TURN_SECONDS", 0)
    job = await works.start()
    await works.start()
    await works.bells()

    assert (await works.run(job)).done == 10
    assert await works.bells() == 1


async def test_an_error_of_the_domain_ends_the_job_with_its_code(works: Works) -> None:
    def refuses(job: BackgroundJob) -> None:
        if job.done == 10:
            raise Forbidden("No.", "user_left")

    works.counting.before = refuses
    job = await works.run(await works.start())

    assert (job.state, job.error, job.done) == (JobState.FAILED, "forbidden_user_left", 10)
    assert works.service.can_undo(job)


async def test_a_fault_of_our_own_ends_the_job_too(works: Works) -> None:
    def fails(job: BackgroundJob) -> None:
        raise ZeroDivisionError

    works.counting.before = fails
    job = await works.run(await works.start())

    assert (job.state, job.error) == (JobState.FAILED, "internal_error")


async def test_a_piece_that_was_in_the_way_of_others_is_done_again(works: Works) -> None:
    tries: list[int] = []

    def contended(job: BackgroundJob) -> None:
        tries.append(job.done)
        if len(tries) < 3:
            raise Contended

    works.counting.before = contended

    assert (await works.run(await works.start(10))).state is JobState.DONE
    assert tries == [0, 0, 0]


async def test_a_job_of_a_kind_that_is_not_known_here_is_left_to_others(works: Works) -> None:
    job = await works.run(await works.start(kind="newer"))

    assert (job.state, job.done) == (JobState.QUEUED, 0)
    assert not works.service.can_undo(job)


async def test_a_job_is_taken_back_piece_by_piece_and_once(works: Works) -> None:
    done = await works.run(await works.start())
    begun = await works.service.undo(works.principal, done.id)
    undone = await works.run(begun)
    again = await works.service.undo(works.principal, done.id)

    assert (begun.state, begun.done, begun.total) == (JobState.UNDOING, 0, 25)
    assert (undone.state, undone.done, undone.result) == (JobState.UNDONE, 25, {"counted": 0})
    assert again == undone
    assert not works.service.can_undo(undone)


async def test_what_runs_cannot_be_taken_back(works: Works) -> None:
    with pytest.raises(NotAllowedInState):
        await works.service.undo(works.principal, (await works.start()).id)


async def test_others_do_not_see_a_job_and_administrators_do(works: Works, people: People) -> None:
    job = await works.start()
    other = (await people.add()).id
    colleague = Principal(people.organization_id, other, Role.CONTRIBUTOR)
    boss = Principal(people.organization_id, other, Role.ADMINISTRATOR)

    for act in (works.service.get, works.service.cancel, works.service.undo):
        with pytest.raises(NotFound):
            await act(colleague, job.id)
    assert (await works.service.get(boss, job.id)).id == job.id
    assert (await works.service.page(boss, PageRequest())).items == []


async def test_jobs_come_newest_first_without_the_thousands_they_name(works: Works) -> None:
    async with works.units.of(works.principal.organization_id) as unit:
        spec = {"to": 0, "contact_ids": [str(uuid4())]}
        named = await works.service.put(unit, works.principal, "counting", spec)
    started = [named, *[await works.start() for _ in range(4)]]

    page = await works.service.page(works.principal, PageRequest(limit=3))
    rest = await works.service.page(works.principal, PageRequest(limit=3, cursor=page.next_cursor))

    assert [job.id for job in [*page.items, *rest.items]] == sorted((job.id for job in started), reverse=True)
    assert (rest.next_cursor, rest.items[-1].spec) == (None, {"to": 0})


async def test_the_sweeper_finds_open_jobs_that_nobody_is_at(works: Works) -> None:
    waiting, taken, over = [await works.start() for _ in range(3)]
    await works.claim(taken, 30)
    await works.run(over)

    found = {job_id for _, job_id in await works.service.waiting()}

    assert waiting.id in found
    assert not {taken.id, over.id} & found


@pytest.mark.parametrize("counting", [CountingInLanes, KeepingInLanes])
async def test_lanes_go_on_beside_each_other_and_add_up(
    counting: type[Counting], units: PostgresUnits, people: People, clock: SetClock
) -> None:
    met = asyncio.Barrier(2)

    async def waits_for_the_other(job: BackgroundJob) -> None:
        async with asyncio.timeout(10):
            await met.wait()

    works = await works_of(units, people, clock, counting(waits_for_the_other))
    job = await works.run(await works.start(30))

    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 60, 60, {"counted": 60})
    assert works.counting.pieces == [0, 0, 10, 10, 20, 20]


async def test_a_lane_that_fails_ends_the_job(units: PostgresUnits, people: People, clock: SetClock) -> None:
    def refuses(job: BackgroundJob) -> None:
        if job.lane == 1:
            raise Forbidden("No.", "user_left")

    works = await works_of(units, people, clock, CountingInLanes(refuses))
    job = await works.run(await works.start(1_000))

    assert (job.state, job.error) == (JobState.FAILED, "forbidden_user_left")


async def test_progress_under_an_old_fence_is_refused(works: Works) -> None:
    job = await works.start()
    await works.claim(job, 0)
    await works.claim(job, 30)

    with pytest.raises(LeaseLost):
        async with works.units.of(works.principal.organization_id) as unit:
            await unit.background_jobs.progress(job, 1, 30)


async def test_what_a_piece_changed_is_kept_by_lane_until_it_is_taken_back(works: Works, clock: SetClock) -> None:
    job = await works.start()
    contact_ids = [uuid4(), uuid4()]
    kept: Any = {contact_ids[0]: uuid4(), contact_ids[1]: None}
    async with works.units.of(works.principal.organization_id) as unit:
        await unit.job_changes.add(job, clock.now(), kept)
        other_lane = await unit.job_changes.first(job.split([{}, {}]).in_lane(1))
        changes = await unit.job_changes.first(job)
        assert changes is not None
        await unit.job_changes.remove(job, changes)
        left = await unit.job_changes.first(job)

    assert (changes.kept, changes.at, other_lane, left) == (kept, clock.now(), None, None)


async def test_whoever_looks_at_a_job_is_told_until_it_is_over(works: Works) -> None:
    job = await works.start()
    events = works.service.watch(works.principal, job.id).events()
    first = await anext(events)
    await works.run(job)
    rest = [event async for event in events]

    assert first is not None
    assert first.state is JobState.QUEUED
    assert [event.state for event in rest if event] == [JobState.DONE]


async def test_a_look_that_is_ended_ends_at_once(works: Works) -> None:
    watch = works.service.watch(works.principal, (await works.start()).id)
    events = watch.events()
    await anext(events)
    watch.end()

    assert [event async for event in events] == []


async def test_another_organizations_job_is_none(works: Works, strangers: People) -> None:
    job = await works.start()
    await works.service.run(OrganizationId(strangers.organization_id), BackgroundJobId(job.id))

    assert (await works.now(job)).done == 0
