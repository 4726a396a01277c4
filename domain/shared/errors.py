"""Every way in which a use case can refuse or fail: one tree, translated once for HTTP and once for jobs.

EngageError
├── Rejected              the input is wrong (422); carries one FieldError a fault
├── InvalidCursor         a paging cursor that was not given out by us (400)
├── Unauthenticated       no valid session or token (401)
│   ├── InvalidCredentials  wrong address or password
│   ├── SecondFactorRequired  the password is right, and a code is needed beside it
│   ├── InvalidCode         the code is wrong or was used
│   ├── InvalidPasskey      the passkey is unknown, or its answer is none to our question
│   └── SignOnRefused       the way to the identity provider and back did not end in a session
├── Forbidden             known, but not allowed (403)
│   ├── InsufficientScope   the token lacks the scope
│   ├── SecondFactorSetupRequired  the organization requires a second factor first
│   └── ConfirmationRequired  who sits there has to show first that it is still the user
├── NotFound              missing, or another organization's (404)
├── Conflict              the state of things is against it (409)
│   ├── AlreadyExists
│   ├── NotAllowedInState
│   ├── NotConnected        a provider has to be connected first
│   ├── PasskeysUnavailable the installation's address is none that passkeys are bound to
│   ├── IdempotencyKeyReused
│   └── VersionMismatch     edited meanwhile (412)
├── TooManyRequests       slow down (429)
├── Unavailable           our own database is away (503)
│   └── Contended           another transaction was in the way: nothing was done, doing it again may help
└── ProviderError         somebody else's system
    ├── ProviderRejected    it refused for good (422)
    ├── ProviderAccessLost  the access that the user gave is gone (409)
    ├── ProviderThrottled   it asks for patience (503)
    ├── ProviderUnavailable it did not act (502)
    └── ProviderUnknown     nobody knows whether it acted (504)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, Self

# The numbers and names in a message, for whoever says it in another language.
Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of the input: where (a JSON pointer), which (stable code) and what to do about it."""

    pointer: str
    code: str
    message: str
    params: Params = field(default_factory=dict, hash=False)

    def at(self, pointer: str) -> Self:
        """The same fault elsewhere."""
        return replace(self, pointer=pointer)


class EngageError(Exception):
    """The root. `code` is stable and machine-readable, the message is for people.

    `reason` tells the cases of one code apart where there are several, and is as stable as the code.
    """

    code: ClassVar[str] = "error"
    reason: str | None

    def __init__(self, message: str, reason: str | None = None, **params: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.params: Params = params


class Rejected(EngageError):
    """The input is wrong; nothing was changed."""

    code = "invalid_input"

    def __init__(self, errors: Sequence[FieldError], message: str = "The input is not valid.") -> None:
        super().__init__(message)
        self.errors = tuple(errors)


class InvalidField(Rejected):
    """One field is wrong."""

    def __init__(self, pointer: str, code: str, message: str, **params: str | int) -> None:
        super().__init__([FieldError(pointer, code, message, params)])


class InvalidCursor(EngageError):
    """The cursor was not given out by this list."""

    code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__("The cursor does not belong to this list. Start again without one.")


class Unauthenticated(EngageError):
    """There is no valid session or token."""

    code = "unauthenticated"

    def __init__(self, message: str = "Sign in, or send a valid token.", reason: str | None = None) -> None:
        super().__init__(message, reason)


class InvalidCredentials(Unauthenticated):
    """Email or password is wrong; which of them is not told."""

    code = "invalid_credentials"

    def __init__(self) -> None:
        super().__init__("Email or password is wrong.")


class SecondFactorRequired(Unauthenticated):
    """The password is right, but not enough. `methods` says what would be: totp, recovery_code, passkey."""

    code = "second_factor_required"

    def __init__(self, methods: Sequence[str]) -> None:
        super().__init__("A second factor is needed: send a code too, or sign in with a passkey.")
        self.methods = tuple(methods)


class InvalidCode(Unauthenticated):
    """The code of the second factor is wrong, too old, or was used already."""

    code = "invalid_code"

    def __init__(self) -> None:
        super().__init__("This code is not valid. Take the next one that is shown.")


class InvalidPasskey(Unauthenticated):
    """The passkey is not known here, or the answer is not one to a question that we asked a moment ago."""

    code = "invalid_passkey"

    def __init__(self) -> None:
        super().__init__("This passkey could not be used. Try again, or sign in another way.")


class SignOnRefused(Unauthenticated):
    """The way to the identity provider and back did not end in a session. `reason` is for the page that tells why.

    state_invalid, not_configured, access_denied, provider_refused, provider_unavailable, email_unverified,
    unknown_user, identity_conflict.
    """

    code = "sign_on_refused"
    reason: str

    def __init__(self, reason: str) -> None:
        super().__init__("You could not be signed in through the identity provider.", reason)


class Forbidden(EngageError):
    """The principal is known, but may not do this."""

    code = "forbidden"

    def __init__(
        self, message: str = "You are not allowed to do this.", reason: str | None = None, **params: str | int
    ) -> None:
        super().__init__(message, reason, **params)


class InsufficientScope(Forbidden):
    """The token was made for less than this."""

    code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"The token lacks the scope {scope}.", scope=scope)
        self.scope = scope


