"""A user's preferences as JSON columns; None where nothing was set."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from domain.accounts.model import User
from domain.accounts.preferences import (
    Address,
    Away,
    Frequency,
    NotificationChoices,
    Onboarding,
    Signature,
    SignatureKind,
    StepState,
    WizardStep,
)

Document = Mapping[str, Any]


def columns(user: User) -> dict[str, object]:
    """The columns of a user that hold preferences."""
    return {
        "address": asdict(user.address) if user.address != Address() else None,
        "signature": asdict(user.signature) if user.signature != Signature() else None,
        "notifications": asdict(user.notifications) if user.notifications != NotificationChoices() else None,
        "onboarding": _onboarding_document(user.onboarding) if user.onboarding != Onboarding() else None,
        "away": [_away_document(one) for one in user.away] or None,
    }


def fields(row: Any) -> dict[str, Any]:
    """The fields of a user that a row of `users` gives."""
    return {
        "address": Address(**row.address) if row.address else Address(),
        "signature": signature(row.signature),
        "notifications": _notifications(row.notifications) if row.notifications else NotificationChoices(),
        "onboarding": _onboarding(row.onboarding) if row.onboarding else Onboarding(),
        "away": away(row.away),
    }


def signature(document: Document | None) -> Signature:
    """From its column."""
    if document is None:
        return Signature()
    return Signature(SignatureKind(document["kind"]), document["template"], document["html"])


def away(documents: Sequence[Document] | None) -> tuple[Away, ...]:
    """From its column."""
    return tuple(
        Away(date.fromisoformat(one["first"]), date.fromisoformat(one["last"]), one["note"]) for one in documents or ()
    )


def _notifications(document: Document) -> NotificationChoices:
    return NotificationChoices(**{name: Frequency(choice) for name, choice in document.items()})


def _onboarding(document: Document) -> Onboarding:
    steps = tuple((WizardStep(step), StepState(state)) for step, state in document["steps"].items())
    return Onboarding(steps, StepState(document["tour"]))


def _onboarding_document(onboarding: Onboarding) -> Document:
    return {"steps": {step.value: state.value for step, state in onboarding.steps}, "tour": onboarding.tour.value}


def _away_document(one: Away) -> Document:
    return {"first": one.first.isoformat(), "last": one.last.isoformat(), "note": one.note}
