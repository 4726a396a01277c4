"""What a benchmark found, and how it is shown."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True)
class Owed:
    """What the ratio is meant to be, and what it has to be at least (of times: at most)."""

    target: float
    floor: float


# Ours is no worse than what it is compared with.
AS_GOOD = Owed(1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. Of rates (`unit` ends in /s) the ratio should be high, of times low; `owed` says how far."""

    work: str
    unit: str
    ours: float
    reference: float
    owed: Owed
    size: int
    rounds: tuple[float, ...] = ()
    peak_mib: float | None = None

    @property
    def ratio(self) -> float:
        """Of the medians; with `rounds`, the median of the ratios that were taken one after the other."""
        return median(self.rounds) if self.rounds else self.ours / self.reference

    @property
    def is_rate(self) -> bool:
        return self.unit.endswith("/s")

    @property
    def meets_target(self) -> bool:
        return self._is_as_good_as(self.owed.target)

    @property
    def passes(self) -> bool:
        return self._is_as_good_as(self.owed.floor)

    def _is_as_good_as(self, ratio: float) -> bool:
        return self.ratio >= ratio if self.is_rate else self.ratio <= ratio


def show(rows: Sequence[Row]) -> None:
    """One table to standard output."""
    header = ("work", "size", "ours", "reference", "ratio", "target", "floor", "", "memory")
    table = [header, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(header))]
    for number, line in enumerate(table):
        cells = [
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def keep(rows: Sequence[Row], path: Path = RESULTS) -> None:
    """Writes them as JSON, for comparing one release with the next; what was not run this time stays."""
    found = [
        {**asdict(row), "ratio": row.ratio, "meets_target": row.meets_target, "passes": row.passes} for row in rows
    ]
    again = {row.work for row in rows}
    before = [old for old in json.loads(path.read_text()) if old["work"] not in again] if path.exists() else []
    path.write_text(json.dumps(sorted([*before, *found], key=lambda row: str(row["work"])), indent=2) + "\n")


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.work,
        f"{row.size:,}",
        f"{_number(row.ours)} {row.unit}",
        f"{_number(row.reference)} {row.unit}",
        f"{row.ratio:.2f}",
        f"{'>=' if row.is_rate else '<='} {row.owed.target:.2f}",
        f"{row.owed.floor:.2f}",
        "ok" if row.meets_target else "passes" if row.passes else "MISSED",
        f"{row.peak_mib:,.0f} MiB" if row.peak_mib else "",
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
