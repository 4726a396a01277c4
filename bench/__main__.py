"""`python -m bench [--size N] [NAME…]`: runs the benchmarks, prints one table, writes bench/results.json."""

import argparse
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from typing import cast

import bench
from bench.report import RESULTS, Row, keep, show

Benchmark = Callable[[int | None], Sequence[Row]]


def benchmarks() -> dict[str, Benchmark]:
    """The modules here that have a `run(size)`; None is the size that they think right."""
    found = {}
    for module in pkgutil.iter_modules(bench.__path__):
        if not module.name.startswith("__"):
            run = getattr(importlib.import_module(f"bench.{module.name}"), "run", None)
            if run is not None:
                found[module.name] = cast(Benchmark, run)
    return found


def main() -> None:
    """Runs those that are named, or all."""
    known = benchmarks()
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}; all without one")
    arguments.add_argument("--size", type=int, help="contacts, enrollments, …; to see how work grows with it")
    given = arguments.parse_args()
    unknown = set(given.names) - known.keys()
    if unknown:
        arguments.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for name in given.names or known:
        print(f"{name} …", flush=True)
        rows += known[name](given.size)
    show(rows)
    keep(rows)
    print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
