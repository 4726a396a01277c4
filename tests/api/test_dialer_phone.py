"""The phone that a user calls from."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio
NONE = {"phone": None, "extension": None, "verified": False, "verified_at": None}
CHOSEN = {"phone": "+12025550143", "extension": "12", "verified": False, "verified_at": None}


async def choose(client: httpx.AsyncClient, **phone: Any) -> httpx.Response:
    return await client.put("/me/phone", json=phone)


async def verify(organization: Any) -> None:
    """As the call does that the number is verified by."""
    who, clock = organization.contributor, organization.running.container.clock
    async with organization.running.container.units.of(who.organization_id) as unit:
        user = await unit.users.locked(who.user_id)
        await unit.users.save(replace(user, dialer_phone_verified_at=clock.system()))


async def test_there_is_none_until_one_is_chosen(client: httpx.AsyncClient) -> None:
    assert (await client.get("/me/phone")).json() == NONE
    assert (await choose(client, phone="(202) 555-0143", extension=" 12 ")).json() == CHOSEN
    assert (await client.get("/me/phone")).json() == CHOSEN


async def test_it_is_read_as_a_number_of_the_user_s_country(client: httpx.AsyncClient) -> None:
    await client.patch("/me", json={"culture": "de-DE"})
    assert (await choose(client, phone="030 901820")).json()["phone"] == "+4930901820"
    assert (await choose(client, phone="+1 202 555 0143")).json()["phone"] == "+12025550143"


async def test_it_is_not_the_phone_of_the_profile(client: httpx.AsyncClient) -> None:
    await client.patch("/me", json={"phone": "+12025550100"})
    await choose(client, phone="+12025550143")
    assert (await client.get("/me")).json()["phone"] == "+12025550100"


@pytest.mark.parametrize("other", [{"phone": "+12025550144", "extension": "12"}, {"phone": "+12025550143"}])
async def test_another_one_has_yet_to_be_verified(
    organization: Any, client: httpx.AsyncClient, other: dict[str, str]
) -> None:
    await choose(client, phone="+12025550143", extension="12")
    await verify(organization)
    same = (await choose(client, phone="+1 (202) 555-0143", extension="12")).json()
    assert (same["verified"], same["verified_at"] is not None) == (True, True)
    changed = (await choose(client, **other)).json()
    assert (changed["verified"], changed["verified_at"]) == (False, None)


async def test_a_profile_that_is_edited_leaves_it_verified(organization: Any, client: httpx.AsyncClient) -> None:
    await choose(client, phone="+12025550143")
    await verify(organization)
    await client.patch("/me", json={"name": "Rob", "phone": None})
    assert (await client.get("/me/phone")).json()["verified"] is True


async def test_a_removed_one_is_gone(organization: Any, client: httpx.AsyncClient) -> None:
    await choose(client, phone="+12025550143")
    await verify(organization)
    for _ in range(2):
        assert (await client.delete("/me/phone")).status_code == 204
        assert (await client.get("/me/phone")).json() == NONE


@pytest.mark.parametrize(
    ("phone", "faults"),
    [
        ({"phone": ""}, [("/phone", "invalid_phone")]),
        ({"phone": "12"}, [("/phone", "invalid_phone")]),
        ({"phone": "+1 202 555 0143 ext. 5"}, [("/phone", "phone_extension")]),
        ({"phone": "+12025550143", "extension": "12a"}, [("/extension", "invalid_extension")]),
        (
            {"phone": "12", "extension": "12345678901"},
            [("/phone", "invalid_phone"), ("/extension", "invalid_extension")],
        ),
        ({"phone": "+12025550143", "verified": True}, [("/verified", "extra_forbidden")]),
        ({"extension": "12"}, [("/phone", "missing")]),
        ({"phone": None}, [("/phone", "string_type")]),
    ],
)
async def test_what_cannot_be_dialed_is_refused(client: httpx.AsyncClient, phone: Any, faults: Any) -> None:
    answer = await client.put("/me/phone", json=phone)
    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == faults
    assert (await client.get("/me/phone")).json() == NONE


async def test_choosing_it_is_a_step_of_the_wizard(client: httpx.AsyncClient) -> None:
    await choose(client, phone="+12025550143")
    steps = (await client.get("/me/onboarding")).json()["steps"]
    assert {step["id"]: step["state"] for step in steps}["dialer_setup"] == "done"


async def test_everybody_has_a_phone_of_his_own(client: httpx.AsyncClient, administrator: httpx.AsyncClient) -> None:
    await choose(client, phone="+12025550143")
    assert (await administrator.get("/me/phone")).json() == NONE
