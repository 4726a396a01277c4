"""Everything that the stand-in of Google remembers."""

from adapters.sandbox.clock import MovableClock
from adapters.sandbox.google import accounts
from adapters.sandbox.google.accounts import Accounts
from adapters.sandbox.google.behaviour import Switches
from adapters.sandbox.google.gmail import mailbox
from adapters.sandbox.google.gmail.mailbox import GmailMailboxes
from adapters.sandbox.google.gmail.quota import Quota
from adapters.sandbox.google.oauth import grants
from adapters.sandbox.google.oauth.grants import Grants
from adapters.sandbox.google.oauth.identity import IdentityKey
from adapters.sandbox.options import RegisteredClient, SandboxOptions
from adapters.sandbox.store import Store

GOOGLE_SCHEMAS = (accounts.SCHEMA, grants.SCHEMA, mailbox.SCHEMA)


class Google:
    """`issuer` is the base of all its URLs, as OpenID Connect names it."""

    def __init__(self, store: Store, clock: MovableClock, options: SandboxOptions) -> None:
        self.issuer = f"{options.public_url.rstrip('/')}/google"
        self.clock = clock
        self.store = store
        self.clients = {client.client_id: client for client in options.google_clients}
        self.switches = Switches(store)
        self.accounts = Accounts(store)
        self.grants = Grants(store, clock)
        self.key = IdentityKey(options.state_directory / "google-signing-key.pem")
        self.mailboxes = GmailMailboxes(store, clock, self.accounts, self.switches)
        self.quota = Quota(store, clock, self.switches)

    def client(self, client_id: str) -> RegisteredClient | None:
        return self.clients.get(client_id)
