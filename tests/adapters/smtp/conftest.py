"""A letter to send, and mail servers to send it to."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.clock import SystemClock
from adapters.smtp.adapter import Security, SmtpMailer, SmtpServer
from domain.providers.mailer import Letter, LetterKind
from tests.adapters.smtp.servers import MailServer
from tests.mailing import Prospects, mail_server_of, prospects_at

Mailers = Callable[..., SmtpMailer]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prospects]:
    with prospects_at(tmp_path_factory.mktemp("sandbox")) as prospects:
        yield prospects


@pytest.fixture
def prospects(sandbox: Prospects) -> Iterator[Prospects]:
    yield sandbox
    sandbox.faults()


@pytest.fixture
def mailer_to() -> Callable[..., SmtpMailer]:
    """The adapter, for a server at a port of this machine."""

    def made(
        port: int,
        security: Security = Security.NONE,
        username: str = "",
        password: str = "",
        ca_file: Path | None = None,
    ) -> SmtpMailer:
        server = SmtpServer("localhost", port, security, username, password, ca_file)
        return SmtpMailer(server, "Engage <engage@engage.test>", SystemClock())

    return made


@pytest.fixture
def mailer(prospects: Prospects, mailer_to: Mailers) -> SmtpMailer:
    """The adapter, before the sandbox."""
    return mailer_to(mail_server_of(prospects.url)["smtp_port"])


@pytest.fixture
def letter() -> Letter:
    """To somebody new."""
    return Letter(
        kind=LetterKind.INVITATION,
        to=f"ann.{uuid4().hex[:8]}@northwind.example",
        name="Ann Example",
        culture="en-US",
        link="https://engage.test/app/invitations/a_token-of-64",
        values={"organization": "Northwind", "days": "7", "minutes": "10080"},
    )


@pytest.fixture
def mail_server(tmp_path: Path) -> Callable[..., MailServer]:
    """A server of whatever kind a test asks for; see MailServer."""
    return partial(MailServer, tmp_path)
