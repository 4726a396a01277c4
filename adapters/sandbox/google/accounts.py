"""The accounts at the stand-in of Google. One comes into being when somebody first signs in with it."""

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from adapters.sandbox.store import Store

SCHEMA = """
create table if not exists google_accounts (
  address text primary key, subject text not null, name text not null,
  signature text not null default '', aliases text not null default '[]'
);
"""


@dataclass(frozen=True, slots=True)
class Account:
    """`subject` is the number that stays when the address changes; `aliases` are further accepted sender addresses."""

    address: str
    subject: str
    name: str
    signature: str
    aliases: tuple[str, ...]

    @property
    def senders(self) -> frozenset[str]:
        return frozenset({self.address, *self.aliases})


class Accounts:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Account] = {}

    def ensure(self, address: str) -> Account:
        """The account of an address, made when it is new: rep@demo.example becomes "Rep"."""
        found = self.find(address)
        if found is not None:
            return found
        local = address.split("@")[0].replace(".", " ").replace("_", " ")
        subject = str(10**20 + int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], "big"))
        self._store.insert("google_accounts", address=address, subject=subject, name=local.title())
        return self.get(address)

    def find(self, address: str) -> Account | None:
        if address not in self._known:
            row = self._store.row("select * from google_accounts where address = ?", address)
            if row is None:
                return None
            self._known[address] = _account(row)
        return self._known[address]

    def get(self, address: str) -> Account:
        found = self.find(address)
        if found is None:
            raise LookupError(address)
        return found

    def holder(self, address: str) -> Account | None:
        """Whose mail an address is, aliases included."""
        return self.find(address) or next((one for one in self.all() if address in one.aliases), None)

    def all(self) -> list[Account]:
        return [_account(row) for row in self._store.rows("select * from google_accounts order by address")]

    def change(self, address: str, changes: dict[str, Any]) -> Account:
        """Changes `name`, `signature` (HTML) or `aliases` (addresses)."""
        account = self.ensure(address)
        aliases = changes.get("aliases", account.aliases)
        self._store.run(
            "update google_accounts set name = ?, signature = ?, aliases = ? where address = ?",
            changes.get("name", account.name),
            changes.get("signature", account.signature),
            orjson.dumps([alias.lower() for alias in aliases]).decode(),
            address,
        )
        self._known.pop(address, None)
        return self.get(address)


def _account(row: sqlite3.Row) -> Account:
    aliases = tuple(orjson.loads(row["aliases"]))
    return Account(row["address"], row["subject"], row["name"], row["signature"], aliases)
