"""Files of any people, in pieces of any size, against a model that takes one row after the other; and back again."""

import csv
import io
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from domain.contacts.imports import reading_ahead
from tests.api.importing import NOTHING, Desk

pytestmark = pytest.mark.anyio

KEYS = ("last_name", "email", "business_phone", "mobile_phone", "city")
PHONES = ("", "+16175004900", "+16175004901", "+491711234567")
Row = dict[str, str]

rows = st.lists(
    st.fixed_dictionaries(
        {
            "last_name": st.sampled_from(["Lee", "LEE", "Ray", ""]),
            "email": st.sampled_from(["", "", "a@x.example", "b@x.example", "C@x.example", "nonsense"]),
            "business_phone": st.sampled_from(PHONES),
            "mobile_phone": st.sampled_from(PHONES),
            "city": st.sampled_from(["", "Oslo", "Bergen"]),
        }
    ),
    min_size=1,
    max_size=9,
)


@dataclass
class Model:
    """People as an import has to leave them."""

    people: list[Row] = field(default_factory=list)

    def take_in(self, file: Sequence[Row], on_existing: str) -> dict[str, int]:
        counts, met, earlier, before = dict(NOTHING), list[Row](), list[Row](), deepcopy(self.people)
        for row in file:
            if any(row.values()):
                legible = row["email"] != "nonsense"
                is_told = any(alike(row, other) for other in earlier)
                is_same = not legible or known(row, before) == known(row, self.people[: len(before)])
                outcome = self._outcome(row, on_existing, met)
                if outcome != "skipped" and legible and is_told:
                    # Two rows are one person, of whom neither has taken what the other is known by: a piece sees it.
                    reject()
                if not is_same and not (outcome == "skipped" and is_told):
                    # It is about somebody as a row before it left them, which rows of one piece do not tell.
                    reject()
                if outcome != "failed":
                    earlier.append(row)
                counts["total"] += 1
                counts[outcome] += 1
        return counts

    def _outcome(self, row: Row, on_existing: str, met: list[Row]) -> str:
        if row["email"] == "nonsense":
            return "failed"
        number = known(row, self.people)
        person = self.people[number] if number is not None else None
        if person is None:
            if not row["last_name"]:
                return "failed"
            self.people.append(dict(row))
            met.append(self.people[-1])
            return "created"
        if any(person is other for other in met):
            return "skipped"
        if on_existing == "skip":
            return "skipped"
        met.append(person)
        before = dict(person)
        for key, value in row.items():
            if (
                value
                and (not person[key] or on_existing == "overwrite")
                and not (key == "email" and same(value, person[key]))
            ):
                person[key] = value
        return "unchanged" if person == before else "updated"


def known(row: Row, people: Sequence[Row]) -> int | None:
    """Which of them it is about."""
    for number, person in enumerate(people):
        if row["email"] and same(person["email"], row["email"]):
            return number
    phones = {row[key] for key in ("business_phone", "mobile_phone")} - {""}
    found = [
        number
        for number, person in enumerate(people)
        if row["last_name"]
        and same(person["last_name"], row["last_name"])
        and phones & {person["business_phone"], person["mobile_phone"]}
        and not (person["email"] and row["email"])
    ]
    if len(found) > 1:
        # The one that was made first, which people of one piece do not tell.
        reject()
    return found[0] if found else None


def alike(one: Row, other: Row) -> bool:
    if one["email"] and same(one["email"], other["email"]):
        return True
    phones = {one["business_phone"], one["mobile_phone"]} & {other["business_phone"], other["mobile_phone"]}
    return bool(phones - {""}) and same(one["last_name"], other["last_name"]) and not (one["email"] and other["email"])


def same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def a_file(people: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, KEYS)
    writer.writeheader()
    writer.writerows(people)
    return text.getvalue().encode()


async def shown(desk: Desk) -> list[tuple[str, ...]]:
    return sorted(tuple(person[key] or "" for key in KEYS) for person in await desk.people())


def modelled(model: Model) -> list[tuple[str, ...]]:
    return sorted(tuple(person[key] for key in KEYS) for person in model.people)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(rows, rows, st.sampled_from(["complete", "overwrite", "skip"]), st.integers(1, 4))
async def test_an_import_is_what_it_would_be_row_by_row(
    new_organization: Any, first: list[Row], second: list[Row], on_existing: str, piece: int
) -> None:
    model, organization = Model(), await new_organization()
    before, reading_ahead.ROWS = reading_ahead.ROWS, piece
    try:
        async with await organization.as_contributor() as client:
            desk = Desk(client, organization)
            await check(desk, model, first, "complete")
            earlier = deepcopy(model)
            done = await check(desk, model, second, on_existing)
            if done:
                back = await desk.undo(done)
                assert back["taken_back"]["kept"] == 0
                assert await shown(desk) == modelled(earlier)
    finally:
        reading_ahead.ROWS = before


async def check(desk: Desk, model: Model, file: list[Row], on_existing: str) -> dict[str, Any] | None:
    counts = model.take_in(file, on_existing)
    if not counts["total"]:
        return None
    done = await desk.take_in(a_file(file), on_existing=on_existing, mapping={key: key for key in KEYS})
    assert (done["state"], done["counts"]) == ("done", counts)
    assert await shown(desk) == modelled(model)
    return done
