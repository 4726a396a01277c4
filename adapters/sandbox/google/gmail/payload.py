"""A message as the API shows it: minimal, metadata, full or raw."""

import base64
import email
import hashlib
from collections.abc import Collection
from email.message import Message

from adapters.sandbox import mime
from adapters.sandbox.google.gmail.call import Json
from adapters.sandbox.google.gmail.mailbox import StoredMessage

FORMATS = ("minimal", "full", "raw", "metadata")


def brief(message: StoredMessage) -> Json:
    return {"id": message.id, "threadId": message.thread_id}


def labelled(message: StoredMessage) -> Json:
    """What sending and history answer."""
    return brief(message) | ({"labelIds": list(message.labels)} if message.labels else {})


def described(message: StoredMessage, raw: bytes, form: str, wanted: Collection[str] = ()) -> Json:
    """`wanted` names the headers of the metadata form; none means all."""
    answer = labelled(message) | {
        "snippet": message.snippet,
        "historyId": str(message.history_id),
        "internalDate": str(message.internal_date),
        "sizeEstimate": message.size,
    }
    if form == "raw":
        return answer | {"raw": url64(raw)}
    if form == "metadata":
        return answer | {"payload": {"mimeType": _mime_type(raw), "headers": _headers(raw, wanted)}}
    if form == "full":
        return answer | {"payload": part_of(email.message_from_bytes(raw), "")}
    return answer


def part_of(part: Message, part_id: str) -> Json:
    """One part with everything below it; ids count from 0 at each level, the root's is empty."""
    shown: Json = {
        "partId": part_id,
        "mimeType": part.get_content_type(),
        "filename": mime.decoded(part.get_filename() or ""),
        "headers": [{"name": name, "value": mime.decoded(str(value))} for name, value in part.items()],
    }
    children = children_of(part)
    if children:
        prefix = f"{part_id}." if part_id else ""
        shown["parts"] = [part_of(child, f"{prefix}{number}") for number, child in enumerate(children)]
        return shown | {"body": {"size": 0}}
    content = content_of(part)
    if shown["filename"]:
        return shown | {"body": {"attachmentId": attachment_id(part_id, content), "size": len(content)}}
    return shown | {"body": {"size": len(content)} | ({"data": url64(content)} if content else {})}


def children_of(part: Message) -> list[Message]:
    if not part.is_multipart() or part.get_content_type() == "message/delivery-status":
        return []
    return [child for child in part.get_payload() if isinstance(child, Message)]


def content_of(part: Message) -> bytes:
    """The decoded content; text comes as UTF-8, the blocks of a delivery status as they were written."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(block.as_bytes() for block in payload if isinstance(block, Message))
    if part.get_content_maintype() == "text":
        return mime.decoded_body(part).encode()
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def attachment_id(part_id: str, content: bytes) -> str:
    return "ANGjdJ" + base64.urlsafe_b64encode(hashlib.sha256(part_id.encode() + content).digest()).decode().rstrip("=")


def attachment(part: Message, part_id: str, wanted: str) -> bytes | None:
    """The content of the file with this id, wherever in the message it is."""
    children = children_of(part)
    if not children:
        content = content_of(part)
        return content if attachment_id(part_id, content) == wanted else None
    prefix = f"{part_id}." if part_id else ""
    below = (attachment(child, f"{prefix}{number}", wanted) for number, child in enumerate(children))
    return next((content for content in below if content is not None), None)


def url64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _mime_type(raw: bytes) -> str:
    declared = mime.header(mime.headers(raw), "Content-Type").split(";")[0].strip().lower()
    return declared or "text/plain"


def _headers(raw: bytes, wanted: Collection[str]) -> list[Json]:
    names = {name.lower() for name in wanted}
    return [{"name": name, "value": value} for name, value in mime.headers(raw) if not names or name.lower() in names]
