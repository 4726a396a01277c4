"""Mail of our own: letters from Engage itself to its users, whatever carries them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class LetterKind(StrEnum):
    """What a letter is for; each has its own wording."""

    WELCOME = "welcome"
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind
    NOTIFICATION = "notification"
    CONNECTION_LOST = "connection_lost"
    SECURITY_NOTICE = "security_notice"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person, in the language of the culture (like `de-DE`).

    `link` is where its one button leads. `about` chooses among the wordings of a kind that has several; `values` are
    what the wording names, as plain text.
    """

    kind: LetterKind
    to: str
    name: str
    culture: str
    link: str = field(repr=False)
    about: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class Mailer(Protocol):
    """Carries letters."""

    async def send(self, letter: Letter, message_id: str) -> None:
        """Hands it over. The same letter is always sent under the same `message_id` (with its angle brackets).

        Raises ProviderRejected when it will never be taken, ProviderThrottled and ProviderUnavailable when it was not
        taken for now, ProviderUnknown when it may have been.
        """
        ...
