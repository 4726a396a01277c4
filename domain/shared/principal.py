"""Who asks, and what they may."""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.shared.errors import Forbidden, InsufficientScope
from domain.shared.ids import OrganizationId, SessionId, UserId


class Role(StrEnum):
    """Administrators see and do everything of the organization, Contributors their own work."""

    ADMINISTRATOR = "administrator"
    CONTRIBUTOR = "contributor"


# One pair a resource, and `admin` for everything below /admin.
SCOPES = (
    "contacts:read",
    "contacts:write",
    "salesflows:read",
    "salesflows:write",
    "emails:read",
    "emails:write",
    "me:read",
    "me:write",
    "admin",
)


@dataclass(frozen=True, slots=True)
class Principal:
    """A user of one organization. `scopes` is None for a session, which may all that the role may.

    `must_set_up_second_factor`: the organization requires one, and this session or token is without.
    """

    organization_id: OrganizationId
    user_id: UserId
    role: Role
    scopes: frozenset[str] | None = None
    must_set_up_second_factor: bool = False
    session_id: SessionId | None = field(default=None, compare=False)

    @property
    def is_administrator(self) -> bool:
        return self.role is Role.ADMINISTRATOR

    def require(self, scope: str) -> None:
        """Raises InsufficientScope when a token was made for less."""
        if self.scopes is not None and scope not in self.scopes:
            raise InsufficientScope(scope)

    def require_administrator(self) -> None:
        """Raises Forbidden for Contributors, InsufficientScope for a token without `admin`."""
        if not self.is_administrator:
            raise Forbidden("Only Administrators can do this.", "administrators_only")
        self.require("admin")

    def require_session(self) -> None:
        """Raises Forbidden for tokens: credentials are changed by a signed-in person alone."""
        if self.scopes is not None:
            raise Forbidden("This needs a signed-in person, not a token.", "no_tokens")
