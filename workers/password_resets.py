"""Forgotten passwords: whoever asked gets a letter, if there is such a user."""

from collections.abc import Mapping
from uuid import UUID

from adapters.bootstrap import Container
from domain.accounts.resetting import ANSWER_ASK
from domain.shared.ids import UserId
from domain.shared.jobs import Job
from workers.job import Handler
from workers.schedule import Sweep


async def answer(services: Container, job: Job) -> None:
    await services.password_resets.answer(job.organization_id, UserId(UUID(job.payload["user_id"])))


def sweeps(services: Container) -> list[Sweep]:
    """Addresses that were asked about, and nobody has looked for yet."""
    return [Sweep("password_resets", 0.5, services.password_resets.pass_on)]


HANDLERS: Mapping[str, Handler] = {ANSWER_ASK: answer}
