"""The organization's settings: who may change them, and what they do to sessions."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api.browsing import a_browser, sign_in, with_app
from tests.mailing import eventually

pytestmark = pytest.mark.anyio


@pytest.fixture
async def boss(running: Any, organization: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The Administrator, signed in by a browser, with an app."""
    async with a_browser(running.app) as browser:
        await sign_in(browser, organization.administrator_email)
        await with_app(browser)
        yield browser


@pytest.fixture
async def browser(running: Any, organization: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The Contributor, signed in."""
    async with a_browser(running.app) as browser:
        await sign_in(browser, organization.contributor_email)
        yield browser


async def change(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await client.patch("/admin/settings", json=changes)


async def test_settings_are_shown_and_changed(boss: httpx.AsyncClient) -> None:
    before = (await boss.get("/admin/settings")).json()
    assert before["require_second_factor"] is False
    assert (before["session_idle_minutes"], before["session_days"]) == (720, 30)
    assert before["users_without_second_factor"] == 1
    assert before["sign_in_url"] == "http://engage.test/app/login"
    address = "Northwind\n1 Main Street\nSeattle"
    after = (await change(boss, name="Northwind", postal_address=f" {address}\n\n", session_days=7)).json()
    assert after == {**before, "name": "Northwind", "postal_address": address, "session_days": 7}
    assert (await boss.get("/me")).json()["organization"]["name"] == "Northwind"


async def test_contributors_neither_see_nor_change_them(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/admin/settings")).status_code == 403
    assert (await change(browser, name="Mine")).status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("session_idle_minutes", 4),
        ("session_idle_minutes", 43_201),
        ("session_idle_minutes", "60"),
        ("session_idle_minutes", None),
        ("session_days", 0),
        ("session_days", 366),
        ("require_second_factor", 1),
        ("require_second_factor", None),
        ("name", ""),
        ("name", None),
        ("name", "two\nlines"),
        ("postal_address", "x" * 501),
        ("plan", "gold"),
    ],
)
async def test_what_cannot_be_is_refused(boss: httpx.AsyncClient, name: str, value: object) -> None:
    answer = await change(boss, **{name: value})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{name}")


async def test_a_change_is_on_record_by_its_fields(boss: httpx.AsyncClient) -> None:
    await change(boss, name="Northwind", session_days=30)
    await change(boss, session_days=5, session_idle_minutes=60)
    entries = (await boss.get("/admin/audit-log?action=settings.changed")).json()["items"]
    assert [entry["detail"]["fields"] for entry in entries] == ["session_days, session_idle_minutes", "name"]


async def test_shorter_sessions_hold_at_once_and_longer_ones_from_the_next_on(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, running: Any, organization: Any
) -> None:
    async def sessions() -> list[tuple[int, int]]:
        async with running.container.units.of(organization.contributor.organization_id) as unit:
            user_id, now = organization.contributor.user_id, running.container.clock.system()
            found = await unit.sessions.of_user(user_id, now)
        return [(session.idle_seconds, (session.expires_at - session.created_at).days) for session in found]

    await change(boss, session_idle_minutes=10, session_days=2)
    assert await sessions() == [(600, 2)]
    await change(boss, session_idle_minutes=1000, session_days=100)
    assert await sessions() == [(600, 2)]
    answer = await sign_in(browser, organization.contributor_email)
    [seconds] = re.findall(r"max-age=(\d+)", answer.headers["set-cookie"].lower())
    assert 0 <= 100 * 24 * 3600 - int(seconds) < 60
    assert await sessions() == [(60_000, 100)]


async def test_who_has_no_second_factor_sets_one_up_first(boss: httpx.AsyncClient, browser: httpx.AsyncClient) -> None:
    await change(boss, require_second_factor=True)
    assert (await browser.get("/me")).json()["must_set_up_second_factor"] is True
    assert (await browser.get("/me/second-factor")).json()["required"] is True
    for path in ("/contacts", "/salesflows", "/me/business-hours", "/users", "/me/tokens"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_setup_required"), path
    assert (await browser.get("/me/sessions")).status_code == 200
    await with_app(browser)
    assert (await browser.get("/me")).json()["must_set_up_second_factor"] is False
    assert (await browser.get("/contacts")).status_code == 200


async def test_the_one_who_requires_it_goes_on_with_his_own(boss: httpx.AsyncClient) -> None:
    await change(boss, require_second_factor=True)
    assert (await boss.get("/me")).json()["must_set_up_second_factor"] is False
    assert (await boss.get("/admin/settings")).status_code == 200


async def test_signing_in_tells_that_one_has_to_be_set_up(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, organization: Any
) -> None:
    await change(boss, require_second_factor=True)
    answer = await sign_in(browser, organization.contributor_email)
    assert answer.json()["must_set_up_second_factor"] is True


async def test_tokens_of_who_has_none_are_refused_alike(
    boss: httpx.AsyncClient, client: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    assert (await client.get("/contacts")).status_code == 200
    await change(boss, require_second_factor=True)
    answer = await client.get("/contacts")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_setup_required")
    await with_app(browser)
    async with httpx.AsyncClient(
        transport=client._transport, base_url=client.base_url, headers=client.headers
    ) as later:

        async def admitted() -> bool:
            return (await later.get("/contacts")).status_code == 200

        await eventually("the token is admitted", admitted)


async def test_who_gives_the_second_factor_up_is_asked_for_another(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    await change(boss, require_second_factor=True)
    await with_app(browser)
    body = {"password": "a long enough password"}
    assert (await browser.request("DELETE", "/me/second-factor/totp", json=body)).status_code == 204
    assert (await browser.get("/contacts")).json()["code"] == "second_factor_setup_required"
