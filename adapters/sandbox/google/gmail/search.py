"""Lists of messages and threads: labels, Gmail's search language as far as it is imitated, and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.sandbox.google.errors import GoogleError, invalid
from adapters.sandbox.google.gmail.call import Call, Json
from adapters.sandbox.google.gmail.mailbox import StoredMessage, stored_message
from adapters.sandbox.google.gmail.query import Condition, conditions_of
from adapters.sandbox.google.scopes import gmail

_SEARCHING = gmail("modify", "readonly", "compose")
_HIDDEN = ("SPAM", "TRASH")
_NUMBER_DIGITS = 10
_MOST_DIGITS = 28


@dataclass(frozen=True, slots=True)
class MessagePage:
    messages: list[StoredMessage]
    next_token: str | None
    estimate: int

    def answer(self, key: str, items: list[Json]) -> Json:
        """The list under its key, which is absent when the list is empty."""
        shown: Json = {key: items} if items else {}
        if self.next_token:
            shown["nextPageToken"] = self.next_token
        return shown | {"resultSizeEstimate": self.estimate}


def page_of_messages(call: Call, labels: Sequence[str]) -> MessagePage:
    return _page(call, _conditions(call, labels))


def page_of_threads(call: Call, labels: Sequence[str]) -> MessagePage:
    """The newest hit of each thread stands for it."""
    conditions = _conditions(call, labels)
    where, values = _joined(conditions)
    newest = f"number in (select max(number) from gmail_messages where {where} group by thread_id)"  # noqa: S608
    return _page(call, [Condition("account = ?", (call.account,)), Condition(newest, tuple(values))])


def _conditions(call: Call, labels: Sequence[str]) -> list[Condition]:
    query = call.first("q")
    if query and not call.scopes & _SEARCHING:
        raise GoogleError(403, "Metadata scope does not support 'q' parameter", "forbidden")
    asked = conditions_of(query, call.world.clock.now())
    conditions = [
        Condition("account = ?", (call.account,)),
        Condition("searchable_at <= ?", (call.world.clock.system().timestamp(),)),
        *(Condition.label(label) for label in labels),
        *asked.conditions,
    ]
    if not (call.flag("includeSpamTrash") or asked.everywhere or set(labels) & set(_HIDDEN)):
        conditions.extend(Condition.label(label).negated() for label in _HIDDEN)
    return conditions


def _page(call: Call, conditions: list[Condition]) -> MessagePage:
    size = call.number("maxResults", 100, 500)
    where, values = _joined(conditions)
    counted = call.world.store.rows(f"select count(*) from gmail_messages where {where}", values)  # noqa: S608
    if token := call.first("pageToken"):
        where, values = f"{where} and (internal_date, number) < (?, ?)", [*values, *_position(token)]
    sql = f"select * from gmail_messages where {where} order by internal_date desc, number desc limit ?"  # noqa: S608
    found = [stored_message(row) for row in call.world.store.rows(sql, (*values, size + 1))]
    more = _token(found[size - 1]) if len(found) > size else None
    return MessagePage(found[:size], more, int(counted[0][0]))


def _joined(conditions: Sequence[Condition]) -> tuple[str, list[Any]]:
    return " and ".join(each.sql for each in conditions), [value for each in conditions for value in each.values]


def _token(last: StoredMessage) -> str:
    return f"{last.internal_date}{last.number:0{_NUMBER_DIGITS}d}"


def _position(token: str) -> tuple[int, int]:
    if not token.isdigit() or not _NUMBER_DIGITS < len(token) <= _MOST_DIGITS:
        raise invalid("Invalid pageToken")
    return int(token[:-_NUMBER_DIGITS]), int(token[-_NUMBER_DIGITS:])
