"""The own password, the own sessions, and the second factor."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pyotp
import pytest

from adapters.bootstrap import open_container
from api.app import build_app
from domain.accounts.factors import RECOVERY_ALPHABET, RECOVERY_CODES
from tests.api.browsing import PASSWORD, a_browser, actions, next_code, sign_in, state_of, with_app
from tests.mailing import eventually

pytestmark = pytest.mark.anyio

NEW_PASSWORD = "violet harbour trombone 41"


@pytest.fixture
async def browser(running: Any, organization: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The Contributor, signed in."""
    async with a_browser(running.app) as browser:
        assert (await sign_in(browser, organization.contributor_email)).status_code == 200
        yield browser


@pytest.fixture
async def other(running: Any, organization: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The same user, signed in by another browser."""
    async with a_browser(running.app) as browser:
        assert (await sign_in(browser, organization.contributor_email)).status_code == 200
        yield browser


@pytest.fixture
async def stranger(running: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a session."""
    async with a_browser(running.app) as browser:
        yield browser


def fault(answer: httpx.Response) -> tuple[str, str]:
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    return error["pointer"], error["code"]


async def change_password(browser: httpx.AsyncClient, current: str, new: str) -> httpx.Response:
    return await browser.post("/me/password", json={"current": current, "password": new})


async def test_a_changed_password_is_the_one_that_signs_in(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any
) -> None:
    assert (await change_password(browser, PASSWORD, NEW_PASSWORD)).status_code == 204
    assert (await sign_in(stranger, organization.contributor_email)).status_code == 401
    assert (await sign_in(stranger, organization.contributor_email, NEW_PASSWORD)).status_code == 200


async def test_a_changed_password_ends_the_other_sessions_and_not_this_one(
    browser: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    await other.get("/me")
    await change_password(browser, PASSWORD, NEW_PASSWORD)
    assert (await other.get("/me")).status_code == 401
    assert (await browser.get("/me")).status_code == 200


async def test_without_the_current_password_there_is_no_other(browser: httpx.AsyncClient) -> None:
    assert fault(await change_password(browser, "wrong", NEW_PASSWORD)) == ("/current", "wrong_password")


async def test_guessing_the_current_password_is_slowed_down(browser: httpx.AsyncClient) -> None:
    guesses = [await change_password(browser, f"wrong-{n}", NEW_PASSWORD) for n in range(8)]
    assert 429 in [guess.status_code for guess in guesses]


@pytest.mark.parametrize("weak", ["short", "password1234", "Rob Rep Rob Rep 1", "qwertyuiop12345"])
async def test_a_weak_new_password_is_refused(browser: httpx.AsyncClient, weak: str) -> None:
    assert fault(await change_password(browser, PASSWORD, weak))[0] == "/password"


async def test_a_changed_password_is_on_record_and_told(
    browser: httpx.AsyncClient, administrator: httpx.AsyncClient, organization: Any, database: Any, servers: Any
) -> None:
    await change_password(browser, PASSWORD, NEW_PASSWORD)
    assert "password.changed" in await actions(administrator)


async def test_sessions_are_listed_with_the_current_one_marked(
    browser: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    items = (await browser.get("/me/sessions")).json()["items"]
    assert sorted(item["current"] for item in items) == [False, True]
    [current] = [item for item in items if item["current"]]
    assert current["address"].startswith("10.")
    assert current["user_agent"].startswith("python-httpx")
    assert not any("token" in name or "hash" in name for item in items for name in item)


async def test_a_session_can_be_ended_from_another(browser: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    await other.get("/me")
    [theirs] = [item for item in (await browser.get("/me/sessions")).json()["items"] if not item["current"]]
    assert (await browser.delete(f"/me/sessions/{theirs['id']}")).status_code == 204
    assert (await other.get("/me")).status_code == 401
    assert (await browser.delete(f"/me/sessions/{theirs['id']}")).status_code == 404


async def test_all_other_sessions_end_at_once(browser: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    assert (await browser.delete("/me/sessions")).status_code == 204
    assert (await other.get("/me")).status_code == 401
    assert len((await browser.get("/me/sessions")).json()["items"]) == 1


async def test_somebody_elses_session_is_missing(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any
) -> None:
    await sign_in(stranger, organization.administrator_email)
    [session] = (await browser.get("/me/sessions")).json()["items"]
    theirs, missing = [await stranger.delete(f"/me/sessions/{id}") for id in (session["id"], uuid4())]
    assert theirs.status_code == missing.status_code == 404
    assert theirs.json()["detail"] == missing.json()["detail"]
    assert (await browser.get("/me")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/me/password", {"current": PASSWORD, "password": NEW_PASSWORD}),
        ("GET", "/me/sessions", None),
        ("DELETE", "/me/sessions", None),
        ("GET", "/me/second-factor", None),
        ("POST", "/me/second-factor/totp", None),
        ("POST", "/me/second-factor/recovery-codes", None),
        ("GET", "/me/passkeys", None),
        ("POST", "/me/passkeys/options", None),
    ],
)
async def test_tokens_cannot_look_after_ways_to_sign_in(
    client: httpx.AsyncClient, method: str, path: str, body: Any
) -> None:
    answer = await client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/me/password", {"current": PASSWORD, "password": NEW_PASSWORD}),
        ("DELETE", "/me/sessions", None),
        ("POST", "/me/second-factor/totp", None),
        ("POST", "/me/passkeys/options", None),
        ("POST", "/auth/passkeys/options", None),
    ],
)
async def test_another_site_changes_nothing(browser: httpx.AsyncClient, method: str, path: str, body: Any) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert (await browser.request(method, path, json=body, headers=headers)).status_code == 403


async def test_an_app_is_told_the_secret_and_shown_a_picture_of_it(
    browser: httpx.AsyncClient, organization: Any
) -> None:
    setup = (await browser.post("/me/second-factor/totp")).json()
    parsed = pyotp.parse_uri(setup["uri"])
    assert (parsed.secret, parsed.name, parsed.issuer) == (setup["secret"], organization.contributor_email, "Engage")
    assert setup["qr"].startswith("data:image/svg+xml")


async def test_until_a_code_came_back_nothing_has_changed(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any
) -> None:
    await browser.post("/me/second-factor/totp")
    assert fault(await browser.post("/me/second-factor/totp/confirm", json={"code": "000000"})) == (
        "/code",
        "invalid_code",
    )
    assert (await browser.get("/me")).json()["second_factor"] is False
    assert (await sign_in(stranger, organization.contributor_email)).status_code == 200


async def test_with_an_app_a_code_is_asked_for(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any
) -> None:
    app, _ = await with_app(browser)
    asked = await sign_in(stranger, organization.contributor_email)
    assert (asked.status_code, asked.json()["code"]) == (401, "second_factor_required")
    assert asked.json()["methods"] == ["totp", "recovery_code"]
    assert "set-cookie" not in asked.headers
    assert (await sign_in(stranger, organization.contributor_email, code=next_code(app))).status_code == 200


async def test_a_wrong_password_is_not_told_apart_by_the_second_factor(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any
) -> None:
    await with_app(browser)
    answer = await sign_in(stranger, organization.contributor_email, "wrong", code="000000")
    assert answer.json()["code"] == "invalid_credentials"


async def test_a_code_serves_once(browser: httpx.AsyncClient, running: Any, organization: Any) -> None:
    app, _ = await with_app(browser)
    code = next_code(app)
    async with a_browser(running.app) as one, a_browser(running.app) as two:
        assert (await sign_in(one, organization.contributor_email, code=code)).status_code == 200
        again = await sign_in(two, organization.contributor_email, code=code)
    assert (again.status_code, again.json()["code"]) == (401, "invalid_code")


async def test_a_code_serves_once_in_parallel_too(browser: httpx.AsyncClient, running: Any, organization: Any) -> None:
    app, codes = await with_app(browser)

    async def attempt(code: str) -> int:
        async with a_browser(running.app) as browser:
            return (await sign_in(browser, organization.contributor_email, code=code)).status_code

    for code in (next_code(app), codes[0]):
        statuses = await asyncio.gather(*(attempt(code) for _ in range(8)))
        assert sorted(statuses) == [200, *[401] * 7]


async def test_the_code_that_confirmed_the_app_does_not_sign_in(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any
) -> None:
    setup = (await browser.post("/me/second-factor/totp")).json()
    code = pyotp.TOTP(setup["secret"]).now()
    await browser.post("/me/second-factor/totp/confirm", json={"code": code})
    assert (await sign_in(stranger, organization.contributor_email, code=code)).status_code == 401


async def test_guessing_codes_is_slowed_down(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any
) -> None:
    await with_app(browser)
    guesses = [await sign_in(stranger, organization.contributor_email, code=f"{n:06}") for n in range(10)]
    assert 429 in [guess.status_code for guess in guesses]


async def test_recovery_codes_are_random_enough_and_serve_once(
    browser: httpx.AsyncClient, running: Any, organization: Any
) -> None:
    _, codes = await with_app(browser)
    assert len(set(codes)) == RECOVERY_CODES
    assert all(set(code) <= {*RECOVERY_ALPHABET, "-"} for code in codes)
    async with a_browser(running.app) as one, a_browser(running.app) as two:
        spoken = codes[0].upper().replace("-", " ")
        assert (await sign_in(one, organization.contributor_email, code=spoken)).status_code == 200
        assert (await sign_in(two, organization.contributor_email, code=codes[0])).json()["code"] == "invalid_code"
    assert (await browser.get("/me/second-factor")).json()["recovery_codes_left"] == RECOVERY_CODES - 1


async def test_new_recovery_codes_replace_the_old_ones(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any
) -> None:
    _, old = await with_app(browser)
    new = (await browser.post("/me/second-factor/recovery-codes")).json()["recovery_codes"]
    assert (await sign_in(stranger, organization.contributor_email, code=old[0])).status_code == 401
    assert (await sign_in(stranger, organization.contributor_email, code=new[0])).status_code == 200


async def test_without_a_factor_there_are_no_recovery_codes(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/me/second-factor/recovery-codes")).status_code == 409


async def test_an_app_ends_sessions_that_were_opened_without(
    browser: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    await with_app(browser)
    assert (await other.get("/me")).status_code == 401
    assert (await browser.get("/me")).json()["second_factor"] is True


async def test_a_second_app_is_refused_while_there_is_one(browser: httpx.AsyncClient) -> None:
    await with_app(browser)
    assert (await browser.post("/me/second-factor/totp")).status_code == 409


async def test_an_app_is_removed_with_the_password_alone(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, organization: Any, administrator: httpx.AsyncClient
) -> None:
    await with_app(browser)
    path = "/me/second-factor/totp"
    assert fault(await browser.request("DELETE", path, json={"password": "wrong"})) == ("/password", "wrong_password")
    assert (await browser.request("DELETE", path, json={"password": PASSWORD})).status_code == 204
    assert (await browser.request("DELETE", path, json={"password": PASSWORD})).status_code == 404
    assert (await browser.get("/me/second-factor")).json()["recovery_codes_left"] == 0
    assert (await sign_in(stranger, organization.contributor_email)).status_code == 200
    told = await actions(administrator)
    assert {"second_factor.enabled", "second_factor.disabled"} <= set(told)


async def test_the_secret_is_sealed_for_its_user_alone(
    browser: httpx.AsyncClient, running: Any, organization: Any
) -> None:
    app, _ = await with_app(browser)
    principal = organization.contributor
    async with running.container.units.of(principal.organization_id) as unit:
        totp = await unit.factors.totp(principal.user_id)
    assert app.secret.encode() not in totp.secret
    place = {"organization_id": principal.organization_id, "table": "totp_secrets", "field": "secret"}
    assert running.container.keys.open(totp.secret, row=principal.user_id, **place).decode() == app.secret
    with pytest.raises(Exception, match="moved"):
        running.container.keys.open(totp.secret, row=uuid4(), **place)


async def test_no_link_goes_around_the_second_factor(
    browser: httpx.AsyncClient, running: Any, organization: Any
) -> None:
    await with_app(browser)
    principal = organization.contributor
    async with running.container.units.of(principal.organization_id) as unit:
        user = await unit.users.get(principal.user_id)
    with pytest.raises(Exception, match="second factor"):
        await running.container.signing_in.open_for(
            principal.organization_id, user, "127.0.0.1", "tests", second_factor=False
        )


async def test_signing_in_and_out_is_on_record(browser: httpx.AsyncClient, administrator: httpx.AsyncClient) -> None:
    await browser.post("/auth/logout")
    told = [action for action in await actions(administrator) if action.startswith("session")]
    assert told == ["session.ended", "session.opened"]


async def test_an_end_elsewhere_is_felt_soon(
    browser: httpx.AsyncClient, settings: Any, other: httpx.AsyncClient
) -> None:
    async with open_container(settings) as elsewhere:
        app = build_app(settings, lambda: open_container(settings))
        state_of(app).container = elsewhere
        async with a_browser(app) as there:
            there.cookies = other.cookies
            assert (await there.get("/me")).status_code == 200
            await browser.delete("/me/sessions")

            async def ended() -> bool:
                return (await there.get("/me")).status_code == 401

            await eventually("the session has ended there too", ended, seconds=5)
