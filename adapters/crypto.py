"""Keys and what is made with them: sealed values, keyed hashes, and tokens that can be recognised.

The ring comes from the settings: the first key seals, every key opens. The last one is the root of keyed hashes and of
signed links: what was hashed with it cannot be computed anew, so it stays in the ring for good, behind newer ones.
"""

import hashlib
import hmac
import secrets
import zlib
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
NONCE_BYTES = 12
TOKEN_BYTES = 32

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# As many characters as 32 bytes and the 4 bytes of a CRC-32 can take in base 62.
RANDOM_LENGTH = 43
CHECKSUM_LENGTH = 6

SESSION_PREFIX = "eng_ses_"
ACCESS_TOKEN_PREFIX = "eng_pat_"  # noqa: S105 - a public prefix


class CannotOpen(Exception):
    """A sealed value was changed, moved from its place, or sealed with a key that is not in the ring."""


class KeyRing:
    """The installation's keys: `(id, 32 bytes)`, the current one first."""

    def __init__(self, keys: Sequence[tuple[str, bytes]]) -> None:
        if not keys:
            raise ValueError("A key ring needs a key.")
        self._keys = dict(keys)
        self._current = keys[0][0]
        self._root = keys[-1][1]

    def seal(self, plain: bytes, *, organization_id: UUID, table: str, row: UUID, field: str) -> bytes:
        """AES-256-GCM, bound to the place where it is kept: `version | length, key id | nonce | ciphertext`."""
        header = bytes([VERSION, len(self._current.encode())]) + self._current.encode()
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = AESGCM(_derived(self._keys[self._current], "sealing"))
        return header + nonce + cipher.encrypt(nonce, plain, header + _place(organization_id, table, row, field))

    def open(self, sealed: bytes, *, organization_id: UUID, table: str, row: UUID, field: str) -> bytes:
        """What was sealed for this very place. Raises CannotOpen."""
        if len(sealed) < 2 or sealed[0] != VERSION:
            raise CannotOpen("not sealed by this version")
        end = 2 + sealed[1]
        header, nonce, ciphertext = sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
        key = self._keys.get(header[2:].decode(errors="replace"))
        if key is None:
            raise CannotOpen("sealed with a key that is not in the ring")
        cipher = AESGCM(_derived(key, "sealing"))
        try:
            return cipher.decrypt(nonce, ciphertext, header + _place(organization_id, table, row, field))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("changed, or moved from its place") from error

    def subkey(self, purpose: str) -> bytes:
        """32 bytes for one purpose (`tracking`, `suppression`, …), the same while the root key is in the ring."""
        return _derived(self._root, purpose)

    def keyed_hash(self, purpose: str, value: str) -> bytes:
        """HMAC-SHA256: tells nothing about the value to whom the key is not known."""
        return hmac.digest(self.subkey(purpose), value.encode(), "sha256")


class RandomSecrets:
    """Implements domain.accounts.ports.Secrets: 256 random bits behind a prefix, with a checksum at the end.

    The form is GitHub's: a cut token is refused without a look into the database, and scanners find leaked ones.
    """

    def new_session(self) -> str:
        return _new_token(SESSION_PREFIX)

    def new_access_token(self) -> str:
        return _new_token(ACCESS_TOKEN_PREFIX)

    def hash_of_session(self, token: str) -> bytes | None:
        return _hash_of(SESSION_PREFIX, token)

    def hash_of_access_token(self, token: str) -> bytes | None:
        return _hash_of(ACCESS_TOKEN_PREFIX, token)


def _new_token(prefix: str) -> str:
    token = prefix + _base62(int.from_bytes(secrets.token_bytes(TOKEN_BYTES), "big"), RANDOM_LENGTH)
    return token + _checksum(token)


def _hash_of(prefix: str, token: str) -> bytes | None:
    """SHA-256 is enough for 256 random bits. None for what is no such token."""
    if not token.startswith(prefix) or len(token) != len(prefix) + RANDOM_LENGTH + CHECKSUM_LENGTH:
        return None
    if not token.isascii() or token[-CHECKSUM_LENGTH:] != _checksum(token[:-CHECKSUM_LENGTH]):
        return None
    return hashlib.sha256(token.encode()).digest()


def _checksum(text: str) -> str:
    return _base62(zlib.crc32(text.encode()), CHECKSUM_LENGTH)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(BASE62[digit])
    return "".join(reversed(digits))


def _place(organization_id: UUID, table: str, row: UUID, field: str) -> bytes:
    return f"|{organization_id}|{table}|{row}|{field}".encode()


@lru_cache(maxsize=256)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"engage/{purpose}".encode()).derive(key)
