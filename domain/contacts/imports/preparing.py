"""A row of a file as its person would be kept, or what is wrong with it.

Rows by the million go through here, so whatever is plain is dealt with on the spot. The rules are those of a contact
that is added by hand.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.accounts.profile import is_plain_address
from domain.contacts.folding import fold
from domain.contacts.model import CustomValue
from domain.contacts.normalisation import LONGEST, PHONES, can_be_kept, kept, region
from domain.contacts.own_values import FieldKind, FieldShape, kept_value, value_key
from domain.contacts.own_values import told as told_value
from domain.contacts.usual_phones import plain_e164
from domain.shared.cells import told_by_cell
from domain.shared.errors import FieldError, InvalidField

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
        width, together = len(cells), "".join(cells)
        is_clean, has_apostrophe = can_be_kept(together), "'" in together
        if width < self._width:
            cells = [*cells, *[""] * (self._width - width)]
        for number, key, longest in self._texts:
            text = cells[number].strip()
            if text:
                text = told_by_cell(text) if has_apostrophe else text
                if is_clean and len(text) <= longest:
                    values[key] = text
                else:
                    self._take(values, faults, key, text, None)
        country = region(values.get("country")) or self._plan.default_country
        for number, key in self._checked:
            text = cells[number].strip()
            if text:
                text = told_by_cell(text) if has_apostrophe else text
                found = _plain(key, text, country) if is_clean else None
                if found:
                    values[key] = found
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
            try:
                value = kept_value(shape, told_by_cell(cells[number].strip()), f"/custom/{key}")
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


def is_blank(cells: Sequence[str]) -> bool:
    """A blank line is no row."""
    together = "".join(cells)
    return not together or together.isspace()


def _plain(key: str, text: str, country: str | None) -> str | None:
    """Most addresses and phones, as they are kept; None for what has to be looked at more closely."""
    if key == "email":
        return text if is_plain_address(text) else None
    return plain_e164(text, country) if key in PHONES else None


def _parted(name: str) -> Values:
    """`Müller, Jürgen` and `Jürgen Müller` alike; the last word is the last name. Raises InvalidField."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    parts = {"first_name": kept("first_name", first, None), "last_name": kept("last_name", last, None)}
    return {key: part for key, part in parts.items() if part is not None}
