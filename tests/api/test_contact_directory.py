"""The directory over HTTP: by every condition, in every order, and from one contact to the next."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import insert, update

from adapters.postgres.directory_tables import contact_fields, contact_values
from adapters.postgres.tables import contacts, enrollments
from domain.contacts.model import ContactSort

pytestmark = pytest.mark.anyio

NOBODY = "0191d3a0-0000-7000-8000-000000000000"


async def made(client: httpx.AsyncClient, last_name: str, **fields: Any) -> str:
    answer = await client.post("/contacts", json={"last_name": last_name, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def names(client: httpx.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get("/contacts", params=params)
    assert answer.status_code == 200, answer.text
    return [item["last_name"] for item in answer.json()["items"]]


@dataclass(frozen=True)
class Office:
    """Three people, made one after the other: Abel, Berg and Cruz."""

    client: httpx.AsyncClient
    organization: Any
    ids: dict[str, str]

    async def flow(self, *names: str) -> str:
        """In which these contacts were."""
        flow = (await self.client.post("/salesflows", json={"name": f"Flow {uuid4().hex[:8]}"})).json()
        who = self.organization.contributor
        same = {"organization_id": who.organization_id, "salesflow_id": flow["id"], "user_id": who.user_id}
        same |= {"started_by": who.user_id, "revision": 1, "state": "finished", "started_at": datetime.now(UTC)}
        await self.put(enrollments, [{**same, "id": uuid4(), "contact_id": self.ids[name]} for name in names])
        return str(flow["id"])

    async def put(self, table: Any, rows: list[dict[str, Any]]) -> None:
        container, who = self.organization.running.container, self.organization.contributor
        async with container.database.application(who.organization_id) as transaction:
            await transaction.execute(insert(table), rows)

    async def values(self, key: str, **by_contact: str) -> None:
        """Of an own field."""
        own, now = {"organization_id": self.organization.contributor.organization_id}, datetime.now(UTC)
        field = {**own, "id": uuid4(), "key": key, "label": key, "kind": "text", "position": 1}
        await self.put(contact_fields, [{**field, "created_at": now, "updated_at": now}])
        same = {**own, "field_id": field["id"]}
        rows = [{**same, "value": value, "contact_id": self.ids[name]} for name, value in by_contact.items()]
        await self.put(contact_values, rows)


@pytest.fixture
async def office(client: httpx.AsyncClient, organization: Any) -> Office:
    boss = str(organization.administrator.user_id)
    people = {
        "Abel": {"first_name": "Zoë", "email": "zoe@abel.example", "company": "Mill", "business_phone": "+16175004900"},
        "Berg": {"first_name": "Max", "email": "max@berg.example", "company": "Aero", "status": "Open"},
        "Cruz": {"first_name": "Ann", "company": "Mill", "owner_id": boss},
    }
    ids = {name: await made(client, name, **fields) for name, fields in people.items()}
    return Office(client, organization, ids)


async def test_each_condition_is_met_by_those_whom_it_names(office: Office) -> None:
    client, ids = office.client, office.ids
    people = (await client.post("/contacts/lists", json={"name": "Fair"})).json()["id"]
    await client.post(f"/contacts/lists/{people}/members", json={"contact_ids": [ids["Abel"], ids["Cruz"]]})
    flow = await office.flow("Abel")
    await office.values("tier", Berg="gold", Cruz="lead: cold")
    boss = str(office.organization.administrator.user_id)
    for params, found in [
        ({"q": "mill"}, ["Abel", "Cruz"]),
        ({"q": "617 500"}, ["Abel"]),
        ({"status": "Open"}, ["Berg"]),
        ({"owner_id": boss}, ["Cruz"]),
        ({"list_id": people}, ["Abel", "Cruz"]),
        ({"salesflow_id": flow}, ["Abel"]),
        ({"field": "tier:Gold"}, ["Berg"]),
        ({"field": "tier:lead: cold"}, ["Cruz"]),
        ({"opted_out": "true"}, []),
        ({"opted_out": "false"}, ["Abel", "Berg", "Cruz"]),
        ({"q": "mill", "list_id": people, "owner_id": boss}, ["Cruz"]),
        *(({name: NOBODY}, []) for name in ("owner_id", "list_id", "salesflow_id")),
        ({"field": "shoe:9"}, []),
        ({"status": "Asleep"}, []),
    ]:
        assert await names(client, sort="created_at", **params) == found, params


async def test_several_own_fields_are_asked_for_at_once(office: Office) -> None:
    await office.values("tier", Abel="gold", Berg="gold")
    await office.values("region", Abel="north", Cruz="north")
    assert await names(office.client, field=["tier:gold", "region:north"]) == ["Abel"]


async def test_activity_is_asked_for_from_a_time_on_and_up_to_one(office: Office) -> None:
    client = office.client
    contact = (await client.get(f"/contacts/{office.ids['Berg']}")).json()
    at = datetime.fromisoformat(contact["last_activity_at"])
    elsewhere = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    assert await names(client, sort="created_at", last_activity_after=elsewhere) == ["Berg", "Cruz"]
    assert await names(client, last_activity_before=elsewhere) == ["Abel"]
    later = (at + timedelta(microseconds=1)).isoformat()
    assert await names(client, last_activity_after=elsewhere, last_activity_before=later) == ["Berg"]


async def test_who_opted_out_is_told_apart(office: Office) -> None:
    container, who = office.organization.running.container, office.organization.contributor
    async with container.database.application(who.organization_id) as transaction:
        berg = update(contacts).where(contacts.c.id == office.ids["Berg"])
        await transaction.execute(berg.values(opted_out_at=datetime.now(UTC)))
    assert await names(office.client, opted_out="true") == ["Berg"]
    assert await names(office.client, opted_out="false", sort="created_at") == ["Abel", "Cruz"]


ORDERS = {
    "created_at": ["Abel", "Berg", "Cruz"],
    "name": ["Cruz", "Berg", "Abel"],
    "email": ["Cruz", "Berg", "Abel"],
    "company": ["Berg", "Abel", "Cruz"],
    "last_activity_at": ["Abel", "Berg", "Cruz"],
}


@pytest.mark.parametrize("sort", ContactSort)
async def test_every_order_goes_from_one_contact_to_the_next(office: Office, sort: ContactSort) -> None:
    order = ORDERS[sort.column][:: -1 if sort.descending else 1]
    assert await names(office.client, sort=sort.value) == order
    for at, name in enumerate(order):
        answer = await office.client.get(f"/contacts/{office.ids[name]}/neighbours", params={"sort": sort.value})
        around = {
            "previous": office.ids[order[at - 1]] if at else None,
            "next": office.ids[order[at + 1]] if at + 1 < len(order) else None,
        }
        assert answer.json() == around


async def test_neighbours_are_those_who_match(office: Office) -> None:
    params = {"q": "mill", "sort": "created_at", "field": []}
    answer = await office.client.get(f"/contacts/{office.ids['Berg']}/neighbours", params=params)
    assert answer.json() == {"previous": office.ids["Abel"], "next": office.ids["Cruz"]}
    answer = await office.client.get(f"/contacts/{office.ids['Abel']}/neighbours", params=params)
    assert answer.json() == {"previous": None, "next": office.ids["Cruz"]}


async def test_whoever_is_gone_has_no_neighbours_and_is_none(office: Office) -> None:
    client, ids = office.client, office.ids
    assert (await client.delete(f"/contacts/{ids['Berg']}")).status_code == 204
    gone = await client.get(f"/contacts/{ids['Berg']}/neighbours")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    answer = await client.get(f"/contacts/{ids['Abel']}/neighbours", params={"sort": "created_at"})
    assert answer.json()["next"] == ids["Cruz"]


@pytest.mark.parametrize(
    "asked",
    [
        {"field": "gold"},
        {"field": "tier:"},
        {"field": ["tier:gold", "tier:lead"]},
        {"field": [f"key{number}:value" for number in range(11)]},
        {"list_id": "spring"},
        {"salesflow_id": "1"},
        {"opted_out": "perhaps"},
        {"last_activity_after": "yesterday"},
        {"last_activity_after": "2026-11-02T09:00:00"},
        {"last_activity_before": "1700000000"},
    ],
)
@pytest.mark.parametrize("path", ["/contacts", f"/contacts/{NOBODY}/neighbours"])
async def test_a_condition_that_cannot_be_read_is_refused(client: httpx.AsyncClient, path: str, asked: Any) -> None:
    answer = await client.get(path, params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), answer.text
    [name] = asked
    assert all(error["pointer"].startswith(f"/query/{name}") for error in answer.json()["errors"])


async def test_the_total_counts_who_matches(office: Office) -> None:
    for params, total in [({}, 3), ({"q": "mill"}, 2), ({"q": "nowhere"}, 0), ({"list_id": NOBODY}, 0)]:
        answer = await office.client.get("/contacts", params={**params, "total": "true", "limit": 1})
        assert answer.json()["total"] == total, params
