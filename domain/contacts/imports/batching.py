"""Rows of a file as the store takes them, and what they are found by."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.accounts.model import email_key
from domain.contacts.beginnings import Beginnings, beginnings_of
from domain.contacts.folding import sort_key
from domain.contacts.imports.preparing import (
    KEPT_AS,
    OWN,
    OWN_KEYS,
    TEXTS,
    Fault,
    Plan,
    Preparing,
    Row,
    Unreadable,
    Values,
    is_blank,
)
from domain.contacts.normalisation import PHONES, can_be_kept
from domain.contacts.search_terms import looked_up, terms_of_fields
from domain.shared.errors import FieldError

# Each step is done for so many rows before the next one: a processor that has the code of a step at hand is a third
# faster than with all steps for row after row.
AT_ONCE = 100
# So many are looked through in the order of their file. More come in the order of their addresses: there, neighbours
# have their places in an index next to each other, and as most addresses begin with a name, in two of them. That is a
# twentieth of the work of a store that has a million.
LOOKED_THROUGH = 2_000

# Between the cells of a row that is told back; no cell has it.
BETWEEN = "\x1f"

_NOT_A_CHARACTER = "\ufffd"

# By name, address and company: what a contact is sorted by.
Keys = tuple[str, str, str]


class Prepared(NamedTuple):
    """A row as the store takes it; a text that is not there is empty.

    With a `code` it is not taken: `skipped` says whether it is only left out.
    """

    line: int
    code: str
    skipped: bool
    reason: str
    cells: str
    salutation: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    company: str = ""
    job_title: str = ""
    business_phone: str = ""
    mobile_phone: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    time_zone: str = ""
    status_id: str = ""
    owner_id: str = ""
    # Of own fields, as JSON: the values, and by what they are found.
    own: str = ""
    own_keys: str = ""
    name_key: str = ""
    email_key: str = ""
    company_key: str = ""
    # All that somebody is found by, and what of it has to be looked up: domain.contacts.search_terms.
    terms: str = ""
    looked_up: str = ""
    # Of these, which beginnings they have: domain.contacts.beginnings.
    beginnings_low: str = ""
    beginnings_high: str = ""


# What a row can say, in the order in which that stands there.
NOTHING = dict.fromkeys((*TEXTS, *KEPT_AS.values(), OWN, OWN_KEYS), "")
# As they come to the store: with identifiers in front, of the contact and of the activity that tells of it.
STAGED_COLUMNS = ("id", "activity_id", *Prepared._fields)


class Batch:
    """Some rows of a file, each person once."""

    def __init__(self, plan: Plan) -> None:
        self._preparing = Preparing(plan)
        self._addresses: dict[str, int] = {}
        # Lines of people by phone and name: of one without an address, of one with.
        self._people: dict[tuple[str, str], list[int | None]] = {}

    def prepared(self, rows: Iterable[Row]) -> list[Prepared]:
        """Without the blank ones, in the order in which their people are listed: see `LOOKED_THROUGH`."""
        there = [(line, row) for line, row in rows if isinstance(row, Unreadable) or not is_blank(row)]
        found: list[Prepared] = []
        for first in range(0, len(there), AT_ONCE):
            found += self._some(there[first : first + AT_ONCE])
        return found if len(found) <= LOOKED_THROUGH else sorted(found, key=_address)

    def _some(self, rows: Sequence[Row]) -> list[Prepared]:
        read = [self._read(row) for _, row in rows]
        keys = [_keys(values) for values, _ in read]
        wrong = [
            faults or self._twice(line, values, of)
            for (line, _), (values, faults), of in zip(rows, read, keys, strict=True)
        ]
        terms = [_terms(values) for values, _ in read]
        kept = [" ".join(looked_up(found, of)) for found, of in zip(terms, keys, strict=True)]
        found_by = zip(keys, terms, kept, [beginnings_of(found) for found in terms], strict=True)
        return [
            _left_out(line, row, faults) if faults or isinstance(row, Unreadable) else _taken(line, row, values, *found)
            for (line, row), faults, (values, _), found in zip(rows, wrong, read, found_by, strict=True)
        ]

    def _read(self, row: Sequence[str] | Unreadable) -> tuple[Values, list[Fault]]:
        return ({}, [row.fault]) if isinstance(row, Unreadable) else self._preparing.values(row)

    def _twice(self, line: int, values: Values, keys: Keys) -> Sequence[Fault]:
        """What is wrong with a row of somebody who came before; a new one is remembered."""
        first = self._first_line(line, values, keys) if "last_name" in values else self._addresses.get(keys[1])
        if first is None:
            return ()
        message = f"The same person comes in line {first} already."
        return [Fault(FieldError("", "twice", message, {"line": first}))]

    def _first_line(self, line: int, values: Values, keys: Keys) -> int | None:
        """Of the same person before; a new one is remembered. Two different addresses are two people."""
        name_key, address, _ = keys
        first = self._addresses.get(address)
        phones = [values[phone] for phone in PHONES if phone in values]
        known = [self._people.setdefault((phone, name_key), [None, None]) for phone in phones]
        for without, with_address in known:
            if first is None:
                first = without if address or without is not None else with_address
        if first is None:
            if address:
                self._addresses[address] = line
            for lines in known:
                lines[bool(address)] = line
        return first


def _keys(values: Values) -> Keys:
    first_name, last_name = values.get("first_name"), values.get("last_name")
    name = f"{first_name} {last_name}" if first_name and last_name else last_name or first_name
    return sort_key(name), email_key(values.get("email", "")), sort_key(values.get("company"))


def _terms(values: Values) -> set[str]:
    texts = (values.get("first_name"), values.get("last_name"), values.get("company"))
    return terms_of_fields(texts, values.get("email"), [values.get(phone) for phone in PHONES])


def _taken(
    line: int,
    row: Sequence[str],
    values: Values,
    keys: Keys,
    terms: Iterable[str],
    kept_terms: str,
    beginnings: Beginnings,
) -> Prepared:
    given, (low, high) = (NOTHING | values).values(), beginnings
    return Prepared._make(
        (line, "", False, "", _told_back(row), *given, *keys, " ".join(sorted(terms)), kept_terms, str(low), str(high))
    )


def _left_out(line: int, row: Sequence[str] | Unreadable, faults: Sequence[Fault]) -> Prepared:
    code, reason = faults[0].code, " ".join(fault.reason for fault in faults)
    cells = [row.text] if isinstance(row, Unreadable) else row
    return Prepared(line, code, code == "twice", reason, _told_back(cells))


def _told_back(cells: Sequence[str]) -> str:
    """As text that can be kept, in which the cells can be told apart again."""
    joined = BETWEEN.join(cells)
    if can_be_kept(joined) and joined.count(BETWEEN) == len(cells) - 1:
        return joined
    return BETWEEN.join(map(_storable, cells))


def _storable(cell: str) -> str:
    told = cell.replace("\0", _NOT_A_CHARACTER).replace(BETWEEN, " ")
    return told.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _address(row: Prepared) -> str:
    return row.email_key
