"""Logs: structured, with the ids of what they belong to, without secrets or addresses."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from adapters.logging import configure_logging
from adapters.settings import load_settings


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[io.StringIO]:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stderr", output)
    handlers, level = logging.root.handlers, logging.root.level
    configure_logging(load_settings(tmp_path, log_format="json", log_level="DEBUG"))
    yield output
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_carries_the_ids_of_its_request(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1", organization_id="o-1"):
        structlog.get_logger("api").info("answered", status=200)

    line = lines(written)[0]
    assert (line["event"], line["status"], line["request_id"], line["organization_id"]) == (
        "answered",
        200,
        "r-1",
        "o-1",
    )
    assert line["timestamp"].endswith("Z")


def test_what_libraries_say_is_structured_too(written: io.StringIO) -> None:
    logging.getLogger("some.library").warning("slow: %s", "query")

    assert lines(written)[0]["event"] == "slow: query"
    assert lines(written)[0]["level"] == "warning"


@pytest.mark.parametrize(
    "secret",
    [
        "eng_pat_9fK2mPq0",
        "eng_ses_Zz09aa",
        "Authorization: Bearer abc.def-ghi",
        "ya29.a0AfH6SMBx",
        "1//0gLongRefreshToken",
        "ada@example.com",
        "postgresql://engage:hunter2@db:5432/engage",
    ],
)
def test_neither_tokens_nor_addresses_are_written(secret: str, written: io.StringIO) -> None:
    logging.getLogger("some.library").error("failed for %s", secret)
    structlog.get_logger("api").error("failed", detail={"inner": [secret]})

    for part in ("9fK2mPq0", "Zz09aa", "abc.def-ghi", "a0AfH6SMBx", "0gLongRefreshToken", "ada@example", "hunter2"):
        assert part not in written.getvalue()


def test_values_under_telling_names_are_masked(written: io.StringIO) -> None:
    structlog.get_logger("api").info("event", password="correct horse", refresh_token="r", count=3)

    assert lines(written)[0]["password"] == lines(written)[0]["refresh_token"] == "********"
    assert lines(written)[0]["count"] == 3


def test_a_traceback_is_masked_as_well(written: io.StringIO) -> None:
    try:
        raise ValueError("no user ada@example.com")
    except ValueError:
        structlog.get_logger("api").exception("failed")

    assert "ada@example.com" not in written.getvalue()
    assert "ValueError" in lines(written)[0]["exception"]


def test_authlib_does_not_write_what_it_exchanges(written: io.StringIO) -> None:
    logging.getLogger("authlib.oauth2").debug("token response: secret")

    assert written.getvalue() == ""
