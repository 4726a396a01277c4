"""What a file does to somebody whom we know already, and how that is taken back: pure rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from domain.accounts.model import email_key
from domain.contacts.imports.model import Document, OnExisting
from domain.contacts.imports.preparing import TEXTS
from domain.contacts.model import Contact, ContactStatus, ContactStatusId, CustomValue, EmailState
from domain.contacts.own_values import merged_values
from domain.shared.ids import ContactId, UserId

IDS = ("status_id", "owner_id")
# What stands before the keys of own fields, where they are noted beside the others.
OWN_FIELD = "custom."


@dataclass(frozen=True, slots=True)
class Given:
    """What a row says of a person; None is nothing."""

    line: int
    texts: Mapping[str, str | None]
    status_id: ContactStatusId | None = None
    owner_id: UserId | None = None
    own: Mapping[str, CustomValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Met:
    """What an import did to somebody: it made the contact, changed it, or found nothing new.

    `before` and `after` are the fields that it changed; `version` is that of the contact after it, `listed` whether it
    was put on the list of the import.
    """

    contact_id: ContactId
    is_new: bool
    before: Document
    after: Document
    version: int | None
    listed: bool


def merged(
    contact: Contact, given: Given, on_existing: OnExisting, statuses: Mapping[ContactStatusId, ContactStatus]
) -> Contact:
    """The contact with what the row adds to it, or says otherwise. An empty cell never takes anything away.

    Everybody has a status, so a status is never missing.
    """
    overwrites = on_existing is OnExisting.OVERWRITE
    changed: dict[str, Any] = {}
    for name in TEXTS:
        text, known = given.texts.get(name), getattr(contact, name)
        if text is not None and (known is None or (overwrites and text != known)):
            changed[name] = text
    if "email" in changed and email_key(changed["email"]) == contact.email_key:
        del changed["email"]
    if given.owner_id and (contact.owner_id is None or overwrites):
        changed["owner_id"] = given.owner_id
    if given.status_id and overwrites and given.status_id in statuses:
        changed |= {"status_id": given.status_id, "status": statuses[given.status_id].label}
    told = {key: value for key, value in given.own.items() if overwrites or key not in contact.custom}
    if any(contact.custom.get(key) != value for key, value in told.items()):
        changed["custom"] = {**contact.custom, **told}
    if "email" in changed:
        changed["email_state"] = EmailState.OK
    return replace(contact, **changed)


def difference(before: Contact, after: Contact) -> tuple[Document, Document]:
    """The fields that differ, as they were and as they are, as JSON has them."""
    names = [name for name in (*TEXTS, *IDS) if getattr(before, name) != getattr(after, name)]
    own = [key for key in {**before.custom, **after.custom} if before.custom.get(key) != after.custom.get(key)]
    names += [OWN_FIELD + key for key in own]
    return _told(before, names), _told(after, names)


def restored(
    contact: Contact, met: Met, statuses: Mapping[ContactStatusId, ContactStatus], users: Collection[UUID]
) -> Contact:
    """The contact as it was before, but for what somebody has changed since, and what is not there any more."""
    changed: dict[str, Any] = {}
    own: dict[str, Any] = {}
    now = _told(contact, list(met.after))
    for name, former in met.before.items():
        if now[name] != met.after[name]:
            continue
        if name.startswith(OWN_FIELD):
            own[name.removeprefix(OWN_FIELD)] = former
        elif name not in IDS:
            changed[name] = former
        elif name == "status_id":
            status = statuses.get(ContactStatusId(UUID(str(former))))
            changed |= {"status_id": status.id, "status": status.label} if status else {}
        elif former is None or UUID(str(former)) in users:
            changed[name] = UUID(str(former)) if former else None
    if own:
        changed["custom"] = merged_values(contact.custom, own)
    if "email" in changed:
        changed["email_state"] = EmailState.OK if changed["email"] else EmailState.NONE
    return replace(contact, **changed)


def _told(contact: Contact, names: Collection[str]) -> dict[str, object]:
    values = {
        name: contact.custom.get(name.removeprefix(OWN_FIELD)) if name.startswith(OWN_FIELD) else getattr(contact, name)
        for name in names
    }
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}
