"""Merging records of one person over HTTP, and taking it back."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.seeds import STEP

pytestmark = pytest.mark.anyio


async def a_contact(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await client.post("/contacts", json={"last_name": "Doe", **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def shown(client: httpx.AsyncClient, contact: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"/contacts/{contact['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def merge(client: httpx.AsyncClient, keep: Any, *others: Any, **more: Any) -> httpx.Response:
    body = {"keep": keep["id"], "merge": [one["id"] for one in others], **more}
    return await client.post("/contacts/merge", json=body)


async def types(client: httpx.AsyncClient, contact: dict[str, Any]) -> list[str]:
    items = (await client.get(f"/contacts/{contact['id']}/activities")).json()["items"]
    return [item["type"] for item in items]


def an_address() -> str:
    return f"{uuid4().hex[:12]}@prospect.example"


async def test_merging_completes_what_is_missing_and_keeps_what_is_there(client: httpx.AsyncClient) -> None:
    ann = await a_contact(client, first_name="Ann", email=an_address(), job_title="CFO")
    other = await a_contact(client, first_name="Anna", business_phone="+16175550100", job_title="Boss", city="Oslo")

    answer = await merge(client, ann, other)

    merged = answer.json()
    assert (merged["first_name"], merged["job_title"]) == ("Ann", "CFO")
    assert (merged["business_phone"], merged["city"], merged["email"]) == ("+16175550100", "Oslo", ann["email"])
    assert merged["version"] == ann["version"] + 1
    assert answer.headers["etag"] == f'"{merged["version"]}"'
    assert (await client.get(f"/contacts/{other['id']}")).status_code == 404


async def test_what_is_chosen_wins(client: httpx.AsyncClient) -> None:
    ann = await a_contact(client, first_name="Ann", email=an_address(), city="Oslo")
    other = await a_contact(client, first_name="Anna", email=an_address(), status="Qualified")
    choices = dict.fromkeys(("email", "status", "city"), other["id"])

    merged = (await merge(client, ann, other, choices=choices)).json()

    assert (merged["email"], merged["status"], merged["city"]) == (other["email"], "Qualified", None)
    assert merged["first_name"] == "Ann"


async def test_the_merged_record_is_found_by_nothing_and_the_kept_one_by_its_words(client: httpx.AsyncClient) -> None:
    word = f"w{uuid4().hex[:10]}"
    ann, other = await a_contact(client), await a_contact(client, company=word)
    await merge(client, ann, other)

    found = (await client.get("/contacts", params={"q": word})).json()["items"]
    assert [one["id"] for one in found] == [ann["id"]]


async def test_histories_notes_and_lists_are_joined(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    await client.patch(f"/contacts/{other['id']}", json={"status": "Qualified"})
    await client.post(f"/contacts/{other['id']}/notes", json={"text": "Likes tea"})
    people = (await client.post("/contacts/lists", json={"name": uuid4().hex})).json()
    await client.post(f"/contacts/lists/{people['id']}/members", json={"contact_ids": [other["id"]]})

    await merge(client, ann, other)

    assert {"contact_merged", "contact_status_changed", "contact_created"} <= set(await types(client, ann))
    notes = (await client.get(f"/contacts/{ann['id']}/notes")).json()["items"]
    assert [note["text"] for note in notes] == ["Likes tea"]
    assert [one["id"] for one in (await shown(client, ann))["lists"]] == [people["id"]]


async def test_a_merge_is_taken_back_with_all_that_was_moved(client: httpx.AsyncClient) -> None:
    ann = await a_contact(client, first_name="Ann", email=an_address())
    other = await a_contact(client, email=an_address(), business_phone="+16175550100")
    await client.post(f"/contacts/{other['id']}/notes", json={"text": "Likes tea"})
    people = (await client.post("/contacts/lists", json={"name": uuid4().hex})).json()
    await client.post(f"/contacts/lists/{people['id']}/members", json={"contact_ids": [other["id"]]})
    before = [await shown(client, one) for one in (ann, other)]
    [merge_id] = (await merge(client, ann, other, choices={"email": other["id"]})).json()["merge_ids"]

    answer = await client.post(f"/contacts/merges/{merge_id}/undo")

    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == other["id"]
    after = [await shown(client, one) for one in (ann, other)]
    assert [without_versions(one) for one in after] == [without_versions(one) for one in before]
    assert (await client.get(f"/contacts/{ann['id']}/notes")).json()["items"] == []
    assert (await client.get(f"/contacts/{other['id']}/notes")).json()["items"][0]["text"] == "Likes tea"
    assert "contact_unmerged" in await types(client, ann)
    assert (await client.post(f"/contacts/merges/{merge_id}/undo")).status_code == 200


async def test_what_was_changed_since_stays_with_the_kept_one(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client, city="Oslo", job_title="CTO")
    [merge_id] = (await merge(client, ann, other)).json()["merge_ids"]
    await client.patch(f"/contacts/{ann['id']}", json={"city": "Bergen"})
    await client.post(f"/contacts/{ann['id']}/notes", json={"text": "Moved"})

    await client.post(f"/contacts/merges/{merge_id}/undo")

    kept = await shown(client, ann)
    assert (kept["city"], kept["job_title"]) == ("Bergen", None)
    assert (await shown(client, other))["city"] == "Oslo"
    assert [one["text"] for one in (await client.get(f"/contacts/{ann['id']}/notes")).json()["items"]] == ["Moved"]


async def test_a_merge_is_listed_with_who_did_it(client: httpx.AsyncClient, organization: Any) -> None:
    ann, other = await a_contact(client), await a_contact(client, first_name="Anna")
    [merge_id] = (await merge(client, ann, other)).json()["merge_ids"]

    [listed] = (await client.get(f"/contacts/{ann['id']}/merges")).json()["items"]
    assert (listed["id"], listed["merged"], listed["can_undo"]) == (
        merge_id,
        {"id": other["id"], "name": "Anna Doe"},
        True,
    )
    assert listed["user"]["id"] == str(organization.contributor.user_id)

    await client.post(f"/contacts/merges/{merge_id}/undo")
    [listed] = (await client.get(f"/contacts/{ann['id']}/merges")).json()["items"]
    assert (listed["can_undo"], listed["undone_at"] is not None) == (False, True)


async def test_an_address_that_another_contact_has_by_now_is_in_the_way(client: httpx.AsyncClient) -> None:
    address = an_address()
    ann, other = await a_contact(client, email=an_address()), await a_contact(client, email=address)
    [merge_id] = (await merge(client, ann, other)).json()["merge_ids"]
    assert (await client.patch(f"/contacts/{ann['id']}", json={"email": address})).status_code == 200

    answer = await client.post(f"/contacts/merges/{merge_id}/undo")

    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")
    assert (await client.get(f"/contacts/{other['id']}")).status_code == 404


async def test_a_merge_into_a_contact_that_is_gone_stays(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    [merge_id] = (await merge(client, ann, other)).json()["merge_ids"]
    await client.delete(f"/contacts/{ann['id']}")

    answer = await client.post(f"/contacts/merges/{merge_id}/undo")
    assert (answer.status_code, answer.json()["reason"]) == (409, "merge_kept_gone")


async def test_chains_of_merges_have_one_history_and_part_from_the_end(client: httpx.AsyncClient) -> None:
    first, second, third = [await a_contact(client) for _ in range(3)]
    await client.patch(f"/contacts/{first['id']}", json={"status": "Open"})
    [inner] = (await merge(client, second, first)).json()["merge_ids"]
    [outer] = (await merge(client, third, second)).json()["merge_ids"]
    assert "contact_status_changed" in await types(client, third)

    assert (await client.post(f"/contacts/merges/{inner}/undo")).status_code == 409
    for merge_id in (outer, inner):
        assert (await client.post(f"/contacts/merges/{merge_id}/undo")).status_code == 200
    assert "contact_status_changed" not in await types(client, third)


async def test_several_are_merged_at_once(client: httpx.AsyncClient) -> None:
    ann = await a_contact(client)
    others = [await a_contact(client, city="Oslo"), await a_contact(client, city="Rome", zip="00100")]

    merged = (await merge(client, ann, *others, choices={"city": others[1]["id"]})).json()

    assert (merged["city"], merged["zip"], len(merged["merge_ids"])) == ("Rome", "00100", 2)


async def test_an_opt_out_of_either_holds_for_the_person(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client, email=an_address()), await a_contact(client, email=an_address())
    await client.post(f"/contacts/{other['id']}/opt-out")
    [merge_id] = (await merge(client, ann, other)).json()["merge_ids"]
    assert (await shown(client, ann))["opted_out"] is True

    await client.post(f"/contacts/merges/{merge_id}/undo")
    assert [(await shown(client, one))["opted_out"] for one in (ann, other)] == [False, True]


async def test_a_running_salesflow_goes_with_its_contact_and_comes_back(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client, email=an_address()), await a_contact(client, email=an_address())
    flow = (await client.post("/salesflows", json={"name": uuid4().hex})).json()
    await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [STEP]})
    await client.post(f"/salesflows/{flow['id']}/activate")
    found = {"salesflow_id": flow["id"]}
    enrolled = await client.post(f"/salesflows/{flow['id']}/enrollments", json={"contact_ids": [other["id"]]})
    assert enrolled.json()["left_out"][0]["reason"] == "no_mailbox"

    [merge_id] = (await merge(client, ann, other)).json()["merge_ids"]
    assert (await client.get("/contacts", params=found)).json()["items"] == []
    assert (await client.post(f"/contacts/merges/{merge_id}/undo")).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        (lambda ann, other: {"keep": ann, "merge": [ann]}, "/merge"),
        (lambda ann, other: {"keep": ann, "merge": []}, "/merge"),
        (lambda ann, other: {"keep": ann, "merge": [other], "choices": {"city": str(uuid4())}}, "/choices/city"),
        (lambda ann, other: {"keep": ann, "merge": [other], "choices": {"nothing": other}}, "/choices/nothing"),
    ],
    ids=["itself", "nobody", "a stranger's value", "an unknown field"],
)
async def test_nonsense_is_refused_and_changes_nothing(client: httpx.AsyncClient, wrong: Any, pointer: str) -> None:
    ann, other = await a_contact(client), await a_contact(client)

    answer = await client.post("/contacts/merge", json=wrong(ann["id"], other["id"]))

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert (await client.get(f"/contacts/{other['id']}")).status_code == 200


async def test_whoever_is_gone_cannot_be_merged(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    assert (await merge(client, ann, {"id": str(uuid4())})).status_code == 404
    await client.delete(f"/contacts/{other['id']}")
    assert (await merge(client, ann, other)).status_code == 404
    assert (await merge(client, other, ann)).status_code == 404


def without_versions(contact: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in contact.items() if key not in ("version", "updated_at", "last_activity_at")}
