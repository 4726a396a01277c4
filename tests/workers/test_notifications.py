"""What prospects do reaches the feed of whoever wrote to them, and the mailbox if that was chosen."""

import re
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from adapters.bootstrap import Container
from adapters.settings import Settings
from api.app import build_app
from domain.accounts.preferences import Frequency, NotificationChoices
from domain.contacts.model import Contact
from domain.notifications.model import FeedItem
from domain.shared.paging import PageRequest
from tests.mailing import PUBLIC_URL, Firm, Prospects, Representative, email_step, eventually
from workers.job import JobRunner
from workers.main import HANDLERS

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
MAIL_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
LINKS = '<p><a href="https://a.example/1">One</a> <a href="https://b.example/2">Two</a></p>'


@dataclass
class Told:
    """A representative whose email has arrived, and everything that may happen to it."""

    firm: Firm
    rep: Representative
    prospects: Prospects
    contact: Contact
    message: dict[str, Any]
    web: httpx.AsyncClient

    def address(self, kind: str, number: int = 0) -> str:
        return str(re.findall(rf"{PUBLIC_URL}(/t/{kind}/[\w-]+)", self.message["html"])[number])

    async def visit(self, address: str, agent: str = BROWSER) -> None:
        """Somebody's browser goes there, and it is judged."""
        before = await self._hits()
        await self.web.get(address, headers={"user-agent": agent})

        async def stored() -> bool:
            return await self._hits() > before

        await eventually("the visit is stored", stored)
        # Their ids tell when they were stored; time passes.
        await self.firm.sql("update tracking_hits set id = ('00000000-0000-7' || substr(id::text, 16))::uuid")
        await self.firm.services.hit_sorting.sort()

    async def work(self) -> None:
        """A worker does what waits to be told and written."""
        runner = JobRunner(self.firm.services, HANDLERS)
        query = (
            "select id from outbox_jobs where kind ~ '^(notifications|letters)\\.' and due_at <= clock_timestamp() "
            "and attempts = 0 order by id"
        )
        while rows := await self.firm.sql(query):
            for row in rows:
                await runner.run(row["id"])

    async def feed(self) -> tuple[FeedItem, ...]:
        page = await self.firm.services.feed.page(self.rep.principal, PageRequest())
        return page.items

    def letters(self) -> list[dict[str, Any]]:
        return self.prospects.letters(self.rep.address)

    async def choose(self, **choices: Frequency) -> None:
        async with self.firm.services.units.of(self.rep.principal.organization_id) as unit:
            user = await unit.users.get(self.rep.principal.user_id)
            await unit.users.save(replace(user, notifications=NotificationChoices(**choices)))

    async def minutes_pass(self) -> None:
        await self.firm.sql("update notification_emails set last_at = last_at - interval '2 minutes'")
        await self.firm.sql("update outbox_jobs set due_at = created_at")

    async def _hits(self) -> int:
        [row] = await self.firm.sql("select count(*) as hits from tracking_hits")
        return int(row["hits"])


@pytest.fixture
async def web(services: Container, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = inner = build_app(settings, lambda: nullcontext(services))
    while not isinstance(inner, FastAPI):
        inner = inner._app  # type: ignore[attr-defined]
    inner.state.container = services
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
        yield client


@pytest.fixture
async def told(firm: Firm, rep: Representative, prospects: Prospects, web: httpx.AsyncClient) -> Told:
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(email_step(body=LINKS)), [contact])
    await firm.dispatch()
    await rep.send()
    assert await rep.read()
    [message] = prospects.inbox(contact.email or "")
    return Told(firm, rep, prospects, contact, message, web)


async def test_an_open_is_told_and_written_about(told: Told) -> None:
    await told.visit(told.address("o"))
    await told.work()

    [item] = await told.feed()
    assert (item.kind.value, item.count) == ("email_opened", 1)
    assert item.contact is not None
    assert (item.contact.id, item.contact.name) == (told.contact.id, "Pat Prospect 0")
    assert item.email is not None
    assert item.email.name == "Hello Pat"
    assert item.salesflow is not None
    [letter] = told.letters()
    assert "Pat Prospect 0" in letter["html"]


async def test_a_machine_that_loads_the_image_is_not_told(told: Told) -> None:
    await told.visit(told.address("o"), MAIL_PROXY)
    await told.work()

    assert await told.feed() == ()
    assert told.letters() == []


async def test_of_many_things_in_a_minute_one_is_written_about_and_all_are_shown(told: Told) -> None:
    await told.visit(told.address("o"))
    await told.work()
    await told.visit(told.address("c"))
    await told.visit(told.address("c", 1))
    await told.work()

    clicked, opened = await told.feed()
    assert [(item.kind.value, item.count) for item in (clicked, opened)] == [("email_clicked", 2), ("email_opened", 1)]
    assert clicked.detail == {"url": "https://b.example/2", "link_text": "Two"}
    assert len(told.letters()) == 1

    await told.minutes_pass()
    await told.work()
    assert len(told.letters()) == 2
    await told.minutes_pass()
    await told.work()
    assert len(told.letters()) == 2


async def test_a_bounce_is_told(told: Told, firm: Firm) -> None:
    told.prospects.act(told.message, "bounce")
    assert await told.rep.read()
    await told.work()

    [item] = await told.feed()
    assert (item.kind.value, item.detail["bounce"]) == ("email_failed", "hard")
    assert len(told.letters()) == 1


async def test_a_reply_and_leaving_show_in_the_feed_alone(told: Told) -> None:
    told.prospects.act(told.message, "reply", text="Sounds good.")
    assert await told.rep.read()
    leave = re.findall(rf"<{PUBLIC_URL}(/u/[\w-]+)>", told.message["headers"]["List-Unsubscribe"])[0]
    assert (await told.web.post(leave)).status_code == 200
    await told.work()

    left, replied = await told.feed()
    assert (left.kind.value, replied.kind.value) == ("contact_unsubscribed", "email_replied")
    assert replied.detail == {"text": "Sounds good."}
    assert told.letters() == []


async def test_an_automatic_answer_is_not_told(told: Told) -> None:
    told.prospects.act(told.message, "reply", auto="out_of_office", text="I am away.")
    assert await told.rep.read()
    await told.work()

    assert await told.feed() == ()


async def test_never_means_never(told: Told) -> None:
    await told.choose(email_opened=Frequency.NEVER)
    await told.visit(told.address("o"))
    await told.work()

    assert len(await told.feed()) == 1
    assert told.letters() == []


async def test_a_lost_connection_is_told_once(told: Told) -> None:
    told.prospects.revoke(told.rep.address)
    await told.firm.sql("update connections set expires_at = now()")
    for _ in range(2):
        await told.rep.read()
    await told.work()

    [item] = await told.feed()
    assert (item.kind.value, item.count) == ("connection_lost", 1)
    assert (item.detail["provider"], item.detail["account"]) == ("google", told.rep.address)


async def test_a_worker_that_dies_leaves_the_bell(told: Told) -> None:
    await told.visit(told.address("o"))
    rows = await told.firm.sql("select id from outbox_jobs where kind = 'notifications.follow'")
    for row in [*rows, *rows]:
        # The job's row is still there: it dies before that goes.
        async with told.firm.services.units.system() as unit:
            found = await unit.jobs.find(row["id"])
        assert found is not None
        await told.firm.services.telling.follow(found[0])
    await told.work()

    assert [item.count for item in await told.feed()] == [1]
    assert len(told.letters()) == 1
