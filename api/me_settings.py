"""What a user sets about himself: picture, signature, notifications, the wizard, the limits of the own mailbox."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field, StringConstraints

from api.dependencies import CurrentPrincipal, Services, requires
from api.etags import version_of
from api.models import Answer, Body, PlainText
from api.problems import documented
from domain.accounts.avatars import MEDIA_TYPE
from domain.accounts.own_settings import ShownSignature
from domain.accounts.preferences import Frequency, NotificationChoices, Onboarding, SignatureKind, StepState, WizardStep
from domain.connections.model import Mailbox, Provider
from domain.shared.errors import VersionMismatch
from domain.shared.ids import UserId

router = APIRouter(tags=["me"])

READ = [Depends(requires("me:read"))]
WRITE = [Depends(requires("me:write"))]
PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
PICTURE_BODY = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in PICTURES},
    }
}
A_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture.", "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "It is the one that you have."},
}
SignatureHtml = Annotated[PlainText, StringConstraints(max_length=20_000)]


class AvatarAnswer(Answer):
    """Where the picture is shown."""

    avatar_url: str


class TemplateAnswer(Answer):
    """A template with the user's data."""

    template: Literal[1, 2]
    html: str


class SignatureAnswer(Answer):
    """How the user's emails end. `custom` is the HTML of the user's own, kept while another kind is chosen."""

    kind: SignatureKind
    template: Literal[1, 2] | None
    html: str = Field(description="As emails show it; empty for none.")
    custom: str | None
    templates: list[TemplateAnswer]


class NewSignature(Body):
    """`template` is for a template, `html` for a custom signature; it is made harmless before it is kept."""

    kind: SignatureKind
    template: int | None = Field(None, ge=1, le=2, strict=True)
    html: SignatureHtml | None = None


class Notifications(Body):
    """About which events the user gets an email; the feed shows them all."""

    email_opened: Frequency
    email_failed: Frequency
    email_clicked: Frequency


class WizardStepAnswer(Answer):
    """A step of the wizard."""

    id: WizardStep
    state: StepState


class OnboardingAnswer(Answer):
    """How far the user is: the steps in their order. What was done elsewhere is done."""

    steps: list[WizardStepAnswer]
    tour: StepState
    completed: bool


class OnboardingChanges(Body):
    """A step and its new state, the tour's, or both."""

    step: WizardStep | None = None
    state: StepState | None = None
    tour: StepState | None = None


class MailboxAnswer(Answer):
    """The own mailbox and how much it may send in any 24 hours and in a minute."""

    address: str
    provider: Provider
    per_day: int
    per_minute: int


class MailboxLimits(Body):
    """What is given changes."""

    per_day: int | None = Field(None, ge=1, le=2000, strict=True)
    per_minute: int | None = Field(None, ge=1, le=60, strict=True)


@router.put(
    "/me/avatar",
    summary="Set the own picture",
    dependencies=WRITE,
    responses=documented(),
    openapi_extra=PICTURE_BODY,
)
async def set_avatar(request: Request, principal: CurrentPrincipal, services: Services) -> AvatarAnswer:
    """The file itself as the body: PNG, JPEG, WebP or GIF. It is cut to a square and drawn anew."""
    return AvatarAnswer(avatar_url=await services.avatars.replace(principal, await request.body()))


@router.delete(
    "/me/avatar", summary="Remove the own picture", status_code=204, dependencies=WRITE, responses=documented()
)
async def remove_avatar(principal: CurrentPrincipal, services: Services) -> None:
    """May be repeated."""
    await services.avatars.remove(principal)


@router.get(
    "/users/{user_id}/avatar",
    summary="Show the picture of a colleague",
    response_class=Response,
    dependencies=READ,
    responses={**documented(404), **A_PICTURE},
)
async def get_avatar(
    user_id: UUID,
    principal: CurrentPrincipal,
    services: Services,
    v: Annotated[
        int | None, Query(description="The version, as `avatar_url` has it: it is then kept for a day.")
    ] = None,
    if_none_match: Annotated[str | None, Header(description="The ETag of the picture that you have.")] = None,
) -> Response:
    """A square of 256 pixels in WebP."""
    avatar = await services.avatars.of(principal, UserId(user_id))
    keep = "max-age=86400" if v == avatar.version else "no-cache"
    headers = {"ETag": f'"{avatar.version}"', "Cache-Control": f"private, {keep}"}
    if _is_known(if_none_match, avatar.version):
        return Response(status_code=304, headers=headers)
    return Response(avatar.content, media_type=MEDIA_TYPE, headers=headers)


