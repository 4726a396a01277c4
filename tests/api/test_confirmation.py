"""Changes of who gets in ask again who sits there, when that was last shown more than ten minutes ago."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from math import ceil, log2
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.bootstrap import open_container
from adapters.throttle import FREE_FAILURES
from api.app import build_app
from tests.api.authenticator import Authenticator
from tests.api.browsing import PASSWORD, a_browser, actions, minutes_pass, next_code, sign_in, state_of, with_app

pytestmark = pytest.mark.anyio

URL = "https://engage.test"
NOTHING = "0198a1b2-0000-7000-8000-000000000000"
TOKEN = {"name": "script", "scopes": ["me:read"]}
SSO = {"issuer": "https://login.example.com", "client_id": "engage", "client_secret": "secret"}
Pass = Callable[..., None]


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
async def boss(app: Any, organization: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The Administrator, signed in with the password."""
    async with a_browser(app, url=URL) as browser:
        assert (await sign_in(browser, organization.administrator_email)).status_code == 200
        yield browser


@pytest.fixture
def pass_minutes(servers: Any, database: Any, organization: Any) -> Pass:
    """Lets minutes pass for the Contributor, or the user with that address."""

    def let_pass(minutes: int = 11, email: str = "") -> None:
        minutes_pass(servers, database, email or organization.contributor_email, minutes)

    return let_pass


@pytest.fixture
async def old(browser: httpx.AsyncClient, pass_minutes: Pass) -> httpx.AsyncClient:
    """The Contributor's browser, eleven minutes later."""
    pass_minutes()
    return browser


@pytest.fixture
async def old_boss(boss: httpx.AsyncClient, pass_minutes: Pass, organization: Any) -> httpx.AsyncClient:
    """The Administrator's browser, eleven minutes later."""
    pass_minutes(email=organization.administrator_email)
    return boss


async def confirm(browser: httpx.AsyncClient, **proof: Any) -> httpx.Response:
    return await browser.post("/auth/confirmation", json=proof)


async def add_passkey(browser: httpx.AsyncClient) -> Authenticator:
    device = Authenticator(URL)
    question = (await browser.post("/me/passkeys/options")).json()
    body = {
        "challenge_id": question["challenge_id"],
        "name": "Laptop",
        "credential": device.create(question["options"]),
    }
    assert (await browser.post("/me/passkeys", json=body)).status_code == 201
    return device


async def by_passkey(browser: httpx.AsyncClient, device: Authenticator, **changes: Any) -> httpx.Response:
    asked = await browser.post("/auth/confirmation/options")
    assert asked.status_code == 200, asked.text
    question = asked.json()
    answer = {"challenge_id": question["challenge_id"], "credential": device.get(question["options"]), **changes}
    return await confirm(browser, passkey=answer)


def asks(answer: httpx.Response) -> list[str]:
    """That it asks for a confirmation, and by what."""
    assert (answer.status_code, answer.json()["code"]) == (403, "confirmation_required"), answer.text
    return list(answer.json()["methods"])


def fault(answer: httpx.Response) -> tuple[str, str]:
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    return error["pointer"], error["code"]


OF_ONES_OWN = [
    ("POST", "/me/second-factor/totp", None),
    ("POST", "/me/second-factor/totp/confirm", {"code": "000000"}),
    ("POST", "/me/second-factor/recovery-codes", None),
    ("POST", "/me/passkeys/options", None),
    ("POST", "/me/passkeys", {"challenge_id": NOTHING, "name": "Phone", "credential": {}}),
    ("DELETE", f"/me/passkeys/{NOTHING}", None),
    ("POST", "/me/tokens", TOKEN),
]
OF_ADMINISTRATORS = [
    ("PUT", "/admin/sso", SSO),
    ("DELETE", "/admin/sso", None),
    ("PATCH", "/admin/settings", {"require_second_factor": True}),
    ("PATCH", "/admin/settings", {"session_days": 365}),
    ("POST", "/admin/users", {"email": "boss@example.com", "name": "Bea Boss", "role": "administrator"}),
]


