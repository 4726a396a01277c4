"""Voicemails: a user's own, twenty at most and each with a name of its own, whatever happens at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from adapters.ids import RandomIds
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.model import User, UserState
from domain.calls.model import MOST_VOICEMAILS, Voicemail, VoicemailsFull
from domain.calls.voicemails import Voicemails
from domain.shared.errors import Contended, NotFound, Rejected
from domain.shared.principal import Principal
from tests.adapters.postgres.conftest import People, SetClock
from tests.recordings import mp3, wav

pytestmark = pytest.mark.anyio


@pytest.fixture
def voicemails(units: PostgresUnits, clock: SetClock) -> Voicemails:
    return Voicemails(units=units, clock=clock, ids=RandomIds())


@pytest.fixture
async def ann(people: People) -> User:
    return await people.add()


@pytest.fixture
def who(people: People, ann: User) -> Principal:
    return Principal(people.organization_id, ann.id, ann.role)


async def add(voicemails: Voicemails, who: Principal, *names: str, content: bytes | None = None) -> list[Voicemail]:
    return [await voicemails.add(who, name, BytesIO(content or wav())) for name in names]


async def fill(voicemails: Voicemails, who: Principal, count: int = MOST_VOICEMAILS) -> list[Voicemail]:
    return await add(voicemails, who, *(f"Recording {n}" for n in range(count)))


async def heard(voicemails: Voicemails, who: Principal, voicemail: Voicemail) -> bytes:
    playback = await voicemails.open(who, voicemail.id)
    return b"".join([part async for part in playback.between(0, playback.size)])


async def file_count(people: People) -> int:
    async with people.units.of(people.organization_id) as unit:
        found = await unit.files._transaction.driver.fetchval("select count(*) from files")
    return int(found)


def names(found: Sequence[Voicemail]) -> list[str]:
    return [voicemail.name for voicemail in found]


async def test_they_are_listed_by_name(voicemails: Voicemails, who: Principal) -> None:
    await add(voicemails, who, "Übergabe", "again", "Zero", "Umbrella")
    assert names(await voicemails.all(who)) == ["again", "Übergabe", "Umbrella", "Zero"]


@pytest.mark.parametrize("content", [wav(2), mp3(2), wav(60, rate=44_100)])
async def test_what_is_played_is_what_came_in(voicemails: Voicemails, who: Principal, content: bytes) -> None:
    [voicemail] = await add(voicemails, who, "Hello", content=content)
    assert await heard(voicemails, who, voicemail) == content


async def test_the_place_of_a_removed_one_is_free_again(people: People, voicemails: Voicemails, who: Principal) -> None:
    full = await fill(voicemails, who)
    assert [voicemail.slot for voicemail in full] == list(range(1, 21))
    with pytest.raises(VoicemailsFull):
        await add(voicemails, who, "One too many")
    await voicemails.remove(who, full[6].id)
    [added] = await add(voicemails, who, "Recording 6")
    assert added.slot == 7
    assert await file_count(people) == MOST_VOICEMAILS


async def test_of_many_at_once_as_many_are_added_as_there_is_room_for(
    people: People, voicemails: Voicemails, who: Principal
) -> None:
    await fill(voicemails, who, 18)
    adding = [voicemails.add(who, f"At once {n}", BytesIO(wav())) for n in range(30)]
    outcomes: list[Any] = await asyncio.gather(*adding, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Voicemail"] * 2 + ["VoicemailsFull"] * 28
    assert sorted(voicemail.slot for voicemail in await voicemails.all(who)) == list(range(1, 21))
    assert await file_count(people) == 20


async def test_of_many_with_one_name_one_is_added(people: People, voicemails: Voicemails, who: Principal) -> None:
    adding = [voicemails.add(who, name, BytesIO(wav())) for name in ("Hello", "HELLO", "Hélló") * 5]
    outcomes: list[Any] = await asyncio.gather(*adding, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvalidField"] * 14 + ["Voicemail"]
    assert await file_count(people) == 1


async def test_places_and_names_are_the_database_s_business_too(
    people: People, voicemails: Voicemails, who: Principal
) -> None:
    """For whoever forgets to lock."""
    one, other = await add(voicemails, who, "One", "Other")
    for clash in ({"slot": one.slot, "name": "Third"}, {"slot": 3, "name": "ONE"}):
        values = {field: getattr(other, field) for field in other.__dataclass_fields__} | clash
        with pytest.raises(Contended):
            async with people.units.of(people.organization_id) as unit:
                await unit.voicemails.add(Voicemail(**{**values, "id": RandomIds().new()}))


async def test_a_voicemail_is_renamed_also_to_another_spelling(voicemails: Voicemails, who: Principal) -> None:
    first, _ = await add(voicemails, who, "Hello", "Other")
    assert (await voicemails.rename(who, first.id, " HÉLLO ")).name == "HÉLLO"
    with pytest.raises(Rejected):
        await voicemails.rename(who, first.id, "other")
    assert names(await voicemails.all(who)) == ["HÉLLO", "Other"]


async def test_a_removed_one_is_gone_with_its_recording(people: People, voicemails: Voicemails, who: Principal) -> None:
    [voicemail] = await add(voicemails, who, "Hello")
    await voicemails.remove(who, voicemail.id)
    assert (await voicemails.all(who), await file_count(people)) == ([], 0)
    for act in (voicemails.open(who, voicemail.id), voicemails.remove(who, voicemail.id)):
        with pytest.raises(NotFound):
            await act


async def test_a_colleague_s_voicemail_is_missing_and_his_names_are_free(
    people: People, voicemails: Voicemails, who: Principal
) -> None:
    [voicemail] = await add(voicemails, who, "Hello")
    bob = await people.add("Bob")
    colleague = Principal(people.organization_id, bob.id, bob.role)
    for act in (
        voicemails.open(colleague, voicemail.id),
        voicemails.rename(colleague, voicemail.id, "Mine"),
        voicemails.remove(colleague, voicemail.id),
    ):
        with pytest.raises(NotFound):
            await act
    await add(voicemails, colleague, "Hello")
    assert await heard(voicemails, who, voicemail) == wav()


async def test_nothing_is_left_of_what_was_refused(people: People, voicemails: Voicemails, who: Principal) -> None:
    await add(voicemails, who, "Hello")
    for name, content in (("hello", wav()), ("", wav()), ("Other", b"MZ"), ("", b"MZ")):
        with pytest.raises(Rejected) as refused:
            await voicemails.add(who, name, BytesIO(content))
        assert [fault.pointer for fault in refused.value.errors] == (
            ["/name"] * (name in ("hello", "")) + ["/file"] * (content == b"MZ")
        )
    assert (len(await voicemails.all(who)), await file_count(people)) == (1, 1)


async def test_nothing_is_added_for_somebody_who_was_deleted_meanwhile(
    people: People, voicemails: Voicemails, who: Principal, ann: User
) -> None:
    async with people.units.of(people.organization_id) as unit:
        await unit.users.save(replace(ann, state=UserState.DELETED, deleted_at=people.now))
    with pytest.raises(NotFound):
        await add(voicemails, who, "Too late")
    assert await file_count(people) == 0
