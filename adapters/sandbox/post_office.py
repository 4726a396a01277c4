"""Carries mail between the stand-ins' mailboxes and the prospects."""

import secrets
from collections.abc import Mapping
from typing import Protocol

from adapters.sandbox import mime
from adapters.sandbox.clock import MovableClock
from adapters.sandbox.prospects.inboxes import Delivery, Inboxes, Posting
from adapters.sandbox.store import Store


class Mailboxes(Protocol):
    """The mailboxes of one provider."""

    def holds(self, address: str) -> bool: ...

    def receive(self, address: str, raw: bytes, beside: str | None = None) -> None:
        """Puts a mail into the inbox of an address; `beside` forces it into the thread of that message."""


class NoMailboxError(LookupError):
    """The sender of a mail has no mailbox in which an answer could arrive."""


class PostOffice:
    def __init__(self, store: Store, clock: MovableClock, inboxes: Inboxes, providers: Mapping[str, Mailboxes]) -> None:
        self._store, self._clock, self._inboxes, self._providers = store, clock, inboxes, providers

    def deliver(self, posting: Posting) -> None:
        """Puts a mail into each recipient's inbox, and into the mailbox of whoever has one here."""
        mail, now = mime.readable(posting.raw), self._clock.now()
        for recipient in posting.recipients:
            self._inboxes.add(posting, mail, now, secrets.token_hex(10), recipient)
            for mailboxes in self._providers.values():
                if mailboxes.holds(recipient):
                    mailboxes.receive(recipient, posting.raw)

    def answer(self, delivery: Delivery, raw: bytes) -> str:
        """Brings a prospect's mail to the address that asked for answers, and tells which."""
        address = mime.bare_address(delivery.header("Reply-To") or delivery.sender)
        holders = [mailboxes for mailboxes in self._providers.values() if mailboxes.holds(address)]
        if not holders:
            raise NoMailboxError(f"no mailbox of the sandbox belongs to {address}")
        with self._store.transaction():
            for mailboxes in holders:
                mailboxes.receive(address, raw)
        return address

    def return_to_sender(self, delivery: Delivery, raw: bytes) -> str:
        """Brings a mail server's notice into the mailbox and thread that the mail was sent from."""
        mailboxes = self._providers.get(delivery.provider)
        if mailboxes is None or not mailboxes.holds(delivery.account):
            raise NoMailboxError(f"{delivery.account} has no mailbox in the sandbox")
        with self._store.transaction():
            mailboxes.receive(delivery.account, raw, delivery.reference)
        return delivery.account
