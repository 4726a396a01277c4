"""The Contact Status list: added to, renamed, coloured, ordered; what replaces a status that is deleted."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.contacts.model import NewContact
from domain.contacts.statuses import MOVED_AT_ONCE
from domain.shared.ids import BackgroundJobId
from tests.api.conftest import Organization

pytestmark = pytest.mark.anyio

STANDARD = ["New", "Closed", "Contacted", "Disqualified", "Open", "Prospecting", "Qualified", "Unqualified"]
PATH = "/admin/contact-statuses"


@dataclass(frozen=True)
class Office:
    """An Administrator beside a worker."""

    client: httpx.AsyncClient
    organization: Organization

    async def statuses(self) -> list[dict[str, Any]]:
        return list((await self.client.get(PATH)).json()["items"])

    async def labels(self) -> list[str]:
        return [status["label"] for status in await self.statuses()]

    async def id_of(self, label: str) -> str:
        [found] = [status["id"] for status in await self.statuses() if status["label"] == label]
        return str(found)

    async def add(self, **body: Any) -> httpx.Response:
        return await self.client.post(PATH, json={"color": "#228be6", **body})

    async def change(self, status: str, /, **body: Any) -> httpx.Response:
        return await self.client.patch(f"{PATH}/{await self.id_of(status)}", json=body)

    async def delete(self, label: str, replace_with: str | None = None) -> httpx.Response:
        params = {"replace_with": await self.id_of(replace_with)} if replace_with else {}
        return await self.client.delete(f"{PATH}/{await self.id_of(label)}", params=params)

    async def contact(self, status: str) -> str:
        answer = await self.client.post("/contacts", json={"last_name": "Doe", "status": status})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def done(self, answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 202, answer.text
        job_id = answer.json()["id"]
        work = self.organization.running.container.background_work
        await work.run(self.organization.administrator.organization_id, BackgroundJobId(UUID(job_id)))
        return dict((await self.client.get(f"/jobs/{job_id}")).json())


@pytest.fixture
async def office(organization: Organization, administrator: httpx.AsyncClient) -> Office:
    return Office(administrator, organization)


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["code"], answer.json().get("reason")


async def test_an_organization_begins_with_the_standard_statuses(office: Office) -> None:
    statuses = await office.statuses()

    assert [status["label"] for status in statuses] == STANDARD
    assert [status["label"] for status in statuses if status["is_default"]] == ["New"]


async def test_a_status_is_added_at_the_end_and_can_be_chosen(office: Office) -> None:
    answer = await office.add(label=" Nurture ", color="#AABBCC")

    assert (answer.status_code, answer.json()["label"], answer.json()["color"]) == (201, "Nurture", "#aabbcc")
    assert await office.labels() == [*STANDARD, "Nurture"]
    assert await office.contact("Nurture")


async def test_contacts_lists_and_views_follow_a_new_name(office: Office) -> None:
    contact_id = await office.contact("Open")
    filter_ = {"name": "Open ones", "kind": "filter", "filter": {"status": "Open"}}
    list_ = (await office.client.post("/contacts/lists", json=filter_)).json()
    view = {"name": "Open ones", "state": {"filters": {"status": "Open"}}}
    await office.client.post("/contacts/views", json=view)
    answer = await office.change("Open", label="Engaged", color="#111111")

    assert (answer.json()["label"], answer.json()["color"]) == ("Engaged", "#111111")
    assert (await office.client.get(f"/contacts/{contact_id}")).json()["status"] == "Engaged"
    found = (await office.client.get("/contacts", params={"list_id": list_["id"]})).json()["items"]
    assert [one["id"] for one in found] == [contact_id]
    [kept] = (await office.client.get("/contacts/views")).json()["items"]
    assert kept["state"]["filters"]["status"] == "Engaged"


async def test_there_is_one_default_always(office: Office) -> None:
    assert (await office.change("Open", is_default=True)).json()["is_default"] is True
    assert [status["label"] for status in await office.statuses() if status["is_default"]] == ["Open"]
    made = (await office.client.post("/contacts", json={"last_name": "Doe"})).json()
    assert made["status"] == "Open"

    assert refusal(await office.change("Open", is_default=False)) == (409, "not_allowed_in_state", "status_is_default")
    assert refusal(await office.delete("Open")) == (409, "not_allowed_in_state", "status_is_default")
    await office.add(label="First", is_default=True)
    assert [status["label"] for status in await office.statuses() if status["is_default"]] == ["First"]


async def test_they_stand_in_the_order_that_is_given(office: Office) -> None:
    ids = [status["id"] for status in reversed(await office.statuses())]
    answer = await office.client.put(f"{PATH}/order", json={"ids": ids})

    assert [status["label"] for status in answer.json()["items"]] == list(reversed(STANDARD))
    assert await office.labels() == list(reversed(STANDARD))
    for wrong in (ids[1:], [*ids, ids[0]], [*ids[1:], str(uuid4())]):
        refused = await office.client.put(f"{PATH}/order", json={"ids": wrong})
        assert refused.json()["errors"][0]["code"] == "incomplete_order"


async def test_what_can_be_no_status_is_refused(office: Office) -> None:
    for body, pointer, code in (
        ({"label": " "}, "/label", "required"),
        ({"label": "a\nb"}, "/label", "invalid_text"),
        ({"label": "Nurture", "color": "red"}, "/color", "invalid_color"),
    ):
        [fault] = (await office.add(**body)).json()["errors"]
        assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert refusal(await office.add(label="OPEN")) == (409, "already_exists", "status_label")
    assert refusal(await office.change("New", label="open")) == (409, "already_exists", "status_label")
    assert await office.labels() == STANDARD


async def test_one_that_nobody_has_is_deleted_at_once(office: Office) -> None:
    assert (await office.delete("Closed")).status_code == 204
    assert "Closed" not in await office.labels()


async def test_the_contacts_of_a_deleted_one_get_the_other_and_a_line_in_their_history(office: Office) -> None:
    kept, gone, other = [await office.contact(status) for status in ("Open", "Open", "Closed")]
    await office.client.delete(f"/contacts/{gone}")
    assert refusal(await office.delete("Open")) == (409, "conflict", "status_in_use")
    job = await office.done(await office.delete("Open", "Qualified"))

    assert (job["kind"], job["state"], job["result"], job["can_undo"]) == (
        "contact_status_replacement",
        "done",
        {"changed": 1},
        False,
    )
    assert "Open" not in await office.labels()
    shown = (await office.client.get(f"/contacts/{kept}")).json()
    assert (shown["status"], shown["version"]) == ("Qualified", 2)
    happened = (await office.client.get(f"/contacts/{kept}/activities")).json()["items"][0]
    assert (happened["type"], happened["detail"]) == (
        "contact_status_changed",
        {"from": "Open", "to": "Qualified"},
    )
    assert (await office.client.get(f"/contacts/{other}")).json()["status"] == "Closed"


async def test_many_contacts_are_moved_piece_by_piece_whoever_is_added_meanwhile_too(office: Office) -> None:
    container, boss = office.organization.running.container, office.organization.administrator
    new = [NewContact(last_name=f"Doe {number}", status="Open") for number in range(MOVED_AT_ONCE + 1)]
    await container.contacts.create_many(boss, new)
    answer = await office.delete("Open", "Closed")
    late = await office.contact("Open")
    job = await office.done(answer)

    assert (job["state"], job["done"], job["result"]) == (
        "done",
        MOVED_AT_ONCE + 2,
        {"changed": MOVED_AT_ONCE + 2},
    )
    assert (await office.client.get(f"/contacts/{late}")).json()["status"] == "Closed"
    assert "Open" not in await office.labels()


async def test_a_replacement_has_to_be_another_one(office: Office) -> None:
    await office.contact("Open")

    [fault] = (await office.delete("Open", "Open")).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/query/replace_with", "unknown_status")


async def test_a_contributor_reads_them_and_no_more(office: Office, client: httpx.AsyncClient) -> None:
    assert (await client.get("/contacts/statuses")).status_code == 200
    assert (await client.get(PATH)).status_code == 403
    assert (await client.post(PATH, json={"label": "Mine", "color": "#000000"})).status_code == 403
    assert await office.labels() == STANDARD


async def test_changes_are_on_record(office: Office) -> None:
    await office.add(label="Nurture")
    await office.change("Nurture", color="#000000")
    await office.delete("Nurture")
    asked = {"action": "contact_statuses.changed"}
    entries = (await office.client.get("/admin/audit-log", params=asked)).json()["items"]

    told = [(entry["target"]["name"], entry["detail"]["change"]) for entry in entries]
    assert told == [("Nurture", "removed"), ("Nurture", "changed"), ("Nurture", "added")]
