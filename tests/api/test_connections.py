"""Connecting an account over HTTP, as a browser does."""

from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from pathlib import Path

import httpx
import pytest

from adapters.settings import Settings
from api.app import build_app
from tests.api.browsing import state_of
from tests.mailing import PUBLIC_URL, Firm, Prospects, found_firm, prospects_at, services_of, settings_for

NOT_CONNECTED = {
    "provider": "google",
    "kind": "email",
    "state": "not_connected",
    "account": None,
    "connected_at": None,
    "lost_reason": None,
}


@pytest.fixture(scope="module")
def prospects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prospects]:
    with prospects_at(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
async def firm(
    postgres_url: str, owner_url: str, redis_url: str, prospects: Prospects, tmp_path: Path
) -> AsyncIterator[Firm]:
    settings: Settings = settings_for(postgres_url, owner_url, redis_url, prospects.url, data_dir=tmp_path)
    async with services_of(settings) as services:
        yield await found_firm(services, prospects)


@pytest.fixture
async def browser(firm: Firm) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in representative's."""
    rep = await firm.hire()
    app = build_app(firm.services.settings, lambda: nullcontext(firm.services))
    state_of(app).container = firm.services
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
        await client.post("/auth/login", json={"email": rep.address, "password": "a long enough password"})
        yield client


async def consented(browser: httpx.AsyncClient, prospects: Prospects, **form: str) -> httpx.Response:
    """The way to the consent page and back."""
    url = (await browser.post("/me/connections/google", json={})).json()["authorize_url"]
    answer = prospects.http.post(url, data={"account": "rep@demo.example", "decision": "allow", **form})
    return await browser.get(answer.headers["location"])


async def test_an_account_is_connected_by_consent(browser: httpx.AsyncClient, prospects: Prospects) -> None:
    assert (await browser.get("/me/connections")).json()["items"] == [NOT_CONNECTED]

    back = await consented(browser, prospects)

    assert back.headers["location"] == f"{PUBLIC_URL}/app/account/connect?connected=google"
    [connection] = (await browser.get("/me/connections")).json()["items"]
    assert (connection["state"], connection["account"]) == ("connected", "rep@demo.example")


async def test_the_consent_page_is_asked_for_what_is_needed(browser: httpx.AsyncClient) -> None:
    url = httpx.URL((await browser.post("/me/connections/google", json={})).json()["authorize_url"])

    asked = dict(url.params)
    assert asked["scope"] == "openid email profile https://www.googleapis.com/auth/gmail.modify"
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"decision": "deny", "account": "denies@demo.example"}, "error=access_denied"),
        (
            {"scopes": "openid", "account": "partly@demo.example"},
            "error=missing_permission&missing=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.modify",
        ),
    ],
)
async def test_a_refusal_is_told_by_the_app(
    browser: httpx.AsyncClient, prospects: Prospects, form: dict[str, str], told: str
) -> None:
    back = await consented(browser, prospects, **form)

    assert back.headers["location"] == f"{PUBLIC_URL}/app/account/connect?{told}"
    assert (await browser.get("/me/connections")).json()["items"] == [NOT_CONNECTED]


@pytest.mark.parametrize(("decision", "told"), [("allow", "connected=google"), ("deny", "error=access_denied")])
async def test_the_way_back_leads_to_the_page_that_it_began_at(
    browser: httpx.AsyncClient, prospects: Prospects, decision: str, told: str
) -> None:
    url = (await browser.post("/me/connections/google?from=onboarding", json={})).json()["authorize_url"]
    answer = prospects.http.post(url, data={"account": "newcomer@demo.example", "decision": decision})

    back = await browser.get(answer.headers["location"])

    assert back.headers["location"] == f"{PUBLIC_URL}/app/onboarding?{told}"


async def test_a_page_that_nobody_comes_from_is_refused(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/me/connections/google?from=//elsewhere.example")).status_code == 422


async def test_a_made_up_way_back_connects_nothing(browser: httpx.AsyncClient) -> None:
    back = await browser.get("/me/connections/google/callback", params={"state": "made-up", "code": "made-up"})

    assert back.headers["location"].endswith("?error=state_invalid")


async def test_an_account_is_disconnected_once(browser: httpx.AsyncClient, prospects: Prospects) -> None:
    await consented(browser, prospects)

    assert (await browser.delete("/me/connections/google")).status_code == 204
    assert (await browser.delete("/me/connections/google")).status_code == 404
    assert (await browser.get("/me/connections")).json()["items"] == [NOT_CONNECTED]


async def test_there_are_no_other_providers(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/me/connections/pigeon", json={})).status_code == 422
