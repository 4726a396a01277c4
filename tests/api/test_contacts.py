"""Contacts over HTTP, as scripts and the SPA use them."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.anyio


def address(name: str = "ann") -> str:
    return f"{name}.{uuid4().hex[:8]}@prospect.example"


async def made(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/contacts", json={"last_name": "Miller", **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def pointers(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return sorted(error["pointer"] for error in answer.json()["errors"])


async def test_a_new_contact_is_answered_whole(client: httpx.AsyncClient) -> None:
    email = address()
    answer = await client.post(
        "/contacts", json={"first_name": "Ann", "last_name": "Miller", "email": email, "business_phone": "617 500 4900"}
    )
    contact = answer.json()
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert contact["name"] == "Ann Miller"
    assert (contact["email"], contact["business_phone"]) == (email, "+16175004900")
    assert (contact["status"], contact["owner"]["name"], contact["email_state"]) == ("New", "Rob Rep", "ok")
    assert (contact["opted_out"], contact["opted_out_at"], contact["version"]) == (False, None, 1)


async def test_list_and_contact_show_the_same(client: httpx.AsyncClient) -> None:
    contact = await made(client, email=address(), city="Oslo")
    assert (await client.get("/contacts", params={"q": contact["email"]})).json()["items"] == [contact]
    assert (await client.get(f"/contacts/{contact['id']}")).json() == {**contact, "lists": []}


async def test_the_answers_have_the_documented_fields(client: httpx.AsyncClient, running: Any) -> None:
    contact = await made(client, email=address())
    document = (await client.get("/openapi.json")).json()
    schema = document["components"]["schemas"]["ContactAnswer"]
    assert set(contact) == set(schema["properties"]) == set(schema["required"])


async def test_a_second_record_of_one_person_is_refused(client: httpx.AsyncClient) -> None:
    contact = await made(client, email=address())
    answer = await client.post("/contacts", json={"last_name": "Y", "email": contact["email"].upper()})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["contact_id"]) == ("already_exists", contact["id"])


@pytest.mark.parametrize(
    ("bad", "pointer"),
    [
        ({"email": "a@b"}, "/email"),
        ({"email": "x\0@prospect.example"}, "/email"),
        ({"business_phone": "12"}, "/business_phone"),
        ({"unknown": 1}, "/unknown"),
        ({"last_name": "x" * 300}, "/last_name"),
        ({"last_name": " "}, "/last_name"),
        ({"last_name": None}, "/last_name"),
        ({"time_zone": "Mars/Base"}, "/time_zone"),
        ({"status": "Sleepy"}, "/status"),
        ({"owner_id": str(uuid4())}, "/owner_id"),
        ({"city": 7}, "/city"),
    ],
)
async def test_bad_input_is_refused_with_its_place(client: httpx.AsyncClient, bad: Any, pointer: str) -> None:
    answer = await client.post("/contacts", json={"last_name": "Bad", "email": address(), **bad})
    assert pointers(answer) == [pointer]


async def test_every_fault_is_told_at_once(client: httpx.AsyncClient) -> None:
    answer = await client.post("/contacts", json={"last_name": "Bad", "email": "x", "business_phone": "1"})
    assert pointers(answer) == ["/business_phone", "/email"]


async def test_the_same_key_makes_one_contact(client: httpx.AsyncClient) -> None:
    headers, body = {"idempotency-key": uuid4().hex}, {"last_name": "Once", "email": address()}
    first = await client.post("/contacts", json=body, headers=headers)
    second = await client.post("/contacts", json=body, headers=headers)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    other = await client.post("/contacts", json={**body, "last_name": "Other"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


async def test_a_merge_patch_keeps_what_it_leaves_out_and_clears_what_is_null(client: httpx.AsyncClient) -> None:
    contact = await made(client, email=address(), city="Oslo", company="Fabrikam")
    changed = (await client.patch(f"/contacts/{contact['id']}", json={"city": None, "job_title": "CFO"})).json()
    assert (changed["city"], changed["job_title"], changed["company"]) == (None, "CFO", "Fabrikam")


async def test_an_edit_of_an_old_version_is_refused(client: httpx.AsyncClient) -> None:
    contact = await made(client)
    seen = {"if-match": (await client.get(f"/contacts/{contact['id']}")).headers["etag"]}
    first = await client.patch(f"/contacts/{contact['id']}", json={"job_title": "CFO"}, headers=seen)
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    second = await client.patch(f"/contacts/{contact['id']}", json={"job_title": "CTO"}, headers=seen)
    assert (second.status_code, second.json()["code"]) == (412, "version_mismatch")


async def test_a_last_name_cannot_be_cleared(client: httpx.AsyncClient) -> None:
    contact = await made(client)
    assert pointers(await client.patch(f"/contacts/{contact['id']}", json={"last_name": None})) == ["/last_name"]


async def test_an_edited_contact_is_found_by_its_new_words_alone(client: httpx.AsyncClient) -> None:
    contact = await made(client, last_name="Oldname")
    await client.patch(f"/contacts/{contact['id']}", json={"last_name": "Newname"})
    assert (await client.get("/contacts", params={"q": "oldname"})).json()["items"] == []
    assert [c["id"] for c in (await client.get("/contacts", params={"q": "newname"})).json()["items"]] == [
        contact["id"]
    ]


async def test_a_deleted_contact_is_gone_everywhere(client: httpx.AsyncClient) -> None:
    contact = await made(client, last_name="Gone", email=address())
    assert (await client.delete(f"/contacts/{contact['id']}")).status_code == 204
    assert (await client.get(f"/contacts/{contact['id']}")).status_code == 404
    assert (await client.get(f"/contacts/{contact['id']}/activities")).status_code == 404
    for query in ({}, {"q": "gone"}, {"status": "New", "sort": "name"}):
        assert (await client.get("/contacts", params=query)).json()["items"] == []
    assert (await client.delete(f"/contacts/{contact['id']}")).status_code == 404


async def test_contributors_delete_their_own_contacts_alone(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    contact = await made(administrator)
    assert (await client.delete(f"/contacts/{contact['id']}")).status_code == 403
    assert (await administrator.delete(f"/contacts/{contact['id']}")).status_code == 204


async def test_people_are_found_in_any_way_they_are_typed(client: httpx.AsyncClient) -> None:
    email = address("j7")
    contact = await made(client, first_name="Jürgen", last_name="Müller", email=email, business_phone="(617) 500-4900")
    for q in ("jürgen müller", "JÜRGEN", "mull jur", email.split("@")[0] + "@", "617 500 4900", "+1 (617) 500"):
        found = (await client.get("/contacts", params={"q": q})).json()["items"]
        assert [item["id"] for item in found] == [contact["id"]], q


async def test_paging_meets_everyone_once(client: httpx.AsyncClient) -> None:
    everyone = {(await made(client, last_name=f"Page {number}"))["id"] for number in range(7)}
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 3, "sort": "name", "q": "page"}
    while True:
        page = (await client.get("/contacts", params=params)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert len(seen) == len(everyone)
    assert set(seen) == everyone


async def test_the_total_is_told_when_asked_for(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await made(client)
    assert "total" not in (await client.get("/contacts")).json()
    assert (await client.get("/contacts", params={"total": "true", "limit": 1})).json()["total"] == 3
    assert (await client.get("/contacts", params={"total": "true", "status": "Closed"})).json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"cursor": "nonsense"}, 400, "invalid_cursor"),
        ({"sort": "shoe_size"}, 422, "invalid_input"),
        ({"limit": 0}, 422, "invalid_input"),
        ({"limit": 1000}, 422, "invalid_input"),
        ({"owner_id": "me"}, 422, "invalid_input"),
        ({"q": "\0"}, 422, "invalid_input"),
        ({"q": " ".join(f"w{number}x" for number in range(11))}, 422, "invalid_input"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient, query: dict[str, Any], status: int, code: str
) -> None:
    answer = await client.get("/contacts", params=query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_timeline_tells_what_happened_newest_first(client: httpx.AsyncClient) -> None:
    contact = await made(client)
    await client.patch(f"/contacts/{contact['id']}", json={"status": "Contacted"})
    timeline = (await client.get(f"/contacts/{contact['id']}/activities")).json()
    assert [item["type"] for item in timeline["items"]] == ["contact_status_changed", "contact_created"]
    assert timeline["items"][0]["detail"] == {"from": "New", "to": "Contacted"}
    assert timeline["items"][0]["user"]["name"] == "Rob Rep"


async def test_the_statuses_are_the_standard_ones(client: httpx.AsyncClient) -> None:
    statuses = (await client.get("/contacts/statuses")).json()["items"]
    assert [status["label"] for status in statuses] == [
        "New",
        "Closed",
        "Contacted",
        "Disqualified",
        "Open",
        "Prospecting",
        "Qualified",
        "Unqualified",
    ]
    assert [status["label"] for status in statuses if status["is_default"]] == ["New"]


async def test_reading_and_writing_need_their_scopes(organization: Any) -> None:
    async with await organization.as_contributor("contacts:read") as reader:
        assert (await reader.get("/contacts")).status_code == 200
        answer = await reader.post("/contacts", json={"last_name": "Miller"})
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
