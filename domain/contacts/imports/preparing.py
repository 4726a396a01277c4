"""A row of a file as its person would be kept, or what is wrong with it.

Rows by the million go through here, so whatever is plain is dealt with on the spot. The rules are those of a contact
that is added by hand.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from domain.accounts.model import email_key
from domain.accounts.profile import is_plain_address
from domain.contacts.beginnings import beginnings_of
from domain.contacts.folding import fold, sort_key
from domain.contacts.model import CustomValue
from domain.contacts.normalisation import LONGEST, PHONES, kept, region
from domain.contacts.own_values import FieldKind, FieldShape, kept_value, value_key
from domain.contacts.own_values import told as told_value
from domain.contacts.search_terms import looked_up, terms_of_fields
from domain.shared.cells import told_by_cell
from domain.shared.errors import FieldError, InvalidField
from domain.shared.ids import Ids

# The texts of a contact that a file can tell, as they are kept.
TEXTS = (
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
# What a column can be besides: first and last name in one, the label of a status, the address of a user.
NAME, STATUS, OWNER = "name", "status", "owner"
IMPORTABLE = (*TEXTS, NAME, STATUS, OWNER)
KEPT_AS = {STATUS: "status_id", OWNER: "owner_id"}
# Where the values of own fields stand in a row, and by what they are found.
OWN, OWN_KEYS = "own", "own_keys"
NOT_SHOWN = (*KEPT_AS.values(), OWN, OWN_KEYS)
# Between the cells of a row that is told back; no cell has it.
BETWEEN = "\x1f"

_NOT_A_CHARACTER = "\ufffd"


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows are read. `columns` are all of the file, `mapping` leads from their names to fields.

    Statuses are known by their folded labels, owners by their folded addresses and names; both lead to ids.
    """

    columns: Sequence[str]
    mapping: Mapping[str, str]
    default_country: str | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    # The organization's own fields that are mapped, by their keys: the kind, and what can be chosen.
    own: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is not taken, and in which column, if it is one cell's."""

    error: FieldError
    column: str | None = None

    @property
    def code(self) -> str:
        return self.error.code

    @property
    def reason(self) -> str:
        return f"{self.column}: {self.error.message}" if self.column else self.error.message


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of a file that is no row."""

    fault: Fault
    text: str


class Prepared(NamedTuple):
    """A row as the store takes it. With a `code` it is not taken: `skipped` says whether it is only left out."""

    line: int
    code: str | None
    skipped: bool
    reason: str | None
    cells: str
    id: str | None = None
    activity_id: str | None = None
    salutation: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    company: str | None = None
    job_title: str | None = None
    business_phone: str | None = None
    mobile_phone: str | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    time_zone: str | None = None
    status_id: str | None = None
    owner_id: str | None = None
    name_key: str | None = None
    email_key: str = ""
    company_key: str | None = None
    # All that somebody is found by, and what of it has to be looked up: domain.contacts.search_terms.
    terms: str | None = None
    looked_up: str | None = None
    # Of these, which beginnings they have: domain.contacts.beginnings.
    beginnings_low: str | None = None
    beginnings_high: str | None = None
    # Of own fields, as JSON: the values, and by what they are found.
    own: str | None = None
    own_keys: str | None = None


Row = tuple[int, Sequence[str] | Unreadable]
Values = dict[str, str]


class Preparing:
    """Reads rows by a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        shapes = {key: FieldShape(FieldKind(kind), choices) for key, (kind, *choices) in plan.own.items()}
        # A field may have gone since the import was begun: its column says nothing then.
        known = {*IMPORTABLE, *plan.own}
        mapped = [(number, plan.mapping.get(column, ""), column) for number, column in enumerate(plan.columns)]
        fields = [(number, key, column) for number, key, column in mapped if key in known]
        self._width = len(plan.columns)
        self._texts = [(number, key, LONGEST[key]) for number, key, _ in fields if key in LONGEST and key != STATUS]
        self._own = [(number, key, shapes[key]) for number, key, _ in fields if key in shapes]
        others = ((number, key) for number, key, _ in fields if key not in shapes)
        self._checked = [(number, key) for number, key in others if key not in LONGEST or key == STATUS]
        self._columns = {key: column for _, key, column in fields if key}

    def values(self, cells: Sequence[str]) -> tuple[Values, list[Fault]]:
        """What is kept of a row, by field, and what is wrong with it. An empty cell says nothing."""
        values: Values = {}
        faults: list[Fault] = []
        width = len(cells)
        is_clean = _can_be_kept("".join(cells))
        for number, key, longest in self._texts:
            text = cells[number].strip() if number < width else ""
            if text:
                text = told_by_cell(text) if text[0] == "'" else text
                if is_clean and len(text) <= longest:
                    values[key] = text
                else:
                    self._take(values, faults, key, text, None)
        country = region(values.get("country")) or self._plan.default_country
        for number, key in self._checked:
            text = cells[number].strip() if number < width else ""
            if text:
                text = told_by_cell(text) if text[0] == "'" else text
                if key == "email" and is_plain_address(text):
                    values[key] = text
                else:
                    self._take(values, faults, key, text, country)
        if self._own:
            self._take_own(values, faults, cells)
        if width > self._width and any(cell.strip() for cell in cells[self._width :]):
            message = f"There are more than {self._width} cells. Is a quote missing?"
            faults.append(Fault(FieldError("", "too_many_cells", message, {"maximum": self._width})))
        return values, faults

    def shown(self, values: Values, cells: Sequence[str]) -> Values:
        """With the words of the file for what is kept as an id."""
        told = {key: value for key, value in values.items() if key not in NOT_SHOWN}
        own: Mapping[str, CustomValue] = json.loads(values.get(OWN, "{}"))
        told |= {key: told_value(value) for key, value in own.items()}
        for number, key in self._checked:
            if KEPT_AS.get(key) in values:
                told[key] = cells[number].strip()
        return told

    def _take(self, values: Values, faults: list[Fault], key: str, text: str, country: str | None) -> None:
        try:
            if key == NAME:
                values.update(_parted(text))
            elif key == STATUS:
                values[KEPT_AS[key]] = self._status(text)
            elif key == OWNER:
                values[KEPT_AS[key]] = self._owner(text)
            else:
                found = kept(key, text, country)
                if found is not None:
                    values[key] = found
        except InvalidField as refused:
            [error] = refused.errors
            faults.append(Fault(error, self._columns[key]))

    def _take_own(self, values: Values, faults: list[Fault], cells: Sequence[str]) -> None:
        found: dict[str, CustomValue] = {}
        for number, key, shape in self._own:
            text = cells[number].strip() if number < len(cells) else ""
            try:
                value = kept_value(shape, told_by_cell(text) if text[:1] == "'" else text, f"/custom/{key}")
            except InvalidField as refused:
                faults += [Fault(error, self._columns[key]) for error in refused.errors]
                continue
            if value is not None:
                found[key] = value
        if found:
            values[OWN] = json.dumps(found, ensure_ascii=False)
            values[OWN_KEYS] = json.dumps({key: value_key(one) for key, one in found.items()}, ensure_ascii=False)

    def _status(self, text: str) -> str:
        found = self._plan.statuses.get(fold(text))
        if found is None:
            raise InvalidField("/status", "unknown_status", "Choose one of the contact statuses.")
        return found

    def _owner(self, text: str) -> str:
        found = self._plan.owners.get(fold(text))
        if found is None:
            raise InvalidField("/owner", "unknown_user", "Choose a user of the organization.")
        return found


