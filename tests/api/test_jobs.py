"""Background jobs as people see them: listed, watched, stopped; whose they are."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from adapters.settings import Settings
from domain.shared.ids import BackgroundJobId
from tests.api.conftest import Organization
from tests.api.test_feed import Open, Served

pytestmark = pytest.mark.anyio


async def a_job(client: httpx.AsyncClient) -> dict[str, Any]:
    contact = (await client.post("/contacts", json={"last_name": "Doe"})).json()
    body = {"contact_ids": [contact["id"]], "action": {"kind": "set_status", "status": "Open"}}
    return dict((await client.post("/contacts/bulk", json=body)).json())


async def run(organization: Organization, job: dict[str, Any]) -> None:
    """A worker's turn."""
    work = organization.running.container.background_work
    await work.run(organization.contributor.organization_id, BackgroundJobId(UUID(job["id"])))


async def test_a_new_job_waits(client: httpx.AsyncClient) -> None:
    job = await a_job(client)
    statuses = (await client.get("/contacts/statuses")).json()["items"]

    assert (await client.get(f"/jobs/{job['id']}")).json() == job
    assert {name: job[name] for name in job if name not in ("id", "created_at")} == {
        "kind": "bulk_set_status",
        "state": "queued",
        "done": 0,
        "total": 1,
        "errors_url": None,
        "result_url": None,
        "import_id": None,
        "asked": {"status_id": next(one["id"] for one in statuses if one["label"] == "Open")},
        "can_undo": False,
        "result": {},
        "error": None,
        "started_at": None,
        "finished_at": None,
    }


async def test_jobs_are_listed_newest_first_to_who_began_them(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    jobs = [await a_job(client) for _ in range(3)]
    first = (await client.get("/jobs", params={"limit": 2})).json()
    rest = (await client.get("/jobs", params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [*first["items"], *rest["items"]] == jobs[::-1]
    assert rest["next_cursor"] is None
    assert (await administrator.get("/jobs")).json()["items"] == []


async def test_contributors_see_their_own_jobs_and_administrators_all(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    mine, theirs = await a_job(client), await a_job(administrator)

    assert (await administrator.get(f"/jobs/{mine['id']}")).json() == mine
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/undo"), ("GET", "/file")):
        foreign = await client.request(method, f"/jobs/{theirs['id']}{path}")
        missing = await client.request(method, f"/jobs/{uuid4()}{path}")
        assert (foreign.status_code, foreign.json()["detail"]) == (404, missing.json()["detail"])


async def test_a_job_that_is_stopped_before_it_began_does_nothing(
    client: httpx.AsyncClient, organization: Organization
) -> None:
    job = await a_job(client)
    stopped = await client.post(f"/jobs/{job['id']}/cancel")
    again = await client.post(f"/jobs/{job['id']}/cancel")
    await run(organization, job)

    assert (stopped.status_code, stopped.json()["state"]) == (202, "cancelled")
    assert again.json() == stopped.json()
    assert (await client.get(f"/jobs/{job['id']}")).json() == stopped.json()


async def test_what_is_over_is_not_stopped_and_what_runs_is_not_taken_back(
    client: httpx.AsyncClient, organization: Organization
) -> None:
    waiting, over = await a_job(client), await a_job(client)
    await run(organization, over)
    answers = [await client.post(f"/jobs/{waiting['id']}/undo"), await client.post(f"/jobs/{over['id']}/cancel")]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "not_allowed_in_state")] * 2


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[Served]:
    with Served(settings) as served:
        yield served


@asynccontextmanager
async def watched(url: str, job: dict[str, Any], token: str) -> AsyncIterator[Open]:
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client,
        client.stream("GET", f"/jobs/{job['id']}") as answer,
    ):
        yield Open(answer, answer.aiter_lines())


async def test_a_job_is_watched_until_it_is_over(
    client: httpx.AsyncClient, organization: Organization, served: Served
) -> None:
    job = await a_job(client)
    token = await organization.token(organization.contributor_email, "contacts:read")
    async with watched(served.url, job, token) as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        assert await stream.next() == ("job", job)
        assert await stream.next(5) == ("job", job)
        await run(organization, job)
        name, told = await stream.next(5)
        while told["state"] == "queued":
            name, told = await stream.next(5)

        assert (name, told) == ("job", (await client.get(f"/jobs/{job['id']}")).json())
        assert told["state"] == "done"
        assert await stream.ends_within(5)


async def test_nobody_watches_what_is_not_his(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient, organization: Organization, served: Served
) -> None:
    theirs = await a_job(administrator)
    token = await organization.token(organization.contributor_email)
    async with watched(served.url, theirs, token) as stream:
        await stream.answer.aread()

        assert stream.answer.status_code == 404
        assert json.loads(stream.answer.content)["code"] == "not_found"
