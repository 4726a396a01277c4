"""Personal access tokens: what one may be made for, and for how long."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.accounts.audit import Act, Action, Target
from domain.accounts.model import AccessToken
from domain.accounts.profile import required_text
from domain.shared.errors import FieldError, Forbidden, InvalidField, Rejected
from domain.shared.ids import Ids, TokenId, UserId
from domain.shared.principal import SCOPES, Role

LONGEST = timedelta(days=366)
DEFAULT_LIFETIME = timedelta(days=30)


def new_access_token(
    ids: Ids,
    user_id: UserId,
    role: Role,
    token_hash: bytes,
    name: str,
    scopes: Sequence[str],
    lifetime: timedelta,
    now: datetime,
) -> AccessToken:
    """A token with the scopes that the user's role has. Raises Rejected, Forbidden."""
    check_scopes(scopes, role)
    if not timedelta(0) < lifetime <= LONGEST:
        message = f"A token lives from 1 to {LONGEST.days} days."
        raise InvalidField("/expires_in_days", "out_of_range", message, minimum=1, maximum=LONGEST.days)
    return AccessToken(
        id=TokenId(ids.new()),
        user_id=user_id,
        name=required_text("/name", name),
        token_hash=token_hash,
        scopes=tuple(scope for scope in SCOPES if scope in scopes),
        created_at=now,
        expires_at=now + lifetime,
    )


def check_scopes(scopes: Sequence[str], role: Role) -> None:
    """Raises Rejected for none and for unknown ones, Forbidden for `admin` without being one."""
    if not scopes:
        raise InvalidField("/scopes", "required", f"Choose at least one of {', '.join(SCOPES)}.")
    unknown = [
        FieldError(f"/scopes/{position}", "unknown_scope", f"Scopes are {', '.join(SCOPES)}.")
        for position, scope in enumerate(scopes)
        if scope not in SCOPES
    ]
    if unknown:
        raise Rejected(unknown)
    if "admin" in scopes and role is not Role.ADMINISTRATOR:
        raise Forbidden("Only Administrators can make tokens with the scope admin.", "admin_scope")


def scopes_of(role: Role) -> tuple[str, ...]:
    """Everything that a token of this role can be made for."""
    return tuple(scope for scope in SCOPES if scope != "admin" or role is Role.ADMINISTRATOR)


def token_act(action: Action, token: AccessToken) -> Act:
    """What the audit log tells of a token that was made or revoked."""
    detail = {"scopes": " ".join(token.scopes), "expires_at": token.expires_at.isoformat()}
    return Act(action, Target("token", token.id, token.name), detail)
