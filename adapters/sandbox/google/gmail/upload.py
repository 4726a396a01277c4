"""Messages handed in as bytes: the /upload paths with uploadType=media and uploadType=multipart."""

import email
from dataclasses import dataclass, field
from email.message import Message

import orjson

from adapters.sandbox.google.errors import GoogleError, invalid
from adapters.sandbox.google.gmail.call import Json


@dataclass(frozen=True, slots=True)
class Upload:
    media: bytes
    body: Json = field(default_factory=dict)


def parsed_upload(kind: str, content_type: str, content: bytes) -> Upload:
    """`media`: the body is the message. `multipart`: a JSON part, then the message."""
    if kind == "media":
        if not content_type.startswith("message/"):
            raise invalid(f"Media type '{content_type}' is not supported. Valid media types: [message/*]")
        return Upload(content)
    if kind == "multipart":
        return _multipart(content_type, content)
    if kind == "resumable":
        raise GoogleError(501, "The sandbox does not imitate resumable uploads.", "notImplemented")
    raise invalid("Missing or unknown uploadType")


def _multipart(content_type: str, content: bytes) -> Upload:
    boundary = _boundary(content_type)
    parts = [part.strip(b"\r\n") for part in content.split(b"--" + boundary)[1:-1]]
    if len(parts) != 2:
        raise invalid("A multipart upload has a JSON part and a message part")
    (_, described), (_, media) = (_part(part) for part in parts)
    try:
        body = orjson.loads(described or b"{}")
    except orjson.JSONDecodeError as broken:
        raise invalid(f"Invalid JSON payload received. {broken}") from broken
    return Upload(media, body)


def _boundary(content_type: str) -> bytes:
    boundary = email.message_from_string(f"Content-Type: {content_type}\n\n").get_boundary()
    if not content_type.startswith("multipart/related") or not boundary:
        raise invalid("A multipart upload is multipart/related with a boundary")
    return boundary.encode()


def _part(part: bytes) -> tuple[Message, bytes]:
    for ending in (b"\r\n\r\n", b"\n\n"):
        head, found, body = part.partition(ending)
        if found:
            return email.message_from_bytes(head + ending), body
    raise invalid("A part of a multipart upload has no headers")
