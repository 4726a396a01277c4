"""Opens users' mailboxes with the access that they gave."""

from collections.abc import Mapping

from domain.connections.model import Mailbox, Provider
from domain.connections.tokens import ConnectionTokens
from domain.providers.mailbox import MailProvider, ProviderMailbox
from domain.shared.ids import ConnectionId, OrganizationId


class MailboxAccess:
    """Implements domain.emails.ports.MailAccess."""

    def __init__(self, tokens: ConnectionTokens, providers: Mapping[Provider, MailProvider]) -> None:
        self.tokens = tokens
        self._providers = providers

    def open(self, mailbox: Mailbox) -> ProviderMailbox:
        return self._providers[mailbox.provider].open(self.tokens.of(mailbox.organization_id, mailbox.connection_id))

    async def lost(self, organization_id: OrganizationId, connection_id: ConnectionId, reason: str) -> None:
        await self.tokens.lose(organization_id, connection_id, reason)
