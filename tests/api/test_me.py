"""The own profile, business hours, and colleagues."""

from datetime import datetime
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio


def timeless(me: dict[str, Any]) -> dict[str, Any]:
    """Without the one thing that is different at every look."""
    return {**me, "now": None}


async def test_me_is_the_user_and_the_organization(client: httpx.AsyncClient, organization: Any) -> None:
    me = (await client.get("/me")).json()
    assert set(me) == {
        "id",
        "email",
        "name",
        "role",
        "time_zone",
        "culture",
        "phone",
        "job_title",
        "company",
        "address",
        "avatar_url",
        "signature",
        "second_factor",
        "onboarding_done",
        "must_set_up_second_factor",
        "start_salesflow_on_behalf",
        "organization",
        "now",
    }
    assert me["id"] == str(organization.contributor.user_id)
    assert me["organization"]["id"] == str(organization.contributor.organization_id)


async def test_nobody_is_nobody(running: Any) -> None:
    async with running.client() as anonymous:
        answer = await anonymous.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_profile_is_changed_field_by_field(client: httpx.AsyncClient) -> None:
    changes = {"time_zone": "Europe/Berlin", "culture": "de-DE", "phone": "+1 202 555 0123", "job_title": "Buyer"}
    answer = await client.patch("/me", json=changes)
    assert answer.status_code == 200
    me = (await client.get("/me")).json()
    assert timeless(me) == timeless(answer.json())
    assert me == {**me, **changes, "phone": "+12025550123", "name": "Rob Rep"}


