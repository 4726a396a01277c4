"""Single sign-on through a real OpenID provider on a port of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from adapters.bootstrap import open_container
from api.app import build_app
from tests.api.browsing import a_browser, actions, minutes_pass, sign_in, state_of, with_app
from tests.api.openid import CLIENT_ID, CLIENT_SECRET, Lies, Provider

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider, organization: Any) -> Provider:
    """Honest, and signs the Contributor in."""
    running_provider.lies = Lies()
    running_provider.person = somebody(organization.contributor_email)
    return running_provider


@pytest.fixture(scope="module")
async def site(settings: Any) -> AsyncIterator[Any]:
    """The application, which may ask a provider on this machine."""
    local = settings.model_copy(update={"sso_loopback": True})
    async with open_container(local) as container:
        app = build_app(local, lambda: nullcontext(container))  # type: ignore[arg-type,return-value]
        state_of(app).container = container
        yield app


@pytest.fixture
async def boss(site: Any, organization: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The Administrator, signed in."""
    async with a_browser(site) as browser:
        await sign_in(browser, organization.administrator_email)
        yield browser


@pytest.fixture
async def browser(site: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with a_browser(site) as browser:
        yield browser


def somebody(email: str, verified: bool = True, subject: str = "") -> dict[str, Any]:
    return {"sub": subject or uuid4().hex, "email": email, "email_verified": verified}


async def set_up(boss: httpx.AsyncClient, provider: Provider, **changes: Any) -> httpx.Response:
    body = {"issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **changes}
    return await boss.put("/admin/sso", json=body)


async def to_provider(browser: httpx.AsyncClient, organization: Any) -> str:
    """Begins, and gives the way back with which the provider answers."""
    began = await browser.get(f"/auth/sso/{organization.contributor.organization_id}")
    assert began.status_code == 302, began.text
    async with httpx.AsyncClient() as outside:
        answer = await outside.get(began.headers["location"])
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


async def come_back(browser: httpx.AsyncClient, way_back: str) -> str:
    """Where the browser ends."""
    answer = await browser.get(way_back)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


async def sign_on(browser: httpx.AsyncClient, organization: Any) -> str:
    """ok, or the reason why not."""
    return outcome(await come_back(browser, await to_provider(browser, organization)))


def outcome(location: str) -> str:
    if location == "http://engage.test/app/":
        return "ok"
    assert location.startswith("http://engage.test/app/login?"), location
    return parse_qs(urlsplit(location).query)["sso_error"][0]


async def test_a_user_signs_in_through_the_provider(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    assert await sign_on(browser, organization) == "ok"
    assert (await browser.get("/me")).json()["email"] == organization.contributor_email
    assert (await browser.get("/me/sessions")).json()["items"][0]["second_factor"] is True
    assert "session.opened" in await actions(boss)


async def test_the_way_there_has_state_nonce_and_a_challenge(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    began = await browser.get(f"/auth/sso/{organization.contributor.organization_id}")
    asked = parse_qs(urlsplit(began.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://engage.test/auth/sso/callback"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    cookie = began.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_the_second_time_the_subject_decides_whatever_the_address_is(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    await sign_on(browser, organization)
    provider.person = {**provider.person, "email": organization.administrator_email}
    assert await sign_on(browser, organization) == "ok"
    assert (await browser.get("/me")).json()["email"] == organization.contributor_email


async def test_another_subject_with_the_same_address_does_not_take_over(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    await sign_on(browser, organization)
    provider.person = somebody(organization.contributor_email)
    assert await sign_on(browser, organization) == "identity_conflict"


async def test_a_second_provider_does_not_take_over(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    await sign_on(browser, organization)
    with Provider() as second:
        second.person = provider.person
        await set_up(boss, second)
        assert await sign_on(browser, organization) == "identity_conflict"
        await boss.delete("/admin/sso")
        await set_up(boss, second)
        assert await sign_on(browser, organization) == "ok"


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ({"email_verified": False}, "email_unverified"),
        ({"email_verified": "true"}, "email_unverified"),
        ({"email_verified": None}, "email_unverified"),
        ({"email": None}, "email_unverified"),
        ({"email": "stranger@example.com"}, "unknown_user"),
    ],
)
async def test_nobody_is_made_up(
    boss: httpx.AsyncClient,
    browser: httpx.AsyncClient,
    provider: Provider,
    organization: Any,
    person: dict[str, Any],
    reason: str,
) -> None:
    await set_up(boss, provider)
    changed = {**provider.person, **person}
    provider.person = {name: value for name, value in changed.items() if value is not None}
    assert await sign_on(browser, organization) == reason
    assert (await browser.get("/me")).status_code == 401


async def test_users_of_another_organization_are_strangers(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any, new_organization: Any
) -> None:
    await set_up(boss, provider)
    other = await new_organization()
    provider.person = somebody(other.contributor_email)
    assert await sign_on(browser, organization) == "unknown_user"


async def test_an_invited_user_joins(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    email = f"new.{uuid4().hex[:8]}@example.com"
    made = await boss.post("/admin/users", json={"email": email, "name": "New Comer", "role": "contributor"})
    assert made.status_code == 201, made.text
    provider.person = somebody(email.upper())
    assert await sign_on(browser, organization) == "ok"
    assert (await browser.get("/me")).json()["email"] == email
    assert (await boss.get(f"/admin/users/{made.json()['id']}")).json()["state"] == "active"
    assert "user.joined" in await actions(boss)


async def test_who_has_nothing_else_confirms_by_signing_in_anew(
    boss: httpx.AsyncClient,
    browser: httpx.AsyncClient,
    provider: Provider,
    organization: Any,
    servers: Any,
    database: Any,
) -> None:
    await set_up(boss, provider)
    email = f"new.{uuid4().hex[:8]}@example.com"
    await boss.post("/admin/users", json={"email": email, "name": "New Comer", "role": "contributor"})
    provider.person = somebody(email)
    await sign_on(browser, organization)
    minutes_pass(servers, database, email)
    token = {"name": "script", "scopes": ["me:read"]}
    asked = (await browser.post("/me/tokens", json=token)).json()
    assert (asked["code"], asked["methods"]) == ("confirmation_required", ["single_sign_on"])
    assert await sign_on(browser, organization) == "ok"
    assert (await browser.post("/me/tokens", json=token)).status_code == 201
    minutes_pass(servers, database, email)
    await set_up(boss, provider, enabled=False)
    assert (await browser.post("/me/tokens", json=token)).json()["methods"] == []


async def test_a_deleted_user_comes_in_vain(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    await sign_on(browser, organization)
    await boss.delete(f"/admin/users/{organization.contributor.user_id}")
    assert await sign_on(browser, organization) == "unknown_user"


async def test_the_address_may_come_from_the_userinfo(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    provider.lies.claims = {"email": None, "email_verified": None}
    assert await sign_on(browser, organization) == "ok"


async def test_es256_is_taken_too(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    provider.lies.algorithm = "ES256"
    assert await sign_on(browser, organization) == "ok"


@pytest.mark.parametrize(
    "lies",
    [
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"iss": None}},
        {"claims": {"aud": "somebody else"}},
        {"claims": {"aud": [CLIENT_ID, "somebody else"]}},
        {"claims": {"azp": "somebody else"}},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"exp": 1}},
        {"claims": {"exp": None}},
        {"claims": {"iat": 99_999_999_999}},
        {"claims": {"sub": None}},
        {"claims": {"sub": ""}},
        {"claims": {"at_hash": "AAAA"}},
        {"algorithm": "RS384"},
        {"algorithm": "HS256"},
        {"algorithm": "none"},
        {"foreign_key": True},
        {"callback": {"iss": "https://evil.example"}},
        {"callback": {"code": "made-up"}},
        {"callback": {"error": "server_error"}},
    ],
)
async def test_what_does_not_hold_is_refused(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any, lies: dict[str, Any]
) -> None:
    await set_up(boss, provider)
    provider.lies = Lies(**lies)
    assert await sign_on(browser, organization) == "provider_refused"
    assert (await browser.get("/me")).status_code == 401


async def test_the_way_back_leads_through_the_same_browser_once(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, site: Any, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    way_back = await to_provider(browser, organization)
    async with a_browser(site) as victim:
        assert outcome(await come_back(victim, way_back)) == "state_invalid"
        await to_provider(victim, organization)
        assert outcome(await come_back(victim, way_back)) == "state_invalid"
        assert (await victim.get("/me")).status_code == 401
    both = await asyncio.gather(*(come_back(browser, way_back) for _ in range(4)))
    assert sorted(map(outcome, both)) == ["ok", *["state_invalid"] * 3]


@pytest.mark.parametrize("state", ["", "x", "A" * 64, "%20", "x" * 500])
async def test_a_made_up_state_is_refused(browser: httpx.AsyncClient, state: str) -> None:
    browser.cookies.set("eng_sign_on", "x" * 43)
    assert outcome(await come_back(browser, f"/auth/sso/callback?state={state}&code=x")) == "state_invalid"


async def test_who_says_no_there_is_back_at_the_door(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    provider.lies.callback = {"error": "access_denied"}
    assert await sign_on(browser, organization) == "access_denied"


async def test_a_session_from_before_ends(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any, site: Any
) -> None:
    await set_up(boss, provider)
    await sign_in(browser, organization.contributor_email)
    planted = browser.cookies["eng_session"]
    await sign_on(browser, organization)
    async with a_browser(site) as attacker:
        attacker.cookies.set("eng_session", planted)
        assert (await attacker.get("/me")).status_code == 401


async def test_organizations_without_single_sign_on_answer_as_missing_ones(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider, enabled=False)
    there = await browser.get(f"/auth/sso/{organization.contributor.organization_id}")
    missing = await browser.get(f"/auth/sso/{uuid4()}")
    assert there.status_code == missing.status_code == 404
    assert there.json()["detail"] == missing.json()["detail"]


async def test_where_a_second_factor_is_required_the_provider_has_asked_for_it(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any, site: Any
) -> None:
    await set_up(boss, provider)
    await with_app(boss)
    await boss.patch("/admin/settings", json={"require_second_factor": True})
    assert await sign_on(browser, organization) == "ok"
    assert (await browser.get("/contacts")).status_code == 200
    token = await organization.token(organization.contributor_email)
    async with a_browser(site) as script:
        answer = await script.get("/contacts", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200


async def test_the_provider_is_shown_without_its_secret(boss: httpx.AsyncClient, provider: Provider) -> None:
    nothing = (await boss.get("/admin/sso")).json()
    assert (nothing["issuer"], nothing["client_id"], nothing["enabled"]) == (None, None, False)
    made = await set_up(boss, provider)
    assert made.status_code == 200, made.text
    assert made.json() == (await boss.get("/admin/sso")).json()
    assert made.json()["issuer"] == provider.issuer
    assert CLIENT_SECRET not in made.text
    assert (await boss.delete("/admin/sso")).status_code == 204
    assert (await boss.delete("/admin/sso")).status_code == 404
    assert (await actions(boss)).count("sso.changed") == 2


async def test_the_secret_stays_for_the_same_client_alone(boss: httpx.AsyncClient, provider: Provider) -> None:
    assert (await set_up(boss, provider, client_secret=None)).json()["errors"][0]["pointer"] == "/client_secret"
    await set_up(boss, provider)
    assert (await set_up(boss, provider, client_secret=None, enabled=False)).status_code == 200
    assert (await set_up(boss, provider, client_secret=None, client_id="other")).status_code == 422


async def test_contributors_have_no_say_in_it(
    browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await sign_in(browser, organization.contributor_email)
    assert (await browser.get("/admin/sso")).status_code == 403
    assert (await set_up(browser, provider)).status_code == 403
    assert (await browser.delete("/admin/sso")).status_code == 403


@pytest.mark.parametrize(
    "lies",
    [
        {"document": {"issuer": "https://evil.example"}},
        # Entra ID for whatever tenant: anybody could be anybody there.
        {"document": {"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"}},
        {"document": {"jwks_uri": "http://10.0.0.1/keys"}},
        {"document": {"token_endpoint": "file:///etc/passwd"}},
        {"document": {"authorization_endpoint": "javascript:alert(1)"}},
        {"document": {"authorization_endpoint": None}},
        {"redirects_discovery": True},
        {"pads": 2_000_000},
    ],
)
async def test_what_is_no_provider_is_not_taken(
    boss: httpx.AsyncClient, provider: Provider, lies: dict[str, Any]
) -> None:
    provider.lies = Lies(**lies)
    answer = await set_up(boss, provider)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/issuer")


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "x",
        "ftp://127.0.0.1",
        "https://user@127.0.0.1",
        "https://127.0.0.1:99999",
        "https://127.0.0.1:6379",
        "https://127.0.0.1",
        "http://10.0.0.1",
        "https://10.0.0.1",
        "https://169.254.169.254",
        "https://[::ffff:127.0.0.1]",
        "https://[64:ff9b::7f00:1]",
        "https://2130706433",
        "https://no-such-host.invalid",
        "https://exa mple.com",
        "https://[::1",
    ],
)
async def test_addresses_of_our_own_network_are_never_asked(
    boss: httpx.AsyncClient, provider: Provider, issuer: str
) -> None:
    answer = await set_up(boss, provider, issuer=issuer)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/issuer")


async def test_without_the_setting_this_machine_is_not_asked_either(
    running: Any, provider: Provider, organization: Any
) -> None:
    async with a_browser(running.app) as boss:
        await sign_in(boss, organization.administrator_email)
        provider.requests.clear()
        assert (await set_up(boss, provider)).status_code == 422
        assert provider.requests == []


# Addresses that the provider does not call verified.


def silent(provider: Provider, **says: Any) -> None:
    """The provider gives the address, and of whether it is verified no more than this."""
    provider.person = {name: value for name, value in provider.person.items() if name != "email_verified"} | says


async def test_a_provider_that_says_nothing_of_addresses_is_believed_only_where_an_administrator_vouches(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    silent(provider)
    assert (await set_up(boss, provider)).json()["trust_email"] is False
    assert await sign_on(browser, organization) == "email_unverified"
    assert (await set_up(boss, provider, trust_email=True)).json()["trust_email"] is True
    assert await sign_on(browser, organization) == "ok"
    assert (await browser.get("/me")).json()["email"] == organization.contributor_email
    [changed, *_] = (await boss.get("/admin/audit-log", params={"action": "sso.changed"})).json()["items"]
    assert changed["detail"] == {"issuer": provider.issuer, "enabled": True, "trust_email": True}


@pytest.mark.parametrize(
    "says",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email_verified": []},
        {"xms_edov": False},
        {"xms_edov": "0"},
        {"email_verified": True, "xms_edov": False},
        {"email_verified": False, "xms_edov": True},
    ],
)
async def test_a_provider_that_says_no_is_never_overruled(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any, says: dict[str, Any]
) -> None:
    silent(provider, **says)
    await set_up(boss, provider, trust_email=True)
    assert await sign_on(browser, organization) == "email_unverified"
    provider.lies.claims = {"email": None, **dict.fromkeys(says)}
    assert await sign_on(browser, organization) == "email_unverified"
    assert (await browser.get("/me")).status_code == 401


async def test_nothing_at_all_is_not_taken_for_silence(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    silent(provider, email_verified=None)
    provider.lies.claims = {"email": None}
    await set_up(boss, provider, trust_email=True)
    assert await sign_on(browser, organization) == "email_unverified"


async def test_a_silent_userinfo_counts_as_a_silent_token(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    silent(provider)
    provider.lies.claims = {"email": None}
    await set_up(boss, provider)
    assert await sign_on(browser, organization) == "email_unverified"
    await set_up(boss, provider, trust_email=True)
    assert await sign_on(browser, organization) == "ok"


@pytest.mark.parametrize("verified", [True, 1, "1", "true"])
async def test_the_claim_of_entra_id_vouches_for_an_address(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any, verified: Any
) -> None:
    silent(provider, xms_edov=verified)
    await set_up(boss, provider)
    assert await sign_on(browser, organization) == "ok"


async def test_vouching_lets_in_nobody_who_was_not_invited_and_no_second_person(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any, new_organization: Any
) -> None:
    await set_up(boss, provider, trust_email=True)
    silent(provider, email="stranger@example.com")
    assert await sign_on(browser, organization) == "unknown_user"
    silent(provider, email=(await new_organization()).contributor_email)
    assert await sign_on(browser, organization) == "unknown_user"
    silent(provider, email=organization.contributor_email)
    assert await sign_on(browser, organization) == "ok"
    silent(provider, sub=uuid4().hex)
    assert await sign_on(browser, organization) == "identity_conflict"


async def test_who_is_known_stays_known_when_nobody_vouches_any_more(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    silent(provider)
    await set_up(boss, provider, trust_email=True)
    await sign_on(browser, organization)
    await set_up(boss, provider)
    assert await sign_on(browser, organization) == "ok"
    silent(provider, sub=uuid4().hex, email=organization.administrator_email)
    assert await sign_on(browser, organization) == "email_unverified"


# The door.

SHOWS_PAGES = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def test_a_browser_at_a_link_that_leads_nowhere_is_sent_to_a_page_that_says_so(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider, enabled=False)
    for nowhere in (organization.contributor.organization_id, uuid4(), "0199-cut-of", "x" * 90):
        assert (await browser.get(f"/auth/sso/{nowhere}")).status_code in (404, 422)
        shown = await browser.get(f"/auth/sso/{nowhere}", headers=SHOWS_PAGES)
        assert outcome(shown.headers["location"]) == "not_configured"
        assert "set-cookie" not in shown.headers


async def test_the_page_for_signing_in_learns_whether_there_is_single_sign_on(
    boss: httpx.AsyncClient, browser: httpx.AsyncClient, provider: Provider, organization: Any
) -> None:
    async def available(whose: Any) -> Any:
        answer = await browser.get(f"/auth/sso/{whose}/availability")
        assert answer.status_code == 200, answer.text
        return answer.json()

    ours = organization.contributor.organization_id
    assert await available(ours) == await available(uuid4()) == {"available": False}
    await set_up(boss, provider)
    assert await available(ours) == {"available": True}
    await set_up(boss, provider, enabled=False)
    assert await available(ours) == {"available": False}


async def test_who_begins_again_and_again_has_to_wait(
    boss: httpx.AsyncClient, site: Any, provider: Provider, organization: Any
) -> None:
    await set_up(boss, provider)
    path = f"/auth/sso/{organization.contributor.organization_id}"
    async with a_browser(site) as busy, a_browser(site) as calm:
        answers = [await busy.get(path) for _ in range(61)]
        assert [answer.status_code for answer in answers] == [302] * 60 + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert (answers[-1].headers["ratelimit-limit"], answers[-1].json()["code"]) == ("60", "too_many_requests")
        assert outcome((await busy.get(path, headers=SHOWS_PAGES)).headers["location"]) == "too_many_requests"
        assert (await busy.get(f"/auth/sso/{uuid4()}")).status_code == 429
        assert (await calm.get(path)).status_code == 302
