"""Reads mailboxes: what answers an email of ours is recorded once, with everything that follows from it.

Other people's mail is none of our business: of a message that answers nothing of ours no trace is kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from domain.connections.model import Mailbox, MailboxState
from domain.emails.answering import Answering
from domain.emails.headers import message_ids
from domain.emails.inbound import ReceivedMessage, read_message
from domain.emails.message_parts import addresses
from domain.emails.ports import EmailsUnit, MailAccess
from domain.emails.threading import Clues, Match, MatchedBy, believed_ids, match_sent
from domain.providers.mailbox import MessageHeaders, NewMessage, ProviderMailbox
from domain.shared.clock import Clock
from domain.shared.errors import ProviderError, ProviderNotFound, ProviderRejected, ProviderThrottled, Unavailable
from domain.shared.ids import MailboxId, OrganizationId
from domain.shared.units import Units

log = structlog.get_logger(__name__)

# How far back is read when the provider has forgotten the cursor: a day more than needed, at most a month.
OVERLAP = timedelta(days=1)
LONGEST_GAP = timedelta(days=30)
# What came in meanwhile is dealt with by so much at a time: what a failure costs is at most that.
CAUGHT_UP_AT_ONCE = timedelta(hours=6)
# Other mailboxes wait: after so many pages of changes it is their turn.
MOST_PAGES = 20
BOUNCES_WITHIN = timedelta(days=7)
MAIL_SERVERS = ("mailer-daemon@", "mail-daemon@", "postmaster@", "mdaemon@", "microsoftexchange")
FIRST_PATIENCE = timedelta(minutes=1)


class Intake:
    """Reads one mailbox at a time; any number may run."""

    def __init__(self, units: Units[EmailsUnit], access: MailAccess, answering: Answering, clock: Clock) -> None:
        self._units = units
        self._access = access
        self.answering = answering
        self._clock = clock

    async def read_by_id(self, organization_id: OrganizationId, mailbox_id: MailboxId) -> bool:
        """As `read`, for bells."""
        async with self._units.of(organization_id) as unit:
            mailbox = await unit.mailboxes.get(mailbox_id)
        return mailbox.state is MailboxState.CONNECTED and await self.read(mailbox)

    async def read(self, mailbox: Mailbox) -> bool:
        """Reads what is new. True when everything up to now was read; False when there is more, or the provider would
        not let us.

        May be repeated and run twice at once: each message counts once, and the cursor moves, page by page, only over
        what was read.
        """
        try:
            return await self._read(mailbox, self._access.open(mailbox))
        except ProviderThrottled as patience:
            until = patience.retry_at or self._clock.system() + FIRST_PATIENCE
            async with self._units.of(mailbox.organization_id) as unit:
                await unit.mailboxes.read_later(mailbox.id, until)
            return False
        except ProviderError as failure:
            log.info("reading_waits", mailbox_id=str(mailbox.id), code=failure.code)
            return False

    async def _read(self, mailbox: Mailbox, provider: ProviderMailbox) -> bool:
        began, cursor = self._clock.system(), mailbox.history_cursor
        if cursor is None:
            await self._reached(mailbox, None, (await provider.profile()).cursor, began)
            return True
        for _ in range(MOST_PAGES):
            changes = await provider.changes_since(cursor)
            if changes.expired:
                await self._catch_up(mailbox, provider, began)
            await self._take_all(mailbox, provider, changes.messages)
            await self._reached(mailbox, cursor, changes.cursor, None if changes.more else began)
            if not changes.more:
                return True
            cursor = changes.cursor
        async with self._units.of(mailbox.organization_id) as unit:
            await unit.mailboxes.read_later(mailbox.id, self._clock.system())
        return False

    async def _reached(self, mailbox: Mailbox, before: str | None, cursor: str | None, synced: datetime | None) -> None:
        async with self._units.of(mailbox.organization_id) as unit:
            await unit.mailboxes.was_read(mailbox.id, before, cursor, synced)

    async def _catch_up(self, mailbox: Mailbox, provider: ProviderMailbox, now: datetime) -> None:
        """Reads what the provider's history has forgotten, the oldest first: how far it got is kept."""
        last = mailbox.synced_at
        since = max(now - LONGEST_GAP, last - OVERLAP) if last else now - LONGEST_GAP
        log.info("cursor_expired", mailbox_id=str(mailbox.id), since=since.isoformat())
        while since < now:
            until = since + CAUGHT_UP_AT_ONCE
            # The last one is open: the provider's clock is not ours.
            await self._take_all(mailbox, provider, await provider.received(since, until if until < now else None))
            if last is None or until > last:
                await self._reached(mailbox, mailbox.history_cursor, mailbox.history_cursor, min(until, now))
            since = until

    async def _take_all(self, mailbox: Mailbox, provider: ProviderMailbox, messages: Sequence[NewMessage]) -> None:
        """Takes each of them that others sent. One that cannot be dealt with stops no other."""
        new = [message for message in messages if not message.is_own]
        if not new:
            return
        async with self._units.of(mailbox.organization_id) as unit:
            known = await unit.inbound.known(mailbox.id, [message.id for message in new])
        skipped = 0
        for message in new:
            if message.id in known:
                continue
            try:
                await self._take(mailbox, provider, message)
            except Exception as failure:
                if _is_no_fault_of_the_message(failure):
                    raise
                skipped += 1
                log.exception("message_skipped", mailbox_id=str(mailbox.id), message_id=message.id, skipped=skipped)

    async def _take(self, mailbox: Mailbox, provider: ProviderMailbox, message: NewMessage) -> None:
        """Its headers tell whether it may concern us; only then is it read as a whole."""
        try:
            headers = await provider.message_headers(message.id)
            if headers.is_own:
                return
            notice = _from_mail_server(headers)
            match = None if notice else await self._match(mailbox, _first_clues(headers))
            if not (notice or match):
                return
            received = read_message(await provider.raw_message(message.id))
        except ProviderNotFound:
            return
        if received.bounce or match is None:
            match = await self._match(mailbox, _clues(headers, received))
        if match is None:
            return
        if received.bounce and match.by is MatchedBy.SENDER and not received.bounce.vouched:
            log.info("bounce_not_believed", mailbox_id=str(mailbox.id), message_id=message.id)
            return
        await self.answering.record(mailbox, headers, received, match)

    async def _match(self, mailbox: Mailbox, clues: Clues) -> Match | None:
        async with self._units.of(mailbox.organization_id) as unit:
            sent = await unit.emails.candidates(mailbox.id, clues)
        return match_sent(clues, sent, [mailbox.address])


