"""Reads mailboxes: what answers an email of ours is recorded once, with everything that follows from it.

Other people's mail is none of our business: of a message that answers nothing of ours no trace is kept.
"""

import asyncio
from datetime import timedelta

import structlog

from domain.connections.model import Mailbox, MailboxState
from domain.emails.answering import Answering
from domain.emails.headers import message_ids
from domain.emails.inbound import ReceivedMessage, read_message
from domain.emails.message_parts import addresses
from domain.emails.ports import EmailsUnit, MailAccess
from domain.emails.threading import Clues, Match, believed_ids, match_sent
from domain.providers.mailbox import Changes, MessageHeaders, NewMessage, ProviderMailbox
from domain.shared.clock import Clock
from domain.shared.errors import ProviderAccessLost, ProviderError, ProviderNotFound, ProviderThrottled
from domain.shared.ids import MailboxId, OrganizationId
from domain.shared.units import Units

log = structlog.get_logger(__name__)

# How far back is read when the provider has forgotten the cursor: a day more than needed, at most a month.
OVERLAP = timedelta(days=1)
LONGEST_GAP = timedelta(days=30)
BOUNCES_WITHIN = timedelta(days=7)
MAIL_SERVERS = ("mailer-daemon@", "mail-daemon@", "postmaster@", "mdaemon@", "microsoftexchange")
FIRST_PATIENCE = timedelta(minutes=1)


class Intake:
    """Reads one mailbox at a time; any number may run."""

    def __init__(self, units: Units[EmailsUnit], access: MailAccess, answering: Answering, clock: Clock) -> None:
        self._units = units
        self._access = access
        self._answering = answering
        self._clock = clock
        self._under_way: dict[MailboxId, asyncio.Lock] = {}

    async def read_by_id(self, organization_id: OrganizationId, mailbox_id: MailboxId) -> bool:
        """As `read`, for bells."""
        async with self._units.of(organization_id) as unit:
            mailbox = await unit.mailboxes.get(mailbox_id)
        return mailbox.state is MailboxState.CONNECTED and await self.read(mailbox)

    async def read(self, mailbox: Mailbox) -> bool:
        """Reads what is new. True when everything up to now was read; False when the provider would not let us.

        May be repeated and run twice at once: each message counts once, and the cursor moves only over what was read.
        """
        try:
            await self._read(mailbox, self._access.open(mailbox))
        except ProviderAccessLost as lost:
            await self._access.lost(mailbox.organization_id, mailbox.connection_id, lost.code)
            return False
        except ProviderThrottled as patience:
            until = patience.retry_at or self._clock.system() + FIRST_PATIENCE
            async with self._units.of(mailbox.organization_id) as unit:
                await unit.mailboxes.read_later(mailbox.id, until)
            return False
        except ProviderError as failure:
            log.info("reading_waits", mailbox_id=str(mailbox.id), code=failure.code)
            return False
        return True

    async def _read(self, mailbox: Mailbox, provider: ProviderMailbox) -> None:
        began = self._clock.system()
        changes = await self._changes(mailbox, provider)
        new = [message for message in changes.messages if not message.is_own]
        async with self._units.of(mailbox.organization_id) as unit:
            known = await unit.inbound.known(mailbox.id, [message.id for message in new]) if new else set()
        for message in new:
            if message.id not in known:
                await self._take(mailbox, provider, message)
        async with self._units.of(mailbox.organization_id) as unit:
            await unit.mailboxes.was_read(mailbox.id, mailbox.history_cursor, changes.cursor, began)

    async def _changes(self, mailbox: Mailbox, provider: ProviderMailbox) -> Changes:
        if mailbox.history_cursor is None:
            return Changes((), (await provider.profile()).cursor)
        changes = await provider.changes_since(mailbox.history_cursor)
        if not changes.expired:
            return changes
        now = self._clock.system()
        since = max(now - LONGEST_GAP, (mailbox.synced_at or now - LONGEST_GAP) - OVERLAP)
        log.info("cursor_expired", mailbox_id=str(mailbox.id))
        return Changes(await provider.recent(since), changes.cursor)

    async def _take(self, mailbox: Mailbox, provider: ProviderMailbox, message: NewMessage) -> None:
        """Its headers tell whether it may concern us; only then is it read as a whole."""
        try:
            headers = await provider.message_headers(message.id)
            if headers.is_own or not await self._concerns_us(mailbox, headers):
                return
            received = read_message(await provider.raw_message(message.id))
        except ProviderNotFound:
            return
        match = await self._match(mailbox, _clues(headers, received))
        if match:
            await self._answering.record(mailbox, headers, received, match)

    async def _concerns_us(self, mailbox: Mailbox, headers: MessageHeaders) -> bool:
        return _from_mail_server(headers) or await self._match(mailbox, _first_clues(headers)) is not None

    async def _match(self, mailbox: Mailbox, clues: Clues) -> Match | None:
        async with self._units.of(mailbox.organization_id) as unit:
            sent = await unit.emails.candidates(mailbox.id, clues)
        return match_sent(clues, sent, [mailbox.address])


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
