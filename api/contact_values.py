"""Values of own fields in bodies."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from api.models import PlainText, can_be_kept
from domain.contacts.fields import LONGEST_KEY, MOST_FIELDS
from domain.contacts.own_values import LONGEST_URL


def _plain(given: object) -> object:
    if isinstance(given, str):
        if len(given) > LONGEST_URL:
            raise ValueError(f"must have at most {LONGEST_URL} characters")
        return can_be_kept(given)
    if given is not None and not isinstance(given, bool | int | float):
        raise ValueError("must be a text, a number, true, false or null")
    return given


# What fits which field only the organization knows.
OwnValue = Annotated[
    Any,
    BeforeValidator(_plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": LONGEST_URL},
                {"type": "number"},
                {"type": "boolean"},
                {"type": "null"},
            ]
        }
    ),
]
OwnKey = Annotated[PlainText, StringConstraints(min_length=1, max_length=LONGEST_KEY)]
OwnValues = Annotated[dict[OwnKey, OwnValue], Field(max_length=MOST_FIELDS, default_factory=dict)]
