"""Notes on a contact, and its timeline by kind."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def a_contact(client: httpx.AsyncClient) -> str:
    email = f"{uuid4().hex[:8]}@prospect.example"
    return str((await client.post("/contacts", json={"last_name": "Lee", "email": email})).json()["id"])


async def written(client: httpx.AsyncClient, contact_id: str, text: str = "Likes tea") -> dict[str, Any]:
    answer = await client.post(f"/contacts/{contact_id}/notes", json={"text": text})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def timeline(client: httpx.AsyncClient, contact_id: str, **asked: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/contacts/{contact_id}/activities", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_a_note_is_kept_and_stands_in_the_timeline(client: httpx.AsyncClient) -> None:
    contact_id = await a_contact(client)
    note = await written(client, contact_id, "  Likes tea\nand biscuits ")

    assert (note["text"], note["user"]["name"], note["version"]) == ("Likes tea\nand biscuits", "Rob Rep", 1)
    [entry] = await timeline(client, contact_id, kind="notes")
    assert (entry["type"], entry["user"]["name"]) == ("note_added", "Rob Rep")
    assert (entry["note"]["id"], entry["note"]["text"]) == (note["id"], "Likes tea\nand biscuits")
    contact = (await client.get(f"/contacts/{contact_id}")).json()
    assert contact["last_activity_at"] == note["created_at"]


async def test_notes_are_paged_newest_first(client: httpx.AsyncClient) -> None:
    contact_id = await a_contact(client)
    for number in range(3):
        await written(client, contact_id, f"Note {number}")
    first = (await client.get(f"/contacts/{contact_id}/notes", params={"limit": 2})).json()
    rest = (await client.get(f"/contacts/{contact_id}/notes", params={"cursor": first["next_cursor"]})).json()

    assert [note["text"] for note in (*first["items"], *rest["items"])] == ["Note 2", "Note 1", "Note 0"]


async def test_a_changed_note_is_the_same_everywhere_and_an_old_version_is_refused(client: httpx.AsyncClient) -> None:
    contact_id = await a_contact(client)
    note = await written(client, contact_id)
    path = f"/contacts/{contact_id}/notes/{note['id']}"
    changed = await client.patch(path, json={"text": "Likes coffee"}, headers={"if-match": '"1"'})

    assert (changed.json()["text"], changed.json()["version"], changed.headers["etag"]) == ("Likes coffee", 2, '"2"')
    [entry] = await timeline(client, contact_id, kind="notes")
    assert (entry["note"]["text"], entry["note"]["version"]) == ("Likes coffee", 2)
    late = await client.patch(path, json={"text": "Likes milk"}, headers={"if-match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")


async def test_a_deleted_note_is_found_nowhere(client: httpx.AsyncClient) -> None:
    contact_id = await a_contact(client)
    note = await written(client, contact_id)
    path = f"/contacts/{contact_id}/notes/{note['id']}"

    assert (await client.delete(path)).status_code == 204
    assert (await client.delete(path)).status_code == 404
    assert (await client.get(f"/contacts/{contact_id}/notes")).json()["items"] == []
    assert [entry["type"] for entry in await timeline(client, contact_id)] == ["contact_created"]


async def test_others_notes_are_read_but_changed_by_administrators_alone(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    contact_id = await a_contact(client)
    mine, theirs = await written(client, contact_id), await written(administrator, contact_id, "From above")
    path = f"/contacts/{contact_id}/notes"

    refused = await client.patch(f"{path}/{theirs['id']}", json={"text": "Mine now"})
    assert (refused.status_code, refused.json()["reason"]) == (403, "not_your_note")
    assert (await client.delete(f"{path}/{theirs['id']}")).status_code == 403
    assert (await administrator.patch(f"{path}/{mine['id']}", json={"text": "Tea!"})).status_code == 200


@pytest.mark.parametrize(("text", "code"), [("  ", "required"), ("x" * 10_001, "too_long")])
async def test_what_can_be_no_note_is_refused(client: httpx.AsyncClient, text: str, code: str) -> None:
    contact_id = await a_contact(client)
    answer = await client.post(f"/contacts/{contact_id}/notes", json={"text": text})

    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("/text", code)]
    assert (await client.post(f"/contacts/{uuid4()}/notes", json={"text": "Hi"})).status_code == 404


async def test_a_note_belongs_to_its_contact(client: httpx.AsyncClient) -> None:
    contact_id, other = await a_contact(client), await a_contact(client)
    note = await written(client, contact_id)

    assert (await client.delete(f"/contacts/{other}/notes/{note['id']}")).status_code == 404


async def test_the_timeline_is_narrowed_to_a_kind(client: httpx.AsyncClient) -> None:
    contact_id = await a_contact(client)
    await written(client, contact_id)
    await client.patch(f"/contacts/{contact_id}", json={"status": "Open"})
    found = {
        kind: [entry["type"] for entry in await timeline(client, contact_id, kind=kind)]
        for kind in ("emails", "calls", "content", "salesflows", "notes")
    }

    assert found == {"emails": [], "calls": [], "content": [], "salesflows": [], "notes": ["note_added"]}
    everything = [entry["type"] for entry in await timeline(client, contact_id)]
    assert everything == ["contact_status_changed", "note_added", "contact_created"]
    unknown = await client.get(f"/contacts/{contact_id}/activities", params={"kind": "gossip"})
    assert unknown.status_code == 422
