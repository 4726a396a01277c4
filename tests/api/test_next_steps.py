"""What comes next for a contact, over all Salesflows that it is in."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.test_salesflows import STEP, a_contact, a_salesflow, mailbox

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("mailbox")]

__all__ = ["mailbox"]


def after(days: int) -> dict[str, Any]:
    return {**STEP, "delay": {"amount": days, "unit": "days"}}


async def enroll(client: httpx.AsyncClient, flow: dict[str, Any], contact: dict[str, Any]) -> dict[str, Any]:
    path = f"/salesflows/{flow['id']}/enrollments"
    answer = await client.post(path, json={"contact_ids": [contact["id"]]})
    assert answer.json()["enrolled"] == 1, answer.text
    [entry] = (await client.get(path)).json()["items"]
    return dict(entry)


async def next_steps(client: httpx.AsyncClient, contact: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get(f"/contacts/{contact['id']}/next-steps")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_next_step_says_when_it_comes_and_why_it_waits(client: httpx.AsyncClient) -> None:
    contact = await a_contact(client)
    flow = await a_salesflow(client, after(2))
    entry = await enroll(client, flow, contact)
    [step] = await next_steps(client, contact)

    assert (step["enrollment_id"], step["salesflow"]["id"]) == (entry["id"], flow["id"])
    assert (step["kind"], step["step"], step["user"]["name"]) == ("email", {"position": 1, "of": 1}, "Rob Rep")
    assert step["waiting"]["reason"] in ("delay", "business_hours")
    assert step["waiting"]["until"] == step["due_at"] == entry["due_at"]


async def test_what_is_held_has_no_time(client: httpx.AsyncClient) -> None:
    contact = await a_contact(client)
    flow = await a_salesflow(client, after(1))
    entry = await enroll(client, flow, contact)
    await client.post(f"/salesflows/{flow['id']}/enrollments/{entry['id']}/pause")
    [step] = await next_steps(client, contact)

    assert (step["due_at"], step["waiting"]["reason"]) == (None, "manual")


async def test_nothing_comes_next_after_the_end(client: httpx.AsyncClient) -> None:
    contact = await a_contact(client)
    flow = await a_salesflow(client, after(1))
    entry = await enroll(client, flow, contact)
    await client.post(f"/salesflows/{flow['id']}/enrollments/{entry['id']}/stop")

    assert await next_steps(client, contact) == []
    assert (await client.get(f"/contacts/{uuid4()}/next-steps")).status_code == 404
