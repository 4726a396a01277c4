"""Which values a contact has when another record of the person becomes part of it, and when it leaves again. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.contacts.model import Contact
from domain.shared.errors import InvalidField
from domain.shared.ids import ContactId

PLAIN = (
    "salutation",
    "first_name",
    "last_name",
    "email",
    "company",
    "job_title",
    "business_phone",
    "mobile_phone",
    "street",
    "city",
    "state",
    "zip",
    "country",
    "time_zone",
)
# What is chosen by one name, and kept by two.
PAIRS: Mapping[str, tuple[str, str]] = {"status": ("status_id", "status"), "owner": ("owner_id", "owner_name")}
CHOOSABLE = (*PLAIN, *PAIRS)


def joined(kept: Contact, other: Contact, choices: Mapping[str, ContactId]) -> Contact:
    """The kept contact, completed by the other where it has nothing, and by what was chosen. Opt-outs of both hold.

    Raises InvalidField for a choice of a field that does not exist.
    """
    _require_known(kept, other, choices)
    takes = {name: _takes_other(kept, other, name, choices) for name in CHOOSABLE}
    values: dict[str, Any] = {name: getattr(other, name) for name in PLAIN if takes[name]}
    for name, both in PAIRS.items():
        if takes[name]:
            values |= {part: getattr(other, part) for part in both}
    if takes["email"]:
        values["email_state"] = other.email_state
    return replace(
        kept,
        **values,
        custom=_own_values(kept, other, choices),
        opted_out_at=_first(kept.opted_out_at, other.opted_out_at),
        do_not_call_at=_first(kept.do_not_call_at, other.do_not_call_at),
    )


def left_behind(kept: Contact, other: Contact, after: Contact) -> list[str]:
    """The addresses of both that the kept contact does not have `after` it became one with the other."""
    return sorted({kept.email_key, other.email_key} - {after.email_key, ""})


def parted(now: Contact, before: Contact, after: Contact) -> Contact:
    """The kept contact without what a merge gave it: as `before` where it still is as `after` that merge."""
    names = [*PLAIN, "email_state", "opted_out_at", "do_not_call_at", "status_id", "owner_id"]
    back = [name for name in names if getattr(now, name) == getattr(after, name)]
    values: dict[str, Any] = {name: getattr(before, name) for name in back}
    for key, label in PAIRS.values():
        if key in values:
            values[label] = getattr(before, label)
    custom = dict(now.custom)
    for key in {*before.custom, *after.custom}:
        if custom.get(key) == after.custom.get(key):
            custom.pop(key, None)
            if key in before.custom:
                custom[key] = before.custom[key]
    return replace(now, **values, custom=custom)


def _takes_other(kept: Contact, other: Contact, name: str, choices: Mapping[str, ContactId]) -> bool:
    attribute = PAIRS[name][0] if name in PAIRS else name
    return _is_others(getattr(kept, attribute), getattr(other, attribute), name, kept, other, choices)


def _is_others(
    mine: object, theirs: object, name: str, kept: Contact, other: Contact, choices: Mapping[str, ContactId]
) -> bool:
    chosen = choices.get(name)
    if chosen == other.id:
        return True
    return chosen is None and mine is None and theirs is not None


def _own_values(kept: Contact, other: Contact, choices: Mapping[str, ContactId]) -> dict[str, Any]:
    values = dict(kept.custom)
    for key in {*kept.custom, *other.custom}:
        if _is_others(kept.custom.get(key), other.custom.get(key), key, kept, other, choices):
            values.pop(key, None)
            if key in other.custom:
                values[key] = other.custom[key]
    return values


def _first(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at), default=None)


def _require_known(kept: Contact, other: Contact, choices: Mapping[str, ContactId]) -> None:
    """A value of an own field that neither has is no fault: a third one may have it."""
    for name, chosen in choices.items():
        if chosen in (kept.id, other.id) and name not in {*CHOOSABLE, *kept.custom, *other.custom}:
            raise InvalidField(f"/choices/{name}", "unknown_field", "Choose one of the fields of contacts.")
