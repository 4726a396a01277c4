"""What every body has in common: unknown fields and what no database keeps are refused, text is trimmed."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints

DATE = re.compile(r"\d{4}-\d\d-\d\d")


def can_be_kept(text: str) -> str:
    """PostgreSQL keeps no NUL, and half of a surrogate pair (which JSON can spell) is no character at all."""
    if "\0" in text:
        raise ValueError("must not contain NUL bytes")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode") from None
    return text


def _written_as_date(given: object) -> object:
    """Pydantic alone would take numbers, and texts of digits, as seconds since 1970."""
    if isinstance(given, str) and not DATE.match(given):
        raise ValueError("must begin with a date, YYYY-MM-DD")
    if not isinstance(given, str | date):
        raise ValueError("must be a text")  # noqa: TRY004 - pydantic tells ValueErrors alone as faults
    return given


PlainText = Annotated[str, AfterValidator(can_be_kept)]
Day = Annotated[date, BeforeValidator(_written_as_date)]
Instant = Annotated[AwareDatetime, BeforeValidator(_written_as_date)]
ShortText = Annotated[PlainText, StringConstraints(strip_whitespace=True, max_length=120)]
LineText = Annotated[PlainText, StringConstraints(strip_whitespace=True, max_length=255)]
LongText = Annotated[PlainText, StringConstraints(max_length=100_000)]


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """An answer's shape, for the OpenAPI document and for answers that are built by pydantic."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Named(Answer):
    """Something by its id and name."""

    id: str
    name: str


class FieldProblem(Answer):
    """One fault of the input. `params` are the numbers and names in the message."""

    pointer: str
    code: str
    message: str
    params: dict[str, str | int] | None = None


class Problem(Answer):
    """An error, after RFC 9457; `code` is stable and machine-readable.

    `reason`, as stable, tells cases of one code apart; `params` are the numbers and names in `detail`. Where a proof is
    asked for, `methods` say what would do.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    reason: str | None = None
    params: dict[str, str | int] | None = None
    methods: list[str] | None = None
    errors: list[FieldProblem] | None = None
