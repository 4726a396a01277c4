"""The wizard: what counts as done by itself, and what cannot be skipped."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.accounts.model import User
from domain.accounts.onboarding import FINISHED, moved, standing
from domain.accounts.preferences import Onboarding, Signature, SignatureKind, StepState, WizardStep
from domain.shared.errors import InvalidField
from domain.shared.ids import UserId
from domain.shared.principal import Role

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 25, tzinfo=UTC)
NEW = User(UserId(UUID(int=1)), "ann@example.com", "Ann", Role.CONTRIBUTOR, NOW, NOW)


class Office:
    """A unit in which there is a mailbox, or none."""

    def __init__(self, mailbox: object | None = None) -> None:
        self._mailbox = mailbox
        self.asked = 0

    @property
    def mailboxes(self) -> "Office":
        return self

    async def of_user(self, user_id: UserId) -> object | None:
        self.asked += 1
        return self._mailbox


async def states(user: User, office: Office | None = None) -> dict[str, str]:
    found = await standing(office or Office(), user)
    return {step.value: state.value for step, state in found.steps}


async def test_everything_is_open_for_a_new_user_in_the_order_of_the_wizard() -> None:
    assert await states(NEW) == dict.fromkeys([step.value for step in WizardStep], "open")


async def test_what_was_done_elsewhere_is_done() -> None:
    user = replace(NEW, phone="+12025550123", job_title="Buyer", company="Contoso")
    assert (await states(user))["contact_details"] == "done"
    user = replace(NEW, signature=Signature(SignatureKind.TEMPLATE, 1))
    assert (await states(user))["email_signature"] == "done"
    assert (await states(NEW, Office("a mailbox")))["email_integration"] == "done"
    assert (await states(replace(NEW, dialer_phone="+12025550123")))["dialer_setup"] == "done"


async def test_what_was_skipped_stays_skipped() -> None:
    skipped = moved(Onboarding(), WizardStep.EMAIL_INTEGRATION, StepState.SKIPPED)
    office = Office("a mailbox")
    assert (await states(replace(NEW, onboarding=skipped), office))["email_integration"] == "skipped"
    assert office.asked == 0


async def test_the_wizard_is_completed_by_the_last_step() -> None:
    left = Onboarding(tuple((step, StepState.SKIPPED) for step in list(WizardStep)[1:]))
    assert not (await standing(Office(), replace(NEW, onboarding=left))).completed
    done = moved(left, WizardStep.CONTACT_DETAILS, StepState.DONE)
    assert (await standing(Office(), replace(NEW, onboarding=done))).completed


def test_the_name_is_required() -> None:
    with pytest.raises(InvalidField) as refused:
        moved(Onboarding(), WizardStep.CONTACT_DETAILS, StepState.SKIPPED)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/state", "step_required")]


def test_whoever_has_finished_has_done_everything() -> None:
    assert FINISHED.completed
    assert FINISHED.tour is StepState.DONE
