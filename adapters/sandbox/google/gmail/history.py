"""users.history.list: every change since a cursor."""

import sqlite3

import orjson

from adapters.sandbox.google.errors import invalid, not_found
from adapters.sandbox.google.gmail.call import Call, Json
from adapters.sandbox.google.gmail.mailbox import Change

_TYPES = {
    "messageAdded": Change.ADDED,
    "messageDeleted": Change.DELETED,
    "labelAdded": Change.LABELLED,
    "labelRemoved": Change.UNLABELLED,
}
_MOST_DIGITS = 18


def list_(call: Call) -> Json:
    """Without a change the `history` key is absent. 404 for a cursor too old or never given: a full sync is due."""
    start = call.first("startHistoryId")
    if not start.isdigit() or len(start) > _MOST_DIGITS:
        raise invalid("Missing or invalid startHistoryId")
    kinds = [_kind(name).value for name in call.query.get("historyTypes", [])]
    current = call.google.mailboxes.history_id(call.account)
    after = max(int(start), _after(call))
    if int(start) > current or int(start) < _oldest(call):
        raise not_found()
    size = call.number("maxResults", 100, 500)
    rows = _changes(call, after, kinds, size + 1)
    answer: Json = {"historyId": str(current)}
    if rows:
        answer["history"] = [_described(row) for row in rows[:size]]
    if len(rows) > size:
        answer["nextPageToken"] = str(rows[size - 1]["id"])
    return answer


def _after(call: Call) -> int:
    token = call.first("pageToken", "0")
    if not token.isdigit() or len(token) > _MOST_DIGITS:
        raise invalid("Invalid pageToken")
    return int(token)


def _oldest(call: Call) -> int:
    found = call.world.store.row("select oldest from gmail_cursors where account = ?", call.account)
    return int(found["oldest"]) if found else 0


def _changes(call: Call, after: int, kinds: list[str], limit: int) -> list[sqlite3.Row]:
    conditions, values = ["account = ?", "id > ?"], [call.account, after]
    if kinds:
        conditions.append(f"kind in ({', '.join('?' * len(kinds))})")
        values.extend(kinds)
    if label := call.first("labelId"):
        conditions.append("(instr(labels, ?) > 0 or instr(changed, ?) > 0)")
        values.extend([f'"{label}"'] * 2)
    where = " and ".join(conditions)
    sql = f"select * from gmail_history where {where} order by id limit ?"  # noqa: S608
    return call.world.store.rows(sql, (*values, limit))


def _kind(name: str) -> Change:
    if name not in _TYPES:
        raise invalid(f"Invalid value at 'history_types' (TYPE_ENUM), \"{name}\"")
    return _TYPES[name]


def _described(row: sqlite3.Row) -> Json:
    brief = {"id": row["message_id"], "threadId": row["thread_id"]}
    change: Json = {"message": brief | {"labelIds": orjson.loads(row["labels"])}}
    if changed := orjson.loads(row["changed"]):
        change["labelIds"] = changed
    return {"id": str(row["id"]), "messages": [brief], row["kind"]: [change]}
