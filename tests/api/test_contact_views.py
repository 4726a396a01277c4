"""Saved views over HTTP: kept, found again, shared, changed and deleted."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.anyio

STATE = {
    "q": "mill",
    "filters": {
        "status": "Open",
        "owner_id": str(uuid4()),
        "list_id": str(uuid4()),
        "salesflow_id": str(uuid4()),
        "last_activity_after": "2026-11-02T09:00:00Z",
        "last_activity_before": "2026-11-03T09:00:00Z",
        "opted_out": False,
        "fields": {"tier": "gold"},
    },
    "sort": "-company",
    "columns": ["name", "company", "custom.tier"],
}


async def saved(client: httpx.AsyncClient, name: str, **more: Any) -> dict[str, Any]:
    answer = await client.post("/contacts/views", json={"name": name, "state": STATE, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def seen(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    return list((await client.get("/contacts/views", params=params)).json()["items"])


async def test_a_view_is_kept_as_it_was_saved(client: httpx.AsyncClient) -> None:
    view = await saved(client, "  Warm leads ")

    assert (view["name"], view["shared"], view["mine"], view["state"]) == ("Warm leads", False, True, STATE)
    assert await seen(client) == [view]


async def test_a_view_that_says_nothing_is_the_usual_one(client: httpx.AsyncClient) -> None:
    answer = await client.post("/contacts/views", json={"name": "All", "state": {}})

    state = answer.json()["state"]
    assert (state["q"], state["sort"], state["columns"]) == (None, "-created_at", [])
    assert state["filters"] == {**dict.fromkeys(STATE["filters"]), "fields": {}}  # type: ignore[call-overload]


async def test_what_a_view_asks_for_is_found_by_its_state(client: httpx.AsyncClient) -> None:
    await client.post("/contacts", json={"last_name": "Berg", "company": "Mill", "status": "Open"})
    await client.post("/contacts", json={"last_name": "Cruz", "company": "Mill"})
    view = await saved(client, "Open at Mill", state={"q": "mill", "filters": {"status": "Open"}})

    asked = {name: value for name, value in view["state"]["filters"].items() if value and name != "fields"}
    found = await client.get("/contacts", params={"q": view["state"]["q"], "sort": view["state"]["sort"], **asked})
    assert [item["last_name"] for item in found.json()["items"]] == ["Berg"]


async def test_one_sees_ones_own_views_and_what_is_shared_by_name(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    await saved(client, "Mine")
    await saved(administrator, "Hidden")
    await saved(administrator, "Everybody's", shared=True)

    assert [(view["name"], view["mine"]) for view in await seen(client)] == [("Everybody's", False), ("Mine", True)]
    assert [view["name"] for view in await seen(administrator)] == ["Everybody's", "Hidden"]


async def test_views_come_in_pages(client: httpx.AsyncClient) -> None:
    for name in ("Bravo", "Alpha", "Delta", "Charlie"):
        await saved(client, name)

    first = (await client.get("/contacts/views", params={"limit": 3})).json()
    assert [view["name"] for view in first["items"]] == ["Alpha", "Bravo", "Charlie"]
    rest = await seen(client, limit=3, cursor=first["next_cursor"])
    assert [view["name"] for view in rest] == ["Delta"]


async def test_two_views_of_one_user_have_two_names(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    await saved(client, "Warm")
    other = await saved(client, "Cold")
    await saved(administrator, "Warm")

    again = await client.post("/contacts/views", json={"name": "Warm", "state": {}})
    renamed = await client.patch(f"/contacts/views/{other['id']}", json={"name": "Warm"})
    for answer in (again, renamed):
        assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")


async def test_a_merge_patch_changes_what_it_names(client: httpx.AsyncClient) -> None:
    view = await saved(client, "Warm")

    changed = (await client.patch(f"/contacts/views/{view['id']}", json={"name": "Hot", "shared": True})).json()
    assert changed == {**view, "name": "Hot", "shared": True, "updated_at": changed["updated_at"]}
    state = {"state": {"sort": "name"}}
    changed = (await client.patch(f"/contacts/views/{view['id']}", json=state)).json()
    assert (changed["name"], changed["state"]["q"], changed["state"]["sort"]) == ("Hot", None, "name")


async def test_a_shared_view_is_used_by_everybody_and_changed_by_its_maker_and_administrators(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    theirs, ours = await saved(administrator, "Theirs", shared=True), await saved(client, "Ours", shared=True)

    for answer in (
        await client.patch(f"/contacts/views/{theirs['id']}", json={"name": "Mine now"}),
        await client.delete(f"/contacts/views/{theirs['id']}"),
    ):
        assert (answer.status_code, answer.json()["reason"]) == (403, "not_your_view")
    changed = await administrator.patch(f"/contacts/views/{ours['id']}", json={"shared": False})
    assert (changed.status_code, changed.json()["mine"]) == (200, False)
    assert [view["name"] for view in await seen(client)] == ["Ours", "Theirs"]


async def test_a_view_of_ones_own_is_nobody_elses(client: httpx.AsyncClient, organization: Any) -> None:
    async with await organization.as_administrator() as administrator:
        hidden = await saved(administrator, "Hidden")

    for answer in (
        await client.patch(f"/contacts/views/{hidden['id']}", json={"name": "Mine now"}),
        await client.delete(f"/contacts/views/{hidden['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_deleted_view_is_gone(client: httpx.AsyncClient) -> None:
    view = await saved(client, "Warm")

    assert (await client.delete(f"/contacts/views/{view['id']}")).status_code == 204
    assert await seen(client) == []
    assert (await client.delete(f"/contacts/views/{view['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "  "}, "/name"),
        ({"name": "two\nlines"}, "/name"),
        ({"name": "x" * 121}, "/name"),
        ({"state": {"sort": "shoe_size"}}, "/state/sort"),
        ({"state": {"filters": {"colour": "red"}}}, "/state/filters/colour"),
        ({"state": {"filters": {"q": "mill"}}}, "/state/filters/q"),
        ({"state": {"filters": {"owner_id": "me"}}}, "/state/filters/owner_id"),
        ({"state": {"filters": {"fields": {"tier": ""}}}}, "/state/filters/fields/tier"),
        ({"state": {"columns": ["name", "name"]}}, "/state/columns"),
        ({"shared": "yes"}, "/shared"),
    ],
)
async def test_a_view_that_cannot_be_is_refused(client: httpx.AsyncClient, body: Any, pointer: str) -> None:
    answer = await client.post("/contacts/views", json={"name": "Warm", "state": {}, **body})

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_reading_and_writing_need_their_scopes(organization: Any) -> None:
    async with await organization.as_contributor("contacts:read") as reader:
        assert (await reader.get("/contacts/views")).status_code == 200
        answer = await reader.post("/contacts/views", json={"name": "Warm", "state": {}})
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