@router.get("/me/signature", summary="How do my emails end?", dependencies=READ, responses=documented())
async def get_signature(principal: CurrentPrincipal, services: Services) -> SignatureAnswer:
    """The chosen signature as emails show it, and both templates with the user's data."""
    return _signature(await services.own_settings.signature(principal))


@router.put("/me/signature", summary="Choose a signature", dependencies=WRITE, responses=documented())
async def set_signature(body: NewSignature, principal: CurrentPrincipal, services: Services) -> SignatureAnswer:
    """Emails that are written from now on end with it."""
    shown = await services.own_settings.set_signature(principal, body.kind, body.template, body.html)
    return _signature(shown)


@router.get("/me/notifications", summary="What am I told by email?", dependencies=READ, responses=documented())
async def get_notifications(principal: CurrentPrincipal, services: Services) -> Notifications:
    """One choice for each kind of event."""
    return _notifications(await services.own_settings.notifications(principal))


@router.put("/me/notifications", summary="Choose what I am told by email", dependencies=WRITE, responses=documented())
async def set_notifications(body: Notifications, principal: CurrentPrincipal, services: Services) -> Notifications:
    """Replaces all choices."""
    choices = NotificationChoices(body.email_opened, body.email_failed, body.email_clicked)
    return _notifications(await services.own_settings.set_notifications(principal, choices))


@router.get("/me/onboarding", summary="How far am I with the wizard?", dependencies=READ, responses=documented())
async def get_onboarding(principal: CurrentPrincipal, services: Services) -> OnboardingAnswer:
    """Each step is open, done or skipped."""
    return _onboarding(await services.own_settings.onboarding(principal))


@router.patch("/me/onboarding", summary="Go on with the wizard", dependencies=WRITE, responses=documented())
async def update_onboarding(
    body: OnboardingChanges, principal: CurrentPrincipal, services: Services
) -> OnboardingAnswer:
    """A step and its state belong together. What is required cannot be skipped."""
    return _onboarding(await services.own_settings.go_on(principal, body.step, body.state, body.tour))


@router.get("/me/mailbox", summary="How much may my mailbox send?", dependencies=READ, responses=documented(409))
async def get_mailbox(principal: CurrentPrincipal, services: Services) -> MailboxAnswer:
    """409 while no mailbox is connected."""
    return _mailbox(await services.mailbox_limits.own(principal))


@router.patch(
    "/me/mailbox", summary="Change how much my mailbox may send", dependencies=WRITE, responses=documented(409)
)
async def update_mailbox(body: MailboxLimits, principal: CurrentPrincipal, services: Services) -> MailboxAnswer:
    """The provider has limits of its own, which hold as well."""
    return _mailbox(await services.mailbox_limits.limit(principal, body.per_day, body.per_minute))


def _is_known(if_none_match: str | None, version: int) -> bool:
    try:
        return if_none_match is not None and version_of(if_none_match) in (None, version)
    except VersionMismatch:
        return False


def _signature(shown: ShownSignature) -> SignatureAnswer:
    templates = [{"template": template, "html": html} for template, html in shown.templates]
    told = {"kind": shown.kind, "template": shown.template, "html": shown.html, "custom": shown.custom}
    return SignatureAnswer.model_validate({**told, "templates": templates})


def _notifications(choices: NotificationChoices) -> Notifications:
    return Notifications(
        email_opened=choices.email_opened, email_failed=choices.email_failed, email_clicked=choices.email_clicked
    )


def _onboarding(onboarding: Onboarding) -> OnboardingAnswer:
    steps = [WizardStepAnswer(id=step, state=onboarding.state_of(step)) for step in WizardStep]
    return OnboardingAnswer(steps=steps, tour=onboarding.tour, completed=onboarding.completed)


def _mailbox(mailbox: Mailbox) -> MailboxAnswer:
    return MailboxAnswer.model_validate(mailbox)
