"""All that is held on a person as a page: in the language, the form of dates and the time zone of whoever asked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from domain.accounts.public_holidays import country_of_culture
from domain.contacts.imports.merging import OWN_FIELD
from domain.contacts.personal_data import PersonalData, Reader, Row
from domain.contacts.personal_words import Words, words_of

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid;padding:.4rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere;white-space:pre-wrap}h2{margin-top:2rem}"
)
NOT_SAID = "–"
# Where a value is one of our codes, and not what somebody wrote.
CODED = frozenset({"state", "kind", "type", "outcome", "reason", "email_state", "by", "bounce"})
# What an import found and made of a contact, by the names of the facts.
OF_FACTS = frozenset({"before", "after"})


def as_page(data: PersonalData) -> str:
    """One page that needs nothing else, to be printed or sent."""
    return _Page(data.reader, data.own_labels).of(data)


class _Page:
    def __init__(self, reader: Reader, own_labels: Mapping[str, str]) -> None:
        self._words = words_of(reader.culture)
        self._locale = _locale(self._words, reader.culture)
        self._zone = reader.time_zone
        own = {f"{OWN_FIELD}{key}": label for key, label in own_labels.items()}
        self._facts = {**self._words.facts, **own}

    def of(self, data: PersonalData) -> str:
        words = self._words
        title = escape(words.title.format(name=data.name))
        as_of = escape(words.as_of.format(when=self._moment(data.made_at), zone=self._zone))
        sections = "".join(self._section(name, rows) for name, rows in data.sections.items())
        return (
            f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body><main><h1>{title}</h1><p>{as_of}</p>"
            f"<section><h2>{self._label('contact')}</h2><table>{self._contact(data.contact)}</table></section>"
            f"{sections}</main></body></html>"
        )

    def _contact(self, contact: Row) -> str:
        facts = {key: value for key, value in contact.items() if key not in ("id", "custom")}
        facts |= {f"{OWN_FIELD}{key}": value for key, value in contact["custom"].items()}
        return "".join(
            f"<tr><th scope=row>{self._fact(key)}</th><td>{self._told(value, coded=key == 'email_state')}</td></tr>"
            for key, value in facts.items()
        )

    def _section(self, name: str, rows: Sequence[Row]) -> str:
        """A table with the columns that any row has; what is empty is told, too."""
        heading = f"<section><h2>{self._label(name)}</h2>"
        if not rows:
            return f"{heading}<p>{escape(self._words.nothing)}</p></section>"
        columns = list(dict.fromkeys(column for row in rows for column in row))
        head = "".join(f"<th scope=col>{self._label(column)}</th>" for column in columns)
        body = "".join(f"<tr>{''.join(self._cell(column, row.get(column)) for column in columns)}</tr>" for row in rows)
        return f"{heading}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></section>"

    def _cell(self, column: str, value: object) -> str:
        if not isinstance(value, Mapping):
            return f"<td>{self._told(value, coded=column in CODED)}</td>"
        of_facts = column in OF_FACTS
        parts = (
            f"{self._fact(key) if of_facts else self._label(key)}: "
            f"{self._told(part, coded=not of_facts and key in CODED)}"
            for key, part in value.items()
            if part is not None
        )
        return f"<td>{', '.join(parts) or NOT_SAID}</td>"

    def _fact(self, key: str) -> str:
        return escape(self._facts.get(key) or _spelled(key.removeprefix(OWN_FIELD)))

    def _label(self, key: str) -> str:
        return escape(self._words.labels.get(key) or self._facts.get(key) or _spelled(key))

    def _told(self, value: object, *, coded: bool = False) -> str:
        match value:
            case None:
                return NOT_SAID
            case bool():
                return escape(self._words.yes if value else self._words.no)
            case int() | float():
                return escape(format_decimal(value, locale=self._locale))
            case datetime():
                return escape(self._moment(value))
            case Mapping():
                return escape(", ".join(f"{key}: {part}" for key, part in value.items())) or NOT_SAID
            case list() | tuple():
                return escape(", ".join(map(str, value))) or NOT_SAID
            case _:
                return escape(self._code(str(value)) if coded else self._day(str(value))) or NOT_SAID

    def _code(self, code: str) -> str:
        """Reasons may also be what somebody wrote; that stays."""
        known = self._words.codes.get(code)
        return known or (_spelled(code) if code.islower() and code.replace("_", "").isalpha() else code)

    def _moment(self, at: datetime) -> str:
        return format_datetime(at, "medium", tzinfo=ZoneInfo(self._zone), locale=self._locale)

    def _day(self, text: str) -> str:
        """A day is kept as text, like 2026-11-26."""
        try:
            day = date.fromisoformat(text) if len(text) == len("2026-11-26") else None
        except ValueError:
            day = None
        return text if day is None else format_date(day, "medium", locale=self._locale)


def _locale(words: Words, culture: str) -> Locale:
    """The language of the page with the region of the culture: English words, the region's order of dates."""
    try:
        return Locale(words.language, country_of_culture(culture))
    except UnknownLocaleError:
        return Locale(words.language)


def _spelled(key: str) -> str:
    return key.replace("_", " ").capitalize()
