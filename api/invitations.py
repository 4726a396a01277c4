"""Links that come by mail: invitations, the welcome, forgotten passwords. For people who are not signed in."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.auth import GivenPassword, address_of, browser_of, set_cookie
from api.dependencies import Services
from api.me import answer_me
from api.me_bodies import MeAnswer
from api.models import Answer, Body, LineText, PlainText, ShortText
from api.problems import documented
from api.sessions import refuse_foreign_sites
from domain.accounts.one_time_links import LinkKind

# Answers here are secrets or depend on the browser: nothing is remembered under an Idempotency-Key.
router = APIRouter(prefix="/auth", tags=["auth"])

GivenToken = Annotated[PlainText, Path(max_length=200, description="As it stands in the link.")]


class InvitationShown(Answer):
    """Whom a link is for, and where it leads."""

    email: str
    name: str
    organization: str
    kind: LinkKind


class ChosenPassword(Body):
    """The password from now on."""

    password: GivenPassword


class Acceptance(ChosenPassword):
    """The password, and where the newcomer is, as far as it is known: without it, where the inviter is."""

    culture: ShortText | None = None
    time_zone: ShortText | None = None


class Forgetful(Body):
    """Who forgot the password."""

    email: LineText


class Nothing(Answer):
    """Nothing is told."""


@router.get("/invitations/{token}", summary="Look at an invitation", responses=documented(404))
async def look_at_invitation(token: GivenToken, services: Services) -> InvitationShown:
    """Uses nothing up. Links that were used, revoked, forged or have run out are answered alike."""
    return InvitationShown.model_validate(await services.inviting.look(token))


@router.post("/invitations/{token}/accept", summary="Accept an invitation", responses=documented(404, 409))
async def accept_invitation(
    token: GivenToken, body: Acceptance, request: Request, response: Response, services: Services
) -> MeAnswer:
    """Sets the password, answers with the user and sets the session cookie. Serves once.

    Answers 409 when somebody signs in with this address elsewhere by now.
    """
    refuse_foreign_sites(request, services)
    place = body.model_dump(include={"culture", "time_zone"}, exclude_none=True)
    signed_in = await services.inviting.accept(token, body.password, place, **browser_of(request, services))
    set_cookie(response, services, signed_in)
    return answer_me(await services.accounts.me(signed_in.principal))


@router.post("/password-resets", summary="Ask for another password", status_code=202, responses=documented())
async def ask_for_password_reset(body: Forgetful, request: Request, services: Services) -> Nothing:
    """Whoever signs in with this address gets a mail with a link, good once within half an hour.

    Known and unknown addresses are answered alike.
    """
    refuse_foreign_sites(request, services)
    await services.password_resets.ask(body.email, address_of(request))
    return Nothing()


@router.post("/password-resets/{token}", summary="Choose another password", status_code=204, responses=documented(404))
async def reset_password(token: GivenToken, body: ChosenPassword, request: Request, services: Services) -> None:
    """Ends all sessions of the user and opens none; access tokens stay."""
    refuse_foreign_sites(request, services)
    await services.password_resets.reset(token, body.password)
