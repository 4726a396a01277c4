"""Tokens on their way to and from the database: sealed, and bound to the row and field where they are kept."""

from domain.connections.model import Connection, Revocation, SealedTokens, Tokens
from domain.connections.ports import Vault
from domain.shared.ids import ConnectionId, OrganizationId

TABLE = "connections"
REVOCATIONS = "revocations"


class TokenSeal:
    """Seals and opens the tokens of one organization."""

    def __init__(self, vault: Vault, organization_id: OrganizationId) -> None:
        self._vault = vault
        self._organization_id = organization_id

    def seal(self, connection_id: ConnectionId, tokens: Tokens) -> SealedTokens:
        refresh = self._seal(tokens.refresh, connection_id, "refresh_token") if tokens.refresh else None
        return SealedTokens(self._seal(tokens.access, connection_id, "access_token"), refresh, tokens.expires_at)

    def open(self, connection: Connection, sealed: SealedTokens) -> Tokens:
        refresh = self._open(sealed.refresh, connection.id, "refresh_token") if sealed.refresh else None
        return Tokens(self._open(sealed.access, connection.id, "access_token"), refresh, sealed.expires_at)

    def seal_revocation(self, revocation_id: ConnectionId, token: str) -> bytes:
        return self._vault.seal(
            token.encode(), organization_id=self._organization_id, table=REVOCATIONS, row=revocation_id, field="token"
        )

    def open_revocation(self, revocation: Revocation) -> str:
        return self._vault.open(
            revocation.token,
            organization_id=self._organization_id,
            table=REVOCATIONS,
            row=revocation.id,
            field="token",
        ).decode()

    def _seal(self, token: str, row: ConnectionId, field: str) -> bytes:
        return self._vault.seal(
            token.encode(), organization_id=self._organization_id, table=TABLE, row=row, field=field
        )

    def _open(self, sealed: bytes, row: ConnectionId, field: str) -> str:
        return self._vault.open(
            sealed, organization_id=self._organization_id, table=TABLE, row=row, field=field
        ).decode()
