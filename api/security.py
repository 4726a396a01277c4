"""What the user signs in with: password, sessions, second factor, passkeys. For a signed-in person alone."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from api.auth import GivenCode, GivenPassword, PasskeyOptions
from api.dependencies import CurrentPrincipal, Services, requires
from api.models import Answer, Body, PlainText, ShortText
from api.problems import documented
from domain.accounts.factors import Passkey
from domain.accounts.model import Session
from domain.shared.ids import PasskeyId, SessionId
from domain.shared.principal import Principal

# Secrets are shown once, so answers must not be remembered under an Idempotency-Key.
router = APIRouter(prefix="/me", tags=["security"])

READ = [Depends(requires("me:read"))]
WRITE = [Depends(requires("me:write"))]

NewPassword = Annotated[PlainText, StringConstraints(max_length=1000)]


class PasswordChange(Body):
    """The password, and the one from now on."""

    current: GivenPassword
    password: NewPassword


class SessionAnswer(Answer):
    """A signed-in browser; `current` is the one that asks."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
    second_factor: bool
    current: bool


class SessionList(Answer):
    """The sessions that serve, the last used first."""

    items: list[SessionAnswer]
    next_cursor: str | None = None


class SecondFactorAnswer(Answer):
    """What the user has beside the password. `required`: the organization demands one."""

    enabled: bool
    totp: bool
    passkeys: int
    recovery_codes_left: int
    required: bool


class TotpSetupAnswer(Answer):
    """For the app: the secret to be typed, the same as an address, and that as a picture (SVG, as a data address)."""

    secret: str
    uri: str
    qr: str


class Code(Body):
    """What the app shows."""

    code: GivenCode


class RecoveryCodes(Answer):
    """Shown this once; each serves once instead of the app."""

    recovery_codes: list[str]


class Password(Body):
    """To make sure that it is the user."""

    password: GivenPassword


class NewPasskey(Body):
    """The browser's answer to the options, `PublicKeyCredential.toJSON()`, and what to call it."""

    challenge_id: UUID
    name: ShortText
    credential: dict[str, Any]


