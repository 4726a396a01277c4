"""The rules that end a journey whatever step it is at."""

from typing import Protocol

from domain.salesflows.model import FinishReason, SalesflowState


class Reachable(Protocol):
    """What the rules look at."""

    @property
    def deleted(self) -> bool: ...

    @property
    def opted_out(self) -> bool: ...

    @property
    def email_key(self) -> str: ...

    @property
    def email_state(self) -> str: ...

    @property
    def salesflow_state(self) -> str: ...


def ending(contact: Reachable, suppressed: bool) -> FinishReason | None:
    """Why this contact must not be written to (any more), if so; the weightiest reason first."""
    if contact.deleted:
        return FinishReason.CONTACT_DELETED
    if contact.opted_out:
        return FinishReason.OPTED_OUT
    if not contact.email_key:
        return FinishReason.NO_EMAIL
    if contact.email_state == "bounced":
        return FinishReason.BOUNCED
    if suppressed:
        return FinishReason.SUPPRESSED
    return FinishReason.ARCHIVED if contact.salesflow_state == SalesflowState.ARCHIVED else None
