"""Subjects and bodies with merge fields: checked when they are saved, rendered for one contact.

A field that has no value for the contact and no fallback in the template stops the email; it is never sent with a hole.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError, UnknownFilterError
from liquid.static_analysis import TemplateAnalysis

from domain.emails.header_text import clean_header
from domain.emails.merge_fields import (
    CUSTOM,
    MERGE_FIELD_NAMES,
    MERGE_FIELDS,
    MergeValues,
    in_order,
    is_own,
    sample_values,
)
from domain.emails.template_language import MissingField, dialect
from domain.shared.errors import FieldError, InvalidField, Rejected


class TemplateKind(StrEnum):
    """Where the text goes: a header (values as they are) or HTML (values escaped)."""

    SUBJECT = "subject"
    BODY = "body"


LONGEST_SOURCE = {TemplateKind.SUBJECT: 1_000, TemplateKind.BODY: 100_000}
_POINTERS = {TemplateKind.SUBJECT: "/subject", TemplateKind.BODY: "/body_html"}
_LANGUAGES: dict[TemplateKind, Environment] = {
    TemplateKind.SUBJECT: dialect(escaping=False),
    TemplateKind.BODY: dialect(escaping=True),
}


class TemplateProblem(InvalidField):
    """The template can't be used. `line` and `column` (both from 1) say where, `why` says why.

    Codes of the field: template_syntax, template_unknown_field, template_unknown_filter, template_too_long,
    template_too_costly, template_failed; template_misplaced, template_markup, template_quotes (see `template_html`).
    """

    def __init__(self, kind: TemplateKind, code: str, why: str, line: int = 1, column: int = 1) -> None:
        self.why, self.line, self.column = why, line, column
        super().__init__(_POINTERS[kind], code, f"Line {line}, column {column}: {why}.", line=line, column=column)

    def at(self, pointer: str) -> FieldError:
        """The same fault under another pointer, such as `/steps/0/variants/0/subject`."""
        return self.errors[0].at(pointer)


class MissingMergeFields(Rejected):
    """The contact has no value for these fields, and the template no fallback."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        super().__init__([_missing(name) for name in fields])


def _missing(name: str) -> FieldError:
    return FieldError(f"/{name}", "missing_merge_field", f"{name} has no value.", {"field": name})


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A template that was checked. `fields` are the merge fields that it names."""

    kind: TemplateKind
    fields: frozenset[str]
    _source: str
    _compiled: BoundTemplate

    @property
    def own_fields(self) -> frozenset[str]:
        """Those that are an organization's own."""
        return frozenset(filter(is_own, self.fields))

    def missing_fields(self, values: MergeValues) -> tuple[str, ...]:
        """The fields that would leave a hole for these values, in order."""
        return self._fill(values)[1]

    def render(self, values: MergeValues) -> str:
        """The text for these values. Raises MissingMergeFields rather than leaving a hole.

        A body is HTML in which the values are escaped but the template is not yet sanitised; a subject is fit for a
        header.
        """
        text, missing = self._fill(values)
        if missing:
            raise MissingMergeFields(missing)
        return text

    def _fill(self, values: MergeValues) -> tuple[str, tuple[str, ...]]:
        noted: set[str] = set()
        try:
            text = self._compiled.render(**_with_holes(values, self.own_fields, noted))
        except (LiquidError, ArithmeticError, ValueError, TypeError, LookupError, RecursionError) as problem:
            raise _explained(problem, self.kind, self._source) from problem
        text = clean_header(text) if self.kind is TemplateKind.SUBJECT else text
        return text, in_order(noted)


@lru_cache(maxsize=512)
def compile_template(source: str, kind: TemplateKind) -> Template:
    """The checked template of this source. Raises TemplateProblem: where, which and why.

    It is tried with sample values, because some faults show only when it is rendered. Whether an organization has the
    own fields that are named is for it to say.
    """
    if len(source) > LONGEST_SOURCE[kind]:
        raise TemplateProblem(kind, "template_too_long", f"at most {LONGEST_SOURCE[kind]} characters are allowed")
    language = _LANGUAGES[kind]
    try:
        compiled = language.from_string(source)
        used = compiled.analyze()
    except (LiquidError, ValueError, TypeError, LookupError, RecursionError) as problem:
        raise _explained(problem, kind, source) from problem
    _refuse_unknown_filters(used, language, kind, source)
    template = Template(kind, _known_fields(used, kind, source), source, compiled)
    template.render(sample_values(own=template.own_fields))
    return template


def _with_holes(values: MergeValues, own: Collection[str], noted: set[str]) -> dict[str, dict[str, object]]:
    filled: dict[str, dict[str, object]] = {CUSTOM: {}}
    for field in (*(field.name for field in MERGE_FIELDS), *own):
        group, name = field.split(".")
        value = values.get(group, {}).get(name)
        hole = MissingField(field, noted)
        filled.setdefault(group, {})[name] = value.strip() if value and value.strip() else hole
    return filled


def _known_fields(used: TemplateAnalysis, kind: TemplateKind, source: str) -> frozenset[str]:
    places = [place for named in used.globals.values() for place in named]
    for place in sorted(places, key=lambda place: place.span.index):
        if str(place) not in MERGE_FIELD_NAMES and not is_own(str(place)):
            raise _unknown_field(kind, source, str(place), place.span.index, MERGE_FIELD_NAMES)
    return frozenset(str(place) for place in places)


def _unknown_field(kind: TemplateKind, source: str, name: str, index: int, known: Collection[str]) -> TemplateProblem:
    reason = f"there is no field {name}; the fields are {', '.join(sorted(known))}"
    return TemplateProblem(kind, "template_unknown_field", reason, *position_in(source, index))


def require_own_fields(source: str, kind: TemplateKind, keys: Collection[str]) -> None:
    """Raises TemplateProblem for an own field that the organization, which has those of the keys, does not have."""
    known = {f"{CUSTOM}.{key}" for key in keys}
    unknown = compile_template(source, kind).own_fields - known
    if unknown:
        first = min(unknown, key=source.find)
        raise _unknown_field(kind, source, first, max(0, source.find(first)), known or MERGE_FIELD_NAMES)


def _refuse_unknown_filters(used: TemplateAnalysis, language: Environment, kind: TemplateKind, source: str) -> None:
    places = [(span.index, name) for name, spans in used.filters.items() for span in spans]
    for index, name in sorted(place for place in places if place[1] not in language.filters):
        reason = f"there is no filter {name}; the filters are {', '.join(sorted(language.filters))}"
        raise TemplateProblem(kind, "template_unknown_filter", reason, *position_in(source, index))


def _explained(problem: Exception, kind: TemplateKind, source: str) -> TemplateProblem:
    match problem:
        case ResourceLimitError():
            code = "template_too_costly"
        case UndefinedError():
            code = "template_unknown_field"
        case UnknownFilterError():
            code = "template_unknown_filter"
        case LiquidError():
            code = "template_syntax"
        case _:
            code = "template_failed"
    if not isinstance(problem, LiquidError):
        return TemplateProblem(kind, code, "this can't be computed")
    index = problem.token.start_index if problem.token else -1
    reason = str(problem.message or "this is not understood").rstrip(".")
    return TemplateProblem(kind, code, reason, *position_in(source, index if index >= 0 else len(source)))


def position_in(source: str, index: int) -> tuple[int, int]:
    """Line and column, both from 1."""
    before = source[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1
