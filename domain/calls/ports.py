"""What calls need of a store."""

from collections.abc import Sequence
from typing import Protocol

from domain.accounts.ports import Users
from domain.calls.model import Voicemail
from domain.shared.files import FilesUnit
from domain.shared.ids import UserId, VoicemailId


class VoicemailStore(Protocol):
    """The voicemails of the unit's organization; what is asked for is always a certain user's."""

    async def of_user(self, user_id: UserId) -> Sequence[Voicemail]:
        """By name."""
        ...

    async def get(self, user_id: UserId, voicemail_id: VoicemailId) -> Voicemail:
        """Raises NotFound, for somebody else's too."""
        ...

    async def add(self, voicemail: Voicemail) -> None:
        """Raises Contended when somebody was faster to take its place or name."""
        ...

    async def save(self, voicemail: Voicemail) -> None:
        """Keeps another name. Raises Contended when somebody was faster to take it."""
        ...

    async def remove(self, voicemail_id: VoicemailId) -> None:
        """Without its file."""
        ...


class CallsUnit(FilesUnit, Protocol):
    """A transaction of one organization, as calls see it."""

    @property
    def users(self) -> Users: ...

    @property
    def voicemails(self) -> VoicemailStore: ...
