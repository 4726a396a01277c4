"""Changes of who gets in need a recent proof of who sits there: a session that was left open is none (ASVS 5, 7.5.1).

That is what gives access, widens it or takes a guard away: the second factor, passkeys, access tokens, who is an
Administrator, the organization's provider and its policy for signing in. What asks for the password itself needs no
other proof; what only takes access away (ending sessions, revoking, deleting) never waits.
"""

from datetime import datetime, timedelta
from typing import Protocol

from domain.accounts.access_ports import Sessions
from domain.accounts.ports import WaysIn
from domain.shared.errors import ConfirmationRequired, Unauthenticated
from domain.shared.principal import Principal

FRESH_FOR = timedelta(minutes=10)


class FreshnessUnit(Protocol):
    """A transaction in which somebody's session can be looked at."""

    @property
    def sessions(self) -> Sessions: ...

    @property
    def ways_in(self) -> WaysIn: ...


async def require_fresh(unit: FreshnessUnit, principal: Principal, now: datetime) -> None:
    """Raises ConfirmationRequired unless it was shown in the session within ten minutes who sits there.

    Nobody sits at an access token or a command: those are not asked. Raises Unauthenticated for a session that has
    ended meanwhile.
    """
    if principal.session_id is None:
        return
    shown_at = await unit.sessions.confirmed_at(principal.session_id)
    if shown_at is None:
        raise Unauthenticated
    if not is_fresh(shown_at, now):
        raise ConfirmationRequired(await unit.ways_in.of_user(principal.user_id))


def is_fresh(shown_at: datetime, now: datetime) -> bool:
    """Whether it is recent enough."""
    return now - shown_at <= FRESH_FOR
