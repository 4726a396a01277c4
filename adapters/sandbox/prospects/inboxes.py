"""The prospects' inboxes: every mail that a stand-in delivered, one entry for each recipient.

They are the judge of "once, not twice".
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.sandbox import mime
from adapters.sandbox.mime import Headers
from adapters.sandbox.store import Store

SCHEMA = """
create table if not exists deliveries (
  number integer primary key autoincrement,
  id text not null unique,
  provider text not null,
  account text not null,
  reference text not null,
  recipient text not null,
  sender text not null,
  addressed_to text not null,
  subject text not null,
  message_id text not null,
  headers text not null,
  text text not null,
  html text not null,
  at text not null
);
create index if not exists deliveries_by_recipient on deliveries (recipient, number);
"""


@dataclass(frozen=True, slots=True)
class Posting:
    """A mail on its way: who hands it in, under which id of the sender's mailbox, and whom it is for."""

    provider: str
    account: str
    reference: str
    raw: bytes
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail in a prospect's inbox. `account` and `reference` lead back into the sender's mailbox at `provider`."""

    number: int
    id: str
    provider: str
    account: str
    reference: str
    recipient: str
    sender: str
    addressed_to: str
    subject: str
    message_id: str
    headers: Headers
    text: str
    html: str
    at: datetime

    def header(self, name: str) -> str:
        return mime.header(self.headers, name)

    def described(self) -> dict[str, Any]:
        """The delivery as the control routes tell it; a header that is there twice is joined by a comma."""
        headers: dict[str, str] = {}
        for name, value in self.headers:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return {
            "id": self.id,
            "from": self.sender,
            "to": self.addressed_to,
            "recipient": self.recipient,
            "subject": self.subject,
            "message_id": self.message_id,
            "headers": headers,
            "text": self.text,
            "html": self.html,
            "at": self.at,
            "provider": self.provider,
            "account": self.account,
        }


class Inboxes:
    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, posting: Posting, mail: mime.ReadableMail, at: datetime, new_id: str, recipient: str) -> None:
        self._store.insert(
            "deliveries",
            id=new_id,
            provider=posting.provider,
            account=posting.account,
            reference=posting.reference,
            recipient=recipient,
            sender=mime.header(mail.headers, "From"),
            addressed_to=mime.header(mail.headers, "To"),
            subject=mime.header(mail.headers, "Subject"),
            message_id=mime.header(mail.headers, "Message-ID"),
            headers=orjson.dumps(mail.headers).decode(),
            text=mail.text,
            html=mail.html,
            at=at.astimezone(UTC).isoformat(),
        )

    def find(self, delivery_id: str) -> Delivery | None:
        found = self._store.row("select * from deliveries where id = ?", delivery_id)
        return _delivery(found) if found else None

    def page(self, recipient: str | None, limit: int, before: int | None) -> list[Delivery]:
        """The newest first; `before` is the number of the last one seen."""
        conditions, values = ["1 = 1"], list[object]()
        if recipient is not None:
            conditions.append("recipient = ?")
            values.append(recipient.strip().lower())
        if before is not None:
            conditions.append("number < ?")
            values.append(before)
        where = " and ".join(conditions)
        sql = f"select * from deliveries where {where} order by number desc limit ?"  # noqa: S608
        return [_delivery(row) for row in self._store.rows(sql, (*values, limit))]

    def count(self, recipient: str | None) -> int:
        where, values = ("where recipient = ?", (recipient.strip().lower(),)) if recipient is not None else ("", ())
        return int(self._store.rows(f"select count(*) from deliveries {where}", values)[0][0])  # noqa: S608

    def recipients(self, limit: int) -> list[dict[str, Any]]:
        """Who has mail: the address, how many, and when the last came; the newest first."""
        sql = (
            "select recipient, count(*) as count, max(at) as last_at from deliveries"
            " group by recipient order by max(number) desc limit ?"
        )
        return [dict(row) for row in self._store.rows(sql, (limit,))]


def _delivery(row: sqlite3.Row) -> Delivery:
    stored = dict(row)
    stored["headers"] = [(name, value) for name, value in orjson.loads(stored["headers"])]
    stored["at"] = datetime.fromisoformat(stored["at"])
    return Delivery(**stored)