class PasskeyAnswer(Answer):
    """A passkey."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class PasskeyList(Answer):
    """All passkeys of the user, oldest first. `available`: whether browsers use passkeys at this address at all."""

    items: list[PasskeyAnswer]
    next_cursor: str | None = None
    available: bool = Field(description="False where the installation has no host name with https.")


@router.post("/password", summary="Change the password", status_code=204, dependencies=WRITE, responses=documented())
async def change_password(body: PasswordChange, principal: CurrentPrincipal, services: Services) -> None:
    """The other sessions end. Wrong current passwords (`wrong_password`) are slowed down like guessing (429)."""
    await services.securing.change_password(principal, body.current, body.password)


@router.get("/sessions", summary="Where am I signed in?", dependencies=READ, responses=documented())
async def list_sessions(principal: CurrentPrincipal, services: Services) -> SessionList:
    """Every browser with a session that serves."""
    sessions = await services.securing.sessions(principal)
    return SessionList(items=[_session(session, principal) for session in sessions])


@router.delete(
    "/sessions", summary="Sign out everywhere else", status_code=204, dependencies=WRITE, responses=documented()
)
async def end_other_sessions(principal: CurrentPrincipal, services: Services) -> None:
    """Ends all sessions but the one that asks, within a second everywhere."""
    await services.securing.end_other_sessions(principal)


@router.delete(
    "/sessions/{session_id}", summary="End a session", status_code=204, dependencies=WRITE, responses=documented(404)
)
async def end_session(session_id: UUID, principal: CurrentPrincipal, services: Services) -> None:
    """Of the own ones, within a second everywhere."""
    await services.securing.end_session(principal, SessionId(session_id))


@router.get("/second-factor", summary="Which second factor have I?", dependencies=READ, responses=documented())
async def get_second_factor(principal: CurrentPrincipal, services: Services) -> SecondFactorAnswer:
    """Whether there is an app, how many passkeys and recovery codes are left."""
    return SecondFactorAnswer.model_validate(await services.second_factors.status(principal))


@router.post(
    "/second-factor/totp",
    summary="Begin to set up an app",
    status_code=201,
    dependencies=WRITE,
    responses=documented(409),
)
async def begin_totp(principal: CurrentPrincipal, services: Services) -> TotpSetupAnswer:
    """A new secret for an authenticator app (TOTP). Nothing changes until a code of it is confirmed."""
    setup = await services.second_factors.begin_totp(principal)
    return TotpSetupAnswer(secret=setup.secret, uri=setup.uri, qr=segno.make(setup.uri).svg_data_uri(scale=4))


@router.post("/second-factor/totp/confirm", summary="Confirm the app", dependencies=WRITE, responses=documented(409))
async def confirm_totp(body: Code, principal: CurrentPrincipal, services: Services) -> RecoveryCodes:
    """From now on a code is asked for at signing in. The recovery codes are in this answer and nowhere else."""
    return RecoveryCodes(recovery_codes=list(await services.second_factors.confirm_totp(principal, body.code)))


@router.delete(
    "/second-factor/totp",
    summary="Remove the app",
    status_code=204,
    dependencies=WRITE,
    responses=documented(404),
)
async def remove_totp(body: Password, principal: CurrentPrincipal, services: Services) -> None:
    """Needs the password; wrong ones (`wrong_password`) are slowed down like guessing (429)."""
    await services.second_factors.remove_totp(principal, body.password)


@router.post(
    "/second-factor/recovery-codes",
    summary="Make new recovery codes",
    status_code=201,
    dependencies=WRITE,
    responses=documented(409),
)
async def make_recovery_codes(principal: CurrentPrincipal, services: Services) -> RecoveryCodes:
    """The old ones serve no more."""
    return RecoveryCodes(recovery_codes=list(await services.second_factors.make_recovery_codes(principal)))


@router.get("/passkeys", summary="List passkeys", dependencies=READ, responses=documented())
async def list_passkeys(principal: CurrentPrincipal, services: Services) -> PasskeyList:
    """All of the user."""
    passkeys = await services.passkeys.list(principal)
    return PasskeyList(items=[_passkey(passkey) for passkey in passkeys], available=services.passkeys.available)


@router.post("/passkeys/options", summary="Begin to add a passkey", dependencies=WRITE, responses=documented(409))
async def begin_adding_passkey(principal: CurrentPrincipal, services: Services) -> PasskeyOptions:
    """For `navigator.credentials.create`. `passkeys_unavailable` (409): not at an address like this installation's."""
    challenge_id, options = await services.passkeys.begin_adding(principal)
    return PasskeyOptions(challenge_id=challenge_id, options=options)


@router.post("/passkeys", summary="Add a passkey", status_code=201, dependencies=WRITE, responses=documented(409))
async def add_passkey(body: NewPasskey, principal: CurrentPrincipal, services: Services) -> PasskeyAnswer:
    """It signs in alone from now on."""
    return _passkey(await services.passkeys.add(principal, body.challenge_id, body.name, body.credential))


@router.delete(
    "/passkeys/{passkey_id}", summary="Remove a passkey", status_code=204, dependencies=WRITE, responses=documented(404)
)
async def remove_passkey(passkey_id: UUID, principal: CurrentPrincipal, services: Services) -> None:
    """It signs in no more."""
    await services.passkeys.remove(principal, PasskeyId(passkey_id))


def _session(session: Session, principal: Principal) -> SessionAnswer:
    return SessionAnswer(
        id=session.id,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        address=session.address,
        user_agent=session.user_agent,
        second_factor=session.second_factor,
        current=session.id == principal.session_id,
    )


def _passkey(passkey: Passkey) -> PasskeyAnswer:
    return PasskeyAnswer.model_validate(passkey)
