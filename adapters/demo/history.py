"""What would have happened: people go through a Salesflow day by day, some open, some answer, some leave."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from adapters.demo.flows import SampleStep
from domain.accounts.working_hours import WorkingHours
from domain.salesflows.schedule import due_at

REPLIES = (
    "Sounds good. Can you call me on Thursday?",
    "Thanks for following up. Please send me the prices for 20 seats.",
    "Not this quarter, but write to me again in January.",
    "I forwarded this to my colleague in operations.",
)


@dataclass(slots=True)
class SentEmail:
    """One step that was executed, and what came of it."""

    position: int
    sent_at: datetime
    opened: list[datetime] = field(default_factory=list)
    clicked_at: datetime | None = None
    replied_at: datetime | None = None
    reply: str = ""
    bounced_at: datetime | None = None
    unsubscribed_at: datetime | None = None


@dataclass(slots=True)
class Journey:
    """How far somebody came: `state` and `reason` in the words of an enrollment."""

    started_at: datetime
    emails: list[SentEmail] = field(default_factory=list)
    state: str = "active"
    reason: str | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def position(self) -> int:
        """The step that comes next, or was the last."""
        return len(self.emails) + (1 if self.state == "active" else 0) or 1


def lived_through(
    started_at: datetime, steps: Sequence[SampleStep], hours: WorkingHours, now: datetime, random: Random
) -> Journey:
    """A journey from its start until now; what is still ahead is due."""
    journey = Journey(started_at)
    after = started_at
    for position, step in enumerate(steps, start=1):
        due = due_at(after, step.delay, hours)
        if due is None or due >= now:
            journey.due_at = due
            return journey
        email = SentEmail(position, due + timedelta(seconds=random.randint(5, 600)))
        journey.emails.append(email)
        after = email.sent_at
        if _ends(email, journey, now, random):
            return journey
    journey.state, journey.reason, journey.finished_at = "finished", "completed", after
    return journey


def _ends(email: SentEmail, journey: Journey, now: datetime, random: Random) -> bool:
    """Lets the prospect act; whether that ends the journey."""
    if email.position == 1 and random.random() < 0.03:
        email.bounced_at = email.sent_at + timedelta(minutes=1)
        return _finish(journey, "bounced", email.bounced_at)
    email.opened = [at for at in _opens(email.sent_at, random) if at < now]
    if not email.opened:
        return False
    first = email.opened[0]
    if random.random() < 0.3:
        email.clicked_at = _before(now, first + timedelta(minutes=random.randint(1, 20)))
    if random.random() < 0.14 and (at := _before(now, first + timedelta(hours=random.randint(1, 20)))):
        email.replied_at, email.reply = at, random.choice(REPLIES)
        return _finish(journey, "replied", at)
    if random.random() < 0.02 and (at := _before(now, first + timedelta(minutes=3))):
        email.unsubscribed_at = at
        return _finish(journey, "opted_out", at)
    return False


def _opens(sent_at: datetime, random: Random) -> Iterator[datetime]:
    at = sent_at
    while random.random() < 0.55:
        at += timedelta(minutes=random.randint(10, 900))
        yield at


def _before(now: datetime, at: datetime) -> datetime | None:
    return at if at < now else None


def _finish(journey: Journey, reason: str, at: datetime) -> bool:
    journey.state, journey.reason, journey.finished_at = "finished", reason, at
    return True
