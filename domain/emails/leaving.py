"""The last question before an email leaves, the act of sending its draft, and what becomes of it.

What is uncertain is sent again by the same draft, since a draft can be sent only once: whoever else still holds it,
awake or asleep, sends the same one or nothing.
"""

import asyncio
from typing import Protocol

import structlog

from domain.connections.model import Mailbox
from domain.emails.model import Cancel, EmailState, Go, OutgoingEmail, Postpone, Rewrite, Verdict
from domain.emails.ports import Reactions
from domain.emails.preparing import DAY, DAY_FULL_SECONDS, Preparing
from domain.emails.recording import failure_of, record_sent
from domain.emails.turn import UNREACHABLE_SECONDS, Turn
from domain.providers.mailbox import SentMessage
from domain.shared.clock import Clock
from domain.shared.errors import (
    ProviderAccessLost,
    ProviderError,
    ProviderNotFound,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
)

log = structlog.get_logger(__name__)

UNCERTAIN_SECONDS = 1.0
# Answers to a request that was not carried out: nothing has left by it.
REFUSALS = (ProviderThrottled, ProviderAccessLost, ProviderUnavailable)


class MailboxReading(Protocol):
    """Reads what came in, so that no answer is overlooked."""

    async def read(self, mailbox: Mailbox) -> bool:
        """Whether everything up to now was read."""
        ...


class Leaving:
    """What a worker does with a draft, in its turn at the mailbox."""

    def __init__(self, reactions: Reactions, preparing: Preparing, reading: MailboxReading, clock: Clock) -> None:
        self._reactions = reactions
        self._preparing = preparing
        self._reading = reading
        self._clock = clock

    async def is_informed(self, turn: Turn, follows_up: bool) -> bool:
        """A follow-up leaves only after the mailbox was read: the answer may be in there."""
        read_at = turn.mailbox.synced_at
        if not follows_up or (read_at and self._clock.system() - read_at <= turn.rules.fresh):
            return True
        if await self._reading.read(turn.mailbox):
            return True
        await turn.rest(UNREACHABLE_SECONDS)
        return False

    async def send(self, turn: Turn, email: OutgoingEmail) -> None:
        """Sends a draft for the first time, if it may leave."""
        if not await self._pass_gate(turn, email):
            await self._preparing.delete_outdated(turn)
            return
        await turn.confirm()
        outcome = await _hand_over(turn, email)
        if isinstance(outcome, REFUSALS):
            async with turn.unit() as unit:
                await unit.emails.refused(email)
            await turn.wait_after(outcome)
        else:
            await self._conclude(turn, email, outcome)

    async def send_again(self, turn: Turn, email: OutgoingEmail) -> Verdict | None:
        """Asks anew and sends the draft of an email that is in doubt, or says why not; None: not by this turn.

        Another worker may be about to send it all the same, so that not even a refusal proves that it never leaves.
        """
        verdict = await self._ask_again(turn, email)
        if not isinstance(verdict, Go):
            return verdict
        await turn.confirm()
        outcome = await _hand_over(turn, email)
        if isinstance(outcome, REFUSALS):
            await self._in_doubt(turn, email, outcome)
            await turn.wait_after(outcome)
        else:
            await self._conclude(turn, email, outcome)
        return verdict

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
            grace = turn.rules.reconcile_after_seconds
            await unit.mailboxes.pace(turn.mailbox_id, turn.fence, 60.0 / turn.mailbox.per_minute)
            return await unit.emails.sending(email, turn.fence, turn.mailbox.history_cursor, now, grace)

    async def _ask_again(self, turn: Turn, email: OutgoingEmail) -> Verdict | None:
        """As `_pass_gate`, of an email that counts among those of the day already."""
        async with turn.unit() as unit:
            if not turn.lets_out:
                return None
            verdict = (await self._reactions.may_send(unit, [email], self._clock.now()))[email.id]
            if isinstance(verdict, Cancel):
                await unit.emails.settled(email, EmailState.CANCELLED, verdict.reason)
            if not isinstance(verdict, Go):
                return verdict
            await unit.mailboxes.pace(turn.mailbox_id, turn.fence, 60.0 / turn.mailbox.per_minute)
            resumed = await unit.emails.sending_again(email, turn.fence, turn.rules.reconcile_after_seconds)
            return verdict if resumed else None

    async def _conclude(self, turn: Turn, email: OutgoingEmail, outcome: SentMessage | ProviderError) -> None:
        match outcome:
            case SentMessage():
                await self._sent(turn, email, outcome)
            # A draft that is not there was sent by somebody, or deleted.
            case ProviderRejected() if not isinstance(outcome, ProviderNotFound):
                await self._refused_for_good(turn, email, outcome)
            case _:
                await self._in_doubt(turn, email, outcome)
                await turn.rest(UNCERTAIN_SECONDS)

    async def _sent(self, turn: Turn, email: OutgoingEmail, accepted: SentMessage) -> None:
        """It has left: recorded first, whoever has the lease by now. The Message-ID that receivers see comes after."""
        named = await _named(turn, accepted)
        async with turn.units.of(turn.organization_id) as unit:
            if turn.mailbox.throttles:
                await unit.mailboxes.flows_again(turn.mailbox_id)
            await record_sent(unit, self._reactions, email, named, self._clock.now())
        await _wait_for_next(turn)

    async def _in_doubt(self, turn: Turn, email: OutgoingEmail, doubt: ProviderError) -> None:
        async with turn.unit() as unit:
            await unit.emails.unknown(email, doubt.code, turn.rules.reconcile_after_seconds)
        log.warning("send_unknown", email_id=str(email.id), mailbox_id=str(turn.mailbox_id), code=doubt.code)

    async def _refused_for_good(self, turn: Turn, email: OutgoingEmail, refusal: ProviderError) -> None:
        now = self._clock.now()
        async with turn.unit() as unit:
            if await unit.emails.settled(email, EmailState.FAILED, refusal.code):
                await self._reactions.failed(unit, email, refusal.code)
                await unit.activities.append([failure_of(email, refusal.code, refusal.message, now)])


async def _hand_over(turn: Turn, email: OutgoingEmail) -> SentMessage | ProviderError:
    """The provider's word on it, whatever it is."""
    assert email.draft_id is not None
    try:
        return await turn.provider.send_draft(email.draft_id)
    except ProviderError as failure:
        return failure


async def _named(turn: Turn, accepted: SentMessage) -> SentMessage:
    if accepted.message_id:
        return accepted
    try:
        message_id = await turn.provider.message_id(accepted.id)
    except ProviderError:
        # It is read when a follow-up needs it.
        return accepted
    return SentMessage(accepted.id, accepted.thread_id, message_id)


async def _wait_for_next(turn: Turn) -> None:
    """The pace of the mailbox, waited for here while the turn lasts."""
    try:
        await asyncio.wait_for(turn.stopping.wait(), 60.0 / turn.mailbox.per_minute)
    except TimeoutError:
        return
