"""One person stays one record after a merge: whoever comes with an address that was left behind is known."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.importing import HEADER, Desk, a_file, counted

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(new_organization: Any) -> AsyncIterator[Desk]:
    organization = await new_organization()
    async with await organization.as_contributor() as client:
        yield Desk(client, organization)


def an_address() -> str:
    return f"{uuid4().hex[:12]}@prospect.example"


async def a_contact(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await client.post("/contacts", json={"last_name": "Lee", "email": an_address(), **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def merged(client: httpx.AsyncClient, keep: Any, *others: Any, **choices: str) -> list[str]:
    body = {"keep": keep["id"], "merge": [one["id"] for one in others], "choices": choices}
    answer = await client.post("/contacts/merge", json=body)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["merge_ids"])


async def met_by(client: httpx.AsyncClient, address: str) -> str | None:
    """Whom somebody meets who would add the address; the new contact is deleted again where it is nobody."""
    answer = await client.post("/contacts", json={"last_name": "New", "email": address.upper()})
    if answer.status_code == 201:
        await client.delete(f"/contacts/{answer.json()['id']}")
        return None
    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists"), answer.text
    return str(answer.json()["contact_id"])


async def undo(client: httpx.AsyncClient, merge_id: str) -> None:
    answer = await client.post(f"/contacts/merges/{merge_id}/undo")
    assert answer.status_code == 200, answer.text


# By hand


async def test_the_kept_contact_is_met_by_the_address_of_the_merged_one(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    await merged(client, ann, other)

    assert [await met_by(client, one["email"]) for one in (ann, other)] == [ann["id"]] * 2


async def test_where_the_address_of_the_merged_one_was_chosen_the_other_one_is_left_behind(
    client: httpx.AsyncClient,
) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    await merged(client, ann, other, email=other["id"])

    assert [await met_by(client, one["email"]) for one in (ann, other)] == [ann["id"]] * 2


async def test_of_several_at_once_every_address_leads_to_the_kept_one(client: httpx.AsyncClient) -> None:
    ann, *others = [await a_contact(client) for _ in range(4)]
    await merged(client, ann, *others, email=others[1]["id"])

    assert [await met_by(client, one["email"]) for one in (ann, *others)] == [ann["id"]] * 4


async def test_nobody_else_is_given_it_and_whose_it_was_may_have_it_again(client: httpx.AsyncClient) -> None:
    ann, other, stranger = [await a_contact(client) for _ in range(3)]
    await merged(client, ann, other)

    refused = await client.patch(f"/contacts/{stranger['id']}", json={"email": other["email"]})
    assert (refused.status_code, refused.json()["contact_id"]) == (409, ann["id"])
    taken = await client.patch(f"/contacts/{ann['id']}", json={"email": other["email"]})
    assert (taken.status_code, taken.json()["email"]) == (200, other["email"])
    assert await met_by(client, other["email"]) == ann["id"]


async def test_the_warning_before_saving_tells_of_it(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    await merged(client, ann, other)

    async def warned(**more: str) -> list[tuple[str, list[str]]]:
        answer = await client.post("/contacts/duplicates/check", json={"email": other["email"], **more})
        return [(one["contact"]["id"], one["reasons"]) for one in answer.json()["items"]]

    assert await warned() == [(ann["id"], ["email"])]
    assert await warned(except_id=ann["id"]) == []


async def test_chains_lead_to_their_end_and_back(client: httpx.AsyncClient) -> None:
    first, second, third = [await a_contact(client) for _ in range(3)]
    [inner] = await merged(client, second, first)
    [outer] = await merged(client, third, second)
    assert [await met_by(client, one["email"]) for one in (first, second)] == [third["id"]] * 2

    await undo(client, outer)
    assert [await met_by(client, one["email"]) for one in (first, second)] == [second["id"]] * 2
    await undo(client, inner)
    assert [await met_by(client, one["email"]) for one in (first, second)] == [first["id"], second["id"]]


async def test_with_the_merge_it_is_taken_back_whose_address_it_was(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    [merge_id] = await merged(client, ann, other, email=other["id"])
    await undo(client, merge_id)
    assert [await met_by(client, one["email"]) for one in (ann, other)] == [ann["id"], other["id"]]

    await client.delete(f"/contacts/{other['id']}")
    assert await met_by(client, other["email"]) is None


async def test_whoever_was_deleted_is_met_by_nothing(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    await merged(client, ann, other)
    await client.delete(f"/contacts/{ann['id']}")

    assert [await met_by(client, one["email"]) for one in (ann, other)] == [None, None]


async def test_whoever_lives_under_the_address_comes_first(client: httpx.AsyncClient) -> None:
    ann, other = await a_contact(client), await a_contact(client)
    await merged(client, ann, other)
    await client.delete(f"/contacts/{ann['id']}")
    new = await a_contact(client, email=other["email"])

    assert await met_by(client, other["email"]) == new["id"]


# In files


def a_row(email: str, city: str = "", phone: str = "") -> list[str]:
    return ["Ann", "Lee", email, phone, city]


@pytest.mark.parametrize("chosen", [True, False], ids=["the other address chosen", "its own address kept"])
@pytest.mark.parametrize("on_existing", ["complete", "overwrite"])
async def test_a_row_with_a_former_address_is_of_the_kept_contact_and_leaves_its_address(
    desk: Desk, on_existing: str, chosen: bool
) -> None:
    ann, other = await a_contact(desk.client, city="Oslo"), await a_contact(desk.client)
    await merged(desk.client, ann, other, **({"email": other["id"]} if chosen else {}))
    former = (ann if chosen else other)["email"]

    done = await desk.take_in(a_file([a_row(former, "Bergen", "(617) 500-4900")]), on_existing=on_existing)

    assert done["counts"] == counted(updated=1)
    [found] = await desk.people()
    assert (found["id"], found["email"]) == (ann["id"], (other if chosen else ann)["email"])
    assert (found["city"], found["business_phone"]) == (
        "Bergen" if on_existing == "overwrite" else "Oslo",
        "+16175004900",
    )


async def test_such_a_row_that_says_nothing_else_changes_nothing(desk: Desk) -> None:
    ann, other = await a_contact(desk.client, first_name="Ann"), await a_contact(desk.client)
    await merged(desk.client, ann, other)
    version = (await desk.person("ann"))["version"]

    for on_existing, counts in (("overwrite", counted(unchanged=1)), ("skip", counted(skipped=1))):
        done = await desk.take_in(a_file([a_row(other["email"])]), on_existing=on_existing)
        assert done["counts"] == counts, on_existing
    assert [one["version"] for one in await desk.people()] == [version]


async def test_both_addresses_in_one_file_are_the_same_person_twice(desk: Desk) -> None:
    ann, other = await a_contact(desk.client, first_name="Ann"), await a_contact(desk.client)
    await merged(desk.client, ann, other)

    done = await desk.take_in(a_file([a_row(other["email"]), a_row(ann["email"]), a_row("new@x.example")]))

    assert done["counts"] == counted(created=1, unchanged=1, skipped=1)
    assert [row["reason"] for row in await desk.errors(done)] == ["The same person comes in line 2 already."]


async def test_a_row_meets_whoever_lives_under_the_address_and_nobody_who_was_deleted(desk: Desk) -> None:
    ann, other, third = [await a_contact(desk.client) for _ in range(3)]
    await merged(desk.client, ann, other)
    await merged(desk.client, ann, third)
    await desk.client.delete(f"/contacts/{ann['id']}")
    new = await a_contact(desk.client, first_name="Ann", email=other["email"])

    done = await desk.take_in(a_file([a_row(other["email"], "Oslo"), a_row(third["email"])], HEADER))

    assert done["counts"] == counted(updated=1, created=1)
    assert {one["email"]: one["city"] for one in await desk.people()} == {new["email"]: "Oslo", third["email"]: None}


async def test_an_import_by_a_former_address_is_taken_back(desk: Desk) -> None:
    ann, other = await a_contact(desk.client, city="Oslo"), await a_contact(desk.client)
    await merged(desk.client, ann, other)
    done = await desk.take_in(a_file([a_row(other["email"], "Bergen")]), on_existing="overwrite")
    await desk.undo(done)

    [found] = await desk.people()
    assert (found["id"], found["email"], found["city"]) == (ann["id"], ann["email"], "Oslo")
