"""Salesflows over HTTP: the shapes and refusals that scripts rely on."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import insert, select, update

from adapters.ids import RandomIds
from adapters.postgres.tables import emails, enrollments, mailboxes, salesflows
from domain.connections.model import Mailbox, MailboxState, Provider
from domain.shared.ids import ConnectionId, MailboxId

pytestmark = pytest.mark.anyio

STEP: dict[str, Any] = {
    "kind": "email",
    "mode": "automatic",
    "delay": {"amount": 0, "unit": "minutes"},
    "variants": [{"weight": 100, "subject": "Hello {{ contact.first_name }}", "body_html": "<p>Hi</p>"}],
}
FOLLOW_UP = {
    **STEP,
    "delay": {"amount": 2, "unit": "business_days"},
    "thread": "reply",
    "variants": [{"weight": 100, "subject": "", "body_html": "<p>Any thoughts?</p>"}],
}


async def a_salesflow(client: httpx.AsyncClient, *steps: dict[str, Any], active: bool = True, **more: Any) -> Any:
    flow = (await client.post("/salesflows", json={"name": "Quick start", **more})).json()
    await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": list(steps) or [STEP, FOLLOW_UP]})
    if active:
        await client.post(f"/salesflows/{flow['id']}/activate")
    return (await client.get(f"/salesflows/{flow['id']}")).json()


async def a_contact(client: httpx.AsyncClient, **more: Any) -> Any:
    body = {"first_name": "Ann", "last_name": "Prospect", "email": f"{uuid4().hex}@prospect.example", **more}
    return (await client.post("/contacts", json=body)).json()


@pytest.fixture
async def mailbox(organization: Any) -> None:
    """The Contributor's mailbox is connected."""
    container, user = organization.running.container, organization.contributor
    async with container.units.of(user.organization_id) as unit:
        await unit.mailboxes.connect(
            Mailbox(
                organization_id=user.organization_id,
                id=MailboxId(RandomIds().new()),
                user_id=user.user_id,
                connection_id=ConnectionId(RandomIds().new()),
                provider=Provider.GOOGLE,
                address="rep@example.com",
                display_name="Rob Rep",
                state=MailboxState.CONNECTED,
                created_at=container.clock.system(),
            )
        )


async def an_uncertain_email(organization: Any, contact_id: str) -> str:
    """The provider can't tell what became of the contact's email."""
    email_id, user = str(RandomIds().new()), organization.contributor
    async with organization.running.container.database.application(user.organization_id) as transaction:
        [journey] = (await transaction.execute(select(enrollments))).all()
        [mailbox_id] = (await transaction.execute(select(mailboxes.c.id))).scalars()
        await transaction.execute(
            insert(emails).values(
                organization_id=user.organization_id,
                id=email_id,
                mailbox_id=mailbox_id,
                user_id=user.user_id,
                contact_id=contact_id,
                salesflow_id=journey.salesflow_id,
                enrollment_id=journey.id,
                send_key=email_id,
                state="needs_human",
                due_at=journey.started_at,
                created_at=journey.started_at,
            )
        )
        await transaction.execute(update(enrollments).values(due_at=None))
    return email_id


async def test_a_new_salesflow_is_a_draft(client: httpx.AsyncClient) -> None:
    answer = await client.post("/salesflows", json={"name": "Quick start"})
    flow = answer.json()
    assert (answer.status_code, flow["state"], flow["steps"], flow["shared"]) == (201, "draft", [], False)
    assert set(flow["counts"]) == {"enrolled", "active", "paused", "finished", "sent", "replied", "needs_human"}
    assert set(flow["counts"].values()) == {0}
    assert (flow["owner"]["name"], answer.headers["etag"]) == ("Rob Rep", '"1"')


