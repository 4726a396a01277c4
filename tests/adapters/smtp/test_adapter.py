"""Letters over a real line: handed in, refused, interrupted, secured."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.smtp import adapter
from adapters.smtp.adapter import Security, SmtpMailer
from domain.providers.mailer import Letter
from domain.shared.errors import (
    ProviderError,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
    ProviderUnknown,
)
from tests.adapters.smtp.servers import PASSWORD, USERNAME, MailServer
from tests.mailing import Prospects

MESSAGE_ID = "<0199aaaa-0000-7000-8000-000000000001.invitation@engage.test>"
NOBODY_THERE = 1

Mailers = Callable[..., SmtpMailer]
MailServers = Callable[..., MailServer]


async def test_a_letter_arrives_once_with_both_forms(prospects: Prospects, mailer: SmtpMailer, letter: Letter) -> None:
    await mailer.send(letter, MESSAGE_ID)

    [mail] = prospects.letters(letter.to)
    assert mail["from"] == "Engage <engage@engage.test>"
    assert mail["to"] == f"Ann Example <{letter.to}>"
    assert mail["message_id"] == MESSAGE_ID
    assert mail["headers"]["Auto-Submitted"] == "auto-generated"
    assert mail["headers"]["Content-Language"] == "en"
    assert letter.link in mail["text"]
    assert mail["html"].count(letter.link) == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [(421, ProviderThrottled), (451, ProviderThrottled), (550, ProviderRejected), (554, ProviderRejected)],
)
async def test_a_refusal_is_told_by_its_class(
    prospects: Prospects, mailer: SmtpMailer, letter: Letter, status: int, error: type[ProviderError]
) -> None:
    prospects.faults({"provider": "smtp", "kind": "status", "status": status})

    with pytest.raises(error, match=str(status)) as refused:
        await mailer.send(letter, MESSAGE_ID)

    assert letter.to not in str(refused.value)
    assert prospects.letters(letter.to) == []


@pytest.mark.parametrize("kind", ["reset", "accepted_then_reset", "garbage"])
async def test_without_an_answer_nobody_knows(
    prospects: Prospects, mailer: SmtpMailer, letter: Letter, kind: str
) -> None:
    prospects.faults({"provider": "smtp", "kind": kind})

    with pytest.raises(ProviderUnknown):
        await mailer.send(letter, MESSAGE_ID)

    assert len(prospects.letters(letter.to)) == (1 if kind == "accepted_then_reset" else 0)


async def test_a_server_that_says_nothing_is_not_waited_for_for_long(
    prospects: Prospects, mailer: SmtpMailer, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "COMMAND_SECONDS", 0.3)
    prospects.faults({"provider": "smtp", "kind": "timeout"})

    with pytest.raises(ProviderUnknown):
        await mailer.send(letter, MESSAGE_ID)


async def test_a_server_that_is_away_took_nothing(mailer_to: Mailers, letter: Letter) -> None:
    with pytest.raises(ProviderUnavailable):
        await mailer_to(NOBODY_THERE).send(letter, MESSAGE_ID)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
async def test_a_refusal_at_any_stage_is_final_or_not(
    mail_server: MailServers, mailer_to: Mailers, letter: Letter, stage: str
) -> None:
    async with mail_server(answers={stage: "550 5.7.1 no"}) as server:
        with pytest.raises(ProviderRejected):
            await mailer_to(server.port).send(letter, MESSAGE_ID)

    async with mail_server(answers={stage: "450 4.7.1 later"}) as server:
        with pytest.raises(ProviderThrottled):
            await mailer_to(server.port).send(letter, MESSAGE_ID)


@pytest.mark.parametrize(
    "address", ["", "nobody", "a b@x.example", "jörg@x.example", "a@x.example\r\nRCPT TO:<b@x.example>"]
)
async def test_an_impossible_address_is_rejected(mailer: SmtpMailer, letter: Letter, address: str) -> None:
    with pytest.raises(ProviderRejected):
        await mailer.send(replace(letter, to=address), MESSAGE_ID)


async def test_a_name_cannot_add_a_header(prospects: Prospects, mailer: SmtpMailer, letter: Letter) -> None:
    await mailer.send(replace(letter, name="Ann\r\nBcc: eve@x.example"), MESSAGE_ID)

    [mail] = prospects.letters(letter.to)
    assert "Bcc" not in mail["headers"]
    assert prospects.letters("eve@x.example") == []


SECURED = pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])


def offering(security: Security) -> dict[str, bool]:
    return {"tls": security is Security.TLS, "starttls": security is Security.STARTTLS}


@SECURED
async def test_a_secured_line_is_signed_in_on(
    mail_server: MailServers, mailer_to: Mailers, letter: Letter, security: Security
) -> None:
    async with mail_server(**offering(security)) as server:
        await mailer_to(server.port, security, USERNAME, PASSWORD, server.ca_file).send(letter, MESSAGE_ID)

    assert len(server.taken) == 1
    assert server.signed_in == [USERNAME.encode()]


@SECURED
async def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    mail_server: MailServers, mailer_to: Mailers, letter: Letter, security: Security
) -> None:
    async with mail_server(**offering(security)) as server:
        with pytest.raises(ProviderUnavailable, match="SSLCertVerificationError"):
            await mailer_to(server.port, security, USERNAME, PASSWORD).send(letter, MESSAGE_ID)

    assert (server.taken, server.signed_in) == ([], [])


@SECURED
async def test_a_server_that_proves_to_be_another_gets_nothing(
    mail_server: MailServers, mailer_to: Mailers, letter: Letter, security: Security
) -> None:
    async with mail_server(**offering(security), name="mail.example.com") as server:
        with pytest.raises(ProviderUnavailable):
            await mailer_to(server.port, security, USERNAME, PASSWORD, server.ca_file).send(letter, MESSAGE_ID)

    assert (server.taken, server.signed_in) == ([], [])


@SECURED
async def test_a_server_without_the_security_that_is_demanded_gets_nothing(
    mail_server: MailServers, mailer_to: Mailers, letter: Letter, security: Security
) -> None:
    async with mail_server(signs_in=True) as server:
        with pytest.raises(ProviderUnavailable):
            await mailer_to(server.port, security, USERNAME, PASSWORD).send(letter, MESSAGE_ID)

    assert (server.taken, server.signed_in) == ([], [])


async def test_a_server_that_takes_its_offer_back_gets_nothing(
    mail_server: MailServers, mailer_to: Mailers, letter: Letter
) -> None:
    async with mail_server(signs_in=True, takes_back_starttls=True) as server:
        with pytest.raises(ProviderUnavailable, match="454"):
            await mailer_to(server.port, Security.STARTTLS, USERNAME, PASSWORD).send(letter, MESSAGE_ID)

    assert (server.taken, server.signed_in) == ([], [])


async def test_a_wrong_password_says_nothing_of_the_letter(
    mail_server: MailServers, mailer_to: Mailers, letter: Letter
) -> None:
    async with mail_server(starttls=True) as server:
        with pytest.raises(ProviderUnavailable, match="535"):
            await mailer_to(server.port, Security.STARTTLS, USERNAME, "wrong", server.ca_file).send(letter, MESSAGE_ID)
