"""Writes letters: a wording of the reader's language in one frame, as HTML and as text.

`texts/<language>.toml` has the wordings, `texts/frame.html` and `texts/frame.txt` what they all look like; both are
Liquid. One wording serves both forms, so that they say the same. Values are escaped in HTML.
"""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

from liquid import BoundTemplate, Environment, Markup, StrictUndefined

from domain.emails.header_text import clean_header
from domain.emails.headers import OUTGOING
from domain.emails.html_text import printable
from domain.providers.mailer import Letter, LetterKind

TEXTS = Path(__file__).with_name("texts")
FALLBACK = "en"

_AS_HTML = Environment(autoescape=True, undefined=StrictUndefined)
_AS_TEXT = Environment(autoescape=False, undefined=StrictUndefined)


def write(letter: Letter, sender: Address, recipient: Address, message_id: str, date: datetime) -> EmailMessage:
    """The message, its lines ended by CRLF. Marked as automatic, so that nobody's absence is told to us."""
    message = EmailMessage(policy=OUTGOING)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = subject(letter)
    message["Date"] = format_datetime(date.astimezone(UTC))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(as_text(letter), cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    message["Content-Language"] = language_of(letter.culture)
    return message


def subject(letter: Letter) -> str:
    """What the letter is about, on one line."""
    wording = _wording(language_of(letter.culture), letter.kind, letter.about)
    return clean_header(_render(_AS_TEXT, wording["subject"], _values(letter)))


def as_html(letter: Letter) -> str:
    """The HTML form, a whole document."""
    return _framed(_AS_HTML, "frame.html", letter)


def as_text(letter: Letter) -> str:
    """The form for readers without HTML."""
    return _framed(_AS_TEXT, "frame.txt", letter).strip() + "\n"


def language_of(culture: str) -> str:
    """The language of a culture, if there are texts in it."""
    language = culture.replace("_", "-").split("-")[0].lower()
    return language if language in languages() else FALLBACK


@cache
def languages() -> frozenset[str]:
    """Those that letters are written in."""
    return frozenset(file.stem for file in TEXTS.glob("*.toml"))


def _framed(environment: Environment, frame: str, letter: Letter) -> str:
    language, values = language_of(letter.culture), _values(letter)
    wording = _wording(language, letter.kind, letter.about)
    filled = {part: _filled(environment, text, values) for part, text in wording.items()}
    return _template(environment, (TEXTS / frame).read_text()).render(language=language, link=values["link"], **filled)


def _filled(environment: Environment, text: str | list[str], values: Mapping[str, str]) -> Any:
    if isinstance(text, list):
        return [_filled(environment, one, values) for one in text]
    rendered = _render(environment, text, values)
    # The values inside were escaped: the frame must not do it again.
    return Markup(rendered) if environment is _AS_HTML else rendered


def _values(letter: Letter) -> dict[str, str]:
    given = {"name": letter.name, "link": letter.link, **letter.values}
    return {name: clean_header(printable(value)) if name != "link" else value for name, value in given.items()}


def _wording(language: str, kind: LetterKind, about: str) -> dict[str, Any]:
    """The parts of a letter: those of its frame, those of its kind, and those of what it is about."""
    texts = _texts(language)
    of_kind = dict(texts[kind.value])
    variants = of_kind.pop("about", {})
    return {**texts["frame"], **of_kind, **variants.get(about, {})}


@cache
def _texts(language: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{language}.toml").read_text())


def _render(environment: Environment, source: str, values: Mapping[str, str]) -> str:
    return _template(environment, source).render(**values)


@cache
def _template(environment: Environment, source: str) -> BoundTemplate:
    return environment.from_string(source)
