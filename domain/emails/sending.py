"""Sends emails exactly once.

For each email: write it once and keep it, make a draft at the provider, record its id, ask for the last time whether it
may leave and commit `sending`, send that draft, record what the provider says. Every step is committed before the next;
whoever dies in between leaves a state from which another worker goes on, and a draft can be sent only once.
"""

import asyncio
from contextlib import suppress

import structlog

from domain.emails.leaving import Leaving
from domain.emails.model import EmailState, LeaseLost, OutgoingEmail
from domain.emails.ports import EmailsUnit, MailAccess
from domain.emails.preparing import Preparing
from domain.emails.reconciling import Reconciling
from domain.emails.turn import UNREACHABLE_SECONDS, SendingRules, Turn
from domain.shared.clock import Clock
from domain.shared.errors import EngageError, ProviderError
from domain.shared.ids import MailboxId, OrganizationId
from domain.shared.units import Units

log = structlog.get_logger(__name__)


class Sending:
    """What a worker does with one mailbox. Any number of workers may try; one has the turn."""

    def __init__(
        self,
        units: Units[EmailsUnit],
        access: MailAccess,
        preparing: Preparing,
        leaving: Leaving,
        reconciling: Reconciling,
        clock: Clock,
        rules: SendingRules,
    ) -> None:
        self._units = units
        self._access = access
        self._preparing = preparing
        self._leaving = leaving
        self._reconciling = reconciling
        self._clock = clock
        self._rules = rules

    async def run(
        self, organization_id: OrganizationId, mailbox_id: MailboxId, stopping: asyncio.Event | None = None
    ) -> bool:
        """Looks up what is uncertain, then sends what is due. False when another worker has the turn.

        May be repeated and run anywhere at any time. After `stopping` is set the current email is finished.
        """
        turn = await self._begin(organization_id, mailbox_id, stopping or asyncio.Event())
        if turn is None:
            return False
        try:
            async with turn.kept():
                await self._act(turn)
        except LeaseLost:
            log.warning("lease_lost", organization_id=str(organization_id), mailbox_id=str(mailbox_id))
        finally:
            await self._end(turn)
        return True

    async def _act(self, turn: Turn) -> None:
        try:
            await self._reconciling.tidy_up(turn)
            await self._reconciling.settle(turn)
            await self._send_due(turn)
        except LeaseLost:
            raise
        except ProviderError as failure:
            await turn.wait_after(failure)
        except Exception:
            # Nobody foresaw it, so it will come again: not at full speed.
            with suppress(EngageError):
                await turn.rest(UNREACHABLE_SECONDS)
            raise

    async def _begin(
        self, organization_id: OrganizationId, mailbox_id: MailboxId, stopping: asyncio.Event
    ) -> Turn | None:
        async with self._units.of(organization_id) as unit:
            lease = await unit.mailboxes.lease(mailbox_id, self._rules.lease_seconds)
        if lease is None:
            return None
        return Turn(
            units=self._units,
            organization_id=organization_id,
            mailbox=lease.mailbox,
            fence=lease.fence,
            provider=self._access.open(lease.mailbox),
            rules=self._rules,
            ends_at=asyncio.get_running_loop().time() + self._rules.turn_seconds,
            stopping=stopping,
            clock=self._clock,
            tidy=not lease.abandoned,
        )

    async def _end(self, turn: Turn) -> None:
        async with self._units.of(turn.organization_id) as unit:
            await unit.mailboxes.release(turn.mailbox_id, turn.fence, tidy=turn.tidy)

    async def _send_due(self, turn: Turn) -> None:
        while not turn.over:
            batch = await self._preparing.next_batch(turn)
            if not batch:
                return
            for email in batch:
                if turn.over:
                    return
                await self._send_one(turn, email)

    async def _send_one(self, turn: Turn, email: OutgoingEmail) -> None:
        """From a written email to a sent one, or to wherever it gets."""
        async with turn.unit() as unit:
            if not turn.lets_out:
                # Disconnected meanwhile: what waits may have gone to another mailbox, to be written anew.
                return
            follows_up = await unit.emails.follows_up(email)
            mime = await unit.emails.mime(email.id)
        if not await self._leaving.is_informed(turn, follows_up):
            return
        drafted = email if email.state is EmailState.DRAFTED else await self._preparing.draft(turn, email, mime)
        if drafted is not None:
            await self._leaving.send(turn, drafted)
