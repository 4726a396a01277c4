"""A worker's turn at a mailbox: the lease that it holds, and what it may do while it does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from domain.connections.model import Mailbox
from domain.emails.model import LeaseLost
from domain.emails.ports import EmailsUnit
from domain.providers.mailbox import ProviderMailbox
from domain.shared.clock import Clock
from domain.shared.errors import EngageError, ProviderAccessLost, ProviderError, ProviderThrottled, ProviderUnknown
from domain.shared.ids import MailboxId, OrganizationId
from domain.shared.units import Units

log = structlog.get_logger(__name__)

FIRST_PATIENCE = timedelta(minutes=1)
LONGEST_PATIENCE = timedelta(hours=24)
UNREACHABLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class SendingRules:
    """How long a worker owns a mailbox, and after how long an unknown send is looked up (seconds, system time)."""

    lease_seconds: float = 60.0
    reconcile_after_seconds: float = 120.0
    # A follow-up leaves only when the mailbox was read this recently, so that an answer is not overlooked.
    fresh: timedelta = timedelta(seconds=60)
    # A turn ends by itself, so that other mailboxes are served.
    turn_seconds: float = 30.0
    batch: int = 20


@dataclass(slots=True)
class Turn:
    """One worker, one mailbox. `hold` before every write: whoever has lost the lease writes nothing."""

    units: Units[EmailsUnit]
    organization_id: OrganizationId
    mailbox: Mailbox
    fence: int
    provider: ProviderMailbox
    rules: SendingRules
    ends_at: float
    stopping: asyncio.Event
    clock: Clock
    held_at: float = 0.0
    tidy: bool = True
    paused: bool = False
    # Drafts that are no email's any more.
    outdated: list[str] = field(default_factory=list)

    @property
    def mailbox_id(self) -> MailboxId:
        return self.mailbox.id

    @property
    def over(self) -> bool:
        """Whether no further email is begun."""
        late = asyncio.get_running_loop().time() > self.ends_at
        return self.paused or self.stopping.is_set() or late or not self.lets_out

    @property
    def lets_out(self) -> bool:
        """Whether the mailbox was connected and not paused when it was last held."""
        return self.mailbox.lets_out(self.clock.system())

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[EmailsUnit]:
        """A unit in which the mailbox is locked and ours. Raises LeaseLost."""
        began = asyncio.get_running_loop().time()
        async with self.units.of(self.organization_id) as unit:
            self.mailbox = await unit.mailboxes.hold(self.mailbox_id, self.fence, self.rules.lease_seconds)
            yield unit
        self.held_at = began

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Prolongs the lease again and again meanwhile, however long the provider takes for each answer."""
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self.rules.lease_seconds / 3)
            try:
                async with self.units.of(self.organization_id) as unit:
                    await unit.mailboxes.hold(self.mailbox_id, self.fence, self.rules.lease_seconds)
            except LeaseLost:
                return
            except EngageError as failure:
                log.info("lease_not_prolonged", mailbox_id=str(self.mailbox_id), code=failure.code)

    async def confirm(self) -> None:
        """Right before an act that cannot be taken back: a worker that slept must not wake up and act.

        While the lease is young it needs no question. Raises LeaseLost.
        """
        if asyncio.get_running_loop().time() - self.held_at > self.rules.lease_seconds / 4:
            await self.hold()

    async def hold(self) -> None:
        """Whatever the provider was seen to have before is what this turn or an earlier one made. Raises LeaseLost."""
        async with self.unit():
            return

    async def pace(self, seconds: float) -> None:
        """Nothing leaves from the mailbox for so long."""
        async with self.unit() as unit:
            await unit.mailboxes.pace(self.mailbox_id, self.fence, seconds)

    async def pause(self, until: datetime, reason: str) -> None:
        """Ends the turn, and lets no other begin before `until`."""
        self.paused = True
        async with self.unit() as unit:
            await unit.mailboxes.pause(self.mailbox_id, until, reason, throttles=self.mailbox.throttles + 1)

    async def rest(self, seconds: float) -> None:
        """Ends the turn; the next one begins after so many seconds."""
        self.paused = True
        await self.pace(seconds)

    async def wait_after(self, failure: ProviderError) -> None:
        """Ends the turn over a failure by which nothing was done; when is the next attempt?"""
        log.info("sending_waits", mailbox_id=str(self.mailbox_id), code=failure.code, reason=failure.message)
        match failure:
            case ProviderThrottled():
                await self.pause(self._until(failure.retry_at), failure.code)
            case ProviderAccessLost():
                self.paused = True
            case ProviderUnknown():
                self.tidy = False
                await self.rest(UNREACHABLE_SECONDS)
            case _:
                await self.rest(UNREACHABLE_SECONDS)

    def _until(self, asked: datetime | None) -> datetime:
        """What the provider asks for; without a word from it, twice as long as the last time in a row."""
        now = self.clock.system()
        if asked is not None:
            return min(asked, now + LONGEST_PATIENCE)
        return now + min(FIRST_PATIENCE * (1 << min(self.mailbox.throttles, 16)), LONGEST_PATIENCE)
