"""Voicemails: uploaded, played back, renamed, removed; whatever is no recording is refused and leaves nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.calls.model import MOST_BYTES
from tests.recordings import FLOAT, id3, mp3, wav

pytestmark = pytest.mark.anyio
RECORDING = wav(3)
EXECUTABLE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(5000)


async def add(
    client: httpx.AsyncClient, name: str = "Introduction", content: bytes = RECORDING, file: str = "hello.wav"
) -> httpx.Response:
    return await client.post("/me/voicemails", data={"name": name}, files={"file": (file, content, "audio/wav")})


async def added(client: httpx.AsyncClient, name: str = "Introduction", content: bytes = RECORDING) -> dict[str, Any]:
    answer = await add(client, name, content)
    assert answer.status_code == 201, answer.text
    voicemail: dict[str, Any] = answer.json()
    return voicemail


async def names(client: httpx.AsyncClient) -> list[str]:
    return [one["name"] for one in (await client.get("/me/voicemails")).json()["items"]]


def faults(answer: httpx.Response, status: int = 422) -> list[tuple[str, str]]:
    assert answer.status_code == status, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


# Added and listed


async def test_a_voicemail_is_added_and_listed_by_name(client: httpx.AsyncClient) -> None:
    empty = (await client.get("/me/voicemails")).json()
    assert empty == {"items": [], "next_cursor": None, "maximum": 20}
    voicemail = await added(client, " Introduction ")
    assert {**voicemail, "created_at": ""} == {
        "id": voicemail["id"],
        "name": "Introduction",
        "seconds": 3,
        "created_at": "",
        "audio_url": f"/me/voicemails/{voicemail['id']}/audio",
    }
    await added(client, "Again")
    assert await names(client) == ["Again", "Introduction"]


async def test_the_content_decides_not_what_the_file_is_called(client: httpx.AsyncClient) -> None:
    for number, (file, content, kind) in enumerate(
        [("hello.exe", wav(2), "audio/wav"), ("hello.wav", mp3(2), "audio/mpeg"), ("", wav(2), "audio/wav")]
    ):
        answer = await add(client, f"Recording {number}", content, file or "x")
        assert (await client.get(answer.json()["audio_url"])).headers["content-type"] == kind


async def test_an_upload_that_is_repeated_under_its_key_is_done_once(client: httpx.AsyncClient) -> None:
    asked = client.build_request(
        "POST", "/me/voicemails", data={"name": "Once"}, files={"file": ("a.wav", RECORDING, "audio/wav")}
    )
    content, headers = await asked.aread(), {**asked.headers, "idempotency-key": "k"}
    answers = [await client.post("/me/voicemails", content=content, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert await names(client) == ["Once"]


# Played back


@pytest.mark.parametrize(
    ("content", "kind"), [(RECORDING, "audio/wav"), (mp3(3, before=id3(b"x")), "audio/mpeg"), (wav(80), "audio/wav")]
)
async def test_a_voicemail_is_played_as_it_came_in(client: httpx.AsyncClient, content: bytes, kind: str) -> None:
    answer = await client.get((await added(client, content=content))["audio_url"])
    assert (answer.status_code, answer.content) == (200, content)
    told = ("content-type", "content-length", "accept-ranges", "cache-control", "x-content-type-options")
    assert [answer.headers[name] for name in told] == [
        kind,
        str(len(content)),
        "bytes",
        "private, max-age=86400",
        "nosniff",
    ]


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-", 0, None),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=300000-", 300_000, None),
        ("bytes=262143-262144", 262_143, 262_145),
        ("bytes=0-99999999999", 0, None),
        ("bytes=-500", -500, None),
        ("bytes=-99999999", 0, None),
    ],
)
async def test_a_player_may_ask_for_a_part(client: httpx.AsyncClient, asked: str, first: int, end: int | None) -> None:
    content = wav(60)
    url = (await added(client, content=content))["audio_url"]
    answer = await client.get(url, headers={"range": asked})
    part = content[first:end]
    assert (answer.status_code, answer.content) == (206, part)
    begin = first % len(content)
    assert answer.headers["content-range"] == f"bytes {begin}-{begin + len(part) - 1}/{len(content)}"
    assert (answer.headers["content-length"], answer.headers["content-type"]) == (str(len(part)), "audio/wav")


@pytest.mark.parametrize(
    "asked", ["", "bytes=", "bytes=-", "bytes=9-1", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "x"]
)
async def test_what_is_no_single_range_is_answered_with_all_of_it(client: httpx.AsyncClient, asked: str) -> None:
    url = (await added(client))["audio_url"]
    answer = await client.get(url, headers={"range": asked})
    assert (answer.status_code, answer.content) == (200, RECORDING)


@pytest.mark.parametrize("asked", [f"bytes={len(RECORDING)}-", "bytes=9999999999999999999-", "bytes=-0"])
async def test_a_range_behind_the_end_is_416(client: httpx.AsyncClient, asked: str) -> None:
    url = (await added(client))["audio_url"]
    answer = await client.get(url, headers={"range": asked})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(RECORDING)}"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_recording_that_is_known_is_not_sent_again(client: httpx.AsyncClient) -> None:
    url = (await added(client))["audio_url"]
    etag = (await client.get(url)).headers["etag"]
    again = await client.get(url, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await client.get(url, headers={"if-none-match": '"other"'})).status_code == 200


async def test_a_part_continues_only_the_recording_that_it_is_of(client: httpx.AsyncClient) -> None:
    url = (await added(client))["audio_url"]
    etag = (await client.get(url)).headers["etag"]
    for known, status in ((etag, 206), ('"other"', 200), (f"W/{etag}", 200)):
        answer = await client.get(url, headers={"range": "bytes=5-9", "if-range": known})
        assert answer.status_code == status


# Renamed and removed


async def test_a_voicemail_is_renamed(client: httpx.AsyncClient) -> None:
    voicemail = await added(client)
    answer = await client.patch(f"/me/voicemails/{voicemail['id']}", json={"name": " Follow-up "})
    assert answer.json() == {**voicemail, "name": "Follow-up"}
    assert await names(client) == ["Follow-up"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "required"),
        ("SECOND", "voicemail_name_taken"),
        ("Sécond", "voicemail_name_taken"),
        ("a\nb", "invalid_text"),
    ],
)
async def test_a_name_that_cannot_be_is_refused(client: httpx.AsyncClient, name: str, code: str) -> None:
    voicemail, _ = await added(client), await added(client, "Second")
    assert faults(await client.patch(f"/me/voicemails/{voicemail['id']}", json={"name": name})) == [("/name", code)]
    assert faults(await add(client, name)) == [("/name", code)]
    assert await names(client) == ["Introduction", "Second"]


async def test_a_removed_voicemail_is_gone_and_its_name_free(client: httpx.AsyncClient) -> None:
    voicemail = await added(client)
    assert (await client.delete(f"/me/voicemails/{voicemail['id']}")).status_code == 204
    assert (await client.delete(f"/me/voicemails/{voicemail['id']}")).status_code == 404
    assert (await client.get(voicemail["audio_url"])).status_code == 404
    await added(client)


async def test_a_colleague_s_voicemail_answers_as_a_missing_one(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    voicemail = await added(client)
    asks: list[tuple[str, str, Any]] = [
        ("GET", "/me/voicemails/{}/audio", None),
        ("PATCH", "/me/voicemails/{}", {"name": "Mine"}),
        ("DELETE", "/me/voicemails/{}", None),
    ]
    for method, path, body in asks:
        answers = [
            await administrator.request(method, path.format(one), json=body) for one in (voicemail["id"], uuid4())
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert await names(administrator) == []
    assert await names(client) == ["Introduction"]


# Refused


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_recording"),
        (b"not audio", "not_a_recording"),
        (EXECUTABLE, "not_a_recording"),
        (b"<html><script>alert(1)</script></html>", "not_a_recording"),
        (RECORDING[:-1], "recording_cut_off"),
        (mp3(3)[:-100], "recording_cut_off"),
        (wav(3, FLOAT, bits=32), "recording_coding"),
        (mp3(3) + b"garbage that is not sound", "recording_damaged"),
        (wav(0.5), "recording_too_short"),
        (mp3(92), "recording_too_long"),
        (wav() + bytes(MOST_BYTES), "file_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_recording_is_refused(client: httpx.AsyncClient, content: bytes, code: str) -> None:
    assert faults(await add(client, content=content)) == [("/file", code)]
    assert await names(client) == []


async def test_faults_in_the_name_and_in_the_file_are_told_together(client: httpx.AsyncClient) -> None:
    assert faults(await add(client, "", EXECUTABLE)) == [("/name", "required"), ("/file", "not_a_recording")]


FILE = {"file": ("a.wav", RECORDING, "audio/wav")}


@pytest.mark.parametrize(
    ("sent", "pointers"),
    [
        ({"data": {"name": "No file"}, "files": {"other": ("a.wav", RECORDING)}}, ["/other", "/file"]),
        ({"files": FILE}, ["/name"]),
        ({"data": {"name": "A", "surprise": "1"}, "files": FILE}, ["/surprise"]),
        ({"data": {"name": ["A", "B"]}, "files": FILE}, ["/name"]),
        ({"data": {"name": "A"}, "files": [("file", ("a.wav", RECORDING)), ("file", ("b.wav", RECORDING))]}, ["/file"]),
        ({"files": {**FILE, "name": ("name.txt", b"A")}}, ["/name"]),
        ({"data": {"file": "a.wav", "name": "A"}, "files": {"x~/y": ("a", b"")}}, ["/file", "/x~0~1y"]),
        ({"data": {f"field{n}": "1" for n in range(30)}, "files": FILE}, [""]),
        ({"content": b"broken", "headers": {"content-type": "multipart/form-data; boundary=a"}}, [""]),
        ({"content": b"", "headers": {"content-type": "multipart/form-data"}}, [""]),
        ({"content": b"", "headers": {"content-type": "multipart/form-data; boundary=a"}}, ["/file"]),
    ],
)
async def test_a_form_that_is_none_of_ours_is_refused(client: httpx.AsyncClient, sent: Any, pointers: Any) -> None:
    named = [pointer for pointer, _ in faults(await client.post("/me/voicemails", **sent))]
    assert sorted(named) == sorted(pointers)
    assert await names(client) == []


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "audio/wav", ""])
async def test_a_body_of_another_kind_is_415(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post("/me/voicemails", content=b"{}", headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def in_pieces(begin: bytes, count: int = 200) -> AsyncIterator[bytes]:
    yield begin
    for _ in range(count):
        yield bytes(65_536)


async def test_a_body_far_over_the_limit_is_413_however_it_comes(client: httpx.AsyncClient) -> None:
    begin = b'--a\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    headers = {"content-type": "multipart/form-data; boundary=a"}
    for content in (begin + bytes(12 * 1024 * 1024), in_pieces(begin)):
        answer = await client.post("/me/voicemails", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_nobody_s_upload_is_read(running: Any) -> None:
    """It is refused before the first byte of the form is asked for."""
    read = []

    async def unread() -> AsyncIterator[bytes]:
        async for piece in in_pieces(b"--a", 5):
            read.append(piece)
            yield piece

    headers = {"content-type": "multipart/form-data; boundary=a"}
    async with running.client() as stranger:
        answer = await stranger.post("/me/voicemails", content=unread(), headers=headers)
    assert (answer.status_code, read) == (401, [])


# Twenty


async def test_the_twenty_first_is_refused_and_says_why(client: httpx.AsyncClient) -> None:
    for number in range(20):
        await added(client, f"Recording {number}")
    answer = await add(client, "One too many")
    assert (answer.status_code, answer.json()["code"]) == (409, "voicemails_full")
    assert answer.json()["params"] == {"maximum": 20}
    assert "Remove one first" in answer.json()["detail"]


async def test_of_thirty_uploads_at_once_two_find_the_last_two_places(client: httpx.AsyncClient) -> None:
    for number in range(18):
        await added(client, f"Recording {number}")
    answers = await asyncio.gather(*(add(client, f"At once {number}") for number in range(30)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 28
    assert len(await names(client)) == 20


# Whoever goes


async def test_with_a_user_go_voicemails_recordings_and_the_phone(organization: Any, client: httpx.AsyncClient) -> None:
    voicemails = [await added(client, name) for name in ("One", "Two")]
    await client.put("/me/phone", json={"phone": "+12025550143"})
    gone = organization.contributor
    async with await organization.as_administrator() as administrator:
        mine = await added(administrator)
        assert (await administrator.delete(f"/admin/users/{gone.user_id}")).status_code == 204
        assert (await administrator.get(mine["audio_url"])).content == RECORDING
    async with organization.running.container.units.of(gone.organization_id) as unit:
        assert await unit.voicemails.of_user(gone.user_id) == []
        assert (await unit.users.get(gone.user_id)).dialer_phone is None
        left = await unit.files._transaction.driver.fetch("select distinct file_id from file_pieces")
    assert len(left) == 1
    assert (await client.get(voicemails[0]["audio_url"])).status_code == 401
