"""Links as their readers find them in the mail."""

from typing import Any

from domain.accounts.one_time_links import LinkKind
from domain.accounts.resetting import ANSWER_ASK
from domain.shared.ids import OrganizationId, UserId
from workers.job import JobRunner
from workers.main import HANDLERS


async def newest_link(container: Any, organization_id: OrganizationId, user_id: UserId, kind: LinkKind) -> str | None:
    """The token of the newest link of its kind."""
    async with container.units.of(organization_id) as unit:
        found = (await unit.links.latest_of([user_id], kind)).get(user_id)
    return container.link_tokens.token_of(found) if found else None


async def run_out(container: Any, organization_id: OrganizationId) -> None:
    """Every link of the organization is a moment too old."""
    async with container.database.application(organization_id) as transaction:
        await transaction.driver.execute("update one_time_links set expires_at = clock_timestamp()")


async def asks_answered(container: Any) -> None:
    """Workers have looked for everybody who forgot a password until now, and written to those who exist."""
    while await container.password_resets.pass_on():
        continue
    async with container.database.system() as transaction:
        rows = await transaction.driver.fetch("select id from outbox_jobs where kind = $1 order by id", ANSWER_ASK)
    for row in rows:
        await JobRunner(container, HANDLERS).run(row["id"])