async def test_steps_come_back_as_they_were_put(client: httpx.AsyncClient) -> None:
    flow = await a_salesflow(client)
    first, second = flow["steps"]
    assert (first["position"], first["thread"], first["delay"]) == (1, "new", {"amount": 0, "unit": "minutes"})
    assert (second["thread"], second["delay"]) == ("reply", {"amount": 2, "unit": "business_days"})
    assert first["variants"][0]["subject"] == "Hello {{ contact.first_name }}"
    assert (flow["state"], flow["steps_count"]) == ("active", 2)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        (
            {"variants": [{"subject": "{{ contact.nme }}", "body_html": "x"}]},
            "variants/0/subject",
            "template_unknown_field",
        ),
        ({"variants": [{"subject": "Hi", "body_html": "{% if %}"}]}, "variants/0/body_html", "template_syntax"),
        ({"variants": [{"subject": "Hi", "body_html": "x", "weight": 0}]}, "variants", "invalid_weights"),
        ({"variants": []}, "variants", "out_of_range"),
        ({"variants": [{"subject": " ", "body_html": "x"}]}, "variants/0/subject", "required"),
        ({"delay": {"amount": 9999, "unit": "days"}}, "delay/amount", "out_of_range"),
        ({"thread": "reply"}, "thread", "nothing_to_reply_to"),
    ],
)
async def test_a_faulty_step_is_refused_with_the_place_of_the_fault(
    client: httpx.AsyncClient, change: dict[str, Any], pointer: str, code: str
) -> None:
    flow = await a_salesflow(client, active=False)
    answer = await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [{**STEP, **change}]})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, f"/steps/0/{pointer}", code)


async def test_the_place_inside_of_a_template_is_told(client: httpx.AsyncClient) -> None:
    flow = await a_salesflow(client, active=False)
    step = {**STEP, "variants": [{"subject": "Hi", "body_html": "<p>\n {{ contact.nme }}</p>"}]}
    answer = await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [step]})
    assert answer.json()["errors"][0]["message"].startswith("Line 2, column 5:")


async def test_of_html_that_acts_nothing_is_kept_and_of_a_template_all(client: httpx.AsyncClient) -> None:
    flow = await a_salesflow(client, active=False)
    link = '<a href="https://example.com/{{ contact.city | url_encode }}">x</a>'
    body = f"<p onclick='x()'>Hi</p><script>x()</script>{link}"
    step = {**STEP, "variants": [{"subject": "Hi", "body_html": body}]}
    kept = (await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": [step]})).json()
    assert kept["steps"][0]["variants"][0]["body_html"] == f"<p>Hi</p>{link}"


@pytest.mark.parametrize("steps", [[], [STEP] * 51])
async def test_a_salesflow_has_one_to_fifty_steps(client: httpx.AsyncClient, steps: list[Any]) -> None:
    flow = await a_salesflow(client, active=False)
    answer = await client.put(f"/salesflows/{flow['id']}/steps", json={"steps": steps})
    assert answer.json()["errors"][0] == {
        "pointer": "/steps",
        "code": "out_of_range",
        "message": "A Salesflow has 1 to 50 steps.",
        "params": {"minimum": 1, "maximum": 50},
    }


async def test_unknown_fields_are_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/salesflows", json={"name": "X", "state": "active"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/state")


async def test_renaming_honours_the_version(client: httpx.AsyncClient) -> None:
    flow = await a_salesflow(client)
    path, match = f"/salesflows/{flow['id']}", {"If-Match": f'"{flow["version"]}"'}
    renamed = await client.patch(path, json={"name": "Better"}, headers=match)
    again = await client.patch(path, json={"name": "Worse"}, headers=match)
    assert (renamed.json()["name"], again.status_code, again.json()["code"]) == ("Better", 412, "version_mismatch")


async def test_activating_without_steps_is_refused(client: httpx.AsyncClient) -> None:
    flow = (await client.post("/salesflows", json={"name": "Empty"})).json()
    answer = await client.post(f"/salesflows/{flow['id']}/activate")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_in_state")


async def test_pause_activate_and_archive(client: httpx.AsyncClient) -> None:
    path = f"/salesflows/{(await a_salesflow(client))['id']}"
    states = [(await client.post(f"{path}/{act}")).json()["state"] for act in ("pause", "activate", "archive")]
    assert states == ["paused", "active", "archived"]


async def test_deleting_what_nobody_was_in(client: httpx.AsyncClient) -> None:
    path = f"/salesflows/{(await a_salesflow(client))['id']}"
    assert ((await client.delete(path)).status_code, (await client.get(path)).status_code) == (204, 404)


async def test_merge_fields_have_names_labels_and_samples(client: httpx.AsyncClient) -> None:
    fields = (await client.get("/salesflows/fields")).json()["items"]
    assert {"name": "contact.first_name", "label": "First name", "sample": "Alex"} in fields


async def test_merge_fields_are_told_in_the_language_of_the_reader(client: httpx.AsyncClient) -> None:
    await client.patch("/me", json={"culture": "de-DE"})
    fields = (await client.get("/salesflows/fields")).json()["items"]
    assert {"name": "contact.salutation", "label": "Anrede", "sample": "Frau"} in fields


