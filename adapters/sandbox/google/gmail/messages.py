"""users.messages and users.messages.attachments."""

import email

from adapters.sandbox.google.errors import GoogleError, invalid, not_found
from adapters.sandbox.google.gmail import labels, payload, sending
from adapters.sandbox.google.gmail.call import Call, Json, raw_of
from adapters.sandbox.google.gmail.mailbox import StoredMessage
from adapters.sandbox.google.gmail.search import page_of_messages
from adapters.sandbox.google.scopes import gmail

_READING = gmail("modify", "readonly")


def send(call: Call) -> Json:
    raw = sending.checked_size(raw_of(call.body, call.media))
    return payload.labelled(sending.send(call, raw, sending.thread_for(call, call.body.get("threadId"), raw)))


def list_(call: Call) -> Json:
    """The newest first; without a hit the `messages` key is absent."""
    page = page_of_messages(call, tuple(call.query.get("labelIds", ())))
    return page.answer("messages", [payload.brief(message) for message in page.messages])


def get(call: Call) -> Json:
    form = call.choice("format", "full", *payload.FORMATS)
    if form in ("full", "raw") and not call.scopes & _READING:
        raise GoogleError(403, f"Metadata scope doesn't allow format {form.upper()}", "forbidden")
    message = found(call, call.path["id"])
    wanted = call.query.get("metadataHeaders", [])
    return payload.described(message, call.google.mailboxes.raw(message), form, wanted)


def modify(call: Call) -> Json:
    add, remove = labels.changes(call)
    return payload.labelled(call.google.mailboxes.relabel(found(call, call.path["id"]), add, remove))


def batch_modify(call: Call) -> None:
    add, remove = labels.changes(call)
    for message_id in call.body.get("ids", []):
        call.google.mailboxes.relabel(found(call, message_id), add, remove)


def trash(call: Call) -> Json:
    return payload.labelled(call.google.mailboxes.relabel(found(call, call.path["id"]), ("TRASH",), ("INBOX",)))


def untrash(call: Call) -> Json:
    return payload.labelled(call.google.mailboxes.relabel(found(call, call.path["id"]), (), ("TRASH",)))


def delete(call: Call) -> None:
    message = found(call, call.path["id"])
    call.world.store.run("delete from gmail_drafts where message_id = ?", message.id)
    call.google.mailboxes.remove(message)


def attachment(call: Call) -> Json:
    raw = call.google.mailboxes.raw(found(call, call.path["messageId"]))
    content = payload.attachment(email.message_from_bytes(raw), "", call.path["id"])
    if content is None:
        raise invalid("Invalid attachment token")
    return {"size": len(content), "data": payload.url64(content)}


def found(call: Call, message_id: str) -> StoredMessage:
    """400 for what cannot be an id, 404 for what is none of this account's."""
    if not isinstance(message_id, str) or len(message_id) > 16 or set(message_id) - set("0123456789abcdef"):
        raise invalid("Invalid id value")
    message = call.google.mailboxes.find(call.account, message_id)
    if message is None:
        raise not_found()
    return message