class Batch:
    """Some rows of a file, each person once."""

    def __init__(self, plan: Plan, ids: Ids) -> None:
        self._preparing = Preparing(plan)
        self._ids = ids
        self._addresses: dict[str, int] = {}
        # Lines of people by phone and name: of one without an address, of one with.
        self._people: dict[tuple[str, str], list[int | None]] = {}

    def prepared(self, rows: Iterable[Row]) -> list[Prepared]:
        """Without the blank ones, in the order of the file and of the ids that they get."""
        there = [(line, row) for line, row in rows if isinstance(row, Unreadable) or not is_blank(row)]
        ids, activity_ids = self._ids.many(len(there)), self._ids.many(len(there))
        return [
            self._prepared(line, row, made, happened)
            for (line, row), made, happened in zip(there, ids, activity_ids, strict=True)
        ]

    def _prepared(self, line: int, row: Sequence[str] | Unreadable, made: UUID, happened: UUID) -> Prepared:
        if isinstance(row, Unreadable):
            return _left_out(line, [row.fault], [row.text])
        values, faults = self._preparing.values(row)
        if faults:
            return _left_out(line, faults, row)
        first_name, last_name = values.get("first_name"), values.get("last_name")
        name = f"{first_name} {last_name}" if first_name and last_name else last_name or first_name or ""
        address = email_key(values["email"]) if "email" in values else ""
        keys = (sort_key(name), address, sort_key(values.get("company")))
        first = self._first_line(line, values, keys) if last_name else self._addresses.get(keys[1])
        if first is not None:
            message = f"The same person comes in line {first} already."
            twice = Fault(FieldError("", "twice", message, {"line": first}))
            return _left_out(line, [twice], row, skipped=True)
        phones = [values.get(phone) for phone in PHONES]
        terms = terms_of_fields((first_name, last_name, values.get("company")), values.get("email"), phones)
        low, high = beginnings_of(terms)
        return Prepared(
            line,
            None,
            False,
            None,
            _told_back(row),
            made.hex,
            happened.hex,
            **values,
            name_key=keys[0],
            email_key=keys[1],
            company_key=keys[2],
            terms=" ".join(sorted(terms)),
            looked_up=" ".join(looked_up(terms, keys)),
            beginnings_low=str(low),
            beginnings_high=str(high),
        )

    def _first_line(self, line: int, values: Values, keys: tuple[str, str, str]) -> int | None:
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


def is_blank(cells: Sequence[str]) -> bool:
    """A blank line is no row."""
    return not any(cells) or not any(cell.strip() for cell in cells)


def _left_out(line: int, faults: Sequence[Fault], cells: Sequence[str], *, skipped: bool = False) -> Prepared:
    return Prepared(line, faults[0].code, skipped, " ".join(fault.reason for fault in faults), _told_back(cells))


def _told_back(cells: Sequence[str]) -> str:
    """As text that can be kept, in which the cells can be told apart again."""
    joined = BETWEEN.join(cells)
    if _can_be_kept(joined) and joined.count(BETWEEN) == len(cells) - 1:
        return joined
    return BETWEEN.join(map(_storable, cells))


def _storable(cell: str) -> str:
    told = cell.replace("\0", _NOT_A_CHARACTER).replace(BETWEEN, " ")
    return told.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _can_be_kept(text: str) -> bool:
    """PostgreSQL keeps neither NUL nor what is no character."""
    if text.isascii():
        return "\0" not in text
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _parted(name: str) -> Values:
    """`Müller, Jürgen` and `Jürgen Müller` alike; the last word is the last name. Raises InvalidField."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    parts = {"first_name": kept("first_name", first, None), "last_name": kept("last_name", last, None)}
    return {key: part for key, part in parts.items() if part is not None}
