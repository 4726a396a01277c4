"""From a due step to a draft at the provider: asked about, written, drafted, each recorded before the next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from domain.emails.model import Cancel, EmailState, Go, LeaseLost, Material, OutgoingEmail, Postpone, Rewrite
from domain.emails.ports import EmailsUnit, Reactions
from domain.emails.templates import MissingMergeFields
from domain.emails.tracking import TrackingUrls
from domain.emails.turn import Turn
from domain.emails.writing import lacks_message_id, write
from domain.shared.clock import Clock
from domain.shared.errors import ProviderNotFound, ProviderRejected, ProviderUnknown, Rejected
from domain.shared.ids import EmailId

DAY = timedelta(hours=24)
# How often a mailbox that has used up its day is looked at.
DAY_FULL_SECONDS = 15.0
CHOKED = timedelta(seconds=30)
NO_TEMPLATE = "no_template"


class Preparing:
    """Prepares the emails of one mailbox."""

    def __init__(self, reactions: Reactions, urls: TrackingUrls, clock: Clock) -> None:
        self._reactions = reactions
        self._urls = urls
        self._clock = clock

    async def next_batch(self, turn: Turn) -> Sequence[OutgoingEmail]:
        """The emails that are due next, written. What cannot be written, or must not leave, is dealt with here."""
        now = self._clock.now()
        async with turn.unit() as unit:
            left = turn.mailbox.per_day - await unit.emails.count_since(turn.mailbox_id, now - DAY)
            if left <= 0:
                turn.paused = True
                await unit.mailboxes.pace(turn.mailbox_id, turn.fence, DAY_FULL_SECONDS)
                return []
            due = await unit.emails.due(turn.mailbox_id, now, min(left, turn.rules.batch))
            due = await self._may_leave(unit, turn, due)
            written = await unit.emails.written([email.id for email in due])
            materials = await unit.emails.materials([email.id for email in due if email.id not in written])
        await self.delete_outdated(turn)
        named = await self._name_answered(turn, materials)
        async with turn.unit() as unit:
            await self._reactions.hold(unit, [email for email in due if email.id not in written])
            if named:
                materials = await unit.emails.materials(list(materials))
            for email in due:
                if email.id not in written and await self._write(unit, email, materials.get(email.id)):
                    written.add(email.id)
        async with turn.unit() as unit:
            return await unit.emails.many(list(written))

    async def draft(self, turn: Turn, email: OutgoingEmail, mime: bytes) -> OutgoingEmail | None:
        """Makes the draft and records it. A draft that cannot be recorded is taken back."""
        try:
            return await self._draft(turn, email, mime)
        except BaseException:
            # Whether there is a draft of which nobody knows is looked up by the next turn.
            turn.tidy = False
            raise

    async def write_anew(self, unit: EmailsUnit, turn: Turn, email: OutgoingEmail) -> bool:
        """Forgets what was written; its draft is deleted outside of the unit, see `delete_outdated`."""
        forgotten = await unit.emails.unwritten(email)
        if forgotten and email.draft_id:
            turn.outdated.append(email.draft_id)
        return forgotten

    async def delete_outdated(self, turn: Turn) -> None:
        """Deletes the drafts of what is written anew. One that stays is found by its Message-ID later."""
        while turn.outdated:
            draft_id = turn.outdated.pop()
            try:
                await turn.provider.delete_draft(draft_id)
            except BaseException:
                turn.tidy = False
                raise

    async def _draft(self, turn: Turn, email: OutgoingEmail, mime: bytes) -> OutgoingEmail | None:
        try:
            made = await turn.provider.create_draft(mime, email.thread_id)
        except ProviderRejected as refusal:
            async with turn.unit() as unit:
                await self._reactions.hold(unit, [email])
                if await unit.emails.settled(email, EmailState.FAILED, refusal.code):
                    await self._reactions.failed(unit, email, refusal.code)
            return None
        except ProviderUnknown:
            # It goes to the end of the queue, so that one email on which the provider chokes does not hold up all.
            async with turn.unit() as unit:
                await unit.emails.postponed(email, self._clock.now() + CHOKED)
            raise
        try:
            async with turn.unit() as unit:
                recorded = await unit.emails.drafted(email, made)
        except LeaseLost:
            await turn.provider.delete_draft(made.id)
            raise
        if not recorded:
            await turn.provider.delete_draft(made.id)
            return None
        return replace(email, state=EmailState.DRAFTED, draft_id=made.id, thread_id=made.thread_id)

    async def _may_leave(self, unit: EmailsUnit, turn: Turn, due: Sequence[OutgoingEmail]) -> list[OutgoingEmail]:
        """Asked a first time before anything is made of them; the question that counts comes right before sending."""
        now = self._clock.now()
        verdicts = await self._reactions.may_send(unit, due, now) if due else {}
        going = []
        for email in due:
            match verdicts[email.id]:
                case Go():
                    going.append(email)
                case Rewrite():
                    if await self.write_anew(unit, turn, email):
                        going.append(email)
                case Cancel(reason):
                    await unit.emails.settled(email, EmailState.CANCELLED, reason)
                case Postpone(until):
                    await unit.emails.postponed(email, until)
        return going

    async def _name_answered(self, turn: Turn, materials: Mapping[EmailId, Material]) -> bool:
        """Reads the Message-ID of those emails whose id could not be read when they had left. True if any were."""
        named = False
        for material in materials.values():
            before = material.before
            if before and before.provider_message_id and lacks_message_id(material):
                try:
                    message_id = await turn.provider.message_id(before.provider_message_id)
                except ProviderNotFound:
                    continue
                if message_id:
                    async with turn.unit() as unit:
                        await unit.emails.names_message(before.email_id, message_id)
                    named = True
        return named

    async def _write(self, unit: EmailsUnit, email: OutgoingEmail, material: Material | None) -> bool:
        try:
            if material is None:
                raise LookupError(NO_TEMPLATE)
            await unit.emails.fix_content(email, write(material, self._urls, self._clock.now()))
        except MissingMergeFields as hole:
            await self._reactions.needs_data(unit, email, hole.fields)
            return False
        except (Rejected, LookupError) as fault:
            reason = fault.errors[0].code if isinstance(fault, Rejected) else NO_TEMPLATE
            await unit.emails.settled(email, EmailState.FAILED, reason)
            await self._reactions.failed(unit, email, reason)
            return False
        return True
