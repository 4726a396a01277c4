"""Forgotten passwords: what was asked for is kept until it is answered, whoever dies in between."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from adapters.settings import Settings
from tests.mailing import PUBLIC_URL, Firm, Prospects, services_of
from workers.job import JobRunner
from workers.main import HANDLERS


async def ask(services: Any, *emails: str) -> None:
    for email in emails:
        await services.password_resets.ask(email, f"10.7.{uuid4().int % 250}.{uuid4().int % 250}")


async def waiting(services: Any, *emails: str) -> list[str]:
    """Which of the addresses wait to be looked for."""
    async with services.database.system() as transaction:
        query = "select email_key from password_reset_asks where email_key = any($1)"
        return [row["email_key"] for row in await transaction.driver.fetch(query, list(emails))]


async def passed_on(services: Any) -> None:
    while await services.password_resets.pass_on():
        continue


async def jobs_of(firm: Firm, kind: str = "password_resets.answer") -> list[Any]:
    return [row["id"] for row in await firm.sql("select id from outbox_jobs where kind = $1 order by id", kind)]


async def work_off(services: Any, firm: Firm) -> None:
    """The jobs of the firm's askers, and the letters that they make necessary."""
    for kind in ("password_resets.answer", "letters.send"):
        for job_id in await jobs_of(firm, kind):
            await JobRunner(services, HANDLERS).run(job_id)


async def test_a_letter_leaves_after_the_process_that_was_asked_is_gone(
    firm: Firm, prospects: Prospects, settings: Settings
) -> None:
    email = (await firm.hire()).address
    async with services_of(settings) as asked:
        await ask(asked, email)
        assert await waiting(asked, email) == [email]

    async with services_of(settings) as later:
        await passed_on(later)
        await work_off(later, firm)

    [letter] = prospects.letters(email)
    assert f"{PUBLIC_URL}/app/password-resets/" in letter["text"]
    assert await waiting(firm.services, email) == []


async def test_a_worker_that_dies_before_it_commits_leaves_the_ask_to_another(firm: Firm) -> None:
    email = (await firm.hire()).address
    await ask(firm.services, email)

    with pytest.raises(KeyboardInterrupt):
        async with firm.services.units.system() as unit:
            assert any(await unit.reset_asks.take(100))
            raise KeyboardInterrupt

    assert await waiting(firm.services, email) == [email]
    await passed_on(firm.services)
    assert len(await jobs_of(firm)) == 1


async def test_an_ask_is_passed_on_once_by_however_many_workers(firm: Firm) -> None:
    emails = [(await firm.hire()).address for _ in range(5)]
    await ask(firm.services, *emails)

    await asyncio.gather(*(passed_on(firm.services) for _ in range(4)))

    assert len(await jobs_of(firm)) == 5


async def test_who_asks_again_before_an_answer_waits_once(firm: Firm) -> None:
    email = (await firm.hire()).address
    await ask(firm.services, email, email.upper(), f" {email} ")

    await passed_on(firm.services)

    assert len(await jobs_of(firm)) == 1


async def test_addresses_of_nobody_are_written_down_alike_and_forgotten(firm: Firm) -> None:
    somebody, nobody = (await firm.hire()).address, f"{uuid4().hex}@example.com"
    await ask(firm.services, somebody, nobody)
    assert sorted(await waiting(firm.services, somebody, nobody)) == sorted([somebody, nobody])

    await passed_on(firm.services)

    assert await waiting(firm.services, somebody, nobody) == []
    assert len(await jobs_of(firm)) == 1


async def test_of_two_answers_at_once_the_link_of_one_serves(firm: Firm) -> None:
    rep = await firm.hire()
    organization_id, user_id = rep.principal.organization_id, rep.principal.user_id

    await asyncio.gather(*(firm.services.password_resets.answer(organization_id, user_id) for _ in range(4)))

    serving = await firm.sql("select id from one_time_links where user_id = $1 and revoked_at is null", user_id)
    assert len(serving) == 1


async def test_who_was_deleted_meanwhile_gets_no_letter(firm: Firm, prospects: Prospects) -> None:
    rep = await firm.hire()
    await ask(firm.services, rep.address)
    await passed_on(firm.services)
    await firm.sql("update users set state = 'deleted', deleted_at = now() where id = $1", rep.principal.user_id)

    await work_off(firm.services, firm)

    assert prospects.letters(rep.address) == []
