"""Signing in and out: who may, how guessing is slowed down, and what the cookie is worth."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil, log2
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.bootstrap import open_container
from adapters.throttle import FREE_FAILURES
from api.app import build_app

pytestmark = pytest.mark.anyio

PASSWORD = "a long enough password"


@pytest.fixture
def address() -> str:
    """An address that no other test guesses from."""
    return f"10.{uuid4().int % 256}.{uuid4().int % 256}.{uuid4().int % 256}"


@pytest.fixture
async def browser(running: Any, address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with a_browser(running.app, address) as browser:
        yield browser


@asynccontextmanager
async def a_browser(app: Any, address: str, url: str = "http://engage.test") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=url) as browser:
        yield browser


async def sign_in(browser: httpx.AsyncClient, email: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return await browser.post("/auth/login", json={"email": email, "password": password}, headers=headers)


async def test_signing_in_answers_with_the_user(browser: httpx.AsyncClient, organization: Any) -> None:
    answer = await sign_in(browser, organization.contributor_email)
    assert answer.status_code == 200, answer.text
    assert {**answer.json(), "now": None} == {**(await browser.get("/me")).json(), "now": None}
    assert answer.json()["role"] == "contributor"


async def test_the_address_may_be_written_in_any_case(browser: httpx.AsyncClient, organization: Any) -> None:
    assert (await sign_in(browser, f" {organization.contributor_email.upper()} ")).status_code == 200


async def test_the_cookie_is_for_the_browser_alone(browser: httpx.AsyncClient, organization: Any) -> None:
    cookie = (await sign_in(browser, organization.contributor_email)).headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert name == "eng_session"
    attributes = {part.strip().lower() for part in rest.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    assert "secure" not in attributes


async def test_over_tls_the_cookie_is_bound_to_the_host(settings: Any, organization: Any, address: str) -> None:
    over_tls = settings.model_copy(update={"public_url": "https://engage.test"})
    async with open_container(over_tls) as container:
        app = build_app(over_tls, lambda: open_container(over_tls))
        app_state(app).container = container
        async with a_browser(app, address, "https://engage.test") as browser:
            answer = await sign_in(browser, organization.contributor_email)
            assert (await browser.get("/me")).status_code == 200
            await browser.post("/auth/logout")
            assert (await browser.get("/me")).status_code == 401
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == "__Host-eng_session"
    attributes = {part.strip().lower() for part in rest.split(";")[1:]}
    assert {"secure", "path=/"} <= attributes
    assert not any(attribute.startswith("domain") for attribute in attributes)


def app_state(app: Any) -> Any:
    """The state of the innermost application."""
    while not hasattr(app, "state"):
        app = app._app
    return app.state


async def test_unknown_addresses_and_wrong_passwords_are_answered_alike(
    browser: httpx.AsyncClient, organization: Any
) -> None:
    known = await sign_in(browser, organization.contributor_email, "wrong password")
    unknown = await sign_in(browser, "nobody@example.com", "wrong password")
    problems = [{**answer.json(), "request_id": ""} for answer in (known, unknown)]
    assert known.status_code == unknown.status_code == 401
    assert problems[0] == problems[1]
    assert problems[0]["code"] == "invalid_credentials"
    assert "set-cookie" not in known.headers


async def test_unknown_addresses_take_as_long_as_known_ones(running: Any, organization: Any) -> None:
    seconds: dict[str, list[float]] = {organization.contributor_email: [], "nobody@example.com": []}
    for n in range(15):
        for email, took in seconds.items():
            async with a_browser(running.app, f"10.77.{uuid4().int % 256}.{n}") as browser:
                began = time.perf_counter()
                await sign_in(browser, email, f"wrong-{n}")
                took.append(time.perf_counter() - began)
    known, unknown = map(median, seconds.values())
    assert 0.5 < known / unknown < 2


async def test_guessing_is_slowed_down(browser: httpx.AsyncClient, organization: Any) -> None:
    guesses = [await sign_in(browser, organization.contributor_email, f"wrong-{n}") for n in range(12)]
    refused = [guess for guess in guesses if guess.status_code == 429]
    assert [guess.status_code for guess in guesses[: FREE_FAILURES + 1]] == [401] * (FREE_FAILURES + 1)
    assert refused
    assert all(int(guess.headers["retry-after"]) >= 1 for guess in refused)
    assert {guess.json()["code"] for guess in refused} == {"too_many_requests"}


async def test_who_guesses_does_not_keep_others_out(browser: httpx.AsyncClient, organization: Any) -> None:
    for n in range(12):
        await sign_in(browser, organization.contributor_email, f"wrong-{n}")
    assert (await sign_in(browser, organization.administrator_email)).status_code == 200


async def test_guesses_sent_all_at_once_are_no_way_around_the_limit(
    running: Any, organization: Any, address: str
) -> None:
    began = time.monotonic()
    async with a_browser(running.app, address) as browser:
        guesses = [sign_in(browser, organization.contributor_email, f"wrong-{n}") for n in range(40)]
        statuses = [answer.status_code for answer in await asyncio.gather(*guesses)]
    at_once = 4
    # One more is heard after each wait, which are 1, 2, 4, … seconds: a slow machine hears more.
    waited = ceil(log2(time.monotonic() - began + 1))
    assert statuses.count(401) <= FREE_FAILURES + at_once + waited * at_once
    assert set(statuses) == {401, 429}


async def test_correct_sign_ins_are_never_too_many(browser: httpx.AsyncClient, organization: Any) -> None:
    answers = [await sign_in(browser, organization.contributor_email) for _ in range(110)]
    assert {answer.status_code for answer in answers} == {200}


async def test_a_session_planted_before_signing_in_is_worth_nothing(
    browser: httpx.AsyncClient, running: Any, organization: Any, address: str
) -> None:
    await sign_in(browser, organization.contributor_email)
    planted = browser.cookies["eng_session"]
    await sign_in(browser, organization.contributor_email)
    assert browser.cookies["eng_session"] != planted
    async with a_browser(running.app, address) as attacker:
        attacker.cookies.set("eng_session", planted)
        assert (await attacker.get("/me")).status_code == 401


async def test_a_made_up_cookie_is_nobody(browser: httpx.AsyncClient) -> None:
    browser.cookies.set("eng_session", "eng_ses_" + "0" * 49)
    assert (await browser.get("/me")).status_code == 401


async def test_signing_out_ends_the_session_at_once(
    browser: httpx.AsyncClient, running: Any, organization: Any, address: str
) -> None:
    await sign_in(browser, organization.contributor_email)
    session = browser.cookies["eng_session"]
    await browser.get("/me")
    assert (await browser.post("/auth/logout")).status_code == 204
    assert "eng_session" not in browser.cookies
    async with a_browser(running.app, address) as other:
        other.cookies.set("eng_session", session)
        assert (await other.get("/me")).status_code == 401


async def test_signing_out_twice_is_no_error(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/auth/logout")).status_code == 204


async def test_signing_out_here_leaves_the_other_browser_signed_in(
    browser: httpx.AsyncClient, running: Any, organization: Any, address: str
) -> None:
    async with a_browser(running.app, address) as other:
        await sign_in(other, organization.contributor_email)
        await sign_in(browser, organization.contributor_email)
        await browser.post("/auth/logout")
        assert (await other.get("/me")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_another_site_can_neither_sign_in_nor_out(
    browser: httpx.AsyncClient, organization: Any, headers: dict[str, str]
) -> None:
    assert (await sign_in(browser, organization.contributor_email, **headers)).status_code == 403
    await sign_in(browser, organization.contributor_email)
    assert (await browser.post("/auth/logout", headers=headers)).status_code == 403
    assert (await browser.patch("/me", json={"job_title": "Owned"}, headers=headers)).status_code == 403


async def test_a_page_of_our_own_can(browser: httpx.AsyncClient, organization: Any) -> None:
    headers = {"sec-fetch-site": "same-origin", "origin": "http://engage.test"}
    assert (await sign_in(browser, organization.contributor_email, **headers)).status_code == 200


async def test_a_session_is_no_bearer_token_and_a_token_no_session(
    browser: httpx.AsyncClient, running: Any, organization: Any, address: str
) -> None:
    await sign_in(browser, organization.contributor_email)
    session, token = browser.cookies["eng_session"], await organization.token(organization.contributor_email)
    async with a_browser(running.app, address) as other:
        assert (await other.get("/me", headers={"authorization": f"Bearer {session}"})).status_code == 401
        other.cookies.set("eng_session", token)
        assert (await other.get("/me")).status_code == 401


async def test_a_bad_bearer_is_not_saved_by_a_good_cookie(browser: httpx.AsyncClient, organization: Any) -> None:
    await sign_in(browser, organization.contributor_email)
    assert (await browser.get("/me", headers={"authorization": "Bearer eng_pat_wrong"})).status_code == 401


async def test_a_hash_of_weaker_parameters_is_replaced_at_the_next_sign_in(
    browser: httpx.AsyncClient, running: Any, settings: Any, organization: Any, address: str
) -> None:
    stronger = settings.model_copy(update={"password_memory_kib": 2048})
    async with open_container(stronger) as container:
        await container.signing_in.log_in(organization.contributor_email, PASSWORD, address=address, user_agent="tests")
    found = await running.container.gate.credentials(organization.contributor_email)
    assert "m=2048" in found.password_hash
    assert (await sign_in(browser, organization.contributor_email)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "ann@example.com"},
        {"email": "ann@example.com", "password": "x" * 1001},
        {"email": "ann@example.com", "password": "x\0y"},
        {"email": "ann@example.com\0", "password": "x"},
        {"email": "ann@example.com", "password": "x", "remember": True},
        {"email": ["ann@example.com"], "password": "x"},
    ],
)
async def test_what_is_no_sign_in_is_told_so(browser: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await browser.post("/auth/login", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_a_lone_surrogate_is_just_a_wrong_password(browser: httpx.AsyncClient, organization: Any) -> None:
    content = f'{{"email": "{organization.contributor_email}", "password": "\\ud800"}}'
    answer = await browser.post("/auth/login", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (401, 422)


async def test_without_redis_people_still_sign_in(settings: Any, organization: Any, address: str) -> None:
    alone = settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})
    async with open_container(alone) as container:
        signed_in = await container.signing_in.log_in(
            organization.contributor_email, PASSWORD, address=address, user_agent="tests"
        )
    assert signed_in.principal == organization.contributor
