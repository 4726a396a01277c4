"""Tokens of one-time links: ids and a seal over them. Implements domain.accounts.one_time_links.LinkTokens.

`base64url(organization id | link id | the first 128 bits of HMAC-SHA256 over both and the kind)`: nobody can make one
without the key, and the database learns nothing that would open a link.
"""

import base64
import hmac
from uuid import UUID

from adapters.crypto import KeyRing
from domain.accounts.one_time_links import LinkKey, LinkKind, OneTimeLink
from domain.shared.ids import LinkId, OrganizationId

PURPOSE = "one-time-links"
ID_BYTES = 16
SEAL_BYTES = 16
TOKEN_BYTES = 2 * ID_BYTES + SEAL_BYTES
# 48 bytes are 64 characters without padding: every token has one spelling.
TOKEN_LENGTH = 64


class SealedLinkTokens:
    """Over the key ring of the installation."""

    def __init__(self, keys: KeyRing) -> None:
        self._key = keys.subkey(PURPOSE)

    def token_of(self, link: OneTimeLink) -> str:
        ids = link.organization_id.bytes + link.id.bytes
        return base64.urlsafe_b64encode(ids + self._seal(ids, link.kind)).decode()

    def read(self, token: str) -> LinkKey | None:
        content = _decoded(token)
        if content is None:
            return None
        ids, seal = content[: 2 * ID_BYTES], content[2 * ID_BYTES :]
        # All kinds are tried, so that it takes equally long for each.
        fitting = [kind for kind in LinkKind if hmac.compare_digest(seal, self._seal(ids, kind))]
        if not fitting:
            return None
        organization_id, link_id = UUID(bytes=ids[:ID_BYTES]), UUID(bytes=ids[ID_BYTES:])
        return LinkKey(OrganizationId(organization_id), LinkId(link_id), fitting[0])

    def _seal(self, ids: bytes, kind: LinkKind) -> bytes:
        return hmac.digest(self._key, ids + kind.value.encode(), "sha256")[:SEAL_BYTES]


def _decoded(token: str) -> bytes | None:
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    content = base64.urlsafe_b64decode(token) if token.replace("-", "").replace("_", "").isalnum() else b""
    return content if len(content) == TOKEN_BYTES else None
