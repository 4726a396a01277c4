"""Personal access tokens: shown once, good for their scopes, gone when revoked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.shared.errors import Forbidden, NotFound

pytestmark = pytest.mark.anyio

PASSWORD = "a long enough password"
SCRIPT = {"name": "script", "scopes": ["me:read"], "expires_in_days": 30}


@pytest.fixture
async def person(running: Any, organization: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The Contributor, signed in by a browser."""
    async with running.client() as browser:
        body = {"email": organization.contributor_email, "password": PASSWORD}
        assert (await browser.post("/auth/login", json=body)).status_code == 200
        yield browser


async def made(person: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await person.post("/me/tokens", json={**SCRIPT, **changes})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def status_for(running: Any, token: str, path: str = "/me") -> int:
    async with running.client(authorization=f"Bearer {token}") as script:
        return int((await script.get(path)).status_code)


async def test_a_new_token_works_at_once(person: httpx.AsyncClient, running: Any) -> None:
    token = await made(person)
    assert token["token"].startswith("eng_pat_")
    assert await status_for(running, token["token"]) == 200


async def test_a_token_is_shown_once(person: httpx.AsyncClient) -> None:
    token = await made(person)
    listed = (await person.get("/me/tokens")).json()["items"]
    assert listed == [{name: value for name, value in token.items() if name != "token"}]


async def test_a_token_is_not_remembered_under_an_idempotency_key(person: httpx.AsyncClient, database: Any) -> None:
    key = {"idempotency-key": uuid4().hex}
    first = await person.post("/me/tokens", json=SCRIPT, headers=key)
    second = await person.post("/me/tokens", json=SCRIPT, headers=key)
    assert first.json()["token"] != second.json()["token"]


async def test_a_revoked_token_ends_at_once(person: httpx.AsyncClient, running: Any) -> None:
    token = await made(person)
    await status_for(running, token["token"])
    assert (await person.delete(f"/me/tokens/{token['id']}")).status_code == 204
    assert await status_for(running, token["token"]) == 401
    assert (await person.get("/me/tokens")).json()["items"] == []


async def test_a_token_is_revoked_once(person: httpx.AsyncClient) -> None:
    token = await made(person)
    await person.delete(f"/me/tokens/{token['id']}")
    assert (await person.delete(f"/me/tokens/{token['id']}")).status_code == 404


async def test_tokens_do_no_more_than_their_scopes(person: httpx.AsyncClient, running: Any) -> None:
    token = await made(person, scopes=["contacts:read"])
    assert await status_for(running, token["token"]) == 403


async def test_somebody_elses_token_is_missing(person: httpx.AsyncClient, running: Any, organization: Any) -> None:
    token = await made(person)
    async with running.client() as boss:
        await boss.post("/auth/login", json={"email": organization.administrator_email, "password": PASSWORD})
        theirs = await boss.delete(f"/me/tokens/{token['id']}")
        missing = await boss.delete(f"/me/tokens/{uuid4()}")
        assert (await boss.get("/me/tokens")).json()["items"] == []
    assert theirs.status_code == missing.status_code == 404
    assert theirs.json()["detail"] == missing.json()["detail"]
    assert await status_for(running, token["token"]) == 200


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("DELETE", f"/{UUID(int=7)}")])
async def test_tokens_cannot_look_after_tokens(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, f"/me/tokens{path}", json=SCRIPT if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["me:read", "everything"]}, "/scopes/1"),
        ({"expires_in_days": 0}, "/expires_in_days"),
        ({"expires_in_days": 367}, "/expires_in_days"),
        ({"expires_in_days": "30"}, "/expires_in_days"),
        ({"user_id": "x"}, "/user_id"),
    ],
)
async def test_a_token_for_the_impossible_is_refused(
    person: httpx.AsyncClient, change: dict[str, Any], pointer: str
) -> None:
    answer = await person.post("/me/tokens", json={**SCRIPT, **change})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_contributor_makes_no_token_for_administration(person: httpx.AsyncClient) -> None:
    assert (await person.post("/me/tokens", json={**SCRIPT, "scopes": ["admin"]})).status_code == 403


async def test_whoever_runs_the_installation_makes_tokens_for_users(running: Any, organization: Any) -> None:
    accounts = running.container.accounts
    token = await accounts.create_token_for(organization.contributor_email.upper(), ["me:read"], timedelta(days=1))
    assert await status_for(running, token) == 200


async def test_no_token_for_nobody_and_no_administration_for_contributors(running: Any, organization: Any) -> None:
    accounts = running.container.accounts
    with pytest.raises(NotFound):
        await accounts.create_token_for("nobody@example.com", ["me:read"])
    with pytest.raises(Forbidden):
        await accounts.create_token_for(organization.contributor_email, ["admin"])
