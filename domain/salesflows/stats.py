"""The numbers of a Salesflow, its steps and their variants."""

from dataclasses import dataclass

from domain.shared.ids import VariantId


@dataclass(frozen=True, slots=True)
class EmailFigures:
    """Emails by what became of them. `delivered` are those that left and did not come back."""

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    replied: int = 0
    bounced: int = 0
    unsubscribed: int = 0

    def __add__(self, other: "EmailFigures") -> "EmailFigures":
        return EmailFigures(
            self.sent + other.sent,
            self.delivered + other.delivered,
            self.opened + other.opened,
            self.clicked + other.clicked,
            self.replied + other.replied,
            self.bounced + other.bounced,
            self.unsubscribed + other.unsubscribed,
        )


@dataclass(frozen=True, slots=True)
class EnrollmentFigures:
    """Enrollments by where they are."""

    active: int = 0
    paused: int = 0
    finished: int = 0

    @property
    def enrolled(self) -> int:
        return self.active + self.paused + self.finished


@dataclass(frozen=True, slots=True)
class VariantStats:
    """One wording, whatever revision it is of. Those of earlier revisions are shown while they have sent something."""

    id: VariantId
    weight: int
    subject: str
    emails: EmailFigures


@dataclass(frozen=True, slots=True)
class StepStats:
    """A position in the Salesflow, over all revisions. The subject is that of its first current variant."""

    position: int
    variants: tuple[VariantStats, ...]

    @property
    def subject(self) -> str:
        return self.variants[0].subject if self.variants else ""

    @property
    def emails(self) -> EmailFigures:
        return sum((variant.emails for variant in self.variants), EmailFigures())


@dataclass(frozen=True, slots=True)
class Stats:
    """The whole Salesflow."""

    enrollments: EnrollmentFigures
    steps: tuple[StepStats, ...]

    @property
    def emails(self) -> EmailFigures:
        return sum((step.emails for step in self.steps), EmailFigures())
