"""A POST with an Idempotency-Key is done once."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.anyio


def body(**fields: Any) -> dict[str, Any]:
    return {"last_name": "Once", "email": f"{uuid4().hex}@prospect.example", **fields}


async def create(client: httpx.AsyncClient, key: str, contact: dict[str, Any]) -> httpx.Response:
    return await client.post("/contacts", json=contact, headers={"Idempotency-Key": key})


async def everybody(client: httpx.AsyncClient) -> int:
    return len((await client.get("/contacts")).json()["items"])


async def test_the_same_key_answers_the_same_and_does_nothing_more(client: httpx.AsyncClient) -> None:
    contact = body()
    first, second = await create(client, "k", contact), await create(client, "k", contact)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert await everybody(client) == 1


async def test_the_same_key_with_another_body_is_refused(client: httpx.AsyncClient) -> None:
    await create(client, "k", body())
    answer = await create(client, "k", body())
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert await everybody(client) == 1


async def test_of_many_at_once_one_is_done(client: httpx.AsyncClient) -> None:
    contact = body(email=None)
    answers = await asyncio.gather(*(create(client, "k", contact) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert await everybody(client) == 1


async def test_a_refused_request_leaves_its_key_free(client: httpx.AsyncClient) -> None:
    assert (await create(client, "k", body(last_name=""))).status_code == 422
    assert (await create(client, "k", body())).status_code == 201


async def test_keys_of_two_people_do_not_meet(client: httpx.AsyncClient, administrator: httpx.AsyncClient) -> None:
    answers = await create(client, "k", body()), await create(administrator, "k", body())
    assert [answer.status_code for answer in answers] == [201, 201]


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
async def test_a_key_has_1_to_255_printable_characters(client: httpx.AsyncClient, key: str) -> None:
    answer = await create(client, key, body())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/header/idempotency-key"


async def test_without_a_key_it_is_done_every_time(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await client.post("/contacts", json=body())).status_code == 201
    assert await everybody(client) == 2
