"""Turns lived-through journeys into rows, to be inserted by the table."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert

from adapters.demo.history import Journey, SentEmail
from adapters.postgres.connection import Transaction
from adapters.postgres.tables import activities, email_links, emails, enrollments, step_runs, tracking_hits
from domain.emails.composition import write_body
from domain.emails.hits import RULE_VERSION
from domain.emails.templates import TemplateKind, compile_template
from domain.shared.ids import Ids

Row = dict[str, Any]
HITS = {"email_opened": "open", "email_clicked": "click"}


@dataclass(frozen=True, slots=True)
class SampleContact:
    """A stored contact with what templates need."""

    id: UUID
    email: str
    values: Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class StoredStep:
    """A stored step and its one variant."""

    id: UUID
    variant_id: UUID
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What all rows of one Salesflow have in common."""

    organization_id: UUID
    user_id: UUID
    mailbox_id: UUID
    sender_address: str
    salesflow_id: UUID
    steps: tuple[StoredStep, ...]


@dataclass(slots=True)
class Records:
    """Rows by table, in the order in which foreign keys want them."""

    ids: Ids
    rows: dict[Table, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, setting: Setting, contact: SampleContact, journey: Journey) -> None:
        """One person's journey: enrollment, step runs, emails, links, activities."""
        enrollment_id = self.ids.new()
        self.rows[enrollments].append(_enrollment(setting, contact, journey, enrollment_id))
        self._happened(setting, contact, enrollment_id, "salesflow_started", journey.started_at)
        for sent in journey.emails:
            self._email(setting, contact, enrollment_id, sent)
        if journey.finished_at and journey.reason:
            self._happened(
                setting, contact, enrollment_id, "salesflow_finished", journey.finished_at, reason=journey.reason
            )

    async def write(self, transaction: Transaction) -> None:
        """Inserts everything."""
        for table in (enrollments, step_runs, emails, email_links, tracking_hits, activities):
            if self.rows[table]:
                await transaction.execute(insert(table), self.rows[table])

    def _email(self, setting: Setting, contact: SampleContact, enrollment_id: UUID, sent: SentEmail) -> None:
        step = setting.steps[sent.position - 1]
        run_id, email_id = self.ids.new(), self.ids.new()
        self.rows[step_runs].append(
            {
                "organization_id": setting.organization_id,
                "id": run_id,
                "enrollment_id": enrollment_id,
                "step_id": step.id,
                "position": sent.position,
                "state": "done",
                "started_at": sent.sent_at,
                "done_at": sent.sent_at,
            }
        )
        body = write_body(compile_template(step.body, TemplateKind.BODY).render(contact.values))
        subject = self._subject(setting, contact, sent.position)
        self.rows[emails].append(
            {
                **_email(setting, contact, enrollment_id, step, sent),
                "id": email_id,
                "step_run_id": run_id,
                "send_key": f"{enrollment_id.hex}:{sent.position}",
                "subject": subject,
                "html": body.html,
                "body": body.text,
                "message_id": f"<{email_id.hex}@demo.example>",
            }
        )
        links = [(link.url, link.text) for link in body.links]
        for position, (url, text) in enumerate(links):
            row = {"email_id": email_id, "position": position, "url": url, "text": text}
            self.rows[email_links].append({"organization_id": setting.organization_id, **row})
        self._answers(setting, contact, enrollment_id, email_id, sent, links)

    def _subject(self, setting: Setting, contact: SampleContact, position: int) -> str:
        own = setting.steps[position - 1].subject
        template = own or setting.steps[0].subject
        rendered = compile_template(template, TemplateKind.SUBJECT).render(contact.values)
        return rendered if own else f"Re: {rendered}"

    def _answers(
        self,
        setting: Setting,
        contact: SampleContact,
        enrollment_id: UUID,
        email_id: UUID,
        sent: SentEmail,
        links: list[tuple[str, str]],
    ) -> None:
        for kind, at, detail in _events(sent, links):
            self._happened(setting, contact, enrollment_id, kind, at, email_id, **detail)
            if kind in HITS and "by" in detail:
                self.rows[tracking_hits].append(self._hit(setting, email_id, HITS[kind], at))

    def _hit(self, setting: Setting, email_id: UUID, kind: str, at: datetime) -> Row:
        return {
            "organization_id": setting.organization_id,
            "id": self.ids.new(),
            "email_id": email_id,
            "kind": kind,
            "link_position": 0 if kind == "click" else None,
            "at": at,
            "method": "GET",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "address": "192.0.2.0",
            "prefetch": False,
            "actor": "person",
            "reasons": [],
            "rule_version": RULE_VERSION,
            "classified_at": at,
        }

    def _happened(
        self,
        setting: Setting,
        contact: SampleContact,
        enrollment_id: UUID,
        kind: str,
        at: datetime,
        email_id: UUID | None = None,
        **detail: str | None,
    ) -> None:
        self.rows[activities].append(
            {
                "organization_id": setting.organization_id,
                "id": self.ids.new(),
                "at": at,
                "type": kind,
                "contact_id": contact.id,
                "user_id": setting.user_id,
                "salesflow_id": setting.salesflow_id,
                "enrollment_id": enrollment_id,
                "email_id": email_id,
                "detail": detail,
            }
        )


