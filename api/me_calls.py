"""What a user needs for calls: the phone that rings first, and voicemails to leave behind."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import Field

from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body, ShortText
from api.problems import documented
from api.ranges import in_parts
from api.uploads import described, uploaded
from domain.accounts.profile import MAXIMUM_LENGTH
from domain.calls.model import MOST_VOICEMAILS, DialerPhone, Voicemail
from domain.shared.ids import VoicemailId

router = router_for("me")

READ = [Depends(requires("me:read"))]
WRITE = [Depends(requires("me:write"))]
A_RECORDING = described({"name": {"type": "string", "minLength": 1, "maxLength": MAXIMUM_LENGTH}}, "name")
SOUND = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("audio/wav", "audio/mpeg")}
THE_SOUND: dict[int | str, dict[str, Any]] = {
    200: {"description": "All of it.", "content": SOUND},
    206: {"description": "The part that was asked for.", "content": SOUND},
    304: {"description": "It is the one that you have."},
}


class VoicemailAnswer(Answer):
    """A recording to leave on answering machines; `audio_url` is where it is played from."""

    id: UUID
    name: str
    seconds: int
    created_at: datetime
    audio_url: str


class VoicemailList(Answer):
    """All voicemails of the user, by name, and how many there can be."""

    items: list[VoicemailAnswer]
    next_cursor: str | None = None
    maximum: int = MOST_VOICEMAILS


class VoicemailName(Body):
    """What a voicemail is called."""

    name: ShortText


class PhoneAnswer(Answer):
    """The phone that the user calls from; null while none is chosen. It serves once it is verified."""

    phone: str | None
    extension: str | None
    verified: bool
    verified_at: datetime | None


class NewPhone(Body):
    """A number, read as one of the user's country unless it says another, and what is dialed once it is answered."""

    phone: ShortText
    extension: ShortText | None = Field(None, description="Up to ten digits.")


@router.get("/me/phone", summary="Which phone do I call from?", dependencies=READ, responses=documented())
async def get_phone(principal: CurrentPrincipal, services: Services) -> PhoneAnswer:
    """It rings first, then who is called."""
    return _phone(await services.dialer_phones.get(principal))


@router.put("/me/phone", summary="Choose the phone that I call from", dependencies=WRITE, responses=documented())
async def set_phone(body: NewPhone, principal: CurrentPrincipal, services: Services) -> PhoneAnswer:
    """Kept as E.164. Another number or extension has yet to be verified."""
    return _phone(await services.dialer_phones.choose(principal, body.phone, body.extension))


@router.delete("/me/phone", summary="Call from no phone", status_code=204, dependencies=WRITE, responses=documented())
async def remove_phone(principal: CurrentPrincipal, services: Services) -> None:
    """May be repeated."""
    await services.dialer_phones.remove(principal)


@router.get("/me/voicemails", summary="List voicemails", dependencies=READ, responses=documented())
async def list_voicemails(principal: CurrentPrincipal, services: Services) -> VoicemailList:
    """The own ones, by name."""
    return VoicemailList(items=[_voicemail(one) for one in await services.voicemails.all(principal)])


@router.post(
    "/me/voicemails",
    summary="Add a voicemail",
    status_code=201,
    dependencies=WRITE,
    responses=documented(409),
    openapi_extra=A_RECORDING,
)
async def add_voicemail(request: Request, principal: CurrentPrincipal, services: Services) -> VoicemailAnswer:
    """A recording of 1 to 90 seconds and at most 10 MiB: MP3, or WAV of PCM with 8 or 16 bits, μ-law or A-law.

    409 `voicemails_full` when there is no room for another.
    """
    async with uploaded(request, "name") as upload:
        return _voicemail(await services.voicemails.add(principal, upload.fields["name"], upload.file))


@router.get(
    "/me/voicemails/{voicemail_id}/audio",
    summary="Play a voicemail",
    response_class=Response,
    dependencies=READ,
    responses={**documented(404, 416), **THE_SOUND},
)
async def play_voicemail(
    voicemail_id: UUID,
    principal: CurrentPrincipal,
    services: Services,
    wanted: Annotated[str | None, Header(alias="range", description="A range of bytes.")] = None,
    if_range: Annotated[str | None, Header(description="The ETag of what the range continues.")] = None,
    if_none_match: Annotated[str | None, Header(description="The ETag of the recording that you have.")] = None,
) -> Response:
    """The recording as it came in. It never changes."""
    playback = await services.voicemails.open(principal, VoicemailId(voicemail_id))
    etag = f'"{playback.version}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=86400"}
    if if_none_match is not None and etag in if_none_match:
        return Response(status_code=304, headers=headers)
    asked = wanted if if_range in (None, etag) else None
    return in_parts(playback.size, playback.media_type, playback.between, asked, headers)


@router.patch(
    "/me/voicemails/{voicemail_id}", summary="Rename a voicemail", dependencies=WRITE, responses=documented(404)
)
async def rename_voicemail(
    voicemail_id: UUID, body: VoicemailName, principal: CurrentPrincipal, services: Services
) -> VoicemailAnswer:
    """Each has a name of its own, whatever its accents and capitals."""
    return _voicemail(await services.voicemails.rename(principal, VoicemailId(voicemail_id), body.name))


@router.delete(
    "/me/voicemails/{voicemail_id}",
    summary="Remove a voicemail",
    status_code=204,
    dependencies=WRITE,
    responses=documented(404),
)
async def remove_voicemail(voicemail_id: UUID, principal: CurrentPrincipal, services: Services) -> None:
    """With its recording."""
    await services.voicemails.remove(principal, VoicemailId(voicemail_id))


def _phone(phone: DialerPhone | None) -> PhoneAnswer:
    if phone is None:
        return PhoneAnswer(phone=None, extension=None, verified=False, verified_at=None)
    told = {"phone": phone.phone, "extension": phone.extension, "verified_at": phone.verified_at}
    return PhoneAnswer.model_validate({**told, "verified": phone.verified_at is not None})


def _voicemail(voicemail: Voicemail) -> VoicemailAnswer:
    return VoicemailAnswer(
        id=voicemail.id,
        name=voicemail.name,
        seconds=voicemail.seconds,
        created_at=voicemail.created_at,
        audio_url=f"/me/voicemails/{voicemail.id}/audio",
    )