class SecondFactorSetupRequired(Forbidden):
    """The organization requires a second factor and the user has none yet: nothing else goes before it."""

    code = "second_factor_setup_required"

    def __init__(self) -> None:
        super().__init__("Your organization requires a second factor. Set one up first.")


class ConfirmationRequired(Forbidden):
    """The session has not shown for a while who sits there. `methods` says what would do.

    password, totp, recovery_code, passkey, single_sign_on (by signing in anew).
    """

    code = "confirmation_required"

    def __init__(self, methods: Sequence[str]) -> None:
        super().__init__("Confirm that it is you, then do this again.")
        self.methods = tuple(methods)


class NotFound(EngageError):
    """Missing, or another organization's: both answer alike."""

    code = "not_found"

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no such {kind}.", kind=kind)
        self.kind = kind


class Conflict(EngageError):
    """The state of things is against it."""

    code = "conflict"


class AlreadyExists(Conflict):
    """There is such a record already; `existing` says which, when the asker may know."""

    code = "already_exists"

    def __init__(self, message: str, reason: str | None = None, existing: dict[str, str] | None = None) -> None:
        super().__init__(message, reason)
        self.existing = existing or {}


class NotAllowedInState(Conflict):
    """The thing is in a state in which this cannot be done."""

    code = "not_allowed_in_state"


class NotConnected(Conflict):
    """The user has no working connection to the provider."""

    code = "not_connected"


class PasskeysUnavailable(Conflict):
    """Browsers bind passkeys to a host name over TLS (or localhost), and this installation has no such address."""

    code = "passkeys_unavailable"

    def __init__(self) -> None:
        super().__init__("Passkeys need an address with a host name and https, or localhost.")


class IdempotencyKeyReused(Conflict):
    """The same Idempotency-Key came with another request, or while the first one is still under way."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request.")


class VersionMismatch(Conflict):
    """Somebody else changed the record meanwhile."""

    code = "version_mismatch"

    def __init__(self) -> None:
        super().__init__("Somebody changed this meanwhile. Load it again and repeat your change.")


class TooManyRequests(EngageError):
    """Asked too often. `limit` is how many are heard in a window of time; one, where each has to be waited for."""

    code = "too_many_requests"

    def __init__(
        self,
        retry_after: timedelta,
        message: str = "Too many attempts. Wait a little.",
        reason: str | None = None,
        *,
        limit: int = 1,
    ) -> None:
        super().__init__(message, reason)
        self.retry_after = retry_after
        self.limit = limit


class Unavailable(EngageError):
    """What we stand on ourselves does not answer; asking again in a moment may help."""

    code = "unavailable"

    def __init__(
        self, message: str = "The database does not answer. Try again in a moment.", reason: str | None = None
    ) -> None:
        super().__init__(message, reason)


class Contended(Unavailable):
    """The database undid the unit in favour of another one (deadlock, serialization): the unit can be repeated."""

    code = "contended"

    def __init__(self) -> None:
        super().__init__("Somebody else changed the same thing at this moment. Try again.")


class ProviderError(EngageError):
    """A provider's system did not do what was asked."""

    code = "provider_error"


class ProviderRejected(ProviderError):
    """The provider refused for good: asking again gives the same answer. Nothing was done there."""

    code = "provider_rejected"


class ProviderNotFound(ProviderRejected):
    """The provider does not have the thing (any more)."""

    code = "provider_not_found"


class ProviderAccessLost(ProviderError):
    """The access that the user gave was withdrawn or ran out; the user has to reconnect. Nothing was done there."""

    code = "provider_access_lost"


class ProviderThrottled(ProviderError):
    """The provider asks for patience. Nothing was done there."""

    code = "provider_throttled"

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class ProviderUnavailable(ProviderError):
    """The provider could not be reached or failed, and nothing was done there (or repeating is harmless)."""

    code = "provider_unavailable"


class ProviderUnknown(ProviderError):
    """The provider may or may not have done it: it has to be asked before anything is done again."""

    code = "provider_unknown"
