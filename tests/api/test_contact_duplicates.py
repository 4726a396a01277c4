"""Who may be the same person: the question before saving, the search among everybody, and what becomes of pairs."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.shared.ids import BackgroundJobId
from tests.api.conftest import Organization

pytestmark = pytest.mark.anyio


async def a_contact(client: httpx.AsyncClient, **more: Any) -> str:
    answer = await client.post("/contacts", json={"last_name": "Doe", **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def candidates(client: httpx.AsyncClient, **described: Any) -> list[tuple[str, list[str]]]:
    answer = await client.post("/contacts/duplicates/check", json=described)
    assert answer.status_code == 200, answer.text
    return [(one["contact"]["id"], one["reasons"]) for one in answer.json()["items"]]


async def search(client: httpx.AsyncClient, organization: Organization) -> dict[str, Any]:
    answer = await client.post("/contacts/duplicates/search")
    assert answer.status_code == 202, answer.text
    job_id = answer.json()["id"]
    work = organization.running.container.background_work
    await work.run(organization.contributor.organization_id, BackgroundJobId(UUID(job_id)))
    return dict((await client.get(f"/jobs/{job_id}")).json())


async def pairs(client: httpx.AsyncClient, **asked: Any) -> list[tuple[set[str], list[str]]]:
    items = (await client.get("/contacts/duplicates", params=asked)).json()["items"]
    return [({one["first"]["id"], one["second"]["id"]}, one["reasons"]) for one in items]


async def test_the_same_address_in_any_spelling_is_the_same_person(client: httpx.AsyncClient) -> None:
    ann = await a_contact(client, email="Ann@Prospect.example")
    assert await candidates(client, last_name="Other", email="  ann@PROSPECT.example ") == [(ann, ["email"])]


async def test_the_same_phone_in_any_format_is_asked_about(client: httpx.AsyncClient) -> None:
    ann = await a_contact(client, mobile_phone="+16175550100")
    assert await candidates(client, business_phone="(617) 555-0100") == [(ann, ["phone"])]


async def test_the_number_of_a_switchboard_is_not(client: httpx.AsyncClient) -> None:
    for _ in range(5):
        await a_contact(client, business_phone="+16175550100")
    assert await candidates(client, business_phone="+16175550100") == []


async def test_the_same_name_counts_with_the_same_company(client: httpx.AsyncClient) -> None:
    ann = await a_contact(client, first_name="Jürgen", last_name="Müller", company="Süd GmbH")
    described = {"first_name": "JURGEN", "last_name": "muller"}
    assert await candidates(client, **described, company="sud gmbh") == [(ann, ["name_and_company"])]
    assert await candidates(client, **described) == []
    assert await candidates(client, **described, company="Nord GmbH") == []


async def test_the_most_certain_comes_first_and_each_once(client: httpx.AsyncClient) -> None:
    by_phone = await a_contact(client, business_phone="+16175550100")
    sure = await a_contact(client, email="ann@prospect.example", company="Contoso", business_phone="+16175550101")
    found = await candidates(
        client,
        last_name="Doe",
        company="Contoso",
        email="ann@prospect.example",
        business_phone="+16175550100",
        mobile_phone="+16175550101",
    )
    assert found == [(sure, ["email", "phone", "name_and_company"]), (by_phone, ["phone"])]


async def test_a_contact_is_no_duplicate_of_itself_and_a_deleted_one_of_nobody(client: httpx.AsyncClient) -> None:
    ann = await a_contact(client, email="ann@prospect.example")
    assert await candidates(client, email="ann@prospect.example", except_id=ann) == []
    await client.delete(f"/contacts/{ann}")
    assert await candidates(client, email="ann@prospect.example") == []


async def test_what_is_still_being_typed_finds_nobody_and_is_no_fault(client: httpx.AsyncClient) -> None:
    await a_contact(client)
    assert await candidates(client, last_name="D", email="ann@", business_phone="12") == []
    assert await candidates(client) == []


async def test_a_search_finds_pairs_by_phone_and_by_name_with_company(
    client: httpx.AsyncClient, organization: Organization
) -> None:
    ann = await a_contact(client, first_name="Ann", company="Contoso")
    again = await a_contact(client, first_name="ANN", company="contoso")
    bob, rob = [await a_contact(client, first_name=name, mobile_phone="+16175550100") for name in ("Bob", "Rob")]
    for number in range(6):
        await a_contact(client, first_name=f"Clerk {number}", business_phone="+16175550199")

    job = await search(client, organization)

    assert (job["state"], job["result"], job["done"]) == ("done", {"found": 2}, 10)
    assert sorted(await pairs(client), key=str) == sorted(
        [({ann, again}, ["name_and_company"]), ({bob, rob}, ["phone"])], key=str
    )


async def test_pairs_are_paged(client: httpx.AsyncClient, organization: Organization) -> None:
    for number in range(3):
        for _ in range(2):
            await a_contact(client, first_name=f"Ann {number}", company="Contoso")
    await search(client, organization)

    seen, cursor = [], None
    while True:
        asked = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/contacts/duplicates", params=asked)).json()
        seen += [one["first"]["id"] for one in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert len(seen) == len(set(seen)) == 3
    assert (await client.get("/contacts/duplicates", params={"cursor": "nonsense"})).status_code == 400


async def test_a_dismissed_pair_is_not_found_again(client: httpx.AsyncClient, organization: Organization) -> None:
    ann, again = [await a_contact(client, first_name="Ann", company="Contoso") for _ in range(2)]
    await search(client, organization)

    # In any order, and twice.
    for first, second in ((ann, again), (again, ann)):
        assert (await client.post(f"/contacts/duplicates/{first}/{second}/dismiss")).status_code == 204
    assert await pairs(client) == []
    await search(client, organization)
    assert await pairs(client) == []
    assert (await client.post(f"/contacts/duplicates/{ann}/{uuid4()}/dismiss")).status_code == 404


async def test_a_pair_goes_with_a_merge_and_comes_back_with_its_undo(
    client: httpx.AsyncClient, organization: Organization
) -> None:
    ann, again = [await a_contact(client, first_name="Ann", company="Contoso") for _ in range(2)]
    await search(client, organization)
    merged = (await client.post("/contacts/merge", json={"keep": ann, "merge": [again]})).json()
    assert await pairs(client) == []
    await client.post(f"/contacts/merges/{merged['merge_ids'][0]}/undo")
    assert await pairs(client) == [({ann, again}, ["name_and_company"])]


async def test_what_is_alike_no_more_is_forgotten_by_the_next_search(
    client: httpx.AsyncClient, organization: Organization
) -> None:
    ann, _ = [await a_contact(client, first_name="Ann", company="Contoso") for _ in range(2)]
    await search(client, organization)
    await client.patch(f"/contacts/{ann}", json={"company": "Fabrikam"})
    assert (await search(client, organization))["result"] == {"found": 0}
    assert await pairs(client) == []
