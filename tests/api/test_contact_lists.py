"""Lists of contacts: made, filled, found by, changed and deleted."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def a_contact(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await client.post("/contacts", json={"last_name": "Doe", **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def a_list(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await client.post("/contacts/lists", json={"name": f"List {uuid4().hex[:8]}", **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def put(client: httpx.AsyncClient, list_: dict[str, Any], *contacts: dict[str, Any]) -> httpx.Response:
    body = {"contact_ids": [contact["id"] for contact in contacts]}
    return await client.post(f"/contacts/lists/{list_['id']}/members", json=body)


async def listed(client: httpx.AsyncClient, list_: dict[str, Any]) -> set[str]:
    found = await client.get("/contacts", params={"list_id": list_["id"]})
    return {contact["id"] for contact in found.json()["items"]}


async def test_a_new_list_is_static_and_empty(client: httpx.AsyncClient, organization: Any) -> None:
    answer = await client.post("/contacts/lists", json={"name": "  Spring fair "})

    made = answer.json()
    assert (made["name"], made["kind"], made["filter"], made["members"]) == ("Spring fair", "static", None, 0)
    assert made["owner"]["id"] == str(organization.contributor.user_id)
    assert answer.headers["etag"] == '"1"'
    assert (await client.get(f"/contacts/lists/{made['id']}")).json() == made


async def test_contacts_are_put_on_a_list_once_and_taken_off(client: httpx.AsyncClient) -> None:
    people, ann, bob = await a_list(client), await a_contact(client), await a_contact(client)

    await put(client, people, ann)
    again = await put(client, people, ann, bob, {"id": str(uuid4())})
    assert again.json()["members"] == 2
    assert await listed(client, people) == {ann["id"], bob["id"]}

    off = {"contact_ids": [ann["id"], str(uuid4())]}
    answer = await client.request("DELETE", f"/contacts/lists/{people['id']}/members", json=off)
    assert answer.json()["members"] == 1
    assert await listed(client, people) == {bob["id"]}


async def test_a_contact_tells_the_lists_it_stands_on(client: httpx.AsyncClient) -> None:
    ann, *lists = await a_contact(client), await a_list(client, name="Zoo"), await a_list(client, name="Ark")
    gone = await a_list(client)
    for people in (*lists, gone):
        await put(client, people, ann)
    await client.delete(f"/contacts/lists/{gone['id']}")

    shown = (await client.get(f"/contacts/{ann['id']}")).json()
    assert shown == {**ann, "lists": [{"id": one["id"], "name": one["name"]} for one in reversed(lists)]}


async def test_a_deleted_contact_stands_on_no_list(client: httpx.AsyncClient) -> None:
    people, ann = await a_list(client), await a_contact(client)
    await put(client, people, ann)
    await client.delete(f"/contacts/{ann['id']}")

    assert await listed(client, people) == set()
    assert (await client.get(f"/contacts/lists/{people['id']}")).json()["members"] == 0


async def test_a_list_by_filter_has_whoever_matches_now(client: httpx.AsyncClient) -> None:
    word = f"word{uuid4().hex[:8]}"
    matching = await a_list(client, filter={"q": word})
    ann = await a_contact(client, company=word)
    await a_contact(client, company="Other")

    found = (await client.get(f"/contacts/lists/{matching['id']}")).json()
    assert (found["kind"], found["filter"]["q"], found["members"]) == ("filter", word, 1)
    assert await listed(client, matching) == {ann["id"]}


async def test_nobody_is_put_on_a_list_by_filter(client: httpx.AsyncClient) -> None:
    matching, ann = await a_list(client, filter={"status": "New"}), await a_contact(client)

    for method in ("POST", "DELETE"):
        answer = await client.request(
            method, f"/contacts/lists/{matching['id']}/members", json={"contact_ids": [ann["id"]]}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_in_state")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "filter"}, "/filter"),
        ({"kind": "static", "filter": {"q": "doe"}}, "/filter"),
        ({"filter": {"q": " ".join(f"w{n}" for n in range(11))}}, "/filter/q"),
        ({"filter": {"list_id": str(uuid4())}}, "/filter/list_id"),
        ({"filter": {"color": "red"}}, "/filter/color"),
        ({"name": " "}, "/name"),
        ({"name": "two\nlines"}, "/name"),
    ],
)
async def test_a_list_that_cannot_be_is_refused(client: httpx.AsyncClient, body: Any, pointer: str) -> None:
    answer = await client.post("/contacts/lists", json={"name": f"List {uuid4().hex}", **body})

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_a_filter_may_name_a_static_list_and_no_other(client: httpx.AsyncClient) -> None:
    static, matching = await a_list(client), await a_list(client, filter={"status": "New"})

    named = await a_list(client, filter={"list_id": static["id"]})
    refused = await client.post("/contacts/lists", json={"name": "Loop", "filter": {"list_id": matching["id"]}})
    changed = await client.patch(f"/contacts/lists/{matching['id']}", json={"filter": {"list_id": named["id"]}})

    assert [answer.status_code for answer in (refused, changed)] == [422, 422]


async def test_two_lists_have_two_names(client: httpx.AsyncClient) -> None:
    first, second = await a_list(client), await a_list(client)

    made = await client.post("/contacts/lists", json={"name": first["name"].upper()})
    renamed = await client.patch(f"/contacts/lists/{second['id']}", json={"name": first["name"]})
    await client.delete(f"/contacts/lists/{first['id']}")
    again = await client.patch(f"/contacts/lists/{second['id']}", json={"name": first["name"]})

    assert [answer.status_code for answer in (made, renamed, again)] == [409, 409, 200]
    assert made.json()["code"] == "already_exists"


async def test_a_list_is_edited_on_its_version(client: httpx.AsyncClient) -> None:
    made = await a_list(client, filter={"q": "doe"})
    url = f"/contacts/lists/{made['id']}"

    changed = await client.patch(url, json={"filter": {"q": "roe"}}, headers={"if-match": '"1"'})
    stale = await client.patch(url, json={"name": "Late"}, headers={"if-match": '"1"'})

    assert (changed.json()["filter"]["q"], changed.json()["version"], changed.headers["etag"]) == ("roe", 2, '"2"')
    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")


async def test_a_static_list_gets_no_filter(client: httpx.AsyncClient) -> None:
    made = await a_list(client)
    answer = await client.patch(f"/contacts/lists/{made['id']}", json={"filter": {"q": "doe"}})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_in_state")


async def test_others_fill_a_list_and_do_not_change_it(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    theirs, ann = await a_list(administrator), await a_contact(client)
    url = f"/contacts/lists/{theirs['id']}"

    assert (await put(client, theirs, ann)).json()["members"] == 1
    assert (await client.patch(url, json={"name": "Mine"})).status_code == 403
    assert (await client.delete(url)).status_code == 403
    mine = await a_list(client)
    assert (await administrator.delete(f"/contacts/lists/{mine['id']}")).status_code == 204


async def test_a_deleted_list_is_gone_and_its_contacts_stay(client: httpx.AsyncClient) -> None:
    people, ann = await a_list(client), await a_contact(client)
    await put(client, people, ann)
    await client.delete(f"/contacts/lists/{people['id']}")

    assert (await client.get(f"/contacts/lists/{people['id']}")).status_code == 404
    assert (await put(client, people, ann)).status_code == 404
    assert await listed(client, people) == set()
    assert (await client.get(f"/contacts/{ann['id']}")).status_code == 200


async def test_lists_come_by_name_in_pages(client: httpx.AsyncClient) -> None:
    names = ["Ärzte", "bakers", "Cooks"]
    for name in reversed(names):
        await client.post("/contacts/lists", json={"name": name})
    first = (await client.get("/contacts/lists", params={"limit": 2})).json()
    rest = (await client.get("/contacts/lists", params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [one["name"] for one in [*first["items"], *rest["items"]]] == names
    assert rest["next_cursor"] is None


async def test_a_contact_of_another_organization_is_put_on_no_list(
    client: httpx.AsyncClient, new_organization: Any
) -> None:
    async with await (await new_organization()).as_administrator() as stranger:
        foreign = await a_contact(stranger)
    people = await a_list(client)

    assert (await put(client, people, foreign)).json()["members"] == 0


async def test_a_whole_list_is_added_to_a_salesflow(client: httpx.AsyncClient) -> None:
    people, ann = await a_list(client), await a_contact(client)
    await put(client, people, ann)
    step = {"kind": "email", "variants": [{"subject": "a", "body_html": "b"}]}
    flow = (await client.post("/salesflows", json={"name": "Spring"})).json()
    await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [step]})
    await client.post(f"/salesflows/{flow['id']}/activate")
    url = f"/salesflows/{flow['id']}/enrollments"

    by_list = (await client.post(url, json={"list_id": people["id"]})).json()
    by_filter = (await client.post(url, json={"filter": {"list_id": people["id"]}})).json()
    unknown = await client.post(url, json={"list_id": str(uuid4())})
    both = await client.post(url, json={"list_id": people["id"], "contact_ids": [ann["id"]]})

    assert [one["left_out"][0]["contact_id"] for one in (by_list, by_filter)] == [ann["id"], ann["id"]]
    assert [answer.json()["errors"][0]["pointer"] for answer in (unknown, both)] == ["/list_id", "/contact_ids"]
