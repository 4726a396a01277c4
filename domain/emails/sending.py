"""Sends emails exactly once.

For each email: write it once and keep it, make a draft at the provider, record its id, ask for the last time whether it
may leave and commit `sending`, send that draft, record what the provider says. Every step is committed before the next;
whoever dies in between leaves a state from which another worker goes on, and a draft can be sent only once.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from domain.connections.model import Mailbox
from domain.emails.model import Cancel, EmailState, LeaseLost, OutgoingEmail, Postpone, Rewrite
from domain.emails.ports import EmailsUnit, MailAccess, Reactions
from domain.emails.preparing import DAY, DAY_FULL_SECONDS, Preparing
from domain.emails.reconciling import Reconciling
from domain.emails.recording import failure_of, record_sent
from domain.emails.turn import SendingRules, Turn
from domain.providers.mailbox import SentMessage
from domain.shared.clock import Clock
from domain.shared.errors import (
    EngageError,
    ProviderAccessLost,
    ProviderError,
    ProviderNotFound,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
    ProviderUnknown,
)
from domain.shared.ids import MailboxId, OrganizationId
from domain.shared.units import Units

log = structlog.get_logger(__name__)

FIRST_PATIENCE = timedelta(minutes=1)
LONGEST_PATIENCE = timedelta(hours=24)
UNREACHABLE_SECONDS = 5.0
UNCERTAIN_SECONDS = 1.0


class MailboxReading(Protocol):
    """Reads what came in, so that no answer is overlooked."""

    async def read(self, mailbox: Mailbox) -> bool:
        """Whether everything up to now was read."""
        ...


class Sending:
    """What a worker does with one mailbox. Any number of workers may try; one has the turn."""

    def __init__(
        self,
        units: Units[EmailsUnit],
        access: MailAccess,
        reactions: Reactions,
        preparing: Preparing,
        reconciling: Reconciling,
        reading: MailboxReading,
        clock: Clock,
        rules: SendingRules,
    ) -> None:
        self._units = units
        self._access = access
        self._reactions = reactions
        self._preparing = preparing
        self._reconciling = reconciling
        self._reading = reading
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
            await self._wait_after(turn, failure)
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
            follows = await unit.emails.follows_up(email)
            mime = await unit.emails.mime(email.id)
        if not turn.lets_out:
            return
        if follows and not await self._up_to_date(turn):
            await turn.rest(UNREACHABLE_SECONDS)
            return
        drafted = email if email.state is EmailState.DRAFTED else await self._preparing.draft(turn, email, mime)
        if drafted is None:
            return
        if not await self._pass_gate(turn, drafted):
            await self._preparing.delete_outdated(turn)
            return
        await turn.confirm()
        await self._hand_over(turn, drafted)

    async def _up_to_date(self, turn: Turn) -> bool:
        """A follow-up leaves only after the mailbox was read: the answer may be in there."""
        read_at = turn.mailbox.synced_at
        if read_at and self._clock.system() - read_at <= self._rules.fresh:
            return True
        return await self._reading.read(turn.mailbox)

    async def _pass_gate(self, turn: Turn, email: OutgoingEmail) -> bool:
        """The last question and the answer's consequence in one transaction: a stop that was committed first wins."""
        now = self._clock.now()
        async with turn.unit() as unit:
            if not turn.lets_out:
                # Disconnected or paused while the turn lasts: as good as any other stop.
                return False
            if await unit.emails.count_since(turn.mailbox_id, now - DAY) >= turn.mailbox.per_day:
                turn.paused = True
                await unit.mailboxes.pace(turn.mailbox_id, turn.fence, DAY_FULL_SECONDS)
                return False
            verdict = (await self._reactions.may_send(unit, [email], now))[email.id]
            match verdict:
                case Cancel(reason):
                    await unit.emails.settled(email, EmailState.CANCELLED, reason)
                    return False
                case Postpone(until):
                    await unit.emails.postponed(email, until)
                    return False
                case Rewrite():
                    await self._preparing.write_anew(unit, turn, email)
                    return False
            grace = self._rules.reconcile_after_seconds
            await unit.mailboxes.pace(turn.mailbox_id, turn.fence, 60.0 / turn.mailbox.per_minute)
            return await unit.emails.sending(email, turn.fence, turn.mailbox.history_cursor, now, grace)

    async def _hand_over(self, turn: Turn, email: OutgoingEmail) -> None:
        assert email.draft_id is not None
        try:
            accepted = await turn.provider.send_draft(email.draft_id)
        except (ProviderThrottled, ProviderAccessLost, ProviderUnavailable) as refusal:
            await self._not_sent(turn, email)
            await self._wait_after(turn, refusal)
        except (ProviderNotFound, ProviderUnknown) as doubt:
            await self._unknown(turn, email, doubt)
        except ProviderRejected as refusal:
            await self._refused_for_good(turn, email, refusal)
        else:
            await self._sent(turn, email, accepted)

    async def _sent(self, turn: Turn, email: OutgoingEmail, accepted: SentMessage) -> None:
        """It has left: recorded first, whoever has the lease by now. The Message-ID that receivers see comes after."""
        named = await self._named(turn, accepted)
        async with self._units.of(turn.organization_id) as unit:
            if turn.mailbox.throttles:
                await unit.mailboxes.flows_again(turn.mailbox_id)
            await record_sent(unit, self._reactions, email, named, self._clock.now())
        await self._wait_for_next(turn)

    async def _named(self, turn: Turn, accepted: SentMessage) -> SentMessage:
        if accepted.message_id:
            return accepted
        try:
            message_id = await turn.provider.message_id(accepted.id)
        except ProviderError:
            # It is read when a follow-up needs it.
            return accepted
        return SentMessage(accepted.id, accepted.thread_id, message_id)

    async def _not_sent(self, turn: Turn, email: OutgoingEmail) -> None:
        async with turn.unit() as unit:
            await unit.emails.refused(email)

    async def _unknown(self, turn: Turn, email: OutgoingEmail, doubt: ProviderError) -> None:
        async with turn.unit() as unit:
            await unit.emails.unknown(email, doubt.code, self._rules.reconcile_after_seconds)
        log.warning("send_unknown", email_id=str(email.id), mailbox_id=str(turn.mailbox_id), code=doubt.code)
        await turn.rest(UNCERTAIN_SECONDS)

    async def _refused_for_good(self, turn: Turn, email: OutgoingEmail, refusal: ProviderError) -> None:
        now = self._clock.now()
        async with turn.unit() as unit:
            if await unit.emails.settled(email, EmailState.FAILED, refusal.message):
                await self._reactions.failed(unit, email, refusal.code)
                await unit.activities.append([failure_of(email, refusal.code, refusal.message, now)])

    async def _wait_after(self, turn: Turn, failure: ProviderError) -> None:
        """Nothing was sent; when is the next attempt?"""
        log.info("sending_waits", mailbox_id=str(turn.mailbox_id), code=failure.code, reason=failure.message)
        match failure:
            case ProviderThrottled():
                await turn.pause(self._until(turn, failure.retry_at), failure.code)
            case ProviderAccessLost():
                turn.paused = True
            case ProviderUnknown():
                turn.tidy = False
                await turn.rest(UNREACHABLE_SECONDS)
            case _:
                await turn.rest(UNREACHABLE_SECONDS)

    def _until(self, turn: Turn, asked: datetime | None) -> datetime:
        """What the provider asks for; without a word from it, twice as long as the last time in a row."""
        now = self._clock.system()
        if asked is not None:
            return min(asked, now + LONGEST_PATIENCE)
        return now + min(FIRST_PATIENCE * (1 << min(turn.mailbox.throttles, 16)), LONGEST_PATIENCE)

    async def _wait_for_next(self, turn: Turn) -> None:
        """The pace of the mailbox, waited for here while the turn lasts."""
        try:
            await asyncio.wait_for(turn.stopping.wait(), 60.0 / turn.mailbox.per_minute)
        except TimeoutError:
            return
