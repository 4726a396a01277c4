"""Recordings to leave on answering machines: added, played back, renamed, removed; each by its own user alone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO

from domain.accounts.model import UserState
from domain.calls.model import Voicemail, check_name, free_slot, voicemail_name
from domain.calls.ports import CallsUnit
from domain.calls.sounds import Sound, measured
from domain.shared.clock import Clock
from domain.shared.errors import FieldError, NotFound, Rejected
from domain.shared.files import PIECE, FileStore, content_between
from domain.shared.ids import FileId, Ids, UserId, VoicemailId
from domain.shared.principal import Principal
from domain.shared.units import Units


@dataclass(frozen=True, slots=True)
class Playback:
    """The sound of a voicemail, which never changes: another recording is another `version`.

    `between(first, end)` gives the bytes from the first one up to the end.
    """

    media_type: str
    size: int
    version: str
    between: Callable[[int, int], AsyncIterator[bytes]]


class Voicemails:
    """The use cases; each concerns the principal alone."""

    def __init__(self, *, units: Units[CallsUnit], clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids

    async def all(self, principal: Principal) -> Sequence[Voicemail]:
        """The own ones, by name."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.voicemails.of_user(principal.user_id)

    async def add(self, principal: Principal, name: str, recording: BinaryIO) -> Voicemail:
        """A new voicemail; all or nothing, however many come at once. `recording` can be read from any place.

        Raises Rejected with one error a fault, VoicemailsFull; NotFound for a user who was deleted meanwhile.
        """
        named, sound = await _checked(name, recording)
        async with self._units.of(principal.organization_id) as unit:
            # Told before anything is written; certain once nobody else can add any more.
            free_slot(await unit.voicemails.of_user(principal.user_id))
            file_id = await _kept(unit.files, named, sound, recording)
            others = await _locked(unit, principal.user_id)
            slot = free_slot(others)
            check_name(named, others)
            voicemail_id, now = VoicemailId(self._ids.new()), self._clock.system()
            voicemail = Voicemail(voicemail_id, principal.user_id, slot, named, file_id, sound.seconds, now)
            await unit.voicemails.add(voicemail)
        return voicemail

    async def rename(self, principal: Principal, voicemail_id: VoicemailId, name: str) -> Voicemail:
        """Raises NotFound, Rejected."""
        named = voicemail_name(name)
        async with self._units.of(principal.organization_id) as unit:
            others = await _locked(unit, principal.user_id)
            voicemail = replace(await unit.voicemails.get(principal.user_id, voicemail_id), name=named)
            check_name(named, (other for other in others if other.id != voicemail_id))
            await unit.voicemails.save(voicemail)
        return voicemail

    async def remove(self, principal: Principal, voicemail_id: VoicemailId) -> None:
        """With its recording. Raises NotFound."""
        async with self._units.of(principal.organization_id) as unit:
            await _removed(unit, await unit.voicemails.get(principal.user_id, voicemail_id))

    async def open(self, principal: Principal, voicemail_id: VoicemailId) -> Playback:
        """What it sounds like. Raises NotFound."""
        async with self._units.of(principal.organization_id) as unit:
            voicemail = await unit.voicemails.get(principal.user_id, voicemail_id)
            file = await unit.files.get(voicemail.file_id)
        between = partial(content_between, self._units, principal.organization_id, file.id)
        return Playback(file.media_type, file.size, str(file.id), between)


async def remove_all(unit: CallsUnit, user_id: UserId) -> None:
    """Of a user who goes, and is locked: nothing can be added meanwhile, and nothing afterwards."""
    for voicemail in await unit.voicemails.of_user(user_id):
        await _removed(unit, voicemail)


async def _checked(name: str, recording: BinaryIO) -> tuple[str, Sound]:
    """Both, or what is wrong with both."""
    faults: list[FieldError] = []
    named, sound = "", None
    try:
        named = voicemail_name(name)
    except Rejected as rejected:
        faults.extend(rejected.errors)
    try:
        # It reads from a disk, and goes through thousands of frames.
        sound = await asyncio.to_thread(measured, recording)
    except Rejected as rejected:
        faults.extend(rejected.errors)
    if faults or sound is None:
        raise Rejected(faults)
    return named, sound


async def _kept(files: FileStore, name: str, sound: Sound, recording: BinaryIO) -> FileId:
    file_id = await files.begin(name, sound.media_type)
    await asyncio.to_thread(recording.seek, 0)
    for position in range(-(-sound.size // PIECE)):
        await files.append(file_id, position, await asyncio.to_thread(recording.read, PIECE))
    await files.finish(file_id, sound.size)
    return file_id


async def _locked(unit: CallsUnit, user_id: UserId) -> Sequence[Voicemail]:
    """The user's voicemails, to which nobody else adds until the unit ends. Raises NotFound for who was deleted."""
    user = await unit.users.locked(user_id)
    if user.state is UserState.DELETED:
        raise NotFound("user")
    return await unit.voicemails.of_user(user_id)


async def _removed(unit: CallsUnit, voicemail: Voicemail) -> None:
    await unit.voicemails.remove(voicemail.id)
    await unit.files.remove(voicemail.file_id)
