"""Showing again who sits at a session, which changes of who gets in ask for (`confirmation_required`, 403)."""

from fastapi import APIRouter, Depends

from api.auth import GivenCode, GivenPassword, PasskeyOptions, PasskeySignIn
from api.dependencies import CurrentPrincipal, Services, requires
from api.models import Body
from api.problems import documented
from domain.accounts.confirming import PasskeyProof, Proof

# A proof serves once, so nothing is remembered under an Idempotency-Key.
router = APIRouter(prefix="/auth/confirmation", tags=["auth"])

WRITE = [Depends(requires("me:write"))]


class Confirmation(Body):
    """One of them. `code` is what the app shows, or a recovery code."""

    password: GivenPassword | None = None
    code: GivenCode | None = None
    passkey: PasskeySignIn | None = None


@router.post("", summary="Confirm who I am", status_code=204, dependencies=WRITE, responses=documented())
async def confirm(body: Confirmation, principal: CurrentPrincipal, services: Services) -> None:
    """For ten minutes the session may change what asks for it: `confirmation_required` (403), whose `methods` say what
    the user has. Who has `single_sign_on` alone signs in through it anew. Who guesses has to wait longer and longer
    (429). For a signed-in person only.
    """
    passkey = PasskeyProof(body.passkey.challenge_id, body.passkey.credential) if body.passkey else None
    await services.confirming.confirm(principal, Proof(body.password, body.code, passkey))


@router.post("/options", summary="Begin to confirm with a passkey", dependencies=WRITE, responses=documented(409))
async def begin_confirming_with_passkey(principal: CurrentPrincipal, services: Services) -> PasskeyOptions:
    """For `navigator.credentials.get`, and the user's own passkeys alone."""
    challenge_id, options = await services.confirming.begin_by_passkey(principal)
    return PasskeyOptions(challenge_id=challenge_id, options=options)
