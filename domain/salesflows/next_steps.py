"""What comes next for a contact, over all the Salesflows that it is in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.salesflows.model import EnrollmentEntry, EnrollmentState, Waiting

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that is planned or under way. `due_at` is None where nobody knows when it comes, and `waiting` says why
    it did not come yet."""

    entry: EnrollmentEntry
    due_at: datetime | None
    waiting: Waiting | None


def next_steps(entries: Iterable[EnrollmentEntry]) -> Sequence[NextStep]:
    """Of the journeys that are not over, the next in time first and those without a time last."""
    steps = [NextStep(entry, _due(entry), entry.waiting) for entry in entries if entry.enrollment.is_running]
    return sorted(steps, key=lambda step: (step.due_at or LAST, step.entry.enrollment.id))


def _due(entry: EnrollmentEntry) -> datetime | None:
    """Whoever is held goes on at the end of that, if it is known; else nobody knows when."""
    if entry.waiting and entry.waiting.until:
        return entry.waiting.until
    if entry.enrollment.state is EnrollmentState.PAUSED:
        return None
    return entry.under_way.due_at if entry.under_way else entry.enrollment.due_at
