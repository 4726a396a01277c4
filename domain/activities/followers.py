"""Followers of the log: each has a bell of its own, rung in the transaction that appends what it follows.

A new reaction to what happened is one more follower in the composition root, and a handler for its job.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.activities.model import Activity, ActivityType
from domain.shared.ids import ActivityId, OrganizationId
from domain.shared.jobs import Job

ACTIVITIES_OF_A_JOB = 200


@dataclass(frozen=True, slots=True)
class Follower:
    """Whoever wants to know of activities of these kinds: `job` rings, and names them by their ids."""

    job: str
    kinds: frozenset[ActivityType]


def bells(
    followers: Iterable[Follower], organization_id: OrganizationId, appended: Sequence[tuple[ActivityId, Activity]]
) -> list[Job]:
    """The jobs that belong into the outbox with these activities: one for each follower that follows any of them."""
    jobs = []
    for follower in followers:
        ids = [activity_id for activity_id, activity in appended if activity.type in follower.kinds]
        for first in range(0, len(ids), ACTIVITIES_OF_A_JOB):
            named = ",".join(str(activity_id) for activity_id in ids[first : first + ACTIVITIES_OF_A_JOB])
            jobs.append(Job(follower.job, organization_id, {"activity_ids": named}))
    return jobs


def named_in(job: Job) -> list[ActivityId]:
    """The activities that a follower's job names."""
    return [ActivityId(UUID(one)) for one in job.payload["activity_ids"].split(",") if one]
