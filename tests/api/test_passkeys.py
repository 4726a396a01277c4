"""Passkeys: added, used instead of a password, and refused when anything about them is not exact."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.bootstrap import open_container
from adapters.postgres.passkeys import PostgresPasskeyGate
from api.app import build_app
from tests.api.authenticator import Authenticator
from tests.api.browsing import PASSWORD, a_browser, actions, sign_in, state_of, with_app

pytestmark = pytest.mark.anyio

URL = "https://engage.test"


@pytest.fixture(scope="module")
async def app(settings: Any) -> AsyncIterator[Any]:
    """Reached over TLS, where browsers have passkeys."""
    over_tls = settings.model_copy(update={"public_url": URL})
    async with open_container(over_tls) as container:
        app = build_app(over_tls, lambda: nullcontext(container))  # type: ignore[arg-type,return-value]
        state_of(app).container = container
        yield app


@pytest.fixture
async def browser(app: Any, organization: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The Contributor, signed in with the password."""
    async with a_browser(app, url=URL) as browser:
        assert (await sign_in(browser, organization.contributor_email)).status_code == 200
        yield browser


@pytest.fixture
async def stranger(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with a_browser(app, url=URL) as browser:
        yield browser


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(URL)


async def asked(browser: httpx.AsyncClient, path: str = "/me/passkeys") -> dict[str, Any]:
    answer = await browser.post(f"{path}/options")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def add(browser: httpx.AsyncClient, device: Authenticator, name: str = "Laptop") -> httpx.Response:
    question = await asked(browser)
    credential = device.create(question["options"])
    body = {"challenge_id": question["challenge_id"], "name": name, "credential": credential}
    return await browser.post("/me/passkeys", json=body)


async def use(browser: httpx.AsyncClient, device: Authenticator, **changes: Any) -> httpx.Response:
    question = await asked(browser, "/auth/passkeys")
    credential = device.get(question["options"])
    body = {"challenge_id": question["challenge_id"], "credential": credential, **changes}
    return await browser.post("/auth/passkeys", json=body)


def refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_passkey"), answer.text
    assert "set-cookie" not in answer.headers


async def test_a_passkey_signs_in_without_a_password(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, organization: Any
) -> None:
    assert (await add(browser, device)).status_code == 201
    answer = await use(stranger, device)
    assert answer.json()["email"] == organization.contributor_email
    assert answer.headers["set-cookie"].startswith("__Host-eng_session=")
    [session] = [s for s in (await stranger.get("/me/sessions")).json()["items"] if s["current"]]
    assert session["second_factor"] is True


async def test_the_browser_is_asked_for_this_address_alone(browser: httpx.AsyncClient) -> None:
    options = (await asked(browser))["options"]
    assert options["rp"] == {"id": "engage.test", "name": "Engage"}
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    signing = (await asked(browser, "/auth/passkeys"))["options"]
    assert (signing["rpId"], signing["userVerification"]) == ("engage.test", "required")
    assert not signing.get("allowCredentials")


async def test_passkeys_are_listed_and_removed(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, administrator: httpx.AsyncClient
) -> None:
    made = (await add(browser, device, "Phone")).json()
    assert (await browser.get("/me/passkeys")).json() == {"items": [made], "next_cursor": None, "available": True}
    assert (await browser.get("/me/second-factor")).json()["passkeys"] == 1
    assert (await browser.delete(f"/me/passkeys/{made['id']}")).status_code == 204
    assert (await browser.delete(f"/me/passkeys/{made['id']}")).status_code == 404
    refused(await use(stranger, device))
    assert {"passkey.added", "passkey.removed"} <= set(await actions(administrator))


async def test_somebody_elses_passkey_is_missing(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, organization: Any
) -> None:
    made = (await add(browser, device)).json()
    await sign_in(stranger, organization.administrator_email)
    theirs, missing = [await stranger.delete(f"/me/passkeys/{id}") for id in (made["id"], uuid4())]
    assert theirs.status_code == missing.status_code == 404
    assert theirs.json()["detail"] == missing.json()["detail"]


async def test_a_device_is_not_asked_twice(browser: httpx.AsyncClient, device: Authenticator) -> None:
    await add(browser, device)
    excluded = (await asked(browser))["options"]["excludeCredentials"]
    assert len(excluded) == 1
    assert (await add(browser, device)).json()["code"] == "already_exists"


async def test_an_answer_serves_once(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator
) -> None:
    await add(browser, device)
    question = await asked(stranger, "/auth/passkeys")
    body = {"challenge_id": question["challenge_id"], "credential": device.get(question["options"])}
    answers = await asyncio.gather(*(stranger.post("/auth/passkeys", json=body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 5]


async def test_an_answer_to_another_question_is_refused(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator
) -> None:
    await add(browser, device)
    other = await asked(stranger, "/auth/passkeys")
    refused(await use(stranger, device, challenge_id=other["challenge_id"]))
    refused(await use(stranger, device, challenge_id=str(uuid4())))


async def test_a_question_for_adding_is_none_for_signing_in_and_the_other_way_round(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator
) -> None:
    await add(browser, device)
    adding = await asked(browser)
    credential = device.get(adding["options"])
    body = {"challenge_id": adding["challenge_id"], "credential": credential}
    refused(await stranger.post("/auth/passkeys", json=body))


async def test_somebody_elses_question_is_not_answered(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, organization: Any
) -> None:
    await sign_in(stranger, organization.administrator_email)
    question = await asked(browser)
    body = {"challenge_id": question["challenge_id"], "name": "x", "credential": device.create(question["options"])}
    answer = await stranger.post("/me/passkeys", json=body)
    assert answer.json()["errors"][0]["pointer"] == "/challenge_id"


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://engage.test"},
        {"origin": "https://engage.test:444"},
        {"origin": "https://www.engage.test"},
        {"rp_id": "evil.example"},
        {"verifies": False},
    ],
)
async def test_what_is_not_exact_neither_signs_in_nor_is_added(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, lie: dict[str, Any]
) -> None:
    await add(browser, device)
    for name, value in lie.items():
        setattr(device, name, value)
    refused(await use(stranger, device))
    added = await add(browser, Authenticator(**{"origin": URL, **lie}))
    assert (added.status_code, added.json()["errors"][0]["pointer"]) == (422, "/credential")


@pytest.mark.parametrize("stolen", ["key", "user_handle"])
async def test_another_key_or_another_user_is_refused(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, stolen: str
) -> None:
    await add(browser, device)
    lie = {"key": Authenticator(URL).key, "user_handle": uuid4().bytes}
    setattr(device, stolen, lie[stolen])
    refused(await use(stranger, device))


async def test_a_copied_device_is_noticed_by_its_count(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator
) -> None:
    await add(browser, device)
    device.count = 10
    assert (await use(stranger, device)).status_code == 200
    device.count = 5
    refused(await use(stranger, device))


async def test_a_question_is_forgotten_after_five_minutes(running: Any, organization: Any) -> None:
    gate, now, challenge_id = PostgresPasskeyGate(running.container.database), running.container.clock.system(), uuid4()
    await gate.keep_challenge(challenge_id, b"challenge", None, now + timedelta(minutes=5))
    assert await gate.take_challenge(challenge_id, None, now + timedelta(minutes=5)) is None
    assert await gate.take_challenge(challenge_id, None, now) == b"challenge"
    assert await gate.take_challenge(challenge_id, None, now) is None


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": "x", "rawId": "x", "type": "public-key", "response": {}},
        {"rawId": "\0"},
        {"rawId": ["x"]},
        {"rawId": "AAAA", "response": {"userHandle": 1}},
        {"rawId": "A" * 10_000},
        {"rawId": "\ud800"},
    ],
)
async def test_nonsense_is_refused(browser: httpx.AsyncClient, stranger: httpx.AsyncClient, credential: Any) -> None:
    question = await asked(stranger, "/auth/passkeys")
    body = json.dumps({"challenge_id": question["challenge_id"], "credential": credential})
    headers = {"content-type": "application/json"}
    refused(await stranger.post("/auth/passkeys", content=body, headers=headers))
    question = await asked(browser)
    body = json.dumps({"challenge_id": question["challenge_id"], "name": "x", "credential": credential})
    assert (await browser.post("/me/passkeys", content=body, headers=headers)).status_code == 422


