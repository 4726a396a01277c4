"""An organization that sends for real: users with mailboxes at the stand-in of Google, contacts, flows, prospects."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx

from adapters.bootstrap import Container, open_container
from adapters.sandbox.options import RegisteredClient
from adapters.sandbox.serve import running_sandbox
from adapters.settings import Settings
from domain.accounts.model import NewOrganization, NewUser
from domain.connections.model import Mailbox, Provider
from domain.contacts.model import Contact, NewContact
from domain.salesflows.delays import DelayUnit
from domain.salesflows.drafting import DraftStep, DraftVariant
from domain.salesflows.enrolling import Wish
from domain.salesflows.model import Thread
from domain.shared.ids import SalesflowId
from domain.shared.principal import Principal, Role

PUBLIC_URL = "http://engage.test"
CLIENT = RegisteredClient("engage-tests", "engage-tests-secret", (f"{PUBLIC_URL}/me/connections/google/callback",))
PASSWORD = "a long enough password"
WHOLE_DAY = [{"from": "00:00", "to": "24:00"}]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PATIENCE_SECONDS = 60.0


class Prospects:
    """The sandbox, as a test sees it: the judge of what was sent, and the hand that causes trouble."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30)

    def ask(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self.http.request(method, f"/control/{path}", **arguments)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def inbox(self, address: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "messages", params={"to": address})["items"]
        return found

    def act(self, message: dict[str, Any], what: str, **how: Any) -> Any:
        return self.ask("POST", f"messages/{message['id']}/{what}", json=how)

    def letters(self, address: str) -> list[dict[str, Any]]:
        """Mail that came by SMTP: that of Engage itself."""
        return [message for message in self.inbox(address) if message["provider"] == "smtp"]

    def faults(self, *rules: dict[str, Any]) -> None:
        self.ask("PUT", "faults", json=[{"provider": "google", **rule} for rule in rules])

    def behave(self, **how: Any) -> None:
        self.ask("PUT", "google", json=how)

    def revoke(self, account: str) -> None:
        self.ask("POST", "accounts/revoke", json={"provider": "google", "account": account})

    def requests(self, path: str) -> int:
        """How many requests went to addresses that contain `path`."""
        asked = self.ask("GET", "requests", params={"provider": "google", "limit": 1000})["items"]
        return sum(path in one["path"] for one in asked)

    def forget_requests(self) -> None:
        self.ask("DELETE", "requests")

    def drafts(self, account: str) -> list[dict[str, Any]]:
        token = self.ask("POST", "tokens", json={"provider": "google", "account": account})["access_token"]
        answer = self.http.get("/google/gmail/v1/users/me/drafts", headers={"authorization": f"Bearer {token}"})
        found: list[dict[str, Any]] = answer.json().get("drafts", [])
        return found

    def close(self) -> None:
        self.http.close()


@contextmanager
def prospects_at(state_directory: Path, clock_file: Path | None = None) -> Iterator[Prospects]:
    """A sandbox that runs while the context lasts."""
    with running_sandbox(state_directory, (CLIENT,), clock_file) as url:
        prospects = Prospects(url)
        yield prospects
        prospects.close()


def settings_for(
    postgres_url: str, owner_url: str, redis_url: str, sandbox_url: str, clock_file: Path | None = None, **more: Any
) -> Settings:
    """A whole installation beside a sandbox, quick enough for tests."""
    return Settings(
        database_url=postgres_url,
        database_owner_url=owner_url,
        redis_url=redis_url,
        public_url=PUBLIC_URL,
        secret_keys="test:" + base64.b64encode(b"k" * 32).decode(),
        password_memory_kib=1024,
        password_passes=1,
        google_base_url=f"{sandbox_url}/google",
        google_client_id=CLIENT.client_id,
        google_client_secret=CLIENT.client_secret,
        clock_file=clock_file,
        mail_from="Engage <engage@engage.test>",
        **mail_server_of(sandbox_url),
        **{"lease_seconds": 5, "reconcile_after_seconds": 0.5, "mailbox_poll_seconds": 0.5, **more},
    )


def mail_server_of(sandbox_url: str) -> dict[str, Any]:
    """The settings with which letters go to a sandbox."""
    answer = httpx.get(f"{sandbox_url}/control/smtp")
    if answer.status_code == 404:
        return {}
    told = answer.json()
    return {"smtp_host": told["host"], "smtp_port": told["port"], "smtp_security": told["security"]}


@dataclass
class Representative:
    """A user who sends."""

    services: Container
    principal: Principal
    address: str
    prospects: Prospects

    async def connect(self, account: str | None = None, **consent: str) -> str:
        """Through the consent page, as a browser would. Answers with where the provider sent the browser."""
        url = await self.services.connections.begin(self.principal, Provider.GOOGLE)
        form = {"account": account or self.address, "decision": "allow", **consent}
        answer = await asyncio.to_thread(self.prospects.http.post, url, data=form)
        assert answer.status_code in (302, 303), answer.text
        return str(answer.headers["location"])

    async def come_back(self, location: str) -> None:
        told = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        await self.services.connections.complete(
            self.principal, Provider.GOOGLE, told.get("state", ""), told.get("code"), told.get("error")
        )

    async def connected(self, account: str | None = None) -> Mailbox:
        """Connects, and sends as fast as the machine can."""
        await self.come_back(await self.connect(account))
        async with self.services.database.application(self.principal.organization_id) as transaction:
            await transaction.driver.execute("update mailboxes set per_minute = 60000")
        return await self.mailbox()

    async def send(self) -> None:
        """One worker's turn at the mailbox."""
        assert await self.services.sending.run(self.principal.organization_id, (await self.mailbox()).id)

    async def read(self) -> bool:
        return await self.services.intake.read(await self.mailbox())

    async def mailbox(self) -> Mailbox:
        async with self.services.units.of(self.principal.organization_id) as unit:
            found = await unit.mailboxes.of_user(self.principal.user_id)
        assert found is not None
        return found


@dataclass
class Firm:
    """An organization whose users work around the clock, and what a test does with it."""

    services: Container
    prospects: Prospects
    administrator: Principal
    name: str
    people: list[Representative] = field(default_factory=list)

    async def hire(self) -> Representative:
        address = f"rep{len(self.people)}.{self.name}@demo.example"
        user = await self.services.accounts.create_user(
            self.administrator, NewUser("Rob Rep", address, Role.CONTRIBUTOR, PASSWORD), any_password=True
        )
        principal = Principal(self.administrator.organization_id, user.id, Role.CONTRIBUTOR)
        days = {"time_zone": "UTC", "country": None, "days": dict.fromkeys(WEEK, WHOLE_DAY), "holidays": []}
        await self.services.accounts.set_business_hours(principal, days)
        self.people.append(Representative(self.services, principal, address, self.prospects))
        return self.people[-1]

    async def contacts(self, count: int, **more: Any) -> list[Contact]:
        new = [
            NewContact(
                last_name=f"Prospect {number}",
                **{"first_name": "Pat", "email": f"p{number}.{uuid4().hex[:8]}@prospect.example", **more},
            )
            for number in range(count)
        ]
        return await self.services.contacts.create_many(self.administrator, new)

    async def salesflow(self, *steps: DraftStep) -> SalesflowId:
        salesflows = self.services.salesflows
        made = await salesflows.create(self.administrator, f"Flow {uuid4().hex[:6]}", shared=True)
        salesflow_id = made.summary.salesflow.id
        await salesflows.put_steps(self.administrator, salesflow_id, steps or [email_step()])
        await salesflows.activate(self.administrator, salesflow_id)
        return salesflow_id

    async def enroll(self, who: Representative, salesflow_id: SalesflowId, contacts: Sequence[Contact]) -> None:
        wish = Wish(contact_ids=[contact.id for contact in contacts])
        found = await self.services.enrolling.enroll(who.principal, salesflow_id, wish)
        assert found.enrolled == len(contacts), found.left_out

    async def dispatch(self) -> None:
        while await self.services.dispatch.dispatch_due():
            continue

    async def patience_is_over(self) -> None:
        """All waiting for the provider ends; what is uncertain is looked up now."""
        await self.sql("update mailboxes set next_send_at = null, paused_until = null")
        await self.sql("update mailboxes set lease_until = least(lease_until, clock_timestamp())")
        await self.sql("update emails set next_check_at = clock_timestamp() where next_check_at is not null")

    async def states(self) -> dict[str, int]:
        """How many emails there are in each state."""
        rows = await self.sql("select state, count(*) as times from emails group by state")
        return {row["state"]: row["times"] for row in rows}

    async def on_their_way(self) -> int:
        """How many journeys go on."""
        [row] = await self.sql("select count(*) as times from enrollments where state = 'active'")
        return int(row["times"])

    async def happened(self, contact: Contact) -> list[str]:
        query = "select type from activities where contact_id = $1 order by at, id"
        return [row["type"] for row in await self.sql(query, contact.id)]

    async def details(self, contact: Contact, type_: str) -> list[Any]:
        query = "select detail::text from activities where contact_id = $1 and type = $2 order by at, id"
        return [row["detail"] for row in await self.sql(query, contact.id, type_)]

    async def enrollment(self, contact: Contact) -> tuple[str, str | None]:
        rows = await self.sql("select state, reason from enrollments where contact_id = $1", contact.id)
        return rows[0]["state"], rows[0]["reason"]

    async def sql(self, query: str, *arguments: Any) -> Any:
        async with self.services.database.application(self.administrator.organization_id) as transaction:
            return await transaction.driver.fetch(query, *arguments)


def email_step(
    subject: str = "Hello {{ contact.first_name }}",
    body: str = '<p>Hi {{ contact.first_name }}, see <a href="https://example.com/prices">our prices</a>.</p>',
    *,
    amount: int = 0,
    unit: DelayUnit = DelayUnit.MINUTES,
    thread: Thread = Thread.NEW,
) -> DraftStep:
    """A step of one wording."""
    return DraftStep(amount, unit, thread, [DraftVariant(100, subject, body)])


async def found_firm(services: Container, prospects: Prospects) -> Firm:
    """A new organization."""
    name = uuid4().hex[:8]
    administrator = await services.accounts.create_organization(
        NewOrganization(f"Firm {name}", "Ada Admin", f"admin.{name}@demo.example", PASSWORD, postal_address="1 Street"),
        any_password=True,
    )
    return Firm(services, prospects, administrator, name)


@asynccontextmanager
async def services_of(settings: Settings) -> AsyncIterator[Container]:
    async with open_container(settings) as container:
        yield container


async def eventually(what: str, probe: Callable[[], Awaitable[Any]], seconds: float = PATIENCE_SECONDS) -> Any:
    """Asks again and again until the answer is true; fails with `what` after a deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = await probe()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"not in time: {what}")
