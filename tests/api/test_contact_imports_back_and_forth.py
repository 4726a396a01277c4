"""Whatever a CSV file of people says comes back the same by import, export, and import elsewhere."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.shared.cells import told_by_cell
from tests.api.importing import Desk

pytestmark = pytest.mark.anyio

KEYS = ("first_name", "last_name", "email", "company", "job_title", "street", "city", "state", "zip", "country")
# Any text that a database keeps; what surrounds it is trimmed wherever it is typed.
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(str.strip)
formulas = st.sampled_from(["=1+1", "'=1+1", "@cmd", "+49 171", "-5", "'", "''x", '="a"\n,b', "\t=x", "a\r\nb", "a\rb"])
escapes = st.sampled_from(["\\N", "\\.", "\\", "a\\tb", "a\tb", "C:\\new\\table"])
people = st.lists(
    st.fixed_dictionaries({key: (texts | formulas.map(str.strip) | escapes) for key in KEYS if key != "email"}),
    min_size=1,
    max_size=5,
)


def written(rows: Sequence[Mapping[str, str]], delimiter: str, end: str, quoting: Any) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, KEYS, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


# Shrinking what failed would take longer than reading it.
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
async def test_any_file_comes_back_the_same(
    new_organization: Any, rows: list[dict[str, str]], delimiter: str, end: str, quoting: Any
) -> None:
    if quoting == csv.QUOTE_MINIMAL:
        # Python leaves a bare carriage return bare, and then nobody knows what was meant.
        rows = [{key: text.replace("\r", "") for key, text in row.items()} for row in rows]
    numbered = [
        {**row, "email": f"p{number}@x.example", "last_name": row["last_name"] or "Doe"}
        for number, row in enumerate(rows)
    ]
    here, there = await new_organization(), await new_organization()
    async with await here.as_contributor() as one, await there.as_contributor() as other:
        first = await Desk(one, here).take_in(
            written(numbered, delimiter, end, quoting), mapping={key: key for key in KEYS}
        )
        assert first["counts"]["created"] == len(rows), first
        exported = await export(Desk(one, here))
        second = await Desk(other, there).take_in(exported)
        assert second["counts"]["created"] == len(rows), second

        assert await told(Desk(one, here)) == await told(Desk(other, there)) == [expected(row) for row in numbered]


def expected(row: Mapping[str, str]) -> dict[str, str | None]:
    """An apostrophe before what would be a formula is the file's, not the person's."""
    return {key: told_by_cell(row[key]) or None for key in KEYS}


async def told(desk: Desk) -> list[dict[str, Any]]:
    return [{key: person[key] for key in KEYS} for person in await desk.people()]


async def export(desk: Desk) -> bytes:
    action = {"kind": "export", "columns": list(KEYS)}
    job = (await desk.client.post("/contacts/bulk", json={"filter": {}, "action": action})).json()
    work = desk.organization.running.container.background_work
    await work.run(desk.organization.contributor.organization_id, job["id"])
    return (await desk.client.get(f"/jobs/{job['id']}/file")).content
