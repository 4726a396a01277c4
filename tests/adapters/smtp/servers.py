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
    """`tls`: from the start on; `starttls`: when asked; `answers`: what is said at MAIL, RCPT or DATA.

    Serves in the test's own loop while its context lasts.
    """

    def __init__(
        self, directory: Path, *, tls: bool = False, starttls: bool = False, answers: dict[str, str] | None = None
    ) -> None:
        self.taken: list[bytes] = []
        self.signed_in: list[bytes] = []
        self.certificate = directory / "certificate.pem"
        self.port = 0
        context = _context(directory) if tls or starttls else None
        self._from_the_start = context if tls else None
        self._handler = _Handler(self, answers or {})
        self._options: dict[str, Any] = {"hostname": "mail.test"}
        if starttls:
            self._options |= {"tls_context": context, "require_starttls": True}
        if context:
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


def _context(directory: Path) -> ssl.SSLContext:
    """With a certificate for localhost that signs itself, kept in the directory."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (directory / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "key.pem").write_bytes(private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(directory / "certificate.pem", directory / "key.pem")
    return context
