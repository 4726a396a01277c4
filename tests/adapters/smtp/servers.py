"""A mail server with TLS, sign-in and refusals at each stage of a mail."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USERNAME, PASSWORD = "engage", "a password"


class MailServer:
    """`tls`: from the start on; `starttls`: when asked; `takes_back_starttls`: offered, and then refused.

    `signs_in`: on an open line too; `answers`: what is said at MAIL, RCPT or DATA.

    Its certificate is for `name`, by a CA of its own, whose certificate is in `ca_file`. Serves in the test's own loop
    while its context lasts.
    """

    def __init__(
        self,
        directory: Path,
        *,
        tls: bool = False,
        starttls: bool = False,
        signs_in: bool = False,
        takes_back_starttls: bool = False,
        answers: dict[str, str] | None = None,
        name: str = "localhost",
    ) -> None:
        self.taken: list[bytes] = []
        self.signed_in: list[bytes] = []
        self.ca_file = directory / "ca.pem"
        self.port = 0
        context = _context(directory, name) if tls or starttls else None
        self._from_the_start = context if tls else None
        self._handler = (_TakingBack if takes_back_starttls else _Handler)(self, answers or {})
        self._options: dict[str, Any] = {"hostname": "mail.test"}
        if starttls:
            self._options |= {"tls_context": context, "require_starttls": True}
        if context or signs_in:
            self._options |= {"authenticator": self._authenticate, "auth_require_tls": starttls}

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self._handler, loop=loop, **self._options), "127.0.0.1", 0, ssl=self._from_the_start
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        fits = login.login == USERNAME.encode() and login.password == PASSWORD.encode()
        if fits:
            self.signed_in.append(login.login)
        return AuthResult(success=fits, handled=fits)


class _Handler:
    def __init__(self, server: MailServer, answers: dict[str, str]) -> None:
        self._server, self._answers = server, answers

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        envelope.mail_from = address
        return self._answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if "RCPT" not in self._answers:
            envelope.rcpt_tos.append(address)
        return self._answers.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if "DATA" not in self._answers:
            self._server.taken.append(envelope.original_content)
        return self._answers.get("DATA", "250 OK")


class _TakingBack(_Handler):
    """As a server looks like whose answers somebody on the way has changed."""

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, name: str, said: list[str]) -> list[str]:
        session.host_name = name
        return [*said[:-1], "250-STARTTLS", said[-1]]


def _context(directory: Path, name: str) -> ssl.SSLContext:
    """With a certificate for the name, by a CA that nobody knows; all of it is kept in the directory."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name, own_name = _named("A private CA"), _named(name)
    ca = x509.BasicConstraints(ca=True, path_length=0)
    (directory / "ca.pem").write_bytes(_certificate(ca_name, ca_key, ca_name, ca_key, ca))
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    (directory / "certificate.pem").write_bytes(_certificate(own_name, key, ca_name, ca_key, names))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "key.pem").write_bytes(private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(directory / "certificate.pem", directory / "key.pem")
    return context


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> bytes:
    now = datetime.now(UTC)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .add_extension(identifier, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
