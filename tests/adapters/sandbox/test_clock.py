"""The clock that everybody sees and that moves forwards only."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.sandbox.serve import running_sandbox


def now(sandbox: Any) -> datetime:
    return datetime.fromisoformat(sandbox.control("GET", "clock")["now"])


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("PT72H", timedelta(hours=72)),
        ("P1DT2H", timedelta(hours=26)),
        ("P1W", timedelta(days=7)),
        ("PT0.5S", timedelta(seconds=0.5)),
    ],
)
def test_it_advances_by_a_duration(sandbox: Any, text: str, step: timedelta) -> None:
    before = now(sandbox)
    after = datetime.fromisoformat(sandbox.control("POST", "clock", json={"advance": text})["now"])
    assert step <= after - before < step + timedelta(seconds=10)


def test_it_goes_to_an_instant(sandbox: Any) -> None:
    at = now(sandbox) + timedelta(days=3)
    sandbox.control("POST", "clock", json={"at": at.isoformat()})
    assert at <= now(sandbox) < at + timedelta(seconds=10)


@pytest.mark.parametrize(
    "move",
    [
        {"at": "2020-01-01T00:00:00Z"},
        {"at": "2090-01-01T00:00:00"},
        {"advance": "-PT1H"},
        {"advance": "P1M"},
        {"advance": "P"},
        {},
        {"advance": "PT1H", "at": "2090-01-01T00:00:00Z"},
    ],
)
def test_it_does_not_go_back_and_guesses_nothing(sandbox: Any, move: dict[str, str]) -> None:
    sandbox.control("POST", "clock", 422, json=move)


def test_mail_is_dated_by_it(sandbox: Any, user: Any, prospect: str, raw: Callable[..., str]) -> None:
    sandbox.control("POST", "clock", json={"advance": "P10D"})
    sent = user.send(raw(prospect))
    [mail] = sandbox.inbox(prospect)
    date = parsedate_to_datetime(mail["headers"]["Date"])
    internal = int(user.ok("GET", f"messages/{sent['id']}", params={"format": "minimal"})["internalDate"]) / 1000
    for seen in (date, datetime.fromisoformat(mail["at"]), datetime.fromtimestamp(internal, UTC)):
        assert abs(seen - now(sandbox)) < timedelta(seconds=10)


def test_its_file_holds_the_seconds_ahead(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    with running_sandbox(tmp_path / "state", clock_file=file) as url:
        assert struct.unpack("<d", file.read_bytes()) == (0.0,)
        httpx.post(f"{url}/control/clock", json={"advance": "PT1H"})
        assert struct.unpack("<d", file.read_bytes()) == (3600.0,)
