"""What makes an email tell what became of it: signed public tokens, their addresses, and the pixel."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from uuid import UUID

# A transparent GIF of one pixel.
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b",
)
PIXEL_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Type": "image/gif",
        "Content-Length": str(len(PIXEL)),
        "Cache-Control": "no-store, no-cache, must-revalidate, max-age=0, private",
        "Pragma": "no-cache",
        "Expires": "0",
        "X-Robots-Tag": "noindex",
    }
)
CLICK_HEADERS: Mapping[str, str] = MappingProxyType(
    {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
)
MOST_LINKS = 0xFFFF

_OPEN, _CLICK, _UNSUBSCRIBE = b"o", b"c", b"u"
_MAC_BYTES = 12
_POSITION_BYTES = 2


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """Makes and reads the tokens of public addresses.

    A token is base64url of key number (1 byte), email id (16), for a click the position of the link (2), and 12 bytes
    of HMAC-SHA256 over its kind and all of these. A token of one kind is never read as another, and has one spelling.
    `keys` are by number (0 to 255); tokens are signed with `current` and read with any, so keys can be replaced.
    Raises ValueError for keys that can't serve.
    """

    keys: Mapping[int, bytes]
    current: int

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError("The current key is not among the keys.")
        if any(not 0 <= number <= 255 or len(key) < 16 for number, key in self.keys.items()):
            raise ValueError("Keys are numbered 0 to 255 and are at least 16 bytes long.")

    def sign_open(self, email_id: UUID) -> str:
        """The token of the email's pixel."""
        return self._sign(_OPEN, email_id.bytes)

    def sign_click(self, email_id: UUID, position: int) -> str:
        """The token of one of the email's links, by its position from 0. Raises OverflowError beyond MOST_LINKS."""
        return self._sign(_CLICK, email_id.bytes + position.to_bytes(_POSITION_BYTES))

    def sign_unsubscribe(self, email_id: UUID) -> str:
        """The token by which the recipient of the email leaves. It never expires."""
        return self._sign(_UNSUBSCRIBE, email_id.bytes)

    def read_open(self, token: str) -> UUID | None:
        """The email whose pixel this is; None for anything that we did not sign."""
        payload = self._read(_OPEN, token, 16)
        return None if payload is None else UUID(bytes=payload)

    def read_click(self, token: str) -> tuple[UUID, int] | None:
        """The email and the position of the link; None for anything that we did not sign."""
        payload = self._read(_CLICK, token, 16 + _POSITION_BYTES)
        return None if payload is None else (UUID(bytes=payload[:16]), int.from_bytes(payload[16:]))

    def read_unsubscribe(self, token: str) -> UUID | None:
        """The email by which the recipient leaves; None for anything that we did not sign."""
        payload = self._read(_UNSUBSCRIBE, token, 16)
        return None if payload is None else UUID(bytes=payload)

    def _sign(self, kind: bytes, payload: bytes) -> str:
        numbered = bytes([self.current]) + payload
        return _encode(numbered + _mac(self.keys[self.current], kind, numbered))

    def _read(self, kind: bytes, token: str, length: int) -> bytes | None:
        raw = _decode(token)
        if len(raw) != 1 + length + _MAC_BYTES:
            return None
        key = self.keys.get(raw[0])
        numbered, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if key is None or not hmac.compare_digest(_mac(key, kind, numbered), mac):
            return None
        return numbered[1:]


@dataclass(frozen=True, slots=True)
class TrackingUrls:
    """The public addresses of one installation, below its public URL (`https://engage.example.com`)."""

    public_url: str
    signer: TokenSigner

    def opened(self, email_id: UUID) -> str:
        """The address of the email's pixel."""
        return f"{self._base}/t/o/{self.signer.sign_open(email_id)}"

    def clicked(self, email_id: UUID, position: int) -> str:
        """The address that stands for the email's link at this position."""
        return f"{self._base}/t/c/{self.signer.sign_click(email_id, position)}"

    def unsubscribe(self, email_id: UUID) -> str:
        """The address by which the recipient leaves: a page for GET, done by POST."""
        return f"{self._base}/u/{self.signer.sign_unsubscribe(email_id)}"

    @property
    def _base(self) -> str:
        return self.public_url.rstrip("/")


def _mac(key: bytes, kind: bytes, numbered: bytes) -> bytes:
    return hmac.digest(key, b"engage tracking " + kind + numbered, sha256)[:_MAC_BYTES]


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(token: str) -> bytes:
    """The bytes of a token in its one spelling, otherwise none."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return b""
    return raw if _encode(raw) == token else b""
