"""Letters and the line that they leave by: nothing leaves on one that is not secured as demanded; nothing is lost."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from adapters.settings import Settings
from domain.accounts.notices import Notice, give_notice
from tests.adapters.smtp.servers import PASSWORD, USERNAME, MailServer
from tests.mailing import Firm, services_of
from workers.job import JobRunner
from workers.main import HANDLERS

Runners = Callable[..., AbstractAsyncContextManager[JobRunner]]
MailServers = Callable[..., MailServer]
SECURED = pytest.mark.parametrize("security", ["tls", "starttls"])


@pytest.fixture
def mail_server(tmp_path: Path) -> MailServers:
    return partial(MailServer, tmp_path)


@pytest.fixture
def runner_at(settings: Settings) -> Runners:
    """A worker's runner of jobs, in an installation that signs in at a mail server of this machine."""

    @asynccontextmanager
    async def made(server: MailServer, security: str, ca_file: Path | None = None) -> AsyncIterator[JobRunner]:
        mail = {
            "smtp_host": "localhost",
            "smtp_port": server.port,
            "smtp_security": security,
            "smtp_username": USERNAME,
            "smtp_password": PASSWORD,
            "smtp_ca_file": ca_file,
        }
        async with services_of(Settings.model_validate({**settings.model_dump(), **mail})) as services:
            yield JobRunner(services, HANDLERS)

    return made


@pytest.fixture
async def letter(firm: Firm) -> UUID:
    """The job of one that waits in the outbox."""
    rep = await firm.hire()
    async with firm.services.units.of(rep.principal.organization_id) as unit:
        await give_notice(unit, rep.principal.organization_id, rep.principal.user_id, Notice.PASSWORD_CHANGED)
    [job_id] = await waiting(firm)
    return job_id


async def waiting(firm: Firm) -> list[UUID]:
    rows = await firm.sql("select id from outbox_jobs where kind = 'letters.send'")
    return [row["id"] for row in rows]


def offering(security: str) -> dict[str, Any]:
    return {security: True}


@SECURED
async def test_a_letter_leaves_by_a_secured_line_on_which_engage_has_signed_in(
    firm: Firm, letter: UUID, mail_server: MailServers, runner_at: Runners, security: str
) -> None:
    async with mail_server(**offering(security)) as server, runner_at(server, security, server.ca_file) as runner:
        await runner.run(letter)

    assert server.signed_in == [USERNAME.encode()]
    assert b"Your Engage password was changed" in server.taken[0]
    assert await waiting(firm) == []


@SECURED
async def test_a_letter_waits_for_a_certificate_that_is_trusted(
    firm: Firm, letter: UUID, mail_server: MailServers, runner_at: Runners, security: str
) -> None:
    async with mail_server(**offering(security)) as server:
        async with runner_at(server, security) as without_the_ca:
            await without_the_ca.run(letter)
        assert (server.signed_in, server.taken) == ([], [])
        assert await waiting(firm) == [letter]

        async with runner_at(server, security, server.ca_file) as with_the_ca:
            await with_the_ca.run(letter)
        assert len(server.taken) == 1
        assert await waiting(firm) == []


@SECURED
async def test_a_letter_waits_when_the_server_has_no_secured_line_to_offer(
    firm: Firm, letter: UUID, mail_server: MailServers, runner_at: Runners, security: str
) -> None:
    async with mail_server(signs_in=True) as server, runner_at(server, security) as runner:
        await runner.run(letter)

    assert (server.signed_in, server.taken) == ([], [])
    assert await waiting(firm) == [letter]


async def test_a_server_that_takes_its_offer_back_gets_nothing_either(
    firm: Firm, letter: UUID, mail_server: MailServers, runner_at: Runners
) -> None:
    async with (
        mail_server(signs_in=True, takes_back_starttls=True) as server,
        runner_at(server, "starttls") as runner,
    ):
        await runner.run(letter)

    assert (server.signed_in, server.taken) == ([], [])
    assert await waiting(firm) == [letter]
