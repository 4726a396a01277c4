"""What a user has set about himself, beside the profile: address, signature, notifications, days away, the wizard."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """Where the user works."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class SignatureKind(StrEnum):
    """How an email of the user ends."""

    NONE = "none"
    TEMPLATE = "template"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Signature:
    """`template` is 1 or 2 for a template; `html` is the user's own, sanitised."""

    kind: SignatureKind = SignatureKind.NONE
    template: int | None = None
    html: str | None = None


class Frequency(StrEnum):
    """When a user is written to about something that happened."""

    IMMEDIATELY = "immediately"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class NotificationChoices:
    """About which events the user gets an email. The feed shows them all."""

    email_opened: Frequency = Frequency.IMMEDIATELY
    email_failed: Frequency = Frequency.IMMEDIATELY
    email_clicked: Frequency = Frequency.IMMEDIATELY


@dataclass(frozen=True, slots=True)
class Away:
    """From a day to another, both included, in the user's time zone: nothing is sent in the user's name."""

    first: date
    last: date
    note: str = ""

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


class StepState(StrEnum):
    """Where the user is with a step of the wizard, or with the tour."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class WizardStep(StrEnum):
    """The steps of the wizard, in order."""

    CONTACT_DETAILS = "contact_details"
    EMAIL_INTEGRATION = "email_integration"
    INTEGRATIONS = "integrations"
    EMAIL_SIGNATURE = "email_signature"
    DIALER_SETUP = "dialer_setup"
    TIME_ZONE = "time_zone"


@dataclass(frozen=True, slots=True)
class Onboarding:
    """How far the user is; what is not named is open."""

    steps: tuple[tuple[WizardStep, StepState], ...] = ()
    tour: StepState = StepState.OPEN

    def state_of(self, step: WizardStep) -> StepState:
        return dict(self.steps).get(step, StepState.OPEN)

    @property
    def completed(self) -> bool:
        return all(self.state_of(step) is not StepState.OPEN for step in WizardStep)
