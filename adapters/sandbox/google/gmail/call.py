"""One call of the Gmail API: who asks, for whose mailbox, with what."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from adapters.sandbox.google.errors import invalid
from adapters.sandbox.google.state import Google
from adapters.sandbox.world import World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """`query` holds every value of each parameter in order; `media` is an uploaded message, else None."""

    world: World
    account: str
    scopes: frozenset[str]
    path: dict[str, str]
    query: dict[str, list[str]]
    body: Json = field(default_factory=dict)
    media: bytes | None = None

    @property
    def google(self) -> Google:
        return self.world.google

    def first(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def number(self, name: str, default: int, most: int) -> int:
        """A count such as maxResults; more than the most that Gmail gives is cut down to that."""
        value = self.first(name, str(default))
        if not value.isdigit():
            raise invalid(f"Invalid value at '{name}' (TYPE_UINT32), \"{value}\"")
        return min(int(value) or default, most)

    def flag(self, name: str) -> bool:
        return self.first(name, "false").lower() == "true"

    def choice(self, name: str, default: str, *choices: str) -> str:
        value = self.first(name, default).lower()
        if value not in choices:
            raise invalid(f"Invalid value at '{name}' (TYPE_ENUM), \"{value}\"")
        return value


def raw_of(message: Json, media: bytes | None) -> bytes:
    """The mail that a message of a request body holds, or the uploaded one; 400 when there is none or it is garbled."""
    if media is not None:
        return media
    raw = message.get("raw")
    if not isinstance(raw, str) or not raw:
        raise invalid("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
    try:
        return base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as broken:
        raise invalid("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed") from broken
