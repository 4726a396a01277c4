"""The adapter and the stand-in of Google, over HTTP."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from adapters.clock import SystemClock
from adapters.google.adapter import Gmail
from adapters.http import transport
from domain.providers.mailbox import ProviderMailbox
from tests.mailing import Prospects, prospects_at


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prospects]:
    with prospects_at(tmp_path_factory.mktemp("sandbox")) as prospects:
        yield prospects


@pytest.fixture
def prospects(sandbox: Prospects) -> Iterator[Prospects]:
    yield sandbox
    sandbox.faults()
    sandbox.behave(search_lag_seconds=0, keep_message_id=False, quota_status=429)
    sandbox.ask("PUT", "limits", json={"units_per_minute": 15_000, "sends_per_day": 2_000})


class GivenToken:
    """The one access token that there is."""

    def __init__(self, token: str) -> None:
        self.token = token

    async def current(self) -> str:
        return self.token

    async def renewed(self, refused: str) -> str:
        return self.token

    async def lost(self, reason: str) -> None:
        return


@dataclass(frozen=True)
class Account:
    """A user's mailbox, through the adapter."""

    address: str
    mailbox: ProviderMailbox
    token: str

    def mail(self, to: str, key: str = "key-1", subject: str = "Hello", more: str = "") -> bytes:
        lines = [
            f"From: {self.address}",
            f"To: {to}",
            f"Subject: {subject}",
            f"X-Engage-Send-Id: {key}",
            *more.splitlines(),
            "",
            "Hi.",
            "",
        ]
        return "\r\n".join(lines).encode()


@pytest.fixture
async def account(prospects: Prospects) -> AsyncIterator[Account]:
    address = f"rep.{uuid4().hex[:8]}@demo.example"
    given = prospects.ask("POST", "tokens", json={"provider": "google", "account": address})
    async with httpx.AsyncClient(transport=transport(), timeout=2) as http:
        gmail = Gmail(http, f"{prospects.url}/google/gmail/v1", SystemClock())
        yield Account(address, gmail.open(GivenToken(given["access_token"])), given["access_token"])
