"""Adding many contacts to a Salesflow: the bulk act, piece by piece by the rules of `enrolling`."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.background.model import Changes, Document
from domain.contacts.bulk import Doing, Outcome
from domain.contacts.bulk_ports import BulkUnit
from domain.salesflows.enrolling import Enrolling, Wish, active_salesflow, on_behalf
from domain.salesflows.model import FinishReason
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.stopping import finish
from domain.shared.errors import InvalidField, NotFound, Rejected
from domain.shared.ids import ContactId, EnrollmentId, SalesflowId, UserId
from domain.shared.principal import Principal


class BulkEnrollingUnit(SalesflowUnit, BulkUnit, Protocol):
    """A transaction of one organization, as this act sees it."""


class AddToSalesflow:
    """`salesflow_id`, and if wanted `on_behalf_of` and `start_at`."""

    kind = "add_to_salesflow"
    at_once = 500

    def __init__(self, enrolling: Enrolling) -> None:
        self._enrolling = enrolling

    async def checked(self, unit: BulkEnrollingUnit, principal: Principal, asked: Document) -> Document:
        principal.require("salesflows:write")
        salesflow_id, colleague, start_at = asked["salesflow_id"], asked.get("on_behalf_of"), asked.get("start_at")
        try:
            self._enrolling.require_startable(Wish(start_at=start_at))
            await on_behalf(unit, principal, colleague)
            await active_salesflow(unit, principal, salesflow_id)
        except NotFound as missing:
            raise InvalidField("/action/salesflow_id", "unknown_salesflow", "Choose a Salesflow.") from missing
        except Rejected as rejected:
            raise Rejected([error.at(f"/action{error.pointer}") for error in rejected.errors]) from rejected
        return {
            "salesflow_id": str(salesflow_id),
            "on_behalf_of": str(colleague) if colleague else None,
            "start_at": start_at.isoformat() if start_at else None,
        }

    async def do(self, unit: BulkEnrollingUnit, doing: Doing, contact_ids: Sequence[ContactId]) -> Outcome:
        """Raises NotFound, NotAllowedInState, Forbidden when the Salesflow or the right to start it is gone."""
        colleague, start_at = doing.asked["on_behalf_of"], doing.asked["start_at"]
        wish = Wish(
            contact_ids=contact_ids,
            start_at=datetime.fromisoformat(start_at) if start_at else None,
            on_behalf_of=UserId(UUID(colleague)) if colleague else None,
        )
        salesflow_id = SalesflowId(UUID(doing.asked["salesflow_id"]))
        entered = await self._enrolling.enroll_in(unit, doing.principal, salesflow_id, wish)
        left_out = Counter(one.reason.value for one in entered.told.left_out)
        return Outcome({one.contact_id: one.id for one in entered.enrollments}, left_out)

    async def take_back(self, unit: BulkEnrollingUnit, doing: Doing, changes: Changes) -> Collection[ContactId]:
        """Ends the journeys that still run. What was sent is sent."""
        begun = [EnrollmentId(one) for one in changes.kept.values() if one]
        locked = await unit.enrollments.lock(begun)
        over = await finish(unit, list(locked.values()), FinishReason.MANUAL, doing.at)
        return [one.contact_id for one in over]
