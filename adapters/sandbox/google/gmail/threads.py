"""users.threads."""

from adapters.sandbox.google.errors import GoogleError, not_found
from adapters.sandbox.google.gmail import labels, payload
from adapters.sandbox.google.gmail.call import Call, Json
from adapters.sandbox.google.gmail.mailbox import StoredMessage
from adapters.sandbox.google.gmail.search import page_of_threads
from adapters.sandbox.google.scopes import gmail

_FORMATS = ("full", "metadata", "minimal")
_READING = gmail("modify", "readonly")


def list_(call: Call) -> Json:
    page = page_of_threads(call, tuple(call.query.get("labelIds", ())))
    threads = [
        {"id": newest.thread_id, "snippet": newest.snippet, "historyId": str(newest.history_id)}
        for newest in page.messages
    ]
    return page.answer("threads", threads)


def get(call: Call) -> Json:
    form = call.choice("format", "full", *_FORMATS)
    if form == "full" and not call.scopes & _READING:
        raise GoogleError(403, "Metadata scope doesn't allow format FULL", "forbidden")
    messages, wanted = _thread(call), call.query.get("metadataHeaders", [])
    mailboxes = call.google.mailboxes
    return {
        "id": call.path["id"],
        "historyId": str(max(message.history_id for message in messages)),
        "messages": [payload.described(message, mailboxes.raw(message), form, wanted) for message in messages],
    }


def modify(call: Call) -> Json:
    add, remove = labels.changes(call)
    return _relabelled(call, add, remove)


def trash(call: Call) -> Json:
    return _relabelled(call, ["TRASH"], ["INBOX"])


def untrash(call: Call) -> Json:
    return _relabelled(call, [], ["TRASH"])


def _relabelled(call: Call, add: list[str], remove: list[str]) -> Json:
    changed = [call.google.mailboxes.relabel(message, add, remove) for message in _thread(call)]
    return {"id": call.path["id"], "messages": [payload.labelled(message) for message in changed]}


def _thread(call: Call) -> list[StoredMessage]:
    messages = call.google.mailboxes.thread(call.account, call.path["id"])
    if not messages:
        raise not_found()
    return messages
