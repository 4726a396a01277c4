"""The audit log as Administrators see it, and what gets into it."""

import json
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

PASSWORD = "a long enough password"
NAMED = {
    "id",
    "seq",
    "at",
    "actor",
    "on_behalf_of",
    "action",
    "target",
    "address",
    "user_agent",
    "request_id",
    "detail",
}
HOSTILE = "<script>alert(1)</script>\"'"


@pytest.fixture
async def person(running: Any, organization: Any) -> Any:
    """The Contributor, signed in by a browser."""
    async with running.client(**{"user-agent": "Browser <b>"}) as browser:
        body = {"email": organization.contributor_email, "password": PASSWORD}
        assert (await browser.post("/auth/login", json=body)).status_code == 200
        yield browser


async def entries(administrator: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await administrator.get("/admin/audit-log", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_an_organization_begins_its_log(administrator: httpx.AsyncClient, organization: Any) -> None:
    first = (await entries(administrator))[-1]
    assert set(first) == NAMED
    assert (first["action"], first["seq"]) == ("organization.created", 1)
    assert first["actor"] == {"kind": "command_line", "id": None, "name": "command_line"}
    assert first["target"]["id"] == str(organization.administrator.organization_id)


async def test_a_token_is_on_record_without_its_secret(
    administrator: httpx.AsyncClient, person: httpx.AsyncClient, organization: Any
) -> None:
    body = {"name": HOSTILE, "scopes": ["me:read"], "expires_in_days": 1}
    token = (await person.post("/me/tokens", json=body)).json()
    await person.delete(f"/me/tokens/{token['id']}")
    me = str(organization.contributor.user_id)
    revoked, created = (await entries(administrator, actor_id=me, limit=2))[:2]
    assert (created["action"], revoked["action"]) == ("token.created", "token.revoked")
    assert created["target"] == {"kind": "token", "id": token["id"], "name": HOSTILE}
    assert created["actor"] == {"kind": "user", "id": me, "name": "Rob Rep"}
    assert created["detail"]["scopes"] == "me:read"
    assert (created["user_agent"], created["address"] != "") == ("Browser <b>", True)
    assert token["token"] not in json.dumps(await entries(administrator))


async def test_the_log_is_filtered(administrator: httpx.AsyncClient, organization: Any) -> None:
    await organization.token(organization.contributor_email)
    [created] = await entries(administrator, action="organization.created")
    assert created["seq"] == 1
    later = await entries(administrator, **{"from": created["at"]})
    assert created["seq"] in [entry["seq"] for entry in later]
    assert await entries(administrator, to=created["at"]) == []
    assert await entries(administrator, actor_id=str(organization.contributor.user_id), action="user.deleted") == []


async def test_the_log_comes_in_pages(administrator: httpx.AsyncClient, organization: Any) -> None:
    for _ in range(3):
        await organization.token(organization.contributor_email)
    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = (await administrator.get("/admin/audit-log", params={"limit": 2, "cursor": cursor or ""})).json()
        seen += [entry["seq"] for entry in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == list(range(len(seen), 0, -1))
    assert len(seen) >= 4


@pytest.mark.parametrize(
    "asked",
    [{"action": "tea.made"}, {"actor_id": "me"}, {"from": "yesterday"}, {"to": "2026-01-01T00:00:00"}, {"limit": 0}],
)
async def test_what_cannot_be_asked_is_refused(administrator: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    answer = await administrator.get("/admin/audit-log", params=asked)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/query/{next(iter(asked))}"]


@pytest.mark.parametrize("path", ["/admin/audit-log", "/admin/audit-log/export"])
async def test_a_contributor_has_no_administration(
    client: httpx.AsyncClient, person: httpx.AsyncClient, path: str
) -> None:
    assert (await person.get(path)).json()["code"] == "forbidden"
    assert (await client.get(path)).status_code == 403


async def test_an_export_has_one_entry_a_line_oldest_first(administrator: httpx.AsyncClient, organization: Any) -> None:
    await organization.token(organization.contributor_email)
    answer = await administrator.get("/admin/audit-log/export")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert "audit-log.ndjson" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[-1]["action"] == "audit.exported"
    assert [line["previous"] for line in lines[1:]] == [line["hash"] for line in lines[:-1]]
    shown = (await entries(administrator))[0]
    assert {name: lines[-1][name] for name in NAMED - {"at"}} == {name: shown[name] for name in NAMED - {"at"}}


async def test_an_export_is_filtered_as_the_list_is(administrator: httpx.AsyncClient) -> None:
    answer = await administrator.get("/admin/audit-log/export", params={"action": "organization.created"})
    assert [json.loads(line)["seq"] for line in answer.text.splitlines()] == [1]


async def test_strangers_see_their_own_log_alone(administrator: httpx.AsyncClient, new_organization: Any) -> None:
    stranger = await new_organization()
    async with await stranger.as_administrator() as foreign:
        theirs = {entry["id"] for entry in await entries(foreign)}
    assert theirs.isdisjoint({entry["id"] for entry in await entries(administrator)})
