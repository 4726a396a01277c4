"""Address, picture, days away, notifications, the limits of the own mailbox."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from api.middleware import MAXIMUM_BODY
from domain.connections.model import Mailbox, MailboxState, Provider
from domain.shared.ids import ConnectionId, MailboxId

pytestmark = pytest.mark.anyio

ADDRESS = {"street": "1 Main Street", "city": "Oslo", "state": None, "zip": "0150", "country": "Norway"}
NOWHERE = dict.fromkeys(ADDRESS)
DEFAULTS = dict.fromkeys(["email_opened", "email_failed", "email_clicked"], "immediately")
HOSTILE = "<script>alert(1)</script>\"'&{{ 7 }}"


def picture(colour: str = "red", kind: str = "PNG", size: tuple[int, int] = (640, 480)) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", size, colour).save(drawn, kind)
    return drawn.getvalue()


def faults(answer: httpx.Response, status: int = 422) -> list[tuple[str, str]]:
    assert answer.status_code == status, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


# Address


async def test_an_address_is_changed_field_by_field(client: httpx.AsyncClient) -> None:
    assert (await client.get("/me")).json()["address"] == NOWHERE
    await client.patch("/me", json={"address": ADDRESS})
    me = (await client.patch("/me", json={"address": {"city": " Bergen ", "zip": None}})).json()
    assert me["address"] == {**ADDRESS, "city": "Bergen", "zip": None}
    assert (await client.get("/me")).json()["address"] == me["address"]


async def test_null_clears_the_address(client: httpx.AsyncClient) -> None:
    await client.patch("/me", json={"address": ADDRESS})
    assert (await client.patch("/me", json={"address": None})).json()["address"] == NOWHERE


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ({"street": "1 Main Street\nSecond line"}, "/address/street"),
        ({"city": "x" * 121}, "/address/city"),
        ({"planet": "Mars"}, "/address/planet"),
        ({"zip": 1234}, "/address/zip"),
        ("1 Main Street", "/address"),
    ],
)
async def test_an_impossible_address_is_refused(client: httpx.AsyncClient, address: object, pointer: str) -> None:
    [(named, _)] = faults(await client.patch("/me", json={"company": "Not kept", "address": address}))
    assert named == pointer
    me = (await client.get("/me")).json()
    assert (me["address"], me["company"]) == (NOWHERE, None)


async def test_faults_in_the_profile_and_in_the_address_are_told_together(client: httpx.AsyncClient) -> None:
    changes = {"phone": "12", "address": {"street": "a\nb", "city": "c\td"}}
    pointers = [pointer for pointer, _ in faults(await client.patch("/me", json=changes))]
    assert sorted(pointers) == ["/address/city", "/address/street", "/phone"]


async def test_text_is_kept_as_it_was_written_whatever_it_looks_like(client: httpx.AsyncClient) -> None:
    changes = {"name": HOSTILE, "job_title": HOSTILE, "company": HOSTILE, "address": dict.fromkeys(ADDRESS, HOSTILE)}
    answer = await client.patch("/me", json=changes)
    assert {name: answer.json()[name] for name in changes} == changes
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


# Picture


async def test_a_picture_is_shown_to_colleagues(client: httpx.AsyncClient, administrator: httpx.AsyncClient) -> None:
    assert (await client.get("/me")).json()["avatar_url"] is None
    url = (await client.put("/me/avatar", content=picture())).json()["avatar_url"]
    assert (await client.get("/me")).json()["avatar_url"] == url
    shown = await administrator.get(url)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert shown.headers["cache-control"] == "private, max-age=86400"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert Image.open(BytesIO(shown.content)).size == (256, 256)


async def test_a_known_picture_is_not_sent_again(client: httpx.AsyncClient) -> None:
    url = (await client.put("/me/avatar", content=picture())).json()["avatar_url"]
    etag = (await client.get(url)).headers["etag"]
    again = await client.get(url, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    for other in ('"0"', "nonsense", '"1", "2"'):
        assert (await client.get(url, headers={"if-none-match": other})).status_code == 200


async def test_another_picture_has_another_address_also_after_none(client: httpx.AsyncClient) -> None:
    seen = []
    for colour in ("red", "blue", "green"):
        seen.append((await client.put("/me/avatar", content=picture(colour))).json()["avatar_url"])
        await client.delete("/me/avatar")
    assert len(set(seen)) == 3


async def test_without_its_version_a_picture_is_asked_for_each_time(client: httpx.AsyncClient) -> None:
    url = (await client.put("/me/avatar", content=picture())).json()["avatar_url"]
    for address in (url.partition("?")[0], f"{url}0"):
        assert (await client.get(address)).headers["cache-control"] == "private, no-cache"


async def test_a_removed_picture_is_gone(client: httpx.AsyncClient) -> None:
    url = (await client.put("/me/avatar", content=picture())).json()["avatar_url"]
    assert (await client.delete("/me/avatar")).status_code == 204
    assert (await client.delete("/me/avatar")).status_code == 204
    assert (await client.get(url)).status_code == 404
    assert (await client.get("/me")).json()["avatar_url"] is None


async def test_a_picture_of_another_organization_is_missing(client: httpx.AsyncClient, new_organization: Any) -> None:
    url = (await client.put("/me/avatar", content=picture())).json()["avatar_url"]
    stranger = await new_organization()
    async with await stranger.as_administrator() as foreign:
        found, missing = await foreign.get(url), await foreign.get(f"/users/{uuid4()}/avatar")
    assert found.status_code == missing.status_code == 404
    assert found.json()["detail"] == missing.json()["detail"]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"<svg onload=alert(1)></svg>", picture()[:100], picture(kind="BMP"), bytes(1000)]
)
async def test_what_is_no_picture_is_refused_and_the_old_one_stays(client: httpx.AsyncClient, content: bytes) -> None:
    url = (await client.put("/me/avatar", content=picture())).json()["avatar_url"]
    answer = await client.put("/me/avatar", content=content, headers={"content-type": "image/png"})
    assert faults(answer) == [("/avatar", "not_a_picture")]
    assert (await client.get(url)).status_code == 200


async def test_a_picture_that_unfolds_to_too_much_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.put("/me/avatar", content=picture(size=(6000, 5000), kind="GIF"))
    assert faults(answer) == [("/avatar", "picture_too_large")]


async def test_a_file_over_a_mebibyte_is_413(client: httpx.AsyncClient) -> None:
    assert (await client.put("/me/avatar", content=bytes(MAXIMUM_BODY + 1))).status_code == 413


# Days away


async def test_days_away_are_kept_with_the_business_hours(client: httpx.AsyncClient) -> None:
    away = [{"from": "2027-08-02", "to": "2027-08-20", "note": "Summer"}, {"from": "2027-12-24", "to": "2027-12-24"}]
    answer = await client.put("/me/business-hours", json={"away": away})
    assert answer.json()["away"] == [away[0], {**away[1], "note": ""}]
    assert (await client.get("/me/business-hours")).json() == answer.json()


async def test_days_away_do_not_fix_hours_that_follow_from_the_culture(client: httpx.AsyncClient) -> None:
    await client.put("/me/business-hours", json={"away": [{"from": "2027-08-02", "to": "2027-08-20"}]})
    await client.patch("/me", json={"culture": "de-DE"})
    hours = (await client.get("/me/business-hours")).json()
    assert (hours["country"], len(hours["away"])) == ("DE", 1)


async def test_changing_the_hours_leaves_the_days_away(client: httpx.AsyncClient) -> None:
    await client.put("/me/business-hours", json={"away": [{"from": "2027-08-02", "to": "2027-08-20"}]})
    hours = await client.put("/me/business-hours", json={"time_zone": "Europe/Paris"})
    assert len(hours.json()["away"]) == 1
    assert (await client.put("/me/business-hours", json={"away": []})).json()["away"] == []


@pytest.mark.parametrize(
    ("away", "pointer"),
    [
        ([{"from": "2027-08-20", "to": "2027-08-02"}], "/away/0/to"),
        ([{"from": "2027-08-02", "to": "2027-08-09"}, {"from": "2027-08-09", "to": "2027-08-10"}], "/away/1"),
        ([{"from": "2027-08-02"}], "/away/0/to"),
        ([{"from": "2027-02-30", "to": "2027-03-02"}], "/away/0/from"),
        ([{"from": "2027-08-02", "to": "2027-08-02", "note": "x" * 101}], "/away/0/note"),
        ([{"from": "2027-08-02", "to": "2027-08-02", "why": "x"}], "/away/0/why"),
        ([{"from": "2027-08-02", "to": "2027-08-02"}] * 51, "/away"),
    ],
)
async def test_impossible_days_away_are_refused(client: httpx.AsyncClient, away: list[Any], pointer: str) -> None:
    [(named, _)] = faults(await client.put("/me/business-hours", json={"away": away}))
    assert named == pointer
    assert (await client.get("/me/business-hours")).json()["away"] == []


async def test_holidays_are_shown_on_the_day_and_on_the_day_observed(client: httpx.AsyncClient) -> None:
    hours = await client.put("/me/business-hours", json={"country": "US"})
    names = [holiday["name"] for holiday in hours.json()["holidays"]]
    assert names.count("Independence Day") == 2
    observed = [name for name in names if "observed" in name]
    assert all(name.partition(" (")[0] in names for name in observed)


# Notifications


async def test_everything_is_told_until_somebody_chooses(client: httpx.AsyncClient) -> None:
    assert (await client.get("/me/notifications")).json() == DEFAULTS
    chosen = {**DEFAULTS, "email_opened": "never"}
    assert (await client.put("/me/notifications", json=chosen)).json() == chosen
    assert (await client.get("/me/notifications")).json() == chosen


@pytest.mark.parametrize(
    ("choices", "pointer"),
    [
        ({"email_opened": "daily"}, "/email_opened"),
        ({"email_opened": True}, "/email_opened"),
        ({"email_opened": None}, "/email_opened"),
        ({"sms": "never"}, "/sms"),
    ],
)
async def test_impossible_choices_are_refused(client: httpx.AsyncClient, choices: dict[str, Any], pointer: str) -> None:
    [(named, _)] = faults(await client.put("/me/notifications", json={**DEFAULTS, **choices}))
    assert named == pointer


# Mailbox


@pytest.fixture
async def mailbox(running: Any, organization: Any) -> Mailbox:
    who = organization.contributor
    new = Mailbox(
        organization_id=who.organization_id,
        id=MailboxId(uuid4()),
        user_id=who.user_id,
        connection_id=ConnectionId(uuid4()),
        provider=Provider.GOOGLE,
        address="rob@example.com",
        display_name="",
        state=MailboxState.CONNECTED,
        created_at=running.container.clock.now(),
        per_minute=600,
    )
    async with running.container.units.of(who.organization_id) as unit:
        kept: Mailbox = await unit.mailboxes.connect(new)
    return kept


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_without_a_mailbox_there_is_nothing_to_limit(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/me/mailbox", json={"per_day": 100} if method == "PATCH" else None)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_connected")


async def test_limits_are_changed_one_by_one(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    shown = {"address": "rob@example.com", "provider": "google", "per_day": 400, "per_minute": 600}
    assert (await client.get("/me/mailbox")).json() == shown
    assert (await client.patch("/me/mailbox", json={"per_day": 2000})).json() == {**shown, "per_day": 2000}
    assert (await client.patch("/me/mailbox", json={"per_minute": 1})).json()["per_minute"] == 1
    assert (await client.patch("/me/mailbox", json={})).json() == {**shown, "per_day": 2000, "per_minute": 1}


async def test_the_mailbox_of_a_colleague_is_not_ones_own(administrator: httpx.AsyncClient, mailbox: Mailbox) -> None:
    assert (await administrator.patch("/me/mailbox", json={"per_day": 1})).status_code == 409


@pytest.mark.parametrize(
    "limits", [{"per_day": 0}, {"per_day": 2001}, {"per_minute": 0}, {"per_minute": 61}, {"per_day": "9"}, {"state": 1}]
)
async def test_impossible_limits_are_refused(client: httpx.AsyncClient, mailbox: Mailbox, limits: Any) -> None:
    before = (await client.get("/me/mailbox")).json()
    [(named, _)] = faults(await client.patch("/me/mailbox", json=limits))
    assert named == f"/{next(iter(limits))}"
    assert (await client.get("/me/mailbox")).json() == before