@pytest.mark.parametrize(("method", "path", "body"), OF_ONES_OWN)
async def test_a_change_of_ones_own_ways_in_asks_again_after_ten_minutes(
    old: httpx.AsyncClient, method: str, path: str, body: Any
) -> None:
    assert asks(await old.request(method, path, json=body)) == ["password"]
    assert (await confirm(old, password=PASSWORD)).status_code == 204
    assert (await old.request(method, path, json=body)).status_code != 403


@pytest.mark.parametrize(("method", "path", "body"), OF_ADMINISTRATORS)
async def test_a_change_of_who_gets_in_asks_again_after_ten_minutes(
    old_boss: httpx.AsyncClient, method: str, path: str, body: Any
) -> None:
    before = (await old_boss.get("/admin/settings")).json()
    assert asks(await old_boss.request(method, path, json=body)) == ["password"]
    assert (await old_boss.get("/admin/settings")).json() == before
    assert (await confirm(old_boss, password=PASSWORD)).status_code == 204
    assert (await old_boss.request(method, path, json=body)).status_code != 403


async def test_another_role_asks_again_and_changes_nothing_before(
    old_boss: httpx.AsyncClient, organization: Any
) -> None:
    path = f"/admin/users/{organization.contributor.user_id}"
    asks(await old_boss.patch(path, json={"role": "administrator", "name": "Rob Boss"}))
    assert (await old_boss.get(path)).json()["name"] == "Rob Rep"
    await confirm(old_boss, password=PASSWORD)
    assert (await old_boss.patch(path, json={"role": "administrator"})).json()["role"] == "administrator"


async def test_everyday_administration_does_not_ask(old_boss: httpx.AsyncClient, organization: Any) -> None:
    someone = {"email": f"{uuid4().hex[:8]}@example.com", "name": "Nora New", "role": "contributor"}
    invited = await old_boss.post("/admin/users", json=someone)
    assert invited.status_code == 201
    assert (await old_boss.delete(f"/admin/users/{invited.json()['id']}/invitations")).status_code == 204
    user = f"/admin/users/{organization.contributor.user_id}"
    assert (await old_boss.patch(user, json={"name": "Rob", "role": "contributor"})).status_code == 200
    assert (await old_boss.patch("/admin/settings", json={"name": "Northwind", "session_days": 30})).status_code == 200


async def test_taking_access_away_does_not_wait(browser: httpx.AsyncClient, pass_minutes: Pass) -> None:
    made = (await browser.post("/me/tokens", json=TOKEN)).json()
    pass_minutes()
    assert (await browser.delete(f"/me/tokens/{made['id']}")).status_code == 204
    assert (await browser.delete("/me/sessions")).status_code == 204


async def test_what_asks_for_the_password_itself_asks_for_nothing_more(
    browser: httpx.AsyncClient, pass_minutes: Pass
) -> None:
    await with_app(browser)
    pass_minutes()
    assert (await browser.request("DELETE", "/me/second-factor/totp", json={"password": PASSWORD})).status_code == 204
    body = {"current": PASSWORD, "password": "violet harbour trombone 41"}
    assert (await browser.post("/me/password", json=body)).status_code == 204


async def test_ten_minutes_are_enough_for_several_changes(browser: httpx.AsyncClient, pass_minutes: Pass) -> None:
    pass_minutes(9)
    assert (await browser.post("/me/tokens", json=TOKEN)).status_code == 201
    pass_minutes(2)
    asks(await browser.post("/me/tokens", json=TOKEN))
    await confirm(browser, password=PASSWORD)
    pass_minutes(9)
    assert (await browser.post("/me/tokens", json=TOKEN)).status_code == 201
    pass_minutes(2)
    asks(await browser.post("/me/tokens", json=TOKEN))


async def test_only_the_session_that_confirmed_is_confirmed(
    app: Any, browser: httpx.AsyncClient, organization: Any, pass_minutes: Pass
) -> None:
    async with a_browser(app, url=URL) as other:
        await sign_in(other, organization.contributor_email)
        pass_minutes()
        await confirm(browser, password=PASSWORD)
        assert (await browser.post("/me/tokens", json=TOKEN)).status_code == 201
        asks(await other.post("/me/tokens", json=TOKEN))


