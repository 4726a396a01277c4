"""`engage audit`: whether the log is what was written."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from adapters.bootstrap import Container
from api.commands import CommandFailed
from api.commands.people import with_services
from domain.accounts.auditing import Verdict
from domain.shared.ids import OrganizationId


def verify(data_dir: Path | None, organization_id: UUID | None, tell: Callable[[str], None]) -> bool:
    """Whether all chains hold; a line for each organization. Raises CommandFailed for one that does not exist."""

    async def follow(services: Container) -> list[Verdict]:
        chosen = OrganizationId(organization_id) if organization_id else None
        verdicts = []
        async for verdict in services.auditing.verify(chosen):
            tell(_line(verdict))
            verdicts.append(verdict)
        return verdicts

    verdicts = with_services(data_dir, follow)
    if organization_id and not verdicts:
        raise CommandFailed("There is no such organization.")
    return all(verdict.broken is None for verdict in verdicts)


def _line(verdict: Verdict) -> str:
    found = "sound" if verdict.broken is None else f"broken at entry {verdict.broken}"
    return f"{verdict.organization_id}  {verdict.name}  {verdict.sound} entries  {found}"