async def test_a_passkey_alone_leaves_the_password_as_it_is(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, organization: Any
) -> None:
    await add(browser, device)
    assert (await browser.get("/me")).json()["second_factor"] is True
    assert (await sign_in(stranger, organization.contributor_email)).status_code == 200


async def test_where_a_second_factor_is_required_the_passkey_is_it(
    app: Any, browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, organization: Any
) -> None:
    await add(browser, device)
    async with a_browser(app, url=URL) as boss:
        await sign_in(boss, organization.administrator_email)
        await boss.patch("/admin/settings", json={"require_second_factor": True})
    assert (await browser.get("/me")).status_code == 401  # it was opened with the password alone
    alone = await sign_in(stranger, organization.contributor_email)
    assert (alone.json()["code"], alone.json()["methods"]) == ("second_factor_required", ["passkey"])
    assert (await sign_in(stranger, organization.contributor_email, code="000000")).json()["code"] == "invalid_code"
    assert (await use(stranger, device)).status_code == 200
    assert (await stranger.get("/contacts")).status_code == 200


async def test_adding_a_passkey_finishes_what_was_required(
    app: Any, browser: httpx.AsyncClient, device: Authenticator, organization: Any
) -> None:
    async with a_browser(app, url=URL) as boss:
        await sign_in(boss, organization.administrator_email)
        await boss.patch("/admin/settings", json={"require_second_factor": True})
    assert (await browser.get("/contacts")).status_code == 403
    await add(browser, device)
    assert (await browser.get("/contacts")).status_code == 200
    assert len((await browser.post("/me/second-factor/recovery-codes")).json()["recovery_codes"]) == 10


