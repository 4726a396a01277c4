"""users.drafts: mail that is kept until it is sent, once."""

import secrets

from adapters.sandbox import mime
from adapters.sandbox.google.errors import invalid, not_found
from adapters.sandbox.google.gmail import payload, sending
from adapters.sandbox.google.gmail.call import Call, Json, raw_of
from adapters.sandbox.google.gmail.mailbox import StoredMessage
from adapters.sandbox.google.gmail.search import page_of_messages


def create(call: Call) -> Json:
    message = _stored(call, call.body.get("message", {}))
    draft_id = f"r-{secrets.randbelow(9 * 10**17) + 10**17}"
    call.world.store.insert("gmail_drafts", id=draft_id, account=call.account, message_id=message.id)
    return _described(draft_id, message)


def get(call: Call) -> Json:
    draft_id, message = _found(call, call.path["id"])
    form = call.choice("format", "full", *payload.FORMATS)
    return {"id": draft_id, "message": payload.described(message, call.google.mailboxes.raw(message), form)}


def list_(call: Call) -> Json:
    """The newest first; without a draft the `drafts` key is absent."""
    page = page_of_messages(call, ("DRAFT",))
    ids = {
        row["message_id"]: row["id"]
        for row in call.world.store.rows("select * from gmail_drafts where account = ?", (call.account,))
    }
    drafts = [{"id": ids[message.id], "message": payload.brief(message)} for message in page.messages]
    return page.answer("drafts", drafts)


def update(call: Call) -> Json:
    """Replaces the content; the message behind the draft is a new one."""
    draft_id, before = _found(call, call.path["id"])
    asked = {"threadId": before.thread_id} | call.body.get("message", {})
    call.google.mailboxes.remove(before)
    message = _stored(call, asked, before.thread_id)
    call.world.store.run("update gmail_drafts set message_id = ? where id = ?", message.id, draft_id)
    return _described(draft_id, message)


def delete(call: Call) -> None:
    draft_id, message = _found(call, call.path["id"])
    _consume(call, draft_id, message)


def send(call: Call) -> Json:
    """Sends a draft and consumes it. Whoever comes second gets 404. The thread stays, the message is a new one."""
    draft_id = call.body.get("id")
    if not isinstance(draft_id, str) or not draft_id:
        return _send_unsaved(call)
    found, message = _found(call, draft_id)
    changed = call.body.get("message", {})
    raw = raw_of(changed, call.media) if "raw" in changed or call.media else call.google.mailboxes.raw(message)
    _consume(call, found, message)
    return payload.labelled(sending.send(call, raw, message.thread_id))


def _send_unsaved(call: Call) -> Json:
    """A draft without an id is sent as it stands in the request."""
    asked = call.body.get("message", {})
    if "raw" not in asked and call.media is None:
        raise invalid("Missing draft id")
    raw = sending.checked_size(raw_of(asked, call.media))
    return payload.labelled(sending.send(call, raw, sending.thread_for(call, asked.get("threadId"), raw)))


def _stored(call: Call, asked: Json, own_thread: str | None = None) -> StoredMessage:
    """`own_thread` is the thread of the draft that is being replaced; it may be empty by now."""
    raw = sending.checked_size(raw_of(asked, call.media))
    thread = asked.get("threadId")
    known = thread if thread == own_thread else sending.thread_for(call, thread, raw)
    if not mime.header(mime.headers(raw), "From"):
        raw = mime.with_headers(raw, {"From": call.account})
    return call.google.mailboxes.add(call.account, raw, ("DRAFT",), known)


def _found(call: Call, draft_id: str) -> tuple[str, StoredMessage]:
    row = call.world.store.row("select * from gmail_drafts where id = ? and account = ?", draft_id, call.account)
    if row is None:
        raise not_found()
    return row["id"], call.google.mailboxes.get(call.account, row["message_id"])


def _consume(call: Call, draft_id: str, message: StoredMessage) -> None:
    call.world.store.run("delete from gmail_drafts where id = ?", draft_id)
    call.google.mailboxes.remove(message)


def _described(draft_id: str, message: StoredMessage) -> Json:
    return {"id": draft_id, "message": payload.labelled(message)}
