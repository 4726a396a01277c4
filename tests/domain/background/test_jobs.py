"""What can become of a background job, and how its lanes add up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.background.model import UNDO_WITHIN, BackgroundJob, JobState, Progress, joined
from domain.shared.errors import NotAllowedInState
from domain.shared.ids import BackgroundJobId, OrganizationId, UserId

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def a_job(state: JobState = JobState.RUNNING, finished_at: datetime | None = None) -> BackgroundJob:
    return BackgroundJob(
        OrganizationId(uuid4()),
        BackgroundJobId(uuid4()),
        UserId(uuid4()),
        "counting",
        {},
        NOW,
        state=state,
        finished_at=finished_at,
    )


def test_a_piece_moves_the_cursor_and_adds_to_what_is_done() -> None:
    job = a_job().after(Progress({"at": 1}, 10, {"found": 3}, total=25), 0, LATER)

    assert (job.cursor, job.done, job.total, job.result) == ({"at": 1}, 10, 25, {"found": 3})
    assert job.is_open


def test_the_last_piece_ends_the_job() -> None:
    job = a_job().after(Progress(None, 10, {}, finished=True), 0, LATER)

    assert (job.state, job.done, job.total, job.finished_at) == (JobState.DONE, 10, 10, LATER)


def test_the_last_piece_back_makes_it_undone() -> None:
    done = a_job(JobState.DONE, NOW)
    job = done.undoing(LATER).after(Progress(None, 0, {}, finished=True), 0, LATER)

    assert (job.state, job.undone_at, job.finished_at) == (JobState.UNDONE, LATER, NOW)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
def test_what_is_open_can_be_stopped_again_and_again(state: JobState) -> None:
    stopped = a_job(state).cancelled(LATER)

    assert (stopped.state, stopped.finished_at) == (JobState.CANCELLED, LATER)
    assert stopped.cancelled(LATER + timedelta(days=1)) == stopped


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.UNDOING, JobState.UNDONE])
def test_what_is_over_or_on_its_way_back_cannot_be_stopped(state: JobState) -> None:
    with pytest.raises(NotAllowedInState):
        a_job(state, NOW).cancelled(LATER)


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
def test_what_ended_can_be_taken_back_for_thirty_days(state: JobState) -> None:
    job = a_job(state, NOW)

    assert job.undoing(NOW + UNDO_WITHIN).state is JobState.UNDOING
    with pytest.raises(NotAllowedInState):
        job.undoing(NOW + UNDO_WITHIN + timedelta(seconds=1))


@pytest.mark.parametrize("state", [JobState.UNDOING, JobState.UNDONE])
def test_it_is_taken_back_once(state: JobState) -> None:
    job = a_job(state, NOW)

    assert job.undoing(LATER) == job


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
def test_what_runs_cannot_be_taken_back(state: JobState) -> None:
    with pytest.raises(NotAllowedInState):
        a_job(state).undoing(LATER)


def test_a_failure_on_the_way_back_can_be_tried_again() -> None:
    failed = a_job(JobState.DONE, NOW).undoing(LATER).failed("internal_error", LATER)

    assert (failed.state, failed.error, failed.finished_at) == (JobState.FAILED, "internal_error", NOW)
    assert (failed.undoing(LATER).state, failed.undoing(LATER).error) == (JobState.UNDOING, None)


def test_a_lane_sees_its_own_cursor_and_result() -> None:
    job = a_job().split([{"at": 0}, {"at": 100}], total=200)
    job = job.after(Progress({"at": 10}, 10, {"found": 3}), 0, LATER)

    assert (job.in_lane(0).cursor, job.in_lane(0).result, job.in_lane(0).lane) == ({"at": 10}, {"found": 3}, 0)
    assert (job.in_lane(1).cursor, job.in_lane(1).result, job.in_lane(1).lane) == ({"at": 100}, {}, 1)


def test_a_job_is_done_when_its_last_lane_is() -> None:
    last = Progress(None, 5, {}, finished=True)
    job = a_job().split([{}, {}]).after(last, 1, LATER)

    assert (job.state, job.open_lanes) == (JobState.RUNNING, [0])
    assert job.after(last, 0, LATER).state is JobState.DONE


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 50)), max_size=20))
def test_lanes_add_up_to_what_was_done_and_found(pieces: Sequence[tuple[int, int]]) -> None:
    job = replace(a_job(), result={"before": 1}).split([{}, {}, {}])
    for lane, count in pieces:
        found = joined(job.in_lane(lane).result, {"found": count, "reasons": {"odd": count % 2}})
        job = job.after(Progress({}, count, found), lane, LATER)

    counts = [count for _, count in pieces]
    assert job.done == sum(counts)
    assert job.result.get("found", 0) == sum(counts)
    assert job.result.get("reasons", {}).get("odd", 0) == sum(count % 2 for count in counts)
    assert job.result["before"] == 1
