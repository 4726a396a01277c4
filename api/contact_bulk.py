"""One act on many contacts at once: a selection, or everybody who matches."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import ErrorDetails, InitErrorDetails

from api.contact_filters import ContactFilterBody
from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.jobs import JobAnswer, answer_of
from api.models import Body, Instant, PlainText, ShortText
from api.problems import documented
from domain.contacts.bulk import MOST_NAMED, Meant
from domain.contacts.exporting import MOST_COLUMNS
from domain.shared.ids import ContactId

router = router_for("contacts")

WRITE = [Depends(requires("contacts:write"))]


class SetStatusAction(Body):
    """All get the status, named by its label."""

    kind: Literal["set_status"]
    status: ShortText


class SetOwnerAction(Body):
    """All belong to the user, or with null to nobody."""

    kind: Literal["set_owner"]
    owner_id: UUID | None


class AddToListAction(Body):
    """All stand on the list, a static one."""

    kind: Literal["add_to_list"]
    list_id: UUID


class RemoveFromListAction(Body):
    """None stands on the list any more, a static one."""

    kind: Literal["remove_from_list"]
    list_id: UUID


class AddToSalesflowAction(Body):
    """All begin the Salesflow, but for those whom its rules leave out. Needs the scope salesflows:write too."""

    kind: Literal["add_to_salesflow"]
    salesflow_id: UUID
    on_behalf_of: UUID | None = None
    start_at: Instant | None = None


class DeleteAction(Body):
    """Those are deleted whom the user may delete: the own ones, or as Administrator all."""

    kind: Literal["delete"]


class ExportAction(Body):
    """A CSV file of all, to be read at the job's `result_url`. Columns are keys of /contacts/fields; all without."""

    kind: Literal["export"]
    columns: Annotated[list[PlainText], Field(max_length=MOST_COLUMNS)] | None = None


def _named_plainly(given: Any, validated: ValidatorFunctionWrapHandler) -> Any:
    """Faults are at /action/status, where a union would say /action/set_status/status."""
    try:
        return validated(given)
    except ValidationError as faults:
        raise ValidationError.from_exception_data("action", [_fault(one) for one in faults.errors()]) from None


def _fault(given: ErrorDetails) -> InitErrorDetails:
    where = ("kind",) if given["type"].startswith("union_tag") else given["loc"][1:]
    return InitErrorDetails(type=given["type"], loc=where, input=given["input"], ctx=given.get("ctx", {}))


Action = Annotated[
    SetStatusAction
    | SetOwnerAction
    | AddToListAction
    | RemoveFromListAction
    | AddToSalesflowAction
    | DeleteAction
    | ExportAction,
    Field(discriminator="kind"),
    WrapValidator(_named_plainly),
]


class BulkBody(Body):
    """Whom it is about, `contact_ids` or everybody who matches `filter` now, and what is done to them."""

    contact_ids: Annotated[list[UUID], Field(max_length=MOST_NAMED)] | None = None
    filter: ContactFilterBody | None = None
    action: Action

    @property
    def meant(self) -> Meant:
        return Meant(
            [ContactId(key) for key in self.contact_ids] if self.contact_ids is not None else None,
            self.filter.matching if self.filter is not None else None,
        )

    @property
    def asked(self) -> dict[str, Any]:
        return self.action.model_dump(exclude={"kind"})


@router.post(
    "/contacts/bulk",
    summary="Act on many contacts",
    status_code=202,
    responses=documented(409),
    dependencies=WRITE,
)
async def act_on_contacts(who: CurrentPrincipal, services: Services, body: BulkBody) -> JobAnswer:
    """A job that does it: see /jobs/{job_id}. Contacts that are added later are not touched. Its `result` counts
    `changed`, `unchanged` and `left_out` (with `reasons`), and when it is taken back `restored` and `kept`."""
    job = await services.bulk.start(who, body.meant, body.action.kind, body.asked)
    return answer_of(job, services)
