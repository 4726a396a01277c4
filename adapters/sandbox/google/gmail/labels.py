"""users.labels, and the labels that a change names."""

from adapters.sandbox.google.errors import GoogleError, invalid, not_found
from adapters.sandbox.google.gmail.call import Call, Json

SYSTEM = (
    "CHAT", "SENT", "INBOX", "IMPORTANT", "TRASH", "DRAFT", "SPAM", "CATEGORY_FORUMS", "CATEGORY_UPDATES",
    "CATEGORY_PERSONAL", "CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "STARRED", "UNREAD",
)  # fmt: skip
_FIXED = frozenset({"SENT", "DRAFT", "CHAT"})


def list_(call: Call) -> Json:
    own = [{"id": row["id"], "name": row["name"], "type": "user"} for row in _own(call)]
    return {"labels": [{"id": label, "name": label, "type": "system"} for label in SYSTEM] + own}


def get(call: Call) -> Json:
    label = call.path["id"]
    name = _names(call).get(label)
    if name is None:
        raise not_found()
    return {"id": label, "name": name, "type": "system" if label in SYSTEM else "user"} | _counts(call, label)


def create(call: Call) -> Json:
    name = call.body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise invalid("Invalid label name")
    if name.casefold() in {known.casefold() for known in _names(call).values()}:
        raise GoogleError(409, "Label name exists or conflicts", "aborted")
    label = f"Label_{len(_own(call)) + 1}"
    call.world.store.insert("gmail_labels", account=call.account, id=label, name=name)
    return {"id": label, "name": name, "messageListVisibility": "show", "labelListVisibility": "labelShow"}


def changes(call: Call) -> tuple[list[str], list[str]]:
    """addLabelIds and removeLabelIds of a request; 400 for an unknown label or one that Gmail alone sets."""
    known = _names(call)
    both = call.body.get("addLabelIds", []), call.body.get("removeLabelIds", [])
    if not all(isinstance(labels, list) for labels in both):
        raise invalid("Invalid value at 'add_label_ids' or 'remove_label_ids'")
    for label in (*both[0], *both[1]):
        if label not in known or label in _FIXED:
            raise invalid(f"Invalid label: {label}")
    return both


def _own(call: Call) -> list[Json]:
    return [dict(row) for row in call.world.store.rows("select * from gmail_labels where account = ?", (call.account,))]


def _names(call: Call) -> dict[str, str]:
    return {label: label for label in SYSTEM} | {row["id"]: row["name"] for row in _own(call)}


def _counts(call: Call, label: str) -> Json:
    counted = call.world.store.row(
        "select count(*) as messages, count(distinct m.thread_id) as threads,"
        " sum(instr(m.labels, '\"UNREAD\"') > 0) as unread from gmail_labelled l"
        " join gmail_messages m on m.id = l.message_id where l.account = ? and l.label = ?",
        call.account, label,
    )  # fmt: skip
    if counted is None:
        return {}
    return {
        "messagesTotal": counted["messages"],
        "messagesUnread": counted["unread"] or 0,
        "threadsTotal": counted["threads"],
    }
