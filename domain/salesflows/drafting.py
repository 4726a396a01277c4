"""The steps as somebody wrote them: checked as a whole, so that every fault is told at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from domain.emails.template_html import harmless_template
from domain.emails.templates import TemplateKind, TemplateProblem, compile_template, require_own_fields
from domain.salesflows.delays import Delay, DelayUnit
from domain.salesflows.model import Step, Thread, Variant
from domain.shared.errors import FieldError, InvalidField, Rejected
from domain.shared.ids import Ids, StepId, VariantId

MAXIMUM_STEPS = 50
MAXIMUM_VARIANTS = 10
MAXIMUM_WEIGHT = 1_000_000


@dataclass(frozen=True, slots=True)
class DraftVariant:
    """A wording that was not checked yet."""

    weight: int
    subject: str
    body_html: str


@dataclass(frozen=True, slots=True)
class DraftStep:
    """A step that was not checked yet."""

    amount: int
    unit: DelayUnit
    thread: Thread
    variants: Sequence[DraftVariant]


def checked_steps(drafts: Sequence[DraftStep], ids: Ids, own_fields: Collection[str] = ()) -> list[Step]:
    """The steps with ids of their own, their HTML made harmless. `own_fields` are the keys of the organization's fields
    of contacts. Raises Rejected with a pointer to each fault."""
    faults = list(_faults(drafts))
    if not faults:
        faults = [
            fault
            for number, draft in enumerate(drafts)
            for fault in unknown_fields(draft, f"/steps/{number}", own_fields)
        ]
    if faults:
        raise Rejected(faults)
    return [
        Step(
            StepId(ids.new()),
            position,
            Delay(draft.amount, draft.unit),
            draft.thread,
            tuple(
                Variant(VariantId(ids.new()), one.weight, one.subject, harmless_template(one.body_html))
                for one in draft.variants
            ),
        )
        for position, draft in enumerate(drafts, 1)
    ]


def _faults(drafts: Sequence[DraftStep]) -> Iterator[FieldError]:
    if not 1 <= len(drafts) <= MAXIMUM_STEPS:
        limits = {"minimum": 1, "maximum": MAXIMUM_STEPS}
        yield FieldError("/steps", "out_of_range", f"A Salesflow has 1 to {MAXIMUM_STEPS} steps.", limits)
        return
    for number, draft in enumerate(drafts):
        pointer = f"/steps/{number}"
        if number == 0 and draft.thread is not Thread.NEW:
            yield FieldError(f"{pointer}/thread", "nothing_to_reply_to", "The first email begins a new thread.")
        yield from faults_of(draft, pointer)


def faults_of(draft: DraftStep, pointer: str) -> Iterator[FieldError]:
    """What is wrong with one step, wherever it stands."""
    try:
        Delay(draft.amount, draft.unit)
    except InvalidField as invalid:
        yield invalid.errors[0].at(f"{pointer}/delay/amount")
    weights = [variant.weight for variant in draft.variants]
    if not 1 <= len(weights) <= MAXIMUM_VARIANTS:
        limits = {"minimum": 1, "maximum": MAXIMUM_VARIANTS}
        yield FieldError(f"{pointer}/variants", "out_of_range", f"A step has 1 to {MAXIMUM_VARIANTS} variants.", limits)
    elif not all(0 <= weight <= MAXIMUM_WEIGHT for weight in weights) or not any(weights):
        message = "Weights are not negative, and one of them is positive."
        yield FieldError(f"{pointer}/variants", "invalid_weights", message)
    for number, variant in enumerate(draft.variants):
        yield from _variant_faults(variant, draft.thread, f"{pointer}/variants/{number}")


def unknown_fields(draft: DraftStep, pointer: str, own_fields: Collection[str]) -> Iterator[FieldError]:
    """Own fields of contacts that a step without other faults names, and that the organization does not have."""
    for number, variant in enumerate(draft.variants):
        for name, source, kind in (
            ("subject", variant.subject, TemplateKind.SUBJECT),
            ("body_html", variant.body_html, TemplateKind.BODY),
        ):
            try:
                require_own_fields(source, kind, own_fields)
            except TemplateProblem as problem:
                yield problem.at(f"{pointer}/variants/{number}/{name}")


def _variant_faults(variant: DraftVariant, thread: Thread, pointer: str) -> Iterator[FieldError]:
    if thread is Thread.NEW and not variant.subject.strip():
        yield FieldError(f"{pointer}/subject", "required", "An email that begins a thread needs a subject.")
    try:
        compile_template(variant.subject, TemplateKind.SUBJECT)
    except TemplateProblem as problem:
        yield problem.at(f"{pointer}/subject")
    yield from _body_faults(variant.body_html, f"{pointer}/body_html")


def _body_faults(source: str, pointer: str) -> Iterator[FieldError]:
    try:
        if not harmless_template(source).strip():
            yield FieldError(pointer, "required", "An email needs a text.")
    except TemplateProblem as problem:
        yield problem.at(pointer)
