"""What a user needs for calls: a phone that rings first, and recordings to leave behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.accounts.model import User
from domain.accounts.profile import required_text
from domain.contacts.folding import sort_key
from domain.shared.errors import Conflict, InvalidField
from domain.shared.ids import FileId, UserId, VoicemailId

MOST_VOICEMAILS = 20
MOST_BYTES = 10 * 1024 * 1024
SHORTEST_SECONDS = 1
LONGEST_SECONDS = 90
NAME = "/name"
FILE = "/file"


class VoicemailsFull(Conflict):
    """The user has as many voicemails as there is room for."""

    code = "voicemails_full"

    def __init__(self) -> None:
        message = f"You have {MOST_VOICEMAILS} voicemails, and there is no room for more. Remove one first."
        super().__init__(message, maximum=MOST_VOICEMAILS)


@dataclass(frozen=True, slots=True)
class Voicemail:
    """A recording that its user leaves on answering machines. `slot` is its place, 1 to MOST_VOICEMAILS."""

    id: VoicemailId
    user_id: UserId
    slot: int
    name: str
    file_id: FileId
    seconds: int
    created_at: datetime

    @property
    def name_key(self) -> str:
        return sort_key(self.name)


@dataclass(frozen=True, slots=True)
class DialerPhone:
    """The phone that rings when its user calls somebody; it serves once a call has shown whose it is."""

    phone: str
    extension: str | None = None
    verified_at: datetime | None = None


def voicemail_name(given: str) -> str:
    """Trimmed. Raises InvalidField."""
    name = required_text(NAME, given)
    if not sort_key(name):
        raise InvalidField(NAME, "required", "This must not be empty.")
    return name


def check_name(name: str, others: Iterable[Voicemail]) -> None:
    """Raises InvalidField when one of the others is called so, whatever its accents and capitals."""
    if sort_key(name) in {other.name_key for other in others}:
        raise InvalidField(NAME, "voicemail_name_taken", "You have a voicemail with this name. Choose another one.")


def free_slot(others: Iterable[Voicemail]) -> int:
    """The first place that is left. Raises VoicemailsFull."""
    taken = {other.slot for other in others}
    free = (slot for slot in range(1, MOST_VOICEMAILS + 1) if slot not in taken)
    slot = next(free, None)
    if slot is None:
        raise VoicemailsFull
    return slot


def dialer_phone(user: User) -> DialerPhone | None:
    """The one that the user has chosen."""
    if user.dialer_phone is None:
        return None
    return DialerPhone(user.dialer_phone, user.dialer_extension, user.dialer_phone_verified_at)
