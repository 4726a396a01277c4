"""What a first Administrator gets who says neither language nor time zone."""

import pytest

from api.commands import machine


@pytest.mark.parametrize(
    ("spoken", "culture"),
    [("de_AT.UTF-8", "de-AT"), ("en_GB", "en-GB"), ("C.UTF-8", "en-US"), ("de", "de-DE"), ("xx_YY", "en-US")],
)
def test_the_culture_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch, spoken: str, culture: str) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", spoken)
    assert machine.culture() == culture


@pytest.mark.parametrize(
    ("clock", "time_zone"),
    [("Europe/Vienna", "Europe/Vienna"), ("Etc/UTC", "UTC"), ("UTC", "UTC"), ("XYZ-1", "UTC")],
)
def test_the_time_zone_is_that_of_the_clock(monkeypatch: pytest.MonkeyPatch, clock: str, time_zone: str) -> None:
    monkeypatch.setenv("TZ", clock)
    assert machine.time_zone() == time_zone
