"""What Engage refuses with can be said in every language: by a code, a reason and what the sentence is filled with."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.app import build_api
from api.refusals import MESSAGES
from tests.project.error_codes import KEPT, VALIDATORS, listed, read, without_reason

# What pydantic can find wrong in JSON, by the kind of a schema and by what limits it.
FAULTS = {
    "bool": {"bool_type", "bool_parsing"},
    "date": {"date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"},
    "datetime": {"datetime_type", "datetime_parsing", "datetime_object_invalid", "datetime_from_date_parsing"},
    "dict": {"dict_type"},
    "enum": {"enum"},
    "float": {"float_type", "float_parsing", "finite_number"},
    "function-after": {"value_error"},
    "function-before": {"value_error"},
    "int": {"int_type", "int_parsing", "int_parsing_size", "int_from_float"},
    "list": {"list_type"},
    "literal": {"literal_error"},
    "model": {"model_type"},
    "model-fields": {"model_attributes_type", "missing", "extra_forbidden"},
    "str": {"string_type", "string_unicode"},
    "tagged-union": {"union_tag_invalid", "union_tag_not_found"},
    "uuid": {"uuid_type", "uuid_parsing"},
}
LIMITS = {
    "ge": {"greater_than_equal"},
    "gt": {"greater_than"},
    "le": {"less_than_equal"},
    "lt": {"less_than"},
    "max_length": {"too_long"},
    "min_length": {"too_short"},
    "multiple_of": {"multiple_of"},
    "pattern": {"string_pattern_mismatch"},
    "tz_constraint": {"timezone_aware"},
}


def test_the_list_of_sentences_is_that_of_the_code() -> None:
    assert KEPT.read_text() == listed(), "write it anew: python -m tests.project.error_codes"


def test_whoever_says_something_of_its_own_gives_a_reason() -> None:
    assert without_reason(read()) == []


def test_what_the_framework_refuses_is_said_in_our_words() -> None:
    def no_services() -> Any:
        raise AssertionError("Nothing is asked.")

    possible = {fault for schema in schemas(build_api(no_services)) for fault in faults_of(schema)}

    assert possible - set(MESSAGES) == {VALIDATORS}


def schemas(app: FastAPI) -> Iterator[Any]:
    """What every route takes."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.route, APIRoute):
            for dependant in with_dependencies(route.route.dependant):
                given = [dependant.path_params, dependant.query_params, dependant.header_params, dependant.body_params]
                yield from (field._type_adapter.core_schema for fields in given for field in fields)


def with_dependencies(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for below in dependant.dependencies:
        yield from with_dependencies(below)


def faults_of(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        kind = schema.get("type")
        yield from FAULTS.get(kind, set()) if isinstance(kind, str) else ()
        for limit in LIMITS.keys() & schema.keys():
            yield from (f"string_{fault}" if kind == "str" and "too_" in fault else fault for fault in LIMITS[limit])
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list | tuple) else ():
        yield from faults_of(part)