async def test_a_preview_says_in_the_language_of_the_sender_what_is_missing(
    client: httpx.AsyncClient,
) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    await client.patch("/me", json={"culture": "de-DE"})
    step = {**STEP, "variants": [{"subject": "A {{ contact.city }}", "body_html": "b"}]}
    body = {"contact_id": contact["id"], "step": step}
    shown = (await client.post(f"/salesflows/{flow['id']}/preview", json=body)).json()
    assert (shown["subject"], "Abmelden" in shown["text"]) == ("A [Ort]", True)


async def test_a_preview_for_a_contact(client: httpx.AsyncClient) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    body = {
        "contact_id": contact["id"],
        "step": {**STEP, "variants": [{"subject": "A {{ contact.city }}", "body_html": "b"}]},
    }
    shown = (await client.post(f"/salesflows/{flow['id']}/preview", json=body)).json()
    assert (shown["subject"], shown["missing"]) == ("A [City]", ["contact.city"])


async def test_a_preview_with_samples(client: httpx.AsyncClient) -> None:
    flow = await a_salesflow(client)
    shown = (await client.post(f"/salesflows/{flow['id']}/preview", json={"step": FOLLOW_UP})).json()
    assert (shown["subject"], shown["missing"]) == ("Re: Hello Alex", [])
    assert "Any thoughts?" in shown["text"]


@pytest.mark.usefixtures("mailbox")
async def test_enrolling_says_who_is_left_out_and_why(client: httpx.AsyncClient) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    nobody = await a_contact(client, email=None)
    path = f"/salesflows/{flow['id']}/enrollments"
    first = (await client.post(path, json={"contact_ids": [contact["id"], nobody["id"]]})).json()
    assert first["enrolled"] == 1
    assert first["left_out"] == [
        {"contact_id": nobody["id"], "name": "Ann Prospect", "reason": "no_email", "detail": None}
    ]
    again = (await client.post(path, json={"contact_ids": [contact["id"]]})).json()
    assert (again["enrolled"], again["left_out"][0]["reason"]) == (0, "already_enrolled")


@pytest.mark.usefixtures("mailbox")
async def test_enrollments_are_listed_with_contact_step_and_why_they_wait(client: httpx.AsyncClient) -> None:
    flow, contact = (
        await a_salesflow(client, {**STEP, "delay": {"amount": 300, "unit": "days"}}),
        await a_contact(client),
    )
    await client.post(f"/salesflows/{flow['id']}/enrollments", json={"contact_ids": [contact["id"]]})
    [one] = (await client.get(f"/salesflows/{flow['id']}/enrollments", params={"state": "active"})).json()["items"]
    assert (one["contact_id"], one["contact"]["email"], one["user"]["name"]) == (
        contact["id"],
        contact["email"],
        "Rob Rep",
    )
    assert (one["state"], one["reason"], one["step"]) == ("active", None, {"position": 1, "of": 1})
    assert one["waiting"]["reason"] in ("delay", "business_hours")
    assert one["waiting"]["until"] == one["due_at"]


@pytest.mark.usefixtures("mailbox")
async def test_an_enrollment_whose_email_needs_a_human_says_which_until_it_is_settled(
    client: httpx.AsyncClient, organization: Any
) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    path, asked = f"/salesflows/{flow['id']}/enrollments", {"needs_human": True}
    await client.post(path, json={"contact_ids": [contact["id"]]})
    assert (await client.get(path, params=asked)).json()["items"] == []
    email_id = await an_uncertain_email(organization, contact["id"])

    [one] = (await client.get(path, params=asked)).json()["items"]
    counts = (await client.get(f"/salesflows/{flow['id']}")).json()["counts"]
    settled = await client.post(f"/emails/{one['email_to_settle']}/settlement", json={"outcome": "not_sent"})
    [after] = (await client.get(path)).json()["items"]

    assert (one["waiting"]["reason"], one["email_to_settle"], counts["needs_human"]) == ("needs_human", email_id, 1)
    assert (settled.json()["state"], after["email_to_settle"]) == ("failed", None)
    assert (await client.get(f"/salesflows/{flow['id']}")).json()["counts"]["needs_human"] == 0


