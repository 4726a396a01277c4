"""Acting on many contacts at once: whom it meets, by which rules, how it is counted, and how it is taken back."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.shared.ids import BackgroundJobId
from tests.api.conftest import Organization

pytestmark = pytest.mark.anyio

STEP = {"kind": "email", "variants": [{"subject": "Hello", "body_html": "<p>Hi</p>"}]}


@dataclass(frozen=True)
class Desk:
    """A user at work, beside a worker that does what is asked for."""

    client: httpx.AsyncClient
    organization: Organization

    async def contact(self, **more: Any) -> str:
        answer = await self.client.post("/contacts", json={"last_name": "Doe", **more})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def contacts(self, count: int, **more: Any) -> list[str]:
        return [await self.contact(**more) for _ in range(count)]

    async def shown(self, contact_id: str) -> dict[str, Any]:
        return dict((await self.client.get(f"/contacts/{contact_id}")).json())

    async def each(self, contact_ids: list[str], field: str) -> list[Any]:
        return [(await self.shown(contact_id))[field] for contact_id in contact_ids]

    async def happened(self, contact_id: str) -> list[tuple[str, Any]]:
        items = (await self.client.get(f"/contacts/{contact_id}/activities")).json()["items"]
        return [(item["type"], item["detail"]) for item in items]

    async def found(self, **asked: Any) -> list[str]:
        answer = await self.client.get("/contacts", params={"sort": "created_at", **asked})
        return [contact["id"] for contact in answer.json()["items"]]

    async def ask(self, action: dict[str, Any], **meant: Any) -> httpx.Response:
        return await self.client.post("/contacts/bulk", json={**meant, "action": action})

    async def act(self, action: dict[str, Any], **meant: Any) -> dict[str, Any]:
        """Asks for it, has it done, and gives the job as it ended."""
        answer = await self.ask(action, **meant)
        assert answer.status_code == 202, answer.text
        return await self.done(answer.json())

    async def undo(self, job: dict[str, Any]) -> dict[str, Any]:
        answer = await self.client.post(f"/jobs/{job['id']}/undo")
        assert answer.status_code == 202, answer.text
        return await self.done(job)

    async def done(self, job: dict[str, Any]) -> dict[str, Any]:
        work = self.organization.running.container.background_work
        await work.run(self.organization.contributor.organization_id, BackgroundJobId(UUID(job["id"])))
        return dict((await self.client.get(f"/jobs/{job['id']}")).json())


@pytest.fixture
async def desk(organization: Organization, client: httpx.AsyncClient) -> Desk:
    return Desk(client, organization)


@pytest.fixture
async def boss(organization: Organization, administrator: httpx.AsyncClient) -> Desk:
    return Desk(administrator, organization)


@pytest.fixture
async def stranger(new_organization: Any) -> AsyncIterator[Desk]:
    organization = await new_organization()
    async with await organization.as_contributor() as client:
        yield Desk(client, organization)


def counts(job: dict[str, Any]) -> tuple[int, int, int]:
    return job["result"]["changed"], job["result"]["unchanged"], job["result"]["left_out"]


async def test_a_selection_gets_a_status_and_a_line_in_its_history_each(desk: Desk) -> None:
    new, open_ = await desk.contacts(2), await desk.contact(status="Open")
    job = await desk.act({"kind": "set_status", "status": "Open"}, contact_ids=[*new, open_])

    assert (job["kind"], job["state"], job["done"], job["total"]) == ("bulk_set_status", "done", 3, 3)
    assert counts(job) == (2, 1, 0)
    assert await desk.each([*new, open_], "status") == ["Open"] * 3
    assert (await desk.happened(new[0]))[0] == ("contact_status_changed", {"from": "New", "to": "Open"})
    assert [type_ for type_, _ in await desk.happened(open_)] == ["contact_created"]
    assert await desk.each([*new, open_], "version") == [2, 2, 1]


async def test_a_change_of_status_is_the_last_that_happened(desk: Desk) -> None:
    contact_id = await desk.contact()
    before = await desk.shown(contact_id)
    await desk.act({"kind": "set_status", "status": "Open"}, contact_ids=[contact_id])
    after = await desk.shown(contact_id)

    assert before["last_activity_at"] < after["last_activity_at"] == after["updated_at"]


async def test_a_filter_means_everybody_who_matches_when_it_begins(desk: Desk) -> None:
    word = f"word{uuid4().hex[:8]}"
    matching, other = await desk.contacts(3, company=word), await desk.contact()
    asked = await desk.ask({"kind": "set_status", "status": "Closed"}, filter={"q": word})
    late = await desk.contact(company=word)
    job = await desk.done(asked.json())

    assert (asked.json()["total"], job["total"], job["done"]) == (None, 3, 3)
    assert await desk.each(matching, "status") == ["Closed"] * 3
    assert await desk.each([other, late], "status") == ["New", "New"]


async def test_a_list_by_filter_and_a_static_one_can_be_meant(desk: Desk) -> None:
    people = (await desk.client.post("/contacts/lists", json={"name": f"P {uuid4().hex}"})).json()
    contact_id = await desk.contact()
    await desk.act({"kind": "add_to_list", "list_id": people["id"]}, contact_ids=[contact_id])
    job = await desk.act({"kind": "set_status", "status": "Closed"}, filter={"list_id": people["id"]})

    assert counts(job) == (1, 0, 0)
    assert (await desk.shown(contact_id))["status"] == "Closed"


async def test_undo_gives_back_what_is_still_as_the_job_set_it(desk: Desk) -> None:
    kept, restored = await desk.contact(status="Open"), await desk.contact(status="Qualified")
    job = await desk.act({"kind": "set_status", "status": "Closed"}, contact_ids=[kept, restored])
    await desk.client.patch(f"/contacts/{kept}", json={"status": "Contacted"})
    await desk.client.patch(f"/contacts/{restored}", json={"city": "Oslo"})
    undone = await desk.undo(job)

    assert (job["can_undo"], undone["can_undo"], undone["state"]) == (True, False, "undone")
    assert (undone["result"]["restored"], undone["result"]["kept"]) == (1, 1)
    assert await desk.each([kept, restored], "status") == ["Contacted", "Qualified"]
    assert (await desk.happened(restored))[0] == ("contact_status_changed", {"from": "Closed", "to": "Qualified"})
    assert (await desk.shown(restored))["city"] == "Oslo"


async def test_a_job_is_undone_once(desk: Desk) -> None:
    contact_id = await desk.contact()
    job = await desk.act({"kind": "set_status", "status": "Closed"}, contact_ids=[contact_id])
    undone = await desk.undo(job)
    await desk.client.patch(f"/contacts/{contact_id}", json={"status": "Closed"})

    assert await desk.undo(job) == undone
    assert (await desk.shown(contact_id))["status"] == "Closed"


async def test_an_owner_is_set_cleared_and_given_back(desk: Desk) -> None:
    mine, boss = str(desk.organization.contributor.user_id), str(desk.organization.administrator.user_id)
    ids = await desk.contacts(2)
    set_ = await desk.act({"kind": "set_owner", "owner_id": boss}, contact_ids=ids)
    assert [owner["id"] for owner in await desk.each(ids, "owner")] == [boss] * 2
    cleared = await desk.act({"kind": "set_owner", "owner_id": None}, contact_ids=ids)
    assert await desk.each(ids, "owner") == [None, None]

    await desk.undo(cleared)
    assert [owner["id"] for owner in await desk.each(ids, "owner")] == [boss] * 2
    await desk.undo(set_)
    assert [owner["id"] for owner in await desk.each(ids, "owner")] == [mine] * 2


async def test_contacts_are_added_to_a_list_and_taken_off_again(desk: Desk) -> None:
    people = (await desk.client.post("/contacts/lists", json={"name": f"P {uuid4().hex}"})).json()
    before, new = await desk.contact(), await desk.contact()
    await desk.act({"kind": "add_to_list", "list_id": people["id"]}, contact_ids=[before])
    added = await desk.act({"kind": "add_to_list", "list_id": people["id"]}, contact_ids=[before, new])
    assert counts(added) == (1, 1, 0)
    assert await desk.found(list_id=people["id"]) == [before, new]

    await desk.undo(added)
    assert await desk.found(list_id=people["id"]) == [before]
    removed = await desk.act({"kind": "remove_from_list", "list_id": people["id"]}, contact_ids=[before, new])
    assert counts(removed) == (1, 1, 0)
    assert await desk.found(list_id=people["id"]) == []
    await desk.undo(removed)
    assert await desk.found(list_id=people["id"]) == [before]


async def test_owners_delete_their_own_contacts_alone(desk: Desk, boss: Desk) -> None:
    mine, theirs = await desk.contact(), await boss.contact()
    job = await desk.act({"kind": "delete"}, contact_ids=[mine, theirs, str(uuid4())])

    assert counts(job) == (1, 0, 2)
    assert job["result"]["reasons"] == {"not_allowed": 1, "not_found": 1}
    assert (await desk.client.get(f"/contacts/{mine}")).status_code == 404
    assert (await desk.client.get(f"/contacts/{theirs}")).status_code == 200


async def test_administrators_delete_everybodys(desk: Desk, boss: Desk) -> None:
    assert counts(await boss.act({"kind": "delete"}, contact_ids=await desk.contacts(2))) == (2, 0, 0)


async def test_who_was_deleted_comes_back_and_is_found_as_before(desk: Desk) -> None:
    word = f"word{uuid4().hex[:8]}"
    people = (await desk.client.post("/contacts/lists", json={"name": f"P {uuid4().hex}"})).json()
    contact_id = await desk.contact(company=word, business_phone="+16175550100")
    await desk.act({"kind": "add_to_list", "list_id": people["id"]}, contact_ids=[contact_id])
    job = await desk.act({"kind": "delete"}, contact_ids=[contact_id])
    assert await desk.found(q=word) == []

    undone = await desk.undo(job)
    assert (undone["result"]["restored"], undone["result"]["kept"]) == (1, 0)
    for asked in ({"q": word}, {"q": "617 555 0100"}, {"list_id": people["id"]}):
        assert await desk.found(**asked) == [contact_id]


async def test_whose_address_somebody_else_has_by_now_stays_deleted(desk: Desk) -> None:
    email = f"{uuid4().hex}@prospect.example"
    gone, other = await desk.contact(email=email), await desk.contact()
    job = await desk.act({"kind": "delete"}, contact_ids=[gone, other])
    new = await desk.contact(email=email)
    undone = await desk.undo(job)

    assert (undone["result"]["restored"], undone["result"]["kept"]) == (1, 1)
    assert await desk.found(q=email) == [new]


async def a_salesflow(desk: Desk) -> str:
    flow = (await desk.client.post("/salesflows", json={"name": "Spring"})).json()
    await desk.client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [STEP]})
    await desk.client.post(f"/salesflows/{flow['id']}/activate")
    return str(flow["id"])


async def test_who_is_left_out_of_a_salesflow_is_counted_by_reason(desk: Desk) -> None:
    salesflow_id = await a_salesflow(desk)
    ids = [await desk.contact(), await desk.contact(email=f"{uuid4().hex}@prospect.example")]
    job = await desk.act({"kind": "add_to_salesflow", "salesflow_id": salesflow_id}, contact_ids=ids)

    assert counts(job) == (0, 0, 2)
    assert job["result"]["reasons"] == {"no_email": 1, "no_mailbox": 1}


@pytest.mark.parametrize(
    ("action", "pointer"),
    [
        ({"kind": "set_status", "status": "Unheard of"}, "/action/status"),
        ({"kind": "set_status"}, "/action/status"),
        ({"kind": "set_status", "status": "New", "surprise": 1}, "/action/surprise"),
        ({"kind": "set_owner", "owner_id": str(uuid4())}, "/action/owner_id"),
        ({"kind": "set_owner"}, "/action/owner_id"),
        ({"kind": "add_to_list", "list_id": str(uuid4())}, "/action/list_id"),
        ({"kind": "remove_from_list", "list_id": "x"}, "/action/list_id"),
        ({"kind": "add_to_salesflow", "salesflow_id": str(uuid4())}, "/action/salesflow_id"),
        ({"kind": "export", "columns": ["email", "shoe_size"]}, "/action/columns/1"),
        ({"kind": "dance"}, "/action/kind"),
        ({}, "/action/kind"),
    ],
)
async def test_what_cannot_be_done_is_refused_by_name(desk: Desk, action: dict[str, Any], pointer: str) -> None:
    answer = await desk.ask(action, contact_ids=[])

    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("meant", "pointer"),
    [
        ({}, "/contact_ids"),
        ({"contact_ids": [], "filter": {}}, "/contact_ids"),
        ({"contact_ids": ["x"]}, "/contact_ids/0"),
        ({"contact_ids": [str(uuid4())] * 10_001}, "/contact_ids"),
        ({"filter": {"color": "red"}}, "/filter/color"),
        ({"filter": {"q": " ".join(f"w{n}" for n in range(11))}}, "/filter/q"),
    ],
)
async def test_who_is_meant_has_to_be_clear(desk: Desk, meant: dict[str, Any], pointer: str) -> None:
    answer = await desk.ask({"kind": "delete"}, **meant)

    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_a_list_by_filter_and_a_draft_are_refused(desk: Desk) -> None:
    matching = (await desk.client.post("/contacts/lists", json={"name": uuid4().hex, "filter": {"q": "doe"}})).json()
    draft = (await desk.client.post("/salesflows", json={"name": "Draft"})).json()
    for action in (
        {"kind": "add_to_list", "list_id": matching["id"]},
        {"kind": "add_to_salesflow", "salesflow_id": draft["id"]},
    ):
        answer = await desk.ask(action, contact_ids=[])
        assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_in_state")


async def test_adding_to_a_salesflow_needs_its_scope_too(desk: Desk) -> None:
    salesflow_id = await a_salesflow(desk)
    async with await desk.organization.as_contributor("contacts:write") as client:
        action = {"kind": "add_to_salesflow", "salesflow_id": salesflow_id}
        answer = await client.post("/contacts/bulk", json={"contact_ids": [], "action": action})

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


async def test_contacts_of_another_organization_are_left_out_as_missing(desk: Desk, stranger: Desk) -> None:
    foreign = await stranger.contact()
    for action in ({"kind": "set_status", "status": "Closed"}, {"kind": "delete"}):
        job = await desk.act(action, contact_ids=[foreign])
        assert job["result"]["reasons"] == {"not_found": 1}
    assert (await stranger.shown(foreign))["status"] == "New"


async def test_what_another_organization_has_is_named_by_nobody(desk: Desk, stranger: Desk) -> None:
    theirs = (await stranger.client.post("/contacts/lists", json={"name": "Theirs"})).json()
    flow, user = await a_salesflow(stranger), str(stranger.organization.contributor.user_id)
    for action in (
        {"kind": "set_owner", "owner_id": user},
        {"kind": "add_to_list", "list_id": theirs["id"]},
        {"kind": "add_to_salesflow", "salesflow_id": flow},
    ):
        assert (await desk.ask(action, contact_ids=[])).status_code == 422


async def test_a_list_that_is_deleted_under_way_ends_the_job(desk: Desk) -> None:
    people = (await desk.client.post("/contacts/lists", json={"name": uuid4().hex})).json()
    asked = await desk.ask({"kind": "add_to_list", "list_id": people["id"]}, contact_ids=[await desk.contact()])
    await desk.client.delete(f"/contacts/lists/{people['id']}")
    job = await desk.done(asked.json())

    assert (job["state"], job["error"], job["done"]) == ("failed", "not_found", 0)


async def exported(desk: Desk, job: dict[str, Any]) -> list[dict[str, str]]:
    answer = await desk.client.get(job["result_url"])
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_an_export_is_a_file_of_the_columns_that_were_asked_for(desk: Desk) -> None:
    word = f"word{uuid4().hex[:8]}"
    await desk.contact(first_name="Jürgen", company=f'{word} "Süd"\nGmbH', business_phone="+16175550100")
    await desk.contact(company=word, job_title="=1+1")
    columns = ["first_name", "company", "business_phone", "job_title", "owner"]
    job = await desk.act({"kind": "export", "columns": columns}, filter={"q": word})

    answer = await desk.client.get(job["result_url"])
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''contacts-")
    owner = (await desk.client.get("/me")).json()["name"]
    assert await exported(desk, job) == [
        {
            "First name": "Jürgen",
            "Company": f'{word} "Süd"\nGmbH',
            "Business phone": "'+16175550100",
            "Job title": "",
            "Owner": owner,
        },
        {"First name": "", "Company": word, "Business phone": "", "Job title": "'=1+1", "Owner": owner},
    ]
    assert (job["result"], job["can_undo"]) == ({"rows": 2}, False)


async def test_an_export_of_all_columns_names_what_there_is_of_a_contact(desk: Desk) -> None:
    job = await desk.act({"kind": "export"}, contact_ids=[await desk.contact(city="Oslo", status="Open")])
    [row] = await exported(desk, job)

    assert (row["Last name"], row["City"], row["Status"]) == ("Doe", "Oslo", "Open")


async def test_an_export_of_nobody_has_its_head(desk: Desk) -> None:
    job = await desk.act({"kind": "export", "columns": ["email"]}, contact_ids=[])

    assert (await desk.client.get(job["result_url"])).content == b"\xef\xbb\xbfEmail\r\n"
    answer = await desk.client.post(f"/jobs/{job['id']}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_in_state")


async def test_there_is_no_file_before_the_export_is_done(desk: Desk, boss: Desk) -> None:
    asked = (await desk.ask({"kind": "export"}, contact_ids=[await desk.contact()])).json()
    before = await desk.client.get(f"/jobs/{asked['id']}/file")
    await desk.done(asked)

    assert (asked["result_url"], before.status_code) == (None, 404)
    assert (await boss.client.get(f"/jobs/{asked['id']}/file")).status_code == 200


async def test_a_key_asks_once(desk: Desk) -> None:
    ids = await desk.contacts(1)
    body = {"contact_ids": ids, "action": {"kind": "set_status", "status": "Open"}}
    key = {"idempotency-key": uuid4().hex}
    answers = [await desk.client.post("/contacts/bulk", json=body, headers=key) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
