"""The feed of the bell: what it lists, that it is read, and the stream that tells while it happens."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn

from adapters.bootstrap import Container, open_container
from adapters.settings import Settings
from api.app import build_app
from api.serving import Server
from api.streams import STREAMS_OF_A_USER
from domain.activities.model import Activity, ActivityType
from domain.contacts.model import NewContact
from domain.notifications.deciding import FOLLOW
from domain.shared.jobs import Job
from domain.shared.principal import Principal
from tests.api.conftest import PASSWORD, Organization
from tests.api.test_headers import SHIELD, shield
from tests.mailing import eventually

pytestmark = pytest.mark.anyio

STREAM = "/me/feed/stream"


async def happens(
    services: Container,
    who: Principal,
    type_: ActivityType = ActivityType.EMAIL_REPLIED,
    **detail: str,
) -> None:
    """Something happens to an email of this user, and a worker handles it."""
    somebody = NewContact(last_name="Prospect", first_name="Pat", email=f"{uuid4().hex}@prospect.example")
    contact = await services.contacts.create(who, somebody)
    happened = Activity(type_, services.clock.now(), contact.id, user_id=who.user_id, detail={"text": "Yes", **detail})
    async with services.units.of(who.organization_id) as unit:
        await unit.activities.append([happened])
    async with services.database.application(who.organization_id) as transaction:
        query = "delete from outbox_jobs where kind = $1 returning id, payload ->> 'activity_ids' as ids"
        rows = await transaction.driver.fetch(query, FOLLOW)
    for row in rows:
        await services.telling.follow(Job(FOLLOW, who.organization_id, {"activity_ids": row["ids"]}, row["id"]))


async def feed(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await client.get("/me/feed", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_an_empty_feed(client: httpx.AsyncClient) -> None:
    assert await feed(client) == {"items": [], "next_cursor": None, "unread": 0}


async def test_the_feed_tells_what_happened_newest_first(organization: Organization, client: httpx.AsyncClient) -> None:
    services = organization.running.container
    await happens(services, organization.contributor)
    await happens(services, organization.contributor, ActivityType.EMAIL_CLICKED, url="https://a.example")

    page = await feed(client)

    clicked, replied = page["items"]
    assert page["unread"] == 2
    assert (clicked["kind"], clicked["detail"]["url"]) == ("email_clicked", "https://a.example")
    assert (replied["kind"], replied["detail"]) == ("email_replied", {"text": "Yes"})
    assert (replied["contact"]["name"], replied["email"], replied["salesflow"]) == ("Pat Prospect", None, None)
    assert (replied["count"], replied["read"]) == (1, False)


async def test_the_feed_comes_in_pages(organization: Organization, client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await happens(organization.running.container, organization.contributor)
    first = await feed(client, limit=2)
    rest = await feed(client, limit=2, cursor=first["next_cursor"])

    everything = (await feed(client))["items"]
    assert [*first["items"], *rest["items"]] == everything
    assert (len(everything), rest["next_cursor"]) == (3, None)


async def test_reading_up_to_one_and_reading_all(organization: Organization, client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await happens(organization.running.container, organization.contributor)
    newest, middle, _ = (await feed(client))["items"]

    some = await client.post("/me/feed/read", json={"up_to": middle["id"]})
    assert some.json() == {"unread": 1}
    assert [item["read"] for item in (await feed(client))["items"]] == [False, True, True]
    rest = await client.post("/me/feed/read", json={})
    assert rest.json() == {"unread": 0}
    assert (await feed(client))["items"][0] == {**newest, "read": True}


async def test_others_feeds_are_nobodys_business(
    organization: Organization, client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    await happens(organization.running.container, organization.contributor)
    [item] = (await feed(client))["items"]

    assert (await feed(administrator))["items"] == []
    refused = await administrator.post("/me/feed/read", json={"up_to": item["id"]})
    missing = await administrator.post("/me/feed/read", json={"up_to": str(uuid4())})
    await administrator.post("/me/feed/read", json={})

    assert (refused.status_code, missing.status_code) == (404, 404)
    assert refused.json()["detail"] == missing.json()["detail"]
    assert (await feed(client))["unread"] == 1


async def test_a_broken_cursor_and_a_wide_page_are_refused(client: httpx.AsyncClient) -> None:
    broken = await client.get("/me/feed", params={"cursor": "x"})
    wide = await client.get("/me/feed", params={"limit": 201})

    assert (broken.status_code, broken.json()["code"]) == (400, "invalid_cursor")
    assert (wide.status_code, wide.json()["errors"][0]["pointer"]) == (422, "/query/limit")


class Served:
    """The application on a port, in a thread and an event loop of its own, as `engage serve` runs it."""

    def __init__(self, settings: Settings) -> None:
        app = build_app(settings, lambda: open_container(settings))
        configuration = uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=20)
        self._server = Server(configuration)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> "Served":
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.02)
            assert self._thread.is_alive()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> float:
        """How many seconds it took."""
        began = time.monotonic()
        self._server.should_exit = True
        self._thread.join()
        return time.monotonic() - began


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[Served]:
    with Served(settings) as served:
        yield served


@dataclass
class Open:
    """An open stream: its answer, and its events one after the other."""

    answer: httpx.Response
    lines: AsyncIterator[str]

    async def next(self, seconds: float = 5) -> tuple[str, Any]:
        """The next event. Raises StopAsyncIteration at the end."""
        name = ""
        async with asyncio.timeout(seconds):
            while True:
                line = await anext(self.lines)
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return name, json.loads(line.removeprefix("data: "))

    async def ends_within(self, seconds: float) -> bool:
        try:
            await self.next(seconds)
        except StopAsyncIteration:
            return True
        except TimeoutError:
            return False
        raise AssertionError("it goes on")


@asynccontextmanager
async def opened(url: str, **headers: str) -> AsyncIterator[Open]:
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client,
        client.stream("GET", STREAM) as answer,
    ):
        yield Open(answer, answer.aiter_lines())


@pytest.fixture
async def bearer(organization: Organization) -> str:
    return f"Bearer {await organization.token(organization.contributor_email)}"


async def session_of(url: str, organization: Organization) -> str:
    async with httpx.AsyncClient(base_url=url) as client:
        answer = await client.post("/auth/login", json={"email": organization.contributor_email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return f"eng_session={answer.cookies['eng_session']}"


async def test_the_stream_begins_with_what_is_unread(organization: Organization, served: Served, bearer: str) -> None:
    await happens(organization.running.container, organization.contributor)
    async with opened(served.url, authorization=bearer) as stream:
        assert await stream.next() == ("unread", {"unread": 1})
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        assert stream.answer.headers["x-accel-buffering"] == "no"
        assert shield(stream.answer) == SHIELD


async def test_what_happens_is_told_while_it_happens(organization: Organization, served: Served, bearer: str) -> None:
    async with opened(served.url, authorization=bearer) as stream:
        await stream.next()
        for number in range(1, 4):
            await happens(organization.running.container, organization.contributor)
            name, told = await stream.next(5)
            assert (name, told["unread"], told["item"]["kind"]) == ("notification", number, "email_replied")

    async with await organization.as_contributor() as client:
        assert (await feed(client))["items"][0] == told["item"]


async def test_reading_in_one_page_is_seen_in_another(organization: Organization, served: Served, bearer: str) -> None:
    await happens(organization.running.container, organization.contributor)
    async with opened(served.url, authorization=bearer) as stream:
        await stream.next()
        async with await organization.as_contributor() as client:
            await client.post("/me/feed/read", json={})

        assert await stream.next(5) == ("unread", {"unread": 0})


async def test_without_redis_it_is_told_within_seconds(
    settings: Settings, organization: Organization, bearer: str
) -> None:
    away = settings.model_copy(update={"redis_url": "unix:///nowhere/redis.sock"})
    with Served(away) as served:
        async with opened(served.url, authorization=bearer) as stream:
            await stream.next()
            await happens(organization.running.container, organization.contributor)

            assert (await stream.next(8))[0] == "notification"


async def test_it_ends_with_the_session(organization: Organization, served: Served) -> None:
    cookie = await session_of(served.url, organization)
    async with opened(served.url, cookie=cookie) as stream:
        await stream.next()
        async with organization.running.container.database.application(
            organization.contributor.organization_id
        ) as transaction:
            await transaction.driver.execute("delete from sessions")

        assert await stream.ends_within(5)


async def test_it_ends_with_the_token(organization: Organization, served: Served) -> None:
    cookie = await session_of(served.url, organization)
    async with httpx.AsyncClient(base_url=served.url, headers={"cookie": cookie}) as browser:
        made = (await browser.post("/me/tokens", json={"name": "script", "scopes": ["me:read"]})).json()
        async with opened(served.url, authorization=f"Bearer {made['token']}") as stream:
            await stream.next()
            assert (await browser.delete(f"/me/tokens/{made['id']}")).status_code == 204

            assert await stream.ends_within(5)


async def test_it_ends_with_the_user(organization: Organization, served: Served, bearer: str) -> None:
    async with opened(served.url, authorization=bearer) as stream:
        await stream.next()
        async with organization.running.container.database.application(
            organization.contributor.organization_id
        ) as transaction:
            query = "update users set state = 'deleted' where id = $1"
            await transaction.driver.execute(query, organization.contributor.user_id)

        assert await stream.ends_within(5)


async def test_a_page_that_is_merely_open_is_idle(organization: Organization, served: Served) -> None:
    cookie = await session_of(served.url, organization)
    async with opened(served.url, cookie=cookie) as stream:
        await stream.next()
        async with organization.running.container.database.application(
            organization.contributor.organization_id
        ) as transaction:
            idle = "update sessions set last_seen_at = now() - make_interval(secs => idle_seconds)"
            await transaction.driver.execute(idle)

        assert await stream.ends_within(5)


async def test_a_user_has_so_many_streams_and_no_more(organization: Organization, served: Served, bearer: str) -> None:
    async with AsyncExitStack() as streams:
        held = [
            await streams.enter_async_context(opened(served.url, authorization=bearer))
            for _ in range(STREAMS_OF_A_USER)
        ]
        assert [await stream.next() for stream in held] == [("unread", {"unread": 0})] * STREAMS_OF_A_USER
        async with opened(served.url, authorization=bearer) as refused:
            assert refused.answer.status_code == 429
            assert refused.answer.headers["retry-after"]
        boss = f"Bearer {await organization.token(organization.administrator_email)}"
        async with opened(served.url, authorization=boss) as another:
            assert another.answer.status_code == 200

    async def free() -> bool:
        async with opened(served.url, authorization=bearer) as again:
            return again.answer.status_code == 200

    await eventually("the places of closed streams are free again", free)


async def test_the_server_stops_at_once_with_streams_open(
    settings: Settings, organization: Organization, bearer: str
) -> None:
    with Served(settings) as served:
        async with opened(served.url, authorization=bearer) as stream:
            await stream.next()
            stopping = asyncio.create_task(asyncio.to_thread(served.stop))

            assert await stream.ends_within(2)
        assert await stopping < 4


async def test_an_open_stream_holds_no_connection(settings: Settings, organization: Organization, bearer: str) -> None:
    narrow = settings.model_copy(update={"database_pool_size": 1})
    with Served(narrow) as served:
        async with (
            opened(served.url, authorization=bearer) as first,
            opened(served.url, authorization=bearer) as second,
            httpx.AsyncClient(base_url=served.url, headers={"authorization": bearer}) as client,
        ):
            await first.next()
            await second.next()

            assert (await client.get("/me/feed")).status_code == 200
