"""What is sent about Salesflows."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from api.contact_filters import ContactFilterBody
from api.models import Body, Instant, LongText, PlainText, ShortText
from domain.salesflows.delays import DelayUnit
from domain.salesflows.drafting import DraftStep, DraftVariant
from domain.salesflows.enrolling import Wish
from domain.salesflows.model import Thread
from domain.shared.ids import ContactId, ContactListId, UserId

SubjectText = Annotated[PlainText, StringConstraints(max_length=1_000)]


class DelayBody(Body):
    """The wait before a step, counted from the step before; business days are those on which the sender works."""

    amount: StrictInt = 0
    unit: DelayUnit = DelayUnit.MINUTES


class VariantBody(Body):
    """One wording. Subject and body are Liquid templates with the fields of /salesflows/fields.

    Of HTML that is kept what an email needs: no scripts, forms, handlers.
    """

    weight: StrictInt = 100
    subject: SubjectText = ""
    body_html: LongText


class StepBody(Body):
    """An automatic email. A reply goes into the thread of the email before and may leave its subject empty."""

    kind: Literal["email"] = "email"
    mode: Literal["automatic"] = "automatic"
    delay: DelayBody = DelayBody()
    thread: Thread = Thread.NEW
    variants: Annotated[list[VariantBody], Field(max_length=100)]

    def draft(self) -> DraftStep:
        variants = [DraftVariant(one.weight, one.subject, one.body_html) for one in self.variants]
        return DraftStep(self.delay.amount, self.delay.unit, self.thread, variants)


class StepsBody(Body):
    """All steps of a Salesflow, in order."""

    steps: Annotated[list[StepBody], Field(max_length=100)]


class NewSalesflowBody(Body):
    """A draft; a shared one can be used by everybody."""

    name: ShortText
    shared: StrictBool = False


class SalesflowChangesBody(Body):
    """A JSON Merge Patch: what is left out stays."""

    name: ShortText | None = None
    shared: StrictBool | None = None


class PreviewBody(Body):
    """The step to be shown, for a contact or with samples."""

    step: StepBody
    contact_id: UUID | None = None


class EnrollBody(Body):
    """Who is to be enrolled: `contact_ids`, all of `list_id`, or everybody who matches `filter`; at most 10,000."""

    contact_ids: Annotated[list[UUID], Field(max_length=10_000)] | None = None
    list_id: UUID | None = None
    filter: ContactFilterBody | None = None
    start_at: Instant | None = None
    on_behalf_of: UUID | None = None
    dry_run: StrictBool = False

    def wish(self) -> Wish:
        return Wish(
            contact_ids=[ContactId(key) for key in self.contact_ids] if self.contact_ids is not None else None,
            list_id=ContactListId(self.list_id) if self.list_id else None,
            matching=self.filter.matching if self.filter is not None else None,
            start_at=self.start_at,
            on_behalf_of=UserId(self.on_behalf_of) if self.on_behalf_of else None,
            dry_run=self.dry_run,
        )
