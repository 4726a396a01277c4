"""Emails on their way: what is due, what may be changed from which state, and what an email is written from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.connection import Transaction
from adapters.postgres.email_rows import WITHOUT_CONTENT, outgoing_email, send_key_in, sent_message
from adapters.postgres.left_behind import MOVED, STRANDED
from adapters.postgres.materials import materials_of
from adapters.postgres.tables import email_links, emails, tracking_hits
from domain.emails.model import (
    COUNTED,
    STOPPABLE,
    Content,
    EmailMark,
    EmailRecord,
    EmailState,
    Material,
    OutgoingEmail,
)
from domain.emails.threading import Clues, SentMessage
from domain.providers.mailbox import Draft
from domain.providers.mailbox import SentMessage as Accepted
from domain.shared.errors import NotFound
from domain.shared.ids import (
    ContactId,
    EmailId,
    EnrollmentId,
    MailboxId,
    UserId,
)

UNSENT = [state.value for state in STOPPABLE]
IN_DOUBT = [EmailState.SENDING.value, EmailState.UNKNOWN.value]


class PostgresEmails:
    """Implements domain.emails.ports.EmailStore."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    # What there is.

    async def get(self, email_id: EmailId) -> OutgoingEmail:
        found = await self._some(emails.c.id == email_id)
        if not found:
            raise NotFound("email")
        return found[0]

    async def lock(self, email_id: EmailId) -> OutgoingEmail:
        query = select(*WITHOUT_CONTENT).where(emails.c.id == email_id).with_for_update(key_share=True)
        row = (await self._transaction.execute(query)).one_or_none()
        if row is None:
            raise NotFound("email")
        return outgoing_email(row)

    async def many(self, email_ids: Sequence[EmailId]) -> Sequence[OutgoingEmail]:
        return await self._some(emails.c.id.in_(email_ids), order=emails.c.due_at)

    async def record(self, email_id: EmailId) -> EmailRecord:
        row = (await self._transaction.execute(select(emails).where(emails.c.id == email_id))).one_or_none()
        if row is None:
            raise NotFound("email")
        people = (
            select(tracking_hits.c.kind, func.count().label("times"))
            .where(tracking_hits.c.email_id == email_id, tracking_hits.c.actor.in_(("person", "proxy")))
            .group_by(tracking_hits.c.kind)
        )
        counts: dict[str, int] = {row.kind: row.times for row in (await self._transaction.execute(people)).all()}
        return EmailRecord(
            id=EmailId(row.id),
            user_id=UserId(row.user_id),
            contact_id=ContactId(row.contact_id),
            state=EmailState(row.state),
            subject=row.subject,
            html=row.html,
            text=row.body,
            from_address=row.from_address,
            to_address=row.to_address,
            sent_at=row.sent_at,
            opens=counts.get("open", 0),
            clicks=counts.get("click", 0),
            error=row.error,
        )

    async def due(self, mailbox_id: MailboxId, now: datetime, limit: int) -> Sequence[OutgoingEmail]:
        return await self._some(
            emails.c.mailbox_id == mailbox_id,
            emails.c.state.in_(UNSENT),
            emails.c.due_at <= now,
            order=emails.c.due_at,
            limit=limit,
        )

    async def unsettled(self, mailbox_id: MailboxId, limit: int) -> Sequence[OutgoingEmail]:
        return await self._some(
            emails.c.mailbox_id == mailbox_id,
            emails.c.state.in_(IN_DOUBT),
            emails.c.next_check_at <= func.clock_timestamp(),
            order=emails.c.next_check_at,
            limit=limit,
        )

    async def left_drafts(self, mailbox_id: MailboxId, limit: int) -> Sequence[OutgoingEmail]:
        return await self._some(
            emails.c.mailbox_id == mailbox_id,
            emails.c.state.in_(("cancelled", "failed")),
            emails.c.draft_id.is_not(None),
            order=emails.c.id,
            limit=limit,
        )

    async def undrafted(self, mailbox_id: MailboxId, since: datetime, limit: int) -> Sequence[OutgoingEmail]:
        stopped = emails.c.state.in_(("cancelled", "failed")) & (emails.c.due_at > since)
        return await self._some(
            emails.c.mailbox_id == mailbox_id,
            or_(emails.c.state == EmailState.READY.value, stopped),
            emails.c.draft_id.is_(None),
            emails.c.from_address.is_not(None),
            order=emails.c.due_at.desc(),
            limit=limit,
        )

    async def written(self, email_ids: Sequence[EmailId]) -> set[EmailId]:
        query = select(emails.c.id).where(emails.c.id.in_(email_ids), emails.c.mime.is_not(None))
        return {EmailId(row.id) for row in (await self._transaction.execute(query)).all()}

    async def materials(self, email_ids: Sequence[EmailId]) -> Mapping[EmailId, Material]:
        return await materials_of(self._transaction, await self._some(emails.c.id.in_(email_ids)))

    async def mime(self, email_id: EmailId) -> bytes:
        found = (await self._transaction.execute(select(emails.c.mime).where(emails.c.id == email_id))).scalar()
        if found is None:
            raise NotFound("email")
        return bytes(found)

    async def follows_up(self, email: OutgoingEmail) -> bool:
        if email.enrollment_id is None:
            return False
        earlier = select(emails.c.id).where(
            emails.c.enrollment_id == email.enrollment_id,
            emails.c.id != email.id,
            emails.c.state.in_([state.value for state in COUNTED]),
        )
        return (await self._transaction.execute(earlier.limit(1))).first() is not None

    async def count_since(self, mailbox_id: MailboxId, since: datetime) -> int:
        counted = select(func.count()).where(
            emails.c.mailbox_id == mailbox_id,
            emails.c.sending_at > since,
            emails.c.state.in_([state.value for state in COUNTED]),
        )
        return int((await self._transaction.execute(counted)).scalar_one())

    async def candidates(self, mailbox_id: MailboxId, clues: Clues) -> Sequence[SentMessage]:
        ids = list(clues.message_ids)
        by = [
            emails.c.message_id.in_(ids),
            emails.c.send_key.in_([key for key in map(send_key_in, ids) if key]),
            (emails.c.thread_id == clues.thread_id) if clues.thread_id else text("false"),
            (emails.c.to_address == clues.address) & (emails.c.sending_at > clues.at - clues.within),
        ]
        # What is unknown may have left as well, and its answer is the proof.
        query = select(*WITHOUT_CONTENT).where(
            emails.c.mailbox_id == mailbox_id, emails.c.sending_at.is_not(None), or_(*by)
        )
        rows = (await self._transaction.execute(query.order_by(emails.c.sending_at.desc()).limit(200))).all()
        return [sent_message(row) for row in rows]

    # Changes.

    async def fix_content(self, email: OutgoingEmail, content: Content) -> None:
        fixed = await self._changed_one(
            email,
            emails.c.state == EmailState.READY.value,
            emails.c.mime.is_(None),
            subject=content.subject,
            html=content.html,
            body=content.text,
            mime=content.mime,
            to_address=content.to_address,
            from_address=content.from_address,
            thread_id=content.thread_id,
            reference_ids=list(content.references),
        )
        if fixed and content.links:
            rows = [
                {
                    "organization_id": email.organization_id,
                    "email_id": email.id,
                    "position": position,
                    "url": url,
                    "text": shown,
                }
                for position, (url, shown) in enumerate(content.links)
            ]
            # Written anew for another mailbox: none of the old addresses has left.
            added = insert(email_links)
            replaced = {"url": added.excluded.url, "text": added.excluded.text}
            key = ["organization_id", "email_id", "position"]
            await self._transaction.execute(added.on_conflict_do_update(index_elements=key, set_=replaced), rows)

    async def unwritten(self, email: OutgoingEmail) -> bool:
        return await self._changed_one(
            email,
            emails.c.state.in_(UNSENT),
            state=EmailState.READY.value,
            draft_id=None,
            subject=None,
            html=None,
            body=None,
            mime=None,
            to_address=None,
            from_address=None,
            thread_id=None,
            reference_ids=[],
        )

    async def drafted(self, email: OutgoingEmail, draft: Draft) -> bool:
        return await self._changed_one(
            email,
            emails.c.state == EmailState.READY.value,
            emails.c.draft_id.is_(None),
            state=EmailState.DRAFTED.value,
            draft_id=draft.id,
            thread_id=draft.thread_id,
        )

    async def draft_gone(self, email_id: EmailId, draft_id: str) -> None:
        await self._changed(emails.c.id == email_id, emails.c.draft_id == draft_id, draft_id=None)

    async def sending(self, email: OutgoingEmail, fence: int, cursor: str | None, at: datetime, grace: float) -> bool:
        return await self._changed_one(
            email,
            emails.c.state == EmailState.DRAFTED.value,
            emails.c.draft_id == email.draft_id,
            state=EmailState.SENDING.value,
            fence=fence,
            cursor_before=cursor,
            sending_at=at,
            checks=0,
            next_check_at=_in(grace),
        )

    async def sending_again(self, email: OutgoingEmail, fence: int, grace: float) -> bool:
        return await self._changed_one(
            email,
            emails.c.state.in_(IN_DOUBT),
            emails.c.draft_id == email.draft_id,
            state=EmailState.SENDING.value,
            fence=fence,
            next_check_at=_in(grace),
        )

    async def refused(self, email: OutgoingEmail) -> bool:
        return await self._changed_one(
            email,
            emails.c.state.in_(IN_DOUBT),
            state=EmailState.DRAFTED.value,
            sending_at=None,
            next_check_at=None,
        )

    async def withdrawn(self, email: OutgoingEmail) -> bool:
        return await self._changed_one(
            email,
            emails.c.state.in_(IN_DOUBT),
            emails.c.draft_id.is_not_distinct_from(email.draft_id),
            state=EmailState.READY.value,
            draft_id=None,
            # A thread of its own went with its draft.
            thread_id=email.thread_id if email.references else None,
            sending_at=None,
            next_check_at=None,
            error=None,
        )

    async def unknown(self, email: OutgoingEmail, error: str, seconds: float) -> bool:
        return await self._changed_one(
            email,
            emails.c.state.in_(IN_DOUBT),
            state=EmailState.UNKNOWN.value,
            error=error,
            next_check_at=_in(seconds),
        )

    async def looked_up(self, email: OutgoingEmail, error: str, seconds: float) -> bool:
        return await self._changed_one(
            email,
            emails.c.state.in_(IN_DOUBT),
            state=EmailState.UNKNOWN.value,
            error=error,
            checks=email.checks + 1,
            next_check_at=_in(seconds),
        )

    async def needs_human(self, email: OutgoingEmail, error: str) -> bool:
        return await self._changed_one(
            email,
            emails.c.state.in_(IN_DOUBT),
            state=EmailState.NEEDS_HUMAN.value,
            error=error,
            next_check_at=None,
        )

    async def sent(self, email: OutgoingEmail, accepted: Accepted, at: datetime) -> bool:
        return await self._changed(
            emails.c.id == email.id,
            emails.c.state != EmailState.SENT.value,
            state=EmailState.SENT.value,
            sent_at=at,
            provider_message_id=accepted.id,
            thread_id=accepted.thread_id,
            message_id=accepted.message_id,
            draft_id=None,
            error=None,
            next_check_at=None,
        )

    async def said_to_be_sent(self, email: OutgoingEmail, at: datetime) -> bool:
        waiting = emails.c.state == EmailState.NEEDS_HUMAN.value
        return await self._changed_one(
            email, waiting, state=EmailState.SENT.value, sent_at=at, draft_id=None, error=None
        )

    async def said_not_to_be_sent(self, email: OutgoingEmail, error: str) -> bool:
        waiting = emails.c.state == EmailState.NEEDS_HUMAN.value
        return await self._changed_one(email, waiting, state=EmailState.FAILED.value, error=error)

    async def names_message(self, email_id: EmailId, message_id: str) -> None:
        await self._changed(emails.c.id == email_id, emails.c.message_id.is_(None), message_id=message_id)

    async def postponed(self, email: OutgoingEmail, until: datetime) -> bool:
        return await self._changed_one(email, emails.c.state.in_(UNSENT), due_at=until)

    async def settled(self, email: OutgoingEmail, state: EmailState, error: str | None) -> bool:
        return await self._changed_one(
            email,
            emails.c.state.in_([*UNSENT, *IN_DOUBT]),
            state=state.value,
            error=error,
            next_check_at=None,
        )

    async def cancel_unsent(self, enrollment_ids: Sequence[EnrollmentId], reason: str) -> int:
        statement = update(emails).where(emails.c.enrollment_id.in_(enrollment_ids), emails.c.state.in_(UNSENT))
        done = await self._transaction.execute(statement.values(state=EmailState.CANCELLED.value, error=reason))
        return int(done.rowcount)

    async def mark(self, email_id: EmailId, mark: EmailMark, at: datetime) -> None:
        await self._changed(emails.c.id == email_id, emails.c[mark.value].is_(None), **{mark.value: at})

    # For units across organizations.

    async def move_to_current_mailboxes(self) -> int:
        """Emails that wait in a mailbox which its user has exchanged for another go to that one, to be written anew."""
        return len(await self._transaction.fetch(MOVED))

    async def hand_over_stranded(self, error: str) -> int:
        """What is uncertain in a disconnected mailbox can be looked up no more, except by its user."""
        return len(await self._transaction.fetch(STRANDED, error=error))

    async def _some(
        self, *conditions: ColumnElement[bool], order: ColumnElement[Any] = emails.c.id, limit: int | None = None
    ) -> Sequence[OutgoingEmail]:
        query = select(*WITHOUT_CONTENT).where(*conditions).order_by(order, emails.c.id).limit(limit)
        return [outgoing_email(row) for row in (await self._transaction.execute(query)).all()]

    async def _changed_one(self, email: OutgoingEmail, *conditions: ColumnElement[bool], **values: object) -> bool:
        """An email that has gone to another mailbox meanwhile is that one's: it stays as it is."""
        ours = emails.c.mailbox_id == email.mailbox_id
        return await self._changed(emails.c.id == email.id, ours, *conditions, **values)

    async def _changed(self, *conditions: ColumnElement[bool], **values: object) -> bool:
        statement = update(emails).where(*conditions).values(**values)
        return (await self._transaction.execute(statement)).rowcount == 1


def _in(seconds: float) -> ColumnElement[datetime]:
    return func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
