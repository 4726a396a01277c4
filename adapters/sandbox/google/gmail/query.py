"""Gmail's search language, the part that programs use. What is not imitated is refused, so that nobody relies on it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adapters.sandbox.google.errors import invalid

_TERM = re.compile(r'(-?)(?:([a-z0-9_]+):)?("[^"]*"|\([^)]*\)|\S+)', re.IGNORECASE)
_AGE = re.compile(r"(\d{1,4})([dmy])")
_AGE_DAYS = {"d": 1, "m": 30, "y": 365}
_PLACES = {"sent": "SENT", "inbox": "INBOX", "draft": "DRAFT", "drafts": "DRAFT", "trash": "TRASH", "spam": "SPAM"}
_PLACES |= {"chats": "CHAT", "starred": "STARRED", "unread": "UNREAD", "important": "IMPORTANT"}
_STATES = {"unread": "UNREAD", "starred": "STARRED", "important": "IMPORTANT"}
_MOST_DIGITS = 11
_MOST_DAYS = 36_500
_USUALLY_HIDDEN = ("anywhere", "trash", "spam")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on gmail_messages with its values."""

    sql: str
    values: tuple[object, ...] = ()

    @classmethod
    def label(cls, label: str) -> "Condition":
        return cls(
            "exists (select 1 from gmail_labelled l where l.account = gmail_messages.account and l.label = ?"
            " and l.message_id = gmail_messages.id)",
            (label,),
        )

    def negated(self) -> "Condition":
        return Condition(f"not ({self.sql})", self.values)


@dataclass(frozen=True, slots=True)
class Search:
    """`everywhere`: the search itself speaks of spam or trash, which lists otherwise leave out."""

    conditions: tuple[Condition, ...]
    everywhere: bool


def conditions_of(query: str, now: datetime) -> Search:
    """All terms must hold. 400 for an operator that is not imitated; Gmail itself would search for its text."""
    conditions: list[Condition] = []
    everywhere = False
    for minus, operator, value in _TERM.findall(query):
        text = value.strip('"').strip()
        everywhere = everywhere or (operator.lower() in ("in", "label") and text.lower() in _USUALLY_HIDDEN)
        condition = _condition(operator.lower(), text, now)
        if condition is not None:
            conditions.append(condition.negated() if minus else condition)
    return Search(tuple(conditions), everywhere)


def _condition(operator: str, value: str, now: datetime) -> Condition | None:
    if operator in ("in", "label"):
        return _place(value)
    if operator == "is":
        return _state(value.lower())
    if operator in ("after", "newer", "before", "older"):
        sign = ">=" if operator in ("after", "newer") else "<"
        return Condition(f"internal_date {sign} ?", (_instant(value) * 1000,))
    if operator in ("newer_than", "older_than"):
        sign = ">=" if operator == "newer_than" else "<"
        return Condition(f"internal_date {sign} ?", (int((now - _age(value)).timestamp() * 1000),))
    if operator == "rfc822msgid":
        return Condition("rfc822_id = ?", (f"<{value.strip('<>')}>",))
    return _text(operator, value.lower())


def _text(operator: str, value: str) -> Condition:
    columns = {
        "from": "sender",
        "to": "recipients",
        "subject": "lower(subject)",
        "": "(lower(subject) || ' ' || sender || ' ' || recipients || ' ' || lower(snippet))",
    }
    if operator not in columns or value.startswith(("(", "{")) or value.upper() == "OR":
        raise invalid(f"The sandbox does not imitate this search: {operator + ':' if operator else ''}{value}")
    return Condition(f"instr({columns[operator]}, ?) > 0", (value,))


def _place(value: str) -> Condition | None:
    if value.lower() == "anywhere":
        return None
    return Condition.label(_PLACES.get(value.lower(), value))


def _state(value: str) -> Condition:
    if value == "read":
        return Condition.label("UNREAD").negated()
    if value not in _STATES:
        raise invalid(f"The sandbox does not imitate this search: is:{value}")
    return Condition.label(_STATES[value])


def _instant(value: str) -> int:
    """Seconds since 1970, or a day as 2026/01/31, which here begins at midnight UTC."""
    if value.isdigit() and len(value) <= _MOST_DIGITS:
        return int(value)
    try:
        year, month, day = (int(part) for part in re.split(r"[/-]", value))
        return int(datetime(year, month, day, tzinfo=UTC).timestamp())
    except ValueError as broken:
        raise invalid(f"Invalid date in search: {value}") from broken


def _age(value: str) -> timedelta:
    found = _AGE.fullmatch(value.lower())
    if found is None:
        raise invalid(f"Invalid age in search: {value}")
    return timedelta(days=min(int(found[1]) * _AGE_DAYS[found[2]], _MOST_DAYS))
