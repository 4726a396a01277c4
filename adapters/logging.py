"""Logs: one JSON object a line (coloured text on a terminal), what libraries say included, secrets and addresses never.

Who binds an id (`structlog.contextvars.bind_contextvars(request_id=…)`; job_id, organization_id) finds it on every
line of that request or job.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

from adapters.settings import Settings

MASK = "********"
SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|api_key", re.IGNORECASE)
# Ours (eng_pat_…), a bearer of anybody's, Google's access (ya29.…) and refresh tokens (1//…), a password in an address.
SECRETS = re.compile(
    r"\beng_[a-z]+_[\w-]+|(?<=bearer )[\w.~+/=-]+|\bya29\.[\w.-]+|\b1//[\w-]{10,}|(?<=:)[^/:@\s]+(?=@[\w.-]+[:/])",
    re.IGNORECASE,
)
MAIL_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# What every one of these has: most values have none of it, and are done with one look.
SUSPICIOUS = re.compile(r"@|eng_|bearer |ya29|1//", re.IGNORECASE)
# authlib writes tokens and httpx whole addresses below these levels.
QUIET = {"authlib": logging.INFO, "httpx": logging.WARNING, "httpcore": logging.WARNING, "sqlalchemy": logging.WARNING}

# Loggers remember how they were made, so where lines go is looked up here each time.
OUTPUT = logging.StreamHandler()


def configure_logging(settings: Settings) -> None:
    """For this process, to standard error. May be repeated."""
    level = logging.getLevelName(settings.log_level)
    console = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _last(console=console)
    # Our own lines go out as they are; on the way through the standard library each would take three times as long.
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=Line,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    OUTPUT.setStream(sys.stderr)
    foreign: list[Processor] = [*shared, structlog.stdlib.ExtraAdder()]
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    OUTPUT.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=foreign, processors=[without_meta, *last])
    )
    logging.root.handlers = [OUTPUT]
    logging.root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(level, least))
    logging.getLogger("uvicorn.access").disabled = True  # the request's own line says more


def masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor: values under telling names vanish, tokens and mail addresses inside texts too."""
    for name, value in event.items():
        event[name] = MASK if isinstance(value, str) and _is_telling(name) else _clean(value)
    return event


@lru_cache(maxsize=1024)
def _is_telling(name: str) -> bool:
    return SECRET_NAMES.search(name) is not None


def _without_colours(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """uvicorn says everything twice, once for terminals."""
    event.pop("color_message", None)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        if not SUSPICIOUS.search(value):
            return value
        return MAIL_ADDRESS.sub("<address>", SECRETS.sub(MASK, value))
    if isinstance(value, dict):
        return dict(masked(None, "", {str(name): inner for name, inner in value.items()}))
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    return value


def _last(*, console: bool) -> list[Processor]:
    """From an event to its line."""
    rendered = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer(_json)
    return [structlog.processors.format_exc_info, _without_colours, masked, rendered]


def _json(event: Any, **given: Any) -> str:
    return orjson.dumps(event, default=given.get("default")).decode()


class Line:
    """Where a line of ours goes."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        OUTPUT.stream.write(line + "\n")

    debug = info = warning = error = critical = exception = msg
