"""The wizard: remembered, skipped, found again."""

import asyncio
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

STEPS = ["contact_details", "email_integration", "integrations", "email_signature", "dialer_setup", "time_zone"]


async def states(client: httpx.AsyncClient) -> dict[str, str]:
    shown = (await client.get("/me/onboarding")).json()
    return {step["id"]: step["state"] for step in shown["steps"]}


async def test_a_new_user_has_everything_before_him(client: httpx.AsyncClient) -> None:
    shown = (await client.get("/me/onboarding")).json()
    assert [step["id"] for step in shown["steps"]] == STEPS
    assert {step["state"] for step in shown["steps"]} == {"open"}
    assert (shown["tour"], shown["completed"]) == ("open", False)
    assert (await client.get("/me")).json()["onboarding_done"] is False


async def test_a_step_is_skipped_done_and_opened_again(client: httpx.AsyncClient) -> None:
    for state in ("skipped", "done", "open"):
        answer = await client.patch("/me/onboarding", json={"step": "dialer_setup", "state": state})
        assert answer.status_code == 200
        assert (await states(client))["dialer_setup"] == state


async def test_the_tour_is_remembered_beside_the_steps(client: httpx.AsyncClient) -> None:
    changes = {"step": "integrations", "state": "skipped", "tour": "skipped"}
    assert (await client.patch("/me/onboarding", json=changes)).json()["tour"] == "skipped"
    shown = (await client.patch("/me/onboarding", json={"tour": "done"})).json()
    assert shown["tour"] == "done"
    assert (await states(client))["integrations"] == "skipped"


async def test_what_the_settings_fulfil_is_done(client: httpx.AsyncClient) -> None:
    await client.patch("/me", json={"phone": "+12025550123", "job_title": "Buyer", "company": "Fabrikam"})
    await client.put("/me/signature", json={"kind": "template", "template": 1})
    found = await states(client)
    assert (found["contact_details"], found["email_signature"], found["time_zone"]) == ("done", "done", "open")


async def test_the_last_step_completes_it(client: httpx.AsyncClient) -> None:
    for step in STEPS[1:]:
        await client.patch("/me/onboarding", json={"step": step, "state": "skipped"})
    assert (await client.get("/me")).json()["onboarding_done"] is False
    shown = await client.patch("/me/onboarding", json={"step": "contact_details", "state": "done"})
    assert shown.json()["completed"] is True
    assert (await client.get("/me")).json()["onboarding_done"] is True


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"step": "contact_details", "state": "skipped"}, "/state"),
        ({"step": "dialer_setup"}, "/state"),
        ({"state": "done"}, "/step"),
        ({"step": "coffee", "state": "done"}, "/step"),
        ({"step": "dialer_setup", "state": "perhaps"}, "/state"),
        ({"tour": "perhaps"}, "/tour"),
        ({"completed": True}, "/completed"),
    ],
)
async def test_what_cannot_be_is_refused(client: httpx.AsyncClient, changes: Any, pointer: str) -> None:
    answer = await client.patch("/me/onboarding", json=changes)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert set((await states(client)).values()) == {"open"}


async def test_everybody_has_a_wizard_of_his_own(client: httpx.AsyncClient, administrator: httpx.AsyncClient) -> None:
    await client.patch("/me/onboarding", json={"step": "dialer_setup", "state": "skipped"})
    assert (await states(administrator))["dialer_setup"] == "open"


async def test_steps_that_are_left_at_the_same_time_are_all_remembered(client: httpx.AsyncClient) -> None:
    asked = [client.patch("/me/onboarding", json={"step": step, "state": "done"}) for step in STEPS]
    also = [client.patch("/me", json={"job_title": "Buyer"}), client.put("/me/signature", json={"kind": "none"})]
    assert {answer.status_code for answer in await asyncio.gather(*asked, *also)} == {200}
    assert set((await states(client)).values()) == {"done"}
