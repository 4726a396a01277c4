"""Gmail's mailboxes as they are kept: messages, labels, threads, and the history of every change."""

import secrets
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson

from adapters.sandbox import mime
from adapters.sandbox.clock import MovableClock
from adapters.sandbox.google.accounts import Accounts
from adapters.sandbox.google.behaviour import Switches
from adapters.sandbox.google.errors import not_found
from adapters.sandbox.google.gmail.threading import Letter, same_thread
from adapters.sandbox.store import Store

SCHEMA = """
create table if not exists gmail_messages (
  number integer primary key autoincrement, id text not null unique, account text not null, thread_id text not null,
  labels text not null, internal_date integer not null, history_id integer not null, size integer not null,
  snippet text not null, rfc822_id text not null, subject text not null, sender text not null,
  recipients text not null, searchable_at real not null
);
create index if not exists gmail_messages_by_date on gmail_messages (account, internal_date, number);
create index if not exists gmail_messages_by_thread on gmail_messages (account, thread_id);
create index if not exists gmail_messages_by_rfc822_id on gmail_messages (account, rfc822_id);
create table if not exists gmail_raw (message_id text primary key, raw blob not null);
create table if not exists gmail_labelled (
  account text not null, label text not null, message_id text not null, primary key (account, label, message_id)
) without rowid;
create index if not exists gmail_labelled_by_message on gmail_labelled (message_id);
create table if not exists gmail_labels (
  account text not null, id text not null, name text not null, primary key (account, id)
) without rowid;
create table if not exists gmail_drafts (
  id text primary key, account text not null, message_id text not null unique
);
create index if not exists gmail_drafts_by_account on gmail_drafts (account);
create table if not exists gmail_history (
  account text not null, id integer not null, kind text not null, message_id text not null, thread_id text not null,
  labels text not null, changed text not null, primary key (account, id)
) without rowid;
create table if not exists gmail_cursors (
  account text primary key, history_id integer not null, oldest integer not null
);
create table if not exists gmail_sends (account text not null, at real not null);
create index if not exists gmail_sends_by_account on gmail_sends (account, at);
"""


class Change(StrEnum):
    """The kinds of history, by the key that holds them in an answer."""

    ADDED = "messagesAdded"
    DELETED = "messagesDeleted"
    LABELLED = "labelsAdded"
    UNLABELLED = "labelsRemoved"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """`internal_date` is in milliseconds of sandbox time; `rfc822_id` is the Message-ID header with its brackets."""

    number: int
    id: str
    account: str
    thread_id: str
    labels: tuple[str, ...]
    internal_date: int
    history_id: int
    size: int
    snippet: str
    rfc822_id: str
    subject: str


