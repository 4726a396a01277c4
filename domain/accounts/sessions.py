"""How long a session lasts, and what a new one is."""

from datetime import datetime, timedelta

from domain.accounts.model import Session
from domain.shared.ids import Ids, SessionId, UserId

# A session ends when it was not used for IDLE, and after ABSOLUTE whatever happens.
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=30)

MAXIMUM_USER_AGENT = 400


def new_session(ids: Ids, user_id: UserId, token_hash: bytes, address: str, user_agent: str, now: datetime) -> Session:
    """The session of somebody who has just shown who he is."""
    return Session(
        id=SessionId(ids.new()),
        user_id=user_id,
        token_hash=token_hash,
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE,
        address=address,
        user_agent=_plain(user_agent)[:MAXIMUM_USER_AGENT],
    )


def _plain(text: str) -> str:
    """What a client says of itself, without what cannot be stored or shown."""
    return "".join(character for character in text if character.isprintable())
