"""The wizard that a new user is led through: where he is, and what counts as done without it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from domain.accounts.model import User
from domain.accounts.ports import OwnMailboxes
from domain.accounts.preferences import Onboarding, SignatureKind, StepState, WizardStep
from domain.shared.errors import InvalidField

# The name is asked for there, and everybody has one.
REQUIRED = frozenset({WizardStep.CONTACT_DETAILS})
FINISHED = Onboarding(tuple((step, StepState.DONE) for step in WizardStep), StepState.DONE)


class WizardUnit(Protocol):
    """A transaction in which the wizard looks around."""

    @property
    def mailboxes(self) -> OwnMailboxes: ...


async def standing(unit: WizardUnit, user: User) -> Onboarding:
    """Where the user is. What was fulfilled in the settings, or by connecting, shows as done by itself."""
    fulfilled = set(_fulfilled(user))
    email = WizardStep.EMAIL_INTEGRATION
    if user.onboarding.state_of(email) is StepState.OPEN and await unit.mailboxes.of_user(user.id):
        fulfilled.add(email)
    steps = tuple((step, _state(user.onboarding.state_of(step), step in fulfilled)) for step in WizardStep)
    return replace(user.onboarding, steps=steps)


def moved(onboarding: Onboarding, step: WizardStep, state: StepState) -> Onboarding:
    """With the step in this state. Raises InvalidField for a required one that is to be skipped."""
    if step in REQUIRED and state is StepState.SKIPPED:
        raise InvalidField("/state", "step_required", "This step cannot be skipped.")
    return replace(onboarding, steps=tuple({**dict(onboarding.steps), step: state}.items()))


def _fulfilled(user: User) -> Iterator[WizardStep]:
    if user.phone and user.job_title and user.company:
        yield WizardStep.CONTACT_DETAILS
    if user.signature.kind is not SignatureKind.NONE:
        yield WizardStep.EMAIL_SIGNATURE
    if user.dialer_phone:
        yield WizardStep.DIALER_SETUP


def _state(state: StepState, fulfilled: bool) -> StepState:
    return StepState.DONE if fulfilled and state is StepState.OPEN else state
