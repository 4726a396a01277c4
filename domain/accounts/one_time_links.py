"""One-time links: what an invitation, a welcome or a forgotten password is answered with.

The link itself is nowhere but in its letter: its token is computed from the row's ids and a key, so that no secret is
stored and the same letter can be written again. Lifetimes run on system time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.shared.ids import Ids, LinkId, OrganizationId, UserId


class LinkKind(StrEnum):
    """What a link lets its user do."""

    INVITATION = "invitation"
    WELCOME = "welcome"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind


LIFETIMES = {
    LinkKind.INVITATION: timedelta(days=7),
    LinkKind.WELCOME: timedelta(days=7),
    LinkKind.PASSWORD_RESET: timedelta(minutes=30),
}
_PAGES = {
    LinkKind.INVITATION: "invitations",
    LinkKind.WELCOME: "welcome",
    LinkKind.PASSWORD_RESET: "password-resets",
}


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link of one user, for one purpose. It serves until it was used, revoked or ran out."""

    organization_id: OrganizationId
    id: LinkId
    user_id: UserId
    kind: LinkKind
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def serves(self, now: datetime) -> bool:
        """Whether it can be used. `now` is system time."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class LinkKey:
    """Which link a token names. It was made by us; whether the link still serves is for the store to say."""

    organization_id: OrganizationId
    link_id: LinkId
    kind: LinkKind


class LinkTokens(Protocol):
    """Turns links into what stands in a letter, and back."""

    def token_of(self, link: OneTimeLink) -> str:
        """The same token each time."""
        ...

    def read(self, token: str) -> LinkKey | None:
        """None for whatever was not made by us."""
        ...


class LinkStore(Protocol):
    """The one-time links of the unit's organization. `now` is system time."""

    async def add(self, link: OneTimeLink) -> None: ...

    async def get(self, link_id: LinkId) -> OneTimeLink:
        """Raises NotFound."""
        ...

    async def use(self, link_id: LinkId, now: datetime) -> OneTimeLink | None:
        """The link, which serves no more. None when it did not serve any more: however many try at once, one wins."""
        ...

    async def revoke_of(self, user_id: UserId, kind: LinkKind, now: datetime) -> int:
        """From now on none of the user's links of the kind serves. How many there were that did."""
        ...

    async def mark_sent(self, link_id: LinkId, now: datetime) -> None:
        """Its letter has left."""
        ...

    async def latest_of(self, user_ids: Iterable[UserId], *kinds: LinkKind) -> dict[UserId, OneTimeLink]:
        """The newest link of these kinds of each user who has one, whatever became of it."""
        ...


def new_link(ids: Ids, organization_id: OrganizationId, user_id: UserId, kind: LinkKind, now: datetime) -> OneTimeLink:
    """A link that serves from now on for as long as its kind does."""
    return OneTimeLink(organization_id, LinkId(ids.new()), user_id, kind, now, now + LIFETIMES[kind])


def path_of(kind: LinkKind, token: str) -> str:
    """Where in the pages a link leads."""
    return f"/app/{_PAGES[kind]}/{token}"
