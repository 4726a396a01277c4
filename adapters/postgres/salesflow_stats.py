"""The numbers of a Salesflow, counted from enrollments and emails by their indexes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, and_, func, select

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import emails, enrollments, salesflow_steps, step_variants
from domain.salesflows.model import Salesflow
from domain.salesflows.stats import EmailFigures, EnrollmentFigures, Stats, StepStats, VariantStats
from domain.shared.ids import VariantId

NOTHING = EmailFigures()


class PostgresSalesflowStats:
    """Implements domain.salesflows.ports.SalesflowStats: three statements, whatever the size of the Salesflow."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, salesflow: Salesflow) -> Stats:
        journeys = select(enrollments.c.state, func.count().label("number")).where(
            enrollments.c.salesflow_id == salesflow.id
        )
        states = (await self._transaction.execute(journeys.group_by(enrollments.c.state))).all()
        figures = {
            row.variant_id: EmailFigures(*row[1:])
            for row in await self._transaction.execute(FIGURES.where(emails.c.salesflow_id == salesflow.id))
        }
        written = VARIANTS.where(salesflow_steps.c.salesflow_id == salesflow.id)
        variants = (await self._transaction.execute(written)).all()
        by_state = {row.state: row.number for row in states}
        return Stats(EnrollmentFigures(**by_state), _steps(variants, figures, salesflow.revision))


FIGURES = (
    select(
        emails.c.variant_id,
        func.count(emails.c.sent_at),
        func.count().filter(emails.c.sent_at.is_not(None), emails.c.bounced_at.is_(None)),
        func.count(emails.c.first_opened_at),
        func.count(emails.c.first_clicked_at),
        func.count(emails.c.replied_at),
        func.count(emails.c.bounced_at),
        func.count(emails.c.unsubscribed_at),
    )
    .where(emails.c.variant_id.is_not(None))
    .group_by(emails.c.variant_id)
)
VARIANTS = (
    select(
        step_variants.c.id,
        step_variants.c.weight,
        step_variants.c.subject,
        salesflow_steps.c.position.label("step_position"),
        salesflow_steps.c.revision,
    )
    .select_from(
        step_variants.join(
            salesflow_steps,
            and_(
                salesflow_steps.c.organization_id == step_variants.c.organization_id,
                salesflow_steps.c.id == step_variants.c.step_id,
            ),
        )
    )
    .order_by(salesflow_steps.c.position, salesflow_steps.c.revision.desc(), step_variants.c.position)
)


def _steps(
    variants: Sequence[Row[tuple[object, ...]]], figures: dict[UUID, EmailFigures], revision: int
) -> tuple[StepStats, ...]:
    by_position: dict[int, list[VariantStats]] = {}
    for row in variants:
        emails_ = figures.get(row.id, NOTHING)
        if row.revision == revision or emails_.sent:
            shown = VariantStats(VariantId(row.id), row.weight, row.subject, emails_)
            by_position.setdefault(row.step_position, []).append(shown)
    return tuple(StepStats(position, tuple(shown)) for position, shown in sorted(by_position.items()))