async def test_null_clears_what_may_be_empty(client: httpx.AsyncClient) -> None:
    await client.patch("/me", json={"phone": "+12025550123", "company": "Fabrikam"})
    me = (await client.patch("/me", json={"phone": None})).json()
    assert (me["phone"], me["company"]) == (None, "Fabrikam")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"culture": "xx"}, "/culture"),
        ({"phone": "12"}, "/phone"),
        ({"name": ""}, "/name"),
        ({"name": None}, "/name"),
        ({"role": "administrator"}, "/role"),
        ({"email": "other@example.com"}, "/email"),
        ({"organization_id": "x"}, "/organization_id"),
        ({"name": "x" * 121}, "/name"),
        ({"job_title": "a\0b"}, "/job_title"),
    ],
)
async def test_what_cannot_be_is_refused_where_it_stands(
    client: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    before = (await client.get("/me")).json()
    answer = await client.patch("/me", json={"company": "Not kept", **changes})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert timeless((await client.get("/me")).json()) == timeless(before)


async def test_what_does_not_fit_a_field_is_said_in_words_of_ours(client: httpx.AsyncClient) -> None:
    [fault] = (await client.patch("/me", json={"name": "x" * 121})).json()["errors"]
    assert fault == {
        "pointer": "/name",
        "code": "too_long",
        "message": "This has at most 120 characters.",
        "params": {"maximum": 120},
    }


async def test_now_is_business_time(client: httpx.AsyncClient, running: Any) -> None:
    before = running.container.clock.now()
    now = datetime.fromisoformat((await client.get("/me")).json()["now"])
    assert before <= now <= running.container.clock.now()


async def test_business_hours_begin_as_office_hours(client: httpx.AsyncClient) -> None:
    hours = (await client.get("/me/business-hours")).json()
    assert hours["days"]["monday"] == [{"from": "08:00", "to": "18:00"}]
    assert hours["days"]["sunday"] == []
    assert any(holiday["date"].endswith("-12-25") for holiday in hours["holidays"])
    assert {holiday["source"] for holiday in hours["holidays"]} == {"country"}


async def test_business_hours_are_kept_as_given(client: httpx.AsyncClient) -> None:
    hours = (await client.get("/me/business-hours")).json()
    hours["days"] |= {"monday": [{"from": "09:30", "to": "12:00"}, {"from": "13:00", "to": "17:00"}], "friday": []}
    hours["time_zone"] = "Europe/Paris"
    answer = await client.put("/me/business-hours", json=hours)
    assert answer.status_code == 200
    assert answer.json() == hours == (await client.get("/me/business-hours")).json()


async def test_holidays_have_their_names_in_the_language_of_the_culture(client: httpx.AsyncClient) -> None:
    async def names() -> set[str]:
        return {holiday["name"] for holiday in (await client.get("/me/business-hours")).json()["holidays"]}

    await client.put("/me/business-hours", json={"country": "DE"})
    assert "German Unity Day" in await names()
    await client.patch("/me", json={"culture": "de-DE"})
    assert "Tag der Deutschen Einheit" in await names()


async def test_the_profile_and_the_hours_have_one_time_zone(client: httpx.AsyncClient) -> None:
    await client.put("/me/business-hours", json={"time_zone": "Europe/Paris"})
    assert (await client.get("/me")).json()["time_zone"] == "Europe/Paris"
    await client.patch("/me", json={"time_zone": "Asia/Tokyo"})
    assert (await client.get("/me/business-hours")).json()["time_zone"] == "Asia/Tokyo"


async def test_holidays_can_be_worked_and_own_days_taken_off(client: httpx.AsyncClient) -> None:
    hours = (await client.get("/me/business-hours")).json()
    year = hours["holidays"][0]["date"][:4]
    kept = [holiday for holiday in hours["holidays"] if holiday["date"] != f"{year}-12-25"]
    own = {"date": f"{year}-08-03", "name": "Birthday", "source": "own"}
    await client.put("/me/business-hours", json={**hours, "holidays": [*kept, own]})
    holidays = (await client.get("/me/business-hours")).json()["holidays"]
    assert own in holidays
    assert f"{year}-12-25" not in [holiday["date"] for holiday in holidays]


@pytest.mark.parametrize(
    "change",
    [
        {"days": {"monday": [{"from": "18:00", "to": "08:00"}]}},
        {"days": {"monday": [{"from": "8", "to": "9"}]}},
        {"days": {"someday": []}},
        {"days": {"monday": [{"from": "08:00", "to": "12:00", "note": "x"}]}},
        {"time_zone": "Mars/Olympus"},
        {"country": "XX"},
        {"holidays": [{"date": "2026-02-30"}]},
        {"holidays": [{"name": "no date"}]},
        {"everything": True},
    ],
)
async def test_impossible_hours_are_refused(client: httpx.AsyncClient, change: dict[str, Any]) -> None:
    before = (await client.get("/me/business-hours")).json()
    answer = await client.put("/me/business-hours", json=change)
    assert answer.status_code == 422, answer.text
    assert (await client.get("/me/business-hours")).json() == before


async def test_colleagues_are_found_and_strangers_are_not(client: httpx.AsyncClient, new_organization: Any) -> None:
    await new_organization()
    everybody = (await client.get("/users")).json()
    assert [user["name"] for user in everybody["items"]] == ["Ada Admin", "Rob Rep"]
    assert set(everybody["items"][0]) == {"id", "name", "email"}
    found = (await client.get("/users", params={"q": "ADA"})).json()
    assert [user["name"] for user in found["items"]] == ["Ada Admin"]


async def test_colleagues_come_in_pages(client: httpx.AsyncClient) -> None:
    first = (await client.get("/users", params={"limit": 1})).json()
    second = (await client.get("/users", params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert [page["items"][0]["name"] for page in (first, second)] == ["Ada Admin", "Rob Rep"]
    assert second["next_cursor"] is None


async def test_a_token_without_the_scope_sees_nothing_of_it(organization: Any) -> None:
    async with await organization.as_contributor("contacts:read") as stranger:
        answers = [await stranger.get(path) for path in ("/me", "/users", "/me/business-hours")]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "insufficient_scope")}


async def test_a_token_that_reads_does_not_write(organization: Any) -> None:
    async with await organization.as_contributor("me:read") as reader:
        answers = [
            await reader.patch("/me", json={"name": "Other"}),
            await reader.put("/me/business-hours", json={"time_zone": "Europe/Paris"}),
        ]
    assert {answer.status_code for answer in answers} == {403}
