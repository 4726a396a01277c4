"""How long a session lasts, and what a new one is."""

from datetime import datetime, timedelta

from domain.accounts.model import Session, SignInPolicy
from domain.shared.ids import Ids, SessionId, UserId

MAXIMUM_USER_AGENT = 400


def new_session(
    ids: Ids,
    user_id: UserId,
    token_hash: bytes,
    address: str,
    user_agent: str,
    now: datetime,
    policy: SignInPolicy,
    *,
    second_factor: bool = False,
) -> Session:
    """The session of somebody who has just shown who he is; it lasts for as long as the organization lets it."""
    return Session(
        id=SessionId(ids.new()),
        user_id=user_id,
        token_hash=token_hash,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=policy.session_days),
        address=address,
        user_agent=_plain(user_agent)[:MAXIMUM_USER_AGENT],
        idle_seconds=policy.session_idle_minutes * 60,
        second_factor=second_factor,
    )


def _plain(text: str) -> str:
    """What a client says of itself, without what cannot be stored or shown."""
    return "".join(character for character in text if character.isprintable())