def _is_no_fault_of_the_message(failure: Exception) -> bool:
    """Whether the same message may well be dealt with later."""
    passing = isinstance(failure, ProviderError) and not isinstance(failure, ProviderRejected)
    return passing or isinstance(failure, Unavailable)


def _first_clues(headers: MessageHeaders) -> Clues:
    senders = addresses(headers.headers.get("from", ""))
    return Clues(
        message_ids=believed_ids(
            message_ids(headers.headers.get("in-reply-to", "")), message_ids(headers.headers.get("references", ""))
        ),
        thread_id=headers.thread_id or None,
        address=senders[0][1] if senders else "",
        subject=headers.headers.get("subject", ""),
        at=headers.received_at,
    )


def _clues(headers: MessageHeaders, received: ReceivedMessage) -> Clues:
    """A bounce is matched by the address that failed, whatever its subject; everything else by who wrote it."""
    thread_id = headers.thread_id or None
    if received.bounce is None:
        return Clues(received.answers, thread_id, received.sender, received.subject, headers.received_at)
    failed = received.bounce.recipient or ""
    return Clues(received.answers, thread_id, failed, None, headers.received_at, BOUNCES_WITHIN)


def _from_mail_server(headers: MessageHeaders) -> bool:
    found = headers.headers
    senders = addresses(found.get("from", ""))
    return (
        any(address.startswith(MAIL_SERVERS) for _, address in senders)
        or "report" in found.get("content-type", "").lower()
        or "x-failed-recipients" in found
        or "x-ms-exchange-message-is-ndr" in found
    )
