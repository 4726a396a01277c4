"""The suppression list: what stands on it, what it does, and what stays."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.contacts.opting_out import opt_out
from domain.shared.ids import ContactId
from tests.api.conftest import Organization
from tests.api.seeds import STEP

pytestmark = pytest.mark.anyio

PHONE = "+16175550100"


async def suppress(client: httpx.AsyncClient, kind: str, value: str, reason: str = "asked by phone") -> Any:
    return await client.post("/admin/suppressions", json={"kind": kind, "value": value, "reason": reason})


async def is_suppressed(client: httpx.AsyncClient, kind: str, value: str) -> bool:
    answer = await client.post("/admin/suppressions/check", json={"kind": kind, "value": value})
    return bool(answer.json()["suppressed"])


async def a_contact(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    return dict((await client.post("/contacts", json={"last_name": "Doe", **more})).json())


async def reason_left_out(client: httpx.AsyncClient, contact: dict[str, Any]) -> str:
    flow = (await client.post("/salesflows", json={"name": uuid4().hex})).json()
    await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [STEP]})
    await client.post(f"/salesflows/{flow['id']}/activate")
    asked = {"contact_ids": [contact["id"]], "dry_run": True}
    answer = await client.post(f"/salesflows/{flow['id']}/enrollments", json=asked)
    return str(answer.json()["left_out"][0]["reason"])


@pytest.mark.parametrize(
    ("kind", "value", "same"),
    [
        ("email", "Ann@Prospect.example", "ann@prospect.EXAMPLE"),
        ("domain", "@Prospect.example", "prospect.example"),
        ("phone", "(617) 555-0100", PHONE),
    ],
)
async def test_a_value_is_known_in_every_spelling_and_told_to_nobody(
    administrator: httpx.AsyncClient, kind: str, value: str, same: str
) -> None:
    added = (await suppress(administrator, kind, value)).json()

    assert (added["kind"], added["reason"], added["by_person"]) == (kind, "asked by phone", False)
    assert added["domain"] == ("prospect.example" if kind == "domain" else None)
    assert await is_suppressed(administrator, kind, same)
    listed = (await administrator.get("/admin/suppressions", params={"kind": kind})).json()["items"]
    assert listed == [added]
    assert (await suppress(administrator, kind, same, "again")).json() == added


async def test_an_address_is_suppressed_by_its_domain(administrator: httpx.AsyncClient) -> None:
    await suppress(administrator, "domain", "contoso.example")
    assert await is_suppressed(administrator, "email", "ann@contoso.example")
    assert not await is_suppressed(administrator, "email", "ann@mail.contoso.example")


@pytest.mark.parametrize(("kind", "value"), [("email", "ann"), ("domain", "no domain"), ("phone", "12")])
async def test_what_is_none_is_refused_at_its_field(administrator: httpx.AsyncClient, kind: str, value: str) -> None:
    answer = await suppress(administrator, kind, value)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/value")


@pytest.mark.parametrize(("kind", "value"), [("email", "ann@contoso.example"), ("domain", "contoso.example")])
async def test_nobody_on_the_list_gets_into_a_salesflow(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient, kind: str, value: str
) -> None:
    ann = await a_contact(client, email="ann@contoso.example")
    assert await reason_left_out(client, ann) == "no_mailbox"
    entry = (await suppress(administrator, kind, value)).json()
    assert await reason_left_out(client, ann) == "suppressed"
    assert (await administrator.delete(f"/admin/suppressions/{entry['id']}")).status_code == 204
    assert await reason_left_out(client, ann) == "no_mailbox"
    assert (await administrator.delete(f"/admin/suppressions/{entry['id']}")).status_code == 404


async def test_the_list_is_paged_newest_first(administrator: httpx.AsyncClient) -> None:
    added = [(await suppress(administrator, "domain", f"d{number}.example")).json()["id"] for number in range(3)]
    first = (await administrator.get("/admin/suppressions", params={"limit": 2})).json()
    rest = (await administrator.get("/admin/suppressions", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == added[::-1]
    assert rest["next_cursor"] is None


async def test_changes_are_on_record_without_the_address(administrator: httpx.AsyncClient) -> None:
    entry = (await suppress(administrator, "email", "ann@prospect.example")).json()
    await administrator.delete(f"/admin/suppressions/{entry['id']}")

    log = (await administrator.get("/admin/audit-log")).text
    assert "suppression.added" in log
    assert "suppression.removed" in log
    assert "ann@prospect.example" not in log


async def test_contributors_have_nothing_to_do_with_it(client: httpx.AsyncClient) -> None:
    assert (await client.get("/admin/suppressions")).status_code == 403
    assert (await suppress(client, "email", "ann@prospect.example")).status_code == 403


# Do not call.


async def test_do_not_call_outlives_the_contact_by_its_phone(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    ann = await a_contact(client, business_phone=PHONE)
    assert ann["do_not_call"] is False
    told = await client.patch(f"/contacts/{ann['id']}", json={"do_not_call": True})
    assert told.json()["do_not_call"] is True
    assert (await client.get("/contacts")).json()["items"][0]["do_not_call"] is True
    await client.delete(f"/contacts/{ann['id']}")

    assert await is_suppressed(administrator, "phone", PHONE)
    assert (await a_contact(client, mobile_phone=PHONE))["do_not_call"] is True
    bob = await a_contact(client)
    assert (await client.patch(f"/contacts/{bob['id']}", json={"mobile_phone": PHONE})).json()["do_not_call"] is True


async def test_a_phone_that_is_added_later_is_not_called_either(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    ann = await a_contact(client)
    await client.patch(f"/contacts/{ann['id']}", json={"do_not_call": True})
    await client.patch(f"/contacts/{ann['id']}", json={"mobile_phone": PHONE})
    assert await is_suppressed(administrator, "phone", PHONE)


async def test_administrators_alone_let_somebody_be_called_again(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    ann = await a_contact(client, business_phone=PHONE)
    await client.patch(f"/contacts/{ann['id']}", json={"do_not_call": True})

    refused = await client.patch(f"/contacts/{ann['id']}", json={"do_not_call": False})
    assert (refused.status_code, refused.json()["reason"]) == (403, "do_not_call_kept")
    again = await administrator.patch(f"/contacts/{ann['id']}", json={"do_not_call": False})
    assert again.json()["do_not_call"] is False
    assert not await is_suppressed(administrator, "phone", PHONE)


# Opting out.


async def test_an_opt_out_by_hand_is_in_force_at_once_and_outlives_the_contact(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    ann = await a_contact(client, email="ann@prospect.example")
    told = await client.post(f"/contacts/{ann['id']}/opt-out")
    assert told.json()["opted_out"] is True
    assert (await client.post(f"/contacts/{ann['id']}/opt-out")).json()["version"] == told.json()["version"]
    assert await reason_left_out(client, ann) == "opted_out"
    history = (await client.get(f"/contacts/{ann['id']}/activities")).json()["items"]
    assert [one["type"] for one in history].count("contact_unsubscribed") == 1

    await client.delete(f"/contacts/{ann['id']}")
    again = await a_contact(client, email="ANN@prospect.example")
    assert await reason_left_out(client, again) == "suppressed"


async def test_administrators_take_back_what_a_user_did(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    ann = await a_contact(client, email="ann@prospect.example")
    await client.post(f"/contacts/{ann['id']}/opt-out")

    assert (await client.delete(f"/contacts/{ann['id']}/opt-out")).status_code == 403
    back = await administrator.delete(f"/contacts/{ann['id']}/opt-out")
    assert back.json()["opted_out"] is False
    assert await reason_left_out(client, ann) == "no_mailbox"
    log = (await administrator.get("/admin/audit-log")).text
    assert "contact.opt_out_taken_back" in log


async def test_what_the_person_asked_for_is_taken_back_by_nobody(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient, organization: Organization
) -> None:
    ann = await a_contact(client, email="ann@prospect.example")
    container = organization.running.container
    async with container.units.of(organization.administrator.organization_id) as unit:
        await opt_out(unit, ContactId(UUID(ann["id"])), container.clock.now(), address="ann@prospect.example")

    answer = await administrator.delete(f"/contacts/{ann['id']}/opt-out")
    assert (answer.status_code, answer.json()["reason"]) == (409, "opted_out_by_person")
    [entry] = (await administrator.get("/admin/suppressions")).json()["items"]
    assert (entry["reason"], entry["by_person"], entry["created_by"]) == ("opted_out", True, None)
    refused = await administrator.delete(f"/admin/suppressions/{entry['id']}")
    assert (refused.status_code, refused.json()["reason"]) == (409, "suppressed_by_person")


async def test_what_a_user_had_put_there_before_is_the_persons_from_then_on(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient, organization: Organization
) -> None:
    ann = await a_contact(client, email="ann@prospect.example")
    entry = (await suppress(administrator, "email", "ann@prospect.example")).json()
    container = organization.running.container
    async with container.units.of(organization.administrator.organization_id) as unit:
        await opt_out(unit, ContactId(UUID(ann["id"])), container.clock.now(), address="ann@prospect.example")
    assert (await administrator.delete(f"/admin/suppressions/{entry['id']}")).status_code == 409