async def test_tokens_are_not_asked_and_cannot_confirm(administrator: httpx.AsyncClient) -> None:
    assert (await administrator.patch("/admin/settings", json={"session_days": 7})).status_code == 200
    for answer in (
        await confirm(administrator, password=PASSWORD),
        await administrator.post("/auth/confirmation/options"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_passkey_is_added_by_the_same_answer_that_was_refused(
    browser: httpx.AsyncClient, pass_minutes: Pass
) -> None:
    device = Authenticator(URL)
    question = (await browser.post("/me/passkeys/options")).json()
    body = {"challenge_id": question["challenge_id"], "name": "Phone", "credential": device.create(question["options"])}
    pass_minutes()
    asks(await browser.post("/me/passkeys", json=body))
    await confirm(browser, password=PASSWORD)
    assert (await browser.post("/me/passkeys", json=body)).status_code == 201


async def test_a_code_of_the_app_confirms_once(browser: httpx.AsyncClient, pass_minutes: Pass) -> None:
    phone, _ = await with_app(browser)
    pass_minutes()
    assert asks(await browser.post("/me/tokens", json=TOKEN)) == ["password", "totp", "recovery_code"]
    code = next_code(phone)
    assert (await confirm(browser, code=code)).status_code == 204
    assert (await browser.post("/me/tokens", json=TOKEN)).status_code == 201
    assert fault(await confirm(browser, code=code)) == ("/code", "invalid_code")


async def test_a_code_serves_once_however_many_use_it_and_for_what(
    app: Any, browser: httpx.AsyncClient, organization: Any
) -> None:
    phone, recovery = await with_app(browser)
    async with a_browser(app, url=URL) as stranger:
        for code in (next_code(phone), recovery[0]):
            signing_in = [sign_in(stranger, organization.contributor_email, code=code) for _ in range(2)]
            answers = await asyncio.gather(*(confirm(browser, code=code) for _ in range(2)), *signing_in)
            assert sum(answer.is_success for answer in answers) == 1


async def test_a_recovery_code_confirms_as_it_is_read(browser: httpx.AsyncClient, pass_minutes: Pass) -> None:
    _, recovery = await with_app(browser)
    pass_minutes()
    assert (await confirm(browser, code=recovery[0].upper().replace("-", " "))).status_code == 204
    assert (await browser.get("/me/second-factor")).json()["recovery_codes_left"] == len(recovery) - 1
    assert (await browser.post("/me/tokens", json=TOKEN)).status_code == 201


async def test_a_passkey_confirms_and_is_asked_for_by_name(browser: httpx.AsyncClient, pass_minutes: Pass) -> None:
    device = await add_passkey(browser)
    pass_minutes()
    assert asks(await browser.post("/me/tokens", json=TOKEN)) == ["password", "passkey"]
    options = (await browser.post("/auth/confirmation/options")).json()["options"]
    assert (len(options["allowCredentials"]), options["userVerification"]) == (1, "required")
    assert (await by_passkey(browser, device)).status_code == 204
    assert (await browser.post("/me/tokens", json=TOKEN)).status_code == 201


async def test_a_passkey_that_is_not_exact_does_not_confirm(
    browser: httpx.AsyncClient, boss: httpx.AsyncClient, pass_minutes: Pass
) -> None:
    device, theirs = await add_passkey(browser), await add_passkey(boss)
    pass_minutes()
    signing_in = (await browser.post("/auth/passkeys/options")).json()
    answer = {"challenge_id": signing_in["challenge_id"], "credential": device.get(signing_in["options"])}
    refused = [
        await confirm(browser, passkey=answer),  # an answer to the question of somebody who signs in
        await by_passkey(browser, theirs),  # somebody else's passkey
        await by_passkey(browser, device, challenge_id=str(uuid4())),
        await confirm(browser, passkey={"challenge_id": str(uuid4()), "credential": {}}),
    ]
    assert {fault(one) for one in refused} == {("/passkey", "invalid_passkey")}
    asks(await browser.post("/me/tokens", json=TOKEN))


async def test_without_a_passkey_there_is_no_question_for_one(old: httpx.AsyncClient) -> None:
    answer = await old.post("/auth/confirmation/options")
    assert (answer.status_code, answer.json()["reason"]) == (409, "no_passkey")


async def test_a_wrong_proof_confirms_nothing_and_is_on_record(
    old: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    assert fault(await confirm(old, password="wrong")) == ("/password", "wrong_password")
    assert fault(await confirm(old, code="000000")) == ("/code", "invalid_code")
    asks(await old.post("/me/tokens", json=TOKEN))
    await confirm(old, password=PASSWORD)
    told = (await actions(administrator))[:3]
    assert told == ["session.confirmed", "session.not_confirmed", "session.not_confirmed"]


@pytest.mark.parametrize("proof", [{}, {"password": PASSWORD, "code": "000000"}, {"password": None}])
async def test_one_proof_is_needed_and_no_more(old: httpx.AsyncClient, proof: Any) -> None:
    assert fault(await confirm(old, **proof)) == ("", "required")


@pytest.mark.parametrize("kind", ["password", "code"])
async def test_guessing_is_slowed_down(old: httpx.AsyncClient, kind: str) -> None:
    guesses = [await confirm(old, **{kind: f"{n:06}"}) for n in range(10)]
    assert [guess.status_code for guess in guesses[: FREE_FAILURES + 1]] == [422] * (FREE_FAILURES + 1)
    [later] = {guess.status_code for guess in guesses[FREE_FAILURES + 1 :]} - {422}
    assert later == 429


async def test_guesses_at_passkeys_are_slowed_down_with_the_others(old: httpx.AsyncClient) -> None:
    for n in range(FREE_FAILURES + 1):
        await confirm(old, passkey={"challenge_id": str(uuid4()), "credential": {"rawId": f"AAA{n}"}})
    assert (await confirm(old, password="wrong")).status_code == 429


async def test_codes_guessed_all_at_once_are_no_way_around_the_limit(old: httpx.AsyncClient) -> None:
    began, at_once = monotonic(), 5
    guesses = await asyncio.gather(*(confirm(old, code=f"{n:06}") for n in range(40)))
    # Those under way when a wait begins are heard, and as many again after each wait of 1, 2, 4, … seconds.
    waited = ceil(log2(monotonic() - began + 1))
    heard = [guess.status_code for guess in guesses].count(422)
    assert heard <= FREE_FAILURES + (1 + waited) * at_once


async def test_guessing_here_and_at_signing_in_is_one_count(old: httpx.AsyncClient, organization: Any) -> None:
    for n in range(FREE_FAILURES + 1):
        await confirm(old, password=f"wrong-{n}")
    assert (await sign_in(old, organization.contributor_email, "wrong")).status_code == 429


@pytest.mark.parametrize("path", ["/auth/confirmation", "/auth/confirmation/options"])
async def test_another_site_confirms_nothing(old: httpx.AsyncClient, path: str) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert (await old.post(path, json={"password": PASSWORD}, headers=headers)).status_code == 403
    asks(await old.post("/me/tokens", json=TOKEN))


async def test_confirming_changes_nothing_else_about_the_session(old: httpx.AsyncClient) -> None:
    cookies, [before] = dict(old.cookies), (await old.get("/me/sessions")).json()["items"]
    answer = await confirm(old, password=PASSWORD)
    assert "set-cookie" not in answer.headers
    [after] = (await old.get("/me/sessions")).json()["items"]
    assert (dict(old.cookies), {**after, "last_seen_at": 0}) == (cookies, {**before, "last_seen_at": 0})


async def test_who_has_yet_to_set_up_the_second_factor_can_confirm(
    browser: httpx.AsyncClient, boss: httpx.AsyncClient, pass_minutes: Pass
) -> None:
    await boss.patch("/admin/settings", json={"require_second_factor": True})
    pass_minutes()
    asks(await browser.post("/me/second-factor/totp"))
    assert (await confirm(browser, password=PASSWORD)).status_code == 204
    await with_app(browser)
    assert (await browser.get("/contacts")).status_code == 200


async def test_a_refusal_is_not_remembered_under_the_key_of_the_request(
    old_boss: httpx.AsyncClient,
) -> None:
    body = {"email": f"{uuid4().hex[:8]}@example.com", "name": "Bea Boss", "role": "administrator"}
    headers = {"idempotency-key": uuid4().hex}
    asks(await old_boss.post("/admin/users", json=body, headers=headers))
    await confirm(old_boss, password=PASSWORD)
    assert (await old_boss.post("/admin/users", json=body, headers=headers)).status_code == 201