async def test_a_passkey_needs_no_code_of_the_app(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, device: Authenticator, organization: Any
) -> None:
    await with_app(browser)
    await add(browser, device)
    assert (await sign_in(stranger, organization.contributor_email)).json()["methods"][-1] == "passkey"
    assert (await use(stranger, device)).status_code == 200
    await browser.request("DELETE", "/me/second-factor/totp", json={"password": PASSWORD})
    assert (await browser.get("/me")).json()["second_factor"] is True


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://engage.test", "https://[::1]", "https://10.1.2.3"])
async def test_where_browsers_have_no_passkeys_that_is_said(settings: Any, organization: Any, url: str) -> None:
    there = settings.model_copy(update={"public_url": url})
    async with open_container(there) as container:
        app = build_app(there, lambda: nullcontext(container))  # type: ignore[arg-type,return-value]
        state_of(app).container = container
        async with a_browser(app, url=url) as browser:
            answer = await browser.post("/auth/passkeys/options")
            assert (answer.status_code, answer.json()["code"]) == (409, "passkeys_unavailable")
            await sign_in(browser, organization.contributor_email)
            assert (await browser.post("/me/passkeys/options")).status_code == 409
            assert (await browser.get("/me/passkeys")).json()["available"] is False


async def test_who_begins_again_and_again_has_to_wait(app: Any) -> None:
    async with a_browser(app, url=URL) as busy, a_browser(app, url=URL) as calm:
        answers = [await busy.post("/auth/passkeys/options") for _ in range(61)]
        assert [answer.status_code for answer in answers] == [200] * 60 + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert answers[-1].headers["ratelimit-limit"] == "60"
        assert (await calm.post("/auth/passkeys/options")).status_code == 200