@pytest.mark.usefixtures("mailbox")
async def test_one_enrollment_is_held_resumed_and_stopped(client: httpx.AsyncClient) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    path = f"/salesflows/{flow['id']}/enrollments"
    await client.post(path, json={"contact_ids": [contact["id"]]})
    [one] = (await client.get(path)).json()["items"]
    told = [(await client.post(f"{path}/{one['id']}/{act}")).json() for act in ("pause", "resume", "stop")]
    assert [(one["state"], one["reason"]) for one in told] == [
        ("paused", "manual"),
        ("active", None),
        ("finished", "manual"),
    ]
    assert (await client.post(f"{path}/{one['id']}/resume")).status_code == 409


@pytest.mark.usefixtures("mailbox")
async def test_a_contacts_salesflows(client: httpx.AsyncClient) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    await client.post(f"/salesflows/{flow['id']}/enrollments", json={"contact_ids": [contact["id"]]})
    [one] = (await client.get(f"/contacts/{contact['id']}/enrollments")).json()["items"]
    assert one["salesflow"] == {"id": flow["id"], "name": "Quick start"}


@pytest.mark.usefixtures("mailbox")
async def test_a_private_salesflow_of_others_has_no_name_among_a_contacts(
    client: httpx.AsyncClient, organization: Any
) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    await client.post(f"/salesflows/{flow['id']}/enrollments", json={"contact_ids": [contact["id"]]})
    boss = organization.administrator
    async with organization.running.container.database.application(boss.organization_id) as transaction:
        await transaction.execute(update(salesflows).values(owner_id=boss.user_id))
        await transaction.execute(update(enrollments).values(user_id=boss.user_id, started_by=boss.user_id))
    [one] = (await client.get(f"/contacts/{contact['id']}/enrollments")).json()["items"]
    assert (one["salesflow"], one["state"]) == (None, "active")


@pytest.mark.usefixtures("mailbox")
async def test_a_dry_run_enrolls_nobody(client: httpx.AsyncClient) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    path = f"/salesflows/{flow['id']}/enrollments"
    plan = (await client.post(path, json={"contact_ids": [contact["id"]], "dry_run": True})).json()
    assert (plan["enrolled"], plan["dry_run"]) == (1, True)
    assert plan["first_due_at"]
    assert (await client.get(path)).json()["items"] == []


@pytest.mark.usefixtures("mailbox")
async def test_statistics_of_a_fresh_salesflow(client: httpx.AsyncClient) -> None:
    flow, contact = await a_salesflow(client), await a_contact(client)
    await client.post(f"/salesflows/{flow['id']}/enrollments", json={"contact_ids": [contact["id"]]})
    stats = (await client.get(f"/salesflows/{flow['id']}/stats")).json()
    assert (stats["enrolled"], stats["active"], stats["sent"], stats["replied"]) == (1, 1, 0, 0)
    assert [step["position"] for step in stats["steps"]] == [1, 2]
    assert stats["steps"][0]["variants"][0]["sent"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contact_ids": [], "filter": {}},
        {"contact_ids": ["x"]},
        {"contact_ids": [], "start_at": "9999-12-31T23:59:59Z"},
        {"contact_ids": [], "start_at": "2026-01-01T00:00:00"},
        {"filter": {"nobody": "knows"}},
    ],
)
async def test_an_unclear_wish_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    flow = await a_salesflow(client)
    answer = await client.post(f"/salesflows/{flow['id']}/enrollments", json=body)
    assert answer.status_code == 422


async def test_on_behalf_of_others_needs_the_permission(client: httpx.AsyncClient, organization: Any) -> None:
    flow = await a_salesflow(client)
    body = {"contact_ids": [], "on_behalf_of": str(organization.administrator.user_id)}
    answer = await client.post(f"/salesflows/{flow['id']}/enrollments", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_others_do_not_see_what_is_not_shared(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    flow = await a_salesflow(administrator)
    assert (await client.get(f"/salesflows/{flow['id']}")).status_code == 404
    await administrator.patch(f"/salesflows/{flow['id']}", json={"shared": True})
    assert (await client.get(f"/salesflows/{flow['id']}")).status_code == 200
    assert (await client.patch(f"/salesflows/{flow['id']}", json={"name": "Mine"})).status_code == 403


async def test_a_cursor_of_another_list_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/salesflows", params={"cursor": "bm9wZQ"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_reading_takes_the_scope_for_reading(organization: Any) -> None:
    async with await organization.as_contributor("contacts:read") as client:
        assert (await client.get("/salesflows")).json()["code"] == "insufficient_scope"
