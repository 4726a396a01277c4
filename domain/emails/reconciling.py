"""Finds out what became of emails whose sending was cut off, and clears away drafts that nobody needs.

The provider is asked before anything is done again. A draft that is still there was not sent: the email goes through
the last question anew, and that same draft is sent. One that is gone was sent, and is found by our mark; if it is not
found in time, a person has to look.
"""

from datetime import timedelta

import structlog

from domain.emails.leaving import Leaving
from domain.emails.model import Cancel, OutgoingEmail, Postpone, Rewrite
from domain.emails.ports import Reactions
from domain.emails.recording import record_sent
from domain.emails.turn import Turn
from domain.emails.writing import own_message_id
from domain.shared.clock import Clock
from domain.shared.errors import ProviderRejected

log = structlog.get_logger(__name__)

# Multiples of the time after which an unknown send is looked up: 2, then 10, 30 and 60 minutes with the default.
GAPS = (5, 15, 30)
BATCH = 50
# Emails that were due before, and stopped, are not searched for drafts that nobody recorded.
LATELY = timedelta(days=1)
NOT_FOUND = "not_found_at_provider"


class Reconciling:
    """Works within a turn, so that nobody sends from the mailbox meanwhile."""

    def __init__(self, reactions: Reactions, leaving: Leaving, clock: Clock) -> None:
        self._reactions = reactions
        self._leaving = leaving
        self._clock = clock

    async def settle(self, turn: Turn) -> None:
        """Looks up every email that has been under way for too long. May be repeated. Raises ProviderError."""
        async with turn.unit() as unit:
            unsettled = await unit.emails.unsettled(turn.mailbox_id, BATCH)
        for email in unsettled:
            if turn.over:
                return
            await self._settle_one(turn, email)

    async def tidy_up(self, turn: Turn) -> None:
        """Deletes the drafts of emails that must not leave, and those that a dead worker could not record.

        This is housekeeping: a draft that the provider will not delete is left to its user.
        """
        async with turn.unit() as unit:
            left = await unit.emails.left_drafts(turn.mailbox_id, BATCH)
        for email in left:
            await self._delete_draft(turn, email)
        if not turn.tidy:
            await self._delete_unrecorded(turn)
            turn.tidy = True

    async def _settle_one(self, turn: Turn, email: OutgoingEmail) -> None:
        if email.draft_id is None:
            async with turn.unit() as unit:
                await unit.emails.withdrawn(email)
        elif await turn.provider.draft_exists(email.draft_id):
            await self._go_on(turn, email)
        elif not await self._record_found(turn, email):
            await self._look_again_later(turn, email)

    async def _go_on(self, turn: Turn, email: OutgoingEmail) -> None:
        """It has not left: its draft is sent, or taken back when it must not leave, or not now, or not like this."""
        async with turn.unit() as unit:
            follows_up = await unit.emails.follows_up(email)
        if not await self._leaving.is_informed(turn, follows_up):
            return
        verdict = await self._leaving.send_again(turn, email)
        if isinstance(verdict, Cancel):
            await self._delete_draft(turn, email)
        elif isinstance(verdict, Postpone | Rewrite):
            await self._take_back(turn, email)

    async def _take_back(self, turn: Turn, email: OutgoingEmail) -> None:
        """Deleting is the proof, not looking: a worker that still sleeps before its request cannot send it any more."""
        assert email.draft_id is not None
        await turn.hold()
        if await turn.provider.delete_draft(email.draft_id):
            async with turn.unit() as unit:
                await unit.emails.withdrawn(email)
            log.info("send_proven_undone", email_id=str(email.id))

    async def _record_found(self, turn: Turn, email: OutgoingEmail) -> bool:
        """Whether it is among what was sent, and so has left."""
        began = email.sending_at or email.due_at
        found = await turn.provider.find_sent(
            email.send_key,
            cursor=email.cursor_before,
            thread_id=email.thread_id,
            recipient=email.to_address or "",
            after=began,
        )
        if found is None:
            return False
        async with turn.unit() as unit:
            await record_sent(unit, self._reactions, email, found, began)
        log.info("send_proven_done", email_id=str(email.id))
        return True

    async def _look_again_later(self, turn: Turn, email: OutgoingEmail) -> None:
        """Absence proves little: the provider's search lags. After the last look a person decides."""
        async with turn.unit() as unit:
            if email.checks < len(GAPS):
                pause = turn.rules.reconcile_after_seconds * GAPS[email.checks]
                await unit.emails.looked_up(email, NOT_FOUND, pause)
            else:
                await unit.emails.needs_human(email, NOT_FOUND)
                log.error("send_needs_human", email_id=str(email.id))

    async def _delete_draft(self, turn: Turn, email: OutgoingEmail) -> None:
        assert email.draft_id is not None
        try:
            deleted = await turn.provider.delete_draft(email.draft_id)
        except ProviderRejected as refusal:
            log.warning("draft_stays", email_id=str(email.id), reason=refusal.message)
        else:
            # Given to the provider once, and gone: a worker that slept was faster than the stop.
            if not deleted and email.sending_at and await self._record_found(turn, email):
                return
        async with turn.unit() as unit:
            await unit.emails.draft_gone(email.id, email.draft_id)

    async def _delete_unrecorded(self, turn: Turn) -> None:
        """Those of emails for which no draft is recorded, found by the Message-ID that we gave."""
        async with turn.unit() as unit:
            undrafted = await unit.emails.undrafted(turn.mailbox_id, self._clock.now() - LATELY, BATCH)
        for email in undrafted:
            try:
                await self._sweep_drafts(turn, email)
            except ProviderRejected as refusal:
                log.warning("draft_stays", email_id=str(email.id), reason=refusal.message)

    async def _sweep_drafts(self, turn: Turn, email: OutgoingEmail) -> None:
        draft_ids = await turn.provider.drafts_of(own_message_id(email.send_key, email.from_address or ""))
        if draft_ids:
            # Whoever took over while this worker slept may have made them, and be about to send one.
            await turn.hold()
        for draft_id in draft_ids:
            await turn.provider.delete_draft(draft_id)
            log.info("draft_swept", email_id=str(email.id))