class GmailMailboxes:
    def __init__(self, store: Store, clock: MovableClock, accounts: Accounts, switches: Switches) -> None:
        self._store, self._clock, self._accounts, self._switches = store, clock, accounts, switches
        self._last_id = 0

    # The port through which the post office brings mail.

    def holds(self, address: str) -> bool:
        return self._accounts.holder(address) is not None

    def receive(self, address: str, raw: bytes, beside: str | None = None) -> None:
        """Puts a mail into the inbox. A copy of what the account itself has sent is the same message, as at Gmail."""
        holder = self._accounts.holder(address)
        if holder is None:
            raise LookupError(address)
        headers = mime.headers(raw)
        own = self._by_rfc822_id(holder.address, mime.message_ids(headers, "Message-ID"))
        if own is not None and "SENT" in own.labels:
            self.relabel(own, ("INBOX", "UNREAD"), ())
            return
        forced = self.find(holder.address, beside) if beside else None
        thread = forced.thread_id if forced else self._thread_by_headers(holder.address, headers)
        self.add(holder.address, raw, ("INBOX", "UNREAD", "CATEGORY_PERSONAL"), thread)

    # Reading.

    def find(self, account: str, message_id: str) -> StoredMessage | None:
        row = self._store.row("select * from gmail_messages where id = ? and account = ?", message_id, account)
        return stored_message(row) if row else None

    def get(self, account: str, message_id: str) -> StoredMessage:
        found = self.find(account, message_id)
        if found is None:
            raise not_found()
        return found

    def raw(self, message: StoredMessage) -> bytes:
        found = self._store.row("select raw from gmail_raw where message_id = ?", message.id)
        return bytes(found["raw"]) if found else b""

    def thread(self, account: str, thread_id: str) -> list[StoredMessage]:
        """The messages of a thread, the oldest first; empty when there is no such thread."""
        rows = self._store.rows(
            "select * from gmail_messages where account = ? and thread_id = ? order by number", (account, thread_id)
        )
        return [stored_message(row) for row in rows]

    def letters(self, account: str, thread_id: str) -> list[Letter]:
        return [Letter(message.rfc822_id, message.subject) for message in self.thread(account, thread_id)]

    def history_id(self, account: str) -> int:
        found = self._store.row("select history_id from gmail_cursors where account = ?", account)
        return int(found["history_id"]) if found else self._next_history_id(account)

    # Changing.

    def add(self, account: str, raw: bytes, labels: Sequence[str], thread_id: str | None) -> StoredMessage:
        """Stores a message; without a thread it begins one of its own."""
        mail = mime.readable(raw)
        message_id = self._new_id()
        message = StoredMessage(
            0, message_id, account, thread_id or message_id, tuple(labels), self._now_milliseconds(),
            self._next_history_id(account), len(raw), mime.snippet(mail),
            next(iter(mime.message_ids(mail.headers, "Message-ID")), ""), mime.header(mail.headers, "Subject"),
        )  # fmt: skip
        self._insert(message, mail)
        self._store.insert("gmail_raw", message_id=message_id, raw=raw)
        self._label(message, labels)
        self._remember(message, message.history_id, Change.ADDED, ())
        return message

    def remove(self, message: StoredMessage) -> None:
        for table, column in (("gmail_messages", "id"), ("gmail_raw", "message_id"), ("gmail_labelled", "message_id")):
            self._store.run(f"delete from {table} where {column} = ?", message.id)  # noqa: S608
        self._remember(message, self._next_history_id(message.account), Change.DELETED, ())

    def relabel(self, message: StoredMessage, add: Iterable[str], remove: Iterable[str]) -> StoredMessage:
        """Adds and removes labels; each kind of change that is one becomes a line of history."""
        removed = tuple(label for label in dict.fromkeys(remove) if label in message.labels)
        added = tuple(label for label in dict.fromkeys(add) if label not in message.labels)
        for kind, changed in ((Change.LABELLED, added), (Change.UNLABELLED, removed)):
            if not changed:
                continue
            left = tuple(label for label in message.labels if label not in removed)
            labels = (*message.labels, *added) if kind is Change.LABELLED else left
            history_id = self._next_history_id(message.account)
            self._store.run(
                "update gmail_messages set labels = ?, history_id = ? where id = ?",
                _json(labels), history_id, message.id,
            )  # fmt: skip
            message = self.get(message.account, message.id)
            self._remember(message, history_id, kind, changed)
        self._label(message, added)
        for label in removed:
            self._store.run("delete from gmail_labelled where message_id = ? and label = ?", message.id, label)
        return message

    def expire_history(self, account: str) -> None:
        """Forgets all history so far, as Gmail does after a week and sometimes after hours."""
        current = self.history_id(account)
        self._store.run("delete from gmail_history where account = ?", account)
        self._store.run("update gmail_cursors set oldest = ? where account = ?", current + 1, account)
        self._next_history_id(account)

    # Details.

    def _insert(self, message: StoredMessage, mail: mime.ReadableMail) -> None:
        lag = self._switches.behaviour.search_lag_seconds
        self._store.insert(
            "gmail_messages", id=message.id, account=message.account, thread_id=message.thread_id,
            labels=_json(message.labels), internal_date=message.internal_date, history_id=message.history_id,
            size=message.size, snippet=message.snippet, rfc822_id=message.rfc822_id, subject=message.subject,
            sender=mime.header(mail.headers, "From").lower(),
            recipients=", ".join(value for name, value in mail.headers if name.lower() in ("to", "cc", "bcc")).lower(),
            searchable_at=self._clock.system().timestamp() + lag,
        )  # fmt: skip

    def _label(self, message: StoredMessage, labels: Iterable[str]) -> None:
        for label in labels:
            self._store.insert("gmail_labelled", account=message.account, label=label, message_id=message.id)

    def _remember(self, message: StoredMessage, history_id: int, kind: Change, changed: tuple[str, ...]) -> None:
        self._store.insert(
            "gmail_history", account=message.account, id=history_id, kind=kind.value, message_id=message.id,
            thread_id=message.thread_id, labels=_json(message.labels), changed=_json(changed),
        )  # fmt: skip

    def _by_rfc822_id(self, account: str, ids: Sequence[str]) -> StoredMessage | None:
        """The newest message that bears one of these Message-IDs."""
        if not ids:
            return None
        marks = ", ".join("?" * len(ids))
        rows = self._store.rows(
            f"select * from gmail_messages where account = ? and rfc822_id in ({marks}) order by number desc limit 1",  # noqa: S608
            (account, *ids),
        )
        return stored_message(rows[0]) if rows else None

    def _thread_by_headers(self, account: str, headers: mime.Headers) -> str | None:
        parent = self._by_rfc822_id(account, mime.message_ids(headers, "In-Reply-To", "References"))
        if parent is None:
            return None
        return parent.thread_id if same_thread(self.letters(account, parent.thread_id), headers) else None

    def _next_history_id(self, account: str) -> int:
        """Grows with every change, with gaps."""
        moved = self._store.run(
            "update gmail_cursors set history_id = history_id + ? where account = ?",
            1 + secrets.randbelow(30),
            account,
        )
        if moved:
            return self.history_id(account)
        first = 1000 + secrets.randbelow(9000)
        self._store.insert("gmail_cursors", account=account, history_id=first, oldest=first)
        return first

    def _new_id(self) -> str:
        """Sixteen hexadecimal digits that begin with the time, never the same twice."""
        self._last_id = max(self._last_id + 1, time.time_ns() // 1_000_000 << 20 | secrets.randbits(20))
        return f"{self._last_id:016x}"

    def _now_milliseconds(self) -> int:
        return int(self._clock.now().timestamp() * 1000)


def _json(labels: Sequence[str]) -> str:
    return orjson.dumps(list(labels)).decode()


def stored_message(row: sqlite3.Row) -> StoredMessage:
    return StoredMessage(
        row["number"], row["id"], row["account"], row["thread_id"], tuple(orjson.loads(row["labels"])),
        row["internal_date"], row["history_id"], row["size"], row["snippet"], row["rfc822_id"], row["subject"],
    )  # fmt: skip
