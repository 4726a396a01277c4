"""Handing mail over: what Gmail checks and what it changes on the way."""

import secrets
from email.header import Header
from email.utils import format_datetime, formataddr, parsedate_to_datetime

from adapters.sandbox import mime
from adapters.sandbox.google.accounts import Account
from adapters.sandbox.google.errors import invalid, not_found
from adapters.sandbox.google.gmail.call import Call
from adapters.sandbox.google.gmail.mailbox import StoredMessage
from adapters.sandbox.google.gmail.threading import same_thread
from adapters.sandbox.prospects.inboxes import Posting

MOST_BYTES = 36_700_160
MOST_RECIPIENTS = 500


def thread_for(call: Call, thread_id: object, raw: bytes) -> str | None:
    """The thread that the caller asked for if headers and subject allow it, else None; 404 when it does not exist."""
    if not thread_id:
        return None
    if not isinstance(thread_id, str):
        raise invalid("Invalid thread_id value")
    letters = call.google.mailboxes.letters(call.account, thread_id)
    if not letters:
        raise not_found()
    return thread_id if same_thread(letters, mime.headers(raw)) else None


def send(call: Call, raw: bytes, thread_id: str | None) -> StoredMessage:
    """Stores the sent copy and delivers; one transaction with whatever the caller does around it."""
    headers = mime.headers(raw)
    recipients = checked_recipients(headers)
    call.google.quota.send(call.account)
    ready = _as_gmail_sends(call, raw, headers)
    message = call.google.mailboxes.add(call.account, ready, ("SENT",), thread_id)
    outgoing = mime.with_headers(ready, {}, frozenset({"bcc"}))
    call.world.post_office.deliver(Posting("google", call.account, message.id, outgoing, tuple(recipients)))
    return call.google.mailboxes.get(call.account, message.id)


def checked_size(raw: bytes) -> bytes:
    if len(raw) > MOST_BYTES:
        raise invalid(f"Message too large: {len(raw)} bytes, at most {MOST_BYTES}")
    return raw


def checked_recipients(headers: mime.Headers) -> list[str]:
    recipients = mime.addresses(headers, "To", "Cc", "Bcc")
    if not recipients:
        raise invalid("Recipient address required")
    for address in recipients:
        local, _, domain = address.rpartition("@")
        if not local or "." not in domain or any(char.isspace() for char in address):
            raise invalid("Invalid To header")
    if len(recipients) > MOST_RECIPIENTS:
        raise invalid("Too many recipients")
    return recipients


def _as_gmail_sends(call: Call, raw: bytes, headers: mime.Headers) -> bytes:
    """A Message-ID of Gmail's own, a sender that belongs to the account, a date; nothing else is touched."""
    account = call.google.accounts.get(call.account)
    replaced: dict[str, str] = {}
    if not (call.google.switches.behaviour.keep_message_id and mime.message_ids(headers, "Message-ID")):
        replaced["Message-ID"] = f"<CA{secrets.token_urlsafe(36)}@mail.gmail.com>"
    if mime.bare_address(mime.header(headers, "From")) not in account.senders:
        replaced["From"] = _own_sender(account)
    if not _is_date(mime.header(headers, "Date")):
        replaced["Date"] = format_datetime(call.world.clock.now())
    return mime.with_headers(raw, replaced)


def _own_sender(account: Account) -> str:
    name = account.name if account.name.isascii() else Header(account.name, "utf-8").encode()
    return formataddr((name, account.address))


def _is_date(value: str) -> bool:
    try:
        parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return False
    return True