def _events(sent: SentEmail, links: list[tuple[str, str]]) -> Iterator[tuple[str, datetime, dict[str, str | None]]]:
    yield "email_sent", sent.sent_at, {}
    if sent.bounced_at:
        yield "email_failed", sent.bounced_at, {"bounce": "hard", "code": "5.1.1", "reason": "No such mailbox"}
    for at in sent.opened:
        yield "email_opened", at, {"by": "person"}
    if sent.clicked_at and links:
        yield "email_clicked", sent.clicked_at, {"url": links[0][0], "link_text": links[0][1], "by": "person"}
    if sent.replied_at:
        yield "email_replied", sent.replied_at, {"text": sent.reply}
    if sent.unsubscribed_at:
        yield "contact_unsubscribed", sent.unsubscribed_at, {"source": "page"}


def _enrollment(setting: Setting, contact: SampleContact, journey: Journey, enrollment_id: UUID) -> Row:
    return {
        "organization_id": setting.organization_id,
        "id": enrollment_id,
        "salesflow_id": setting.salesflow_id,
        "revision": 1,
        "contact_id": contact.id,
        "user_id": setting.user_id,
        "started_by": setting.user_id,
        "state": journey.state,
        "reason": journey.reason,
        "position": journey.position,
        "due_at": journey.due_at,
        "started_at": journey.started_at,
        "finished_at": journey.finished_at,
    }


def _email(setting: Setting, contact: SampleContact, enrollment_id: UUID, step: StoredStep, sent: SentEmail) -> Row:
    return {
        "organization_id": setting.organization_id,
        "mailbox_id": setting.mailbox_id,
        "user_id": setting.user_id,
        "contact_id": contact.id,
        "salesflow_id": setting.salesflow_id,
        "enrollment_id": enrollment_id,
        "step_id": step.id,
        "variant_id": step.variant_id,
        "state": "sent",
        "due_at": sent.sent_at,
        "fence": 0,
        "checks": 0,
        "to_address": contact.email,
        "from_address": setting.sender_address,
        "sending_at": sent.sent_at,
        "sent_at": sent.sent_at,
        "reference_ids": [],
        "first_opened_at": sent.opened[0] if sent.opened else None,
        "last_opened_at": sent.opened[-1] if sent.opened else None,
        "first_clicked_at": sent.clicked_at,
        "replied_at": sent.replied_at,
        "bounced_at": sent.bounced_at,
        "unsubscribed_at": sent.unsubscribed_at,
        "created_at": sent.sent_at,
    }
