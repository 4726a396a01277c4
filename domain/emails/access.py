"""Opens users' mailboxes with the access that they gave, which is marked as lost where the provider refuses it."""

from collections.abc import Mapping

from domain.connections.model import Mailbox, Provider
from domain.connections.tokens import ConnectionTokens
from domain.providers.mailbox import MailProvider, ProviderMailbox


class MailboxAccess:
    """Implements domain.emails.ports.MailAccess."""

    def __init__(self, tokens: ConnectionTokens, providers: Mapping[Provider, MailProvider]) -> None:
        self.tokens = tokens
        self._providers = providers

    def open(self, mailbox: Mailbox) -> ProviderMailbox:
        access = self.tokens.of(mailbox.organization_id, mailbox.connection_id, mailbox.address)
        return self._providers[mailbox.provider].open(access)
