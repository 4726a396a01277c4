"""Letters by SMTP. Implements domain.providers.mailer.Mailer.

Sources: RFC 5321 (4.2.1: 4yz may be tried again, 5yz not), RFC 8314 (security from the start on), RFC 3834 (marks of
automatic mail), https://aiosmtplib.readthedocs.io.
"""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path

import aiosmtplib
import structlog

from adapters.smtp.letters import write
from domain.emails.headers import mail_address
from domain.providers.mailer import Letter
from domain.shared.clock import Clock
from domain.shared.errors import (
    InvalidField,
    ProviderError,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
    ProviderUnknown,
)

log = structlog.get_logger(__name__)

COMMAND_SECONDS = 10.0
TOTAL_SECONDS = 30.0
FAREWELL_SECONDS = 2.0


class Security(StrEnum):
    """How the line is secured."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed in. Without a username nobody signs in.

    On a secured line the server has proved to be `host`, by a CA of the system or of `ca_file`.
    """

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None


class SmtpMailer:
    """One connection a letter: letters are few, and a server that was restarted is no special case."""

    def __init__(self, server: SmtpServer, sender: str, clock: Clock) -> None:
        """`sender` is an address, with or without a name: `Engage <engage@example.com>`."""
        name, address = parseaddr(sender)
        self._server = server
        self._sender = mail_address(name or "Engage", address, "/mail_from")
        self._clock = clock

    async def send(self, letter: Letter, message_id: str) -> None:
        try:
            recipient = mail_address(letter.name, letter.to, "/to")
        except InvalidField as impossible:
            raise ProviderRejected("This address cannot be written to.") from impossible
        message = write(letter, self._sender, recipient, message_id, self._clock.system()).as_bytes()
        client = self._client()
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                with _greeting():
                    await self._connect(client)
                with _handing_in():
                    await client.sendmail(self._sender.addr_spec, [recipient.addr_spec], message)
        except TimeoutError as late:
            raise ProviderUnknown("The mail server took too long.") from late
        finally:
            await _leave(client)

    def _client(self) -> aiosmtplib.SMTP:
        security = self._server.security
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            local_hostname=self._sender.domain,
            timeout=COMMAND_SECONDS,
            use_tls=security is Security.TLS,
            start_tls=security is Security.STARTTLS,
            cert_bundle=str(self._server.ca_file) if self._server.ca_file else None,
        )

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        await client.connect()
        if self._server.username:
            await client.login(self._server.username, self._server.password)


async def _leave(client: aiosmtplib.SMTP) -> None:
    """What was taken was taken: no answer to the farewell is needed."""
    with suppress(aiosmtplib.SMTPException, OSError):
        if client.is_connected:
            await client.quit(timeout=FAREWELL_SECONDS)
    client.close()


@contextmanager
def _greeting() -> Iterator[None]:
    """Whatever goes wrong before the letter is named says something of the server, and nothing of the letter."""
    try:
        yield
    except (aiosmtplib.SMTPException, OSError, ValueError) as failure:
        log.warning("smtp.not_let_in", error=_said(failure))
        raise ProviderUnavailable(f"The mail server does not let us in: {_said(failure)}.") from failure


@contextmanager
def _handing_in() -> Iterator[None]:
    try:
        yield
    except aiosmtplib.SMTPRecipientsRefused as refused:
        raise _refusal(refused.recipients[0]) from refused
    except aiosmtplib.SMTPResponseException as refused:
        raise _refusal(refused) from refused
    except aiosmtplib.SMTPNotSupported as refused:
        raise ProviderRejected(f"The mail server cannot carry this letter: {_said(refused)}.") from refused
    except (aiosmtplib.SMTPException, OSError) as broken:
        raise ProviderUnknown(f"The line to the mail server broke: {_said(broken)}.") from broken


def _refusal(refused: aiosmtplib.SMTPResponseException) -> ProviderError:
    """By the class of the answer. The words of the server are left out: they name addresses."""
    if 400 <= refused.code < 500:
        return ProviderThrottled(f"The mail server did not take the letter for now: {refused.code}.")
    if 500 <= refused.code < 600:
        return ProviderRejected(f"The mail server refused the letter: {refused.code}.")
    # Neither yes nor no; aiosmtplib says -1 for what it could not read.
    return ProviderUnknown(f"The mail server's answer cannot be read: {refused.code}.")


def _said(failure: Exception) -> str:
    """What kind of failure it was; of a certificate that does not hold, that it was the certificate."""
    if isinstance(failure.__cause__, ssl.SSLError):
        failure = failure.__cause__
    code = f" {failure.code}" if isinstance(failure, aiosmtplib.SMTPResponseException) else ""
    return f"{type(failure).__name__}{code}"
