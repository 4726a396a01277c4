"""The whole error tree has a place in HTTP."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from api.problems import STATUSES, TITLES, problem_of, status_of
from domain.shared import errors


def tree(root: type[errors.EngageError]) -> Iterator[type[errors.EngageError]]:
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from tree(child)


ALL = sorted(tree(errors.EngageError), key=lambda error: error.__name__)


@pytest.mark.parametrize("error", [e for e in ALL if e is not errors.ProviderError], ids=lambda e: e.__name__)
def test_every_error_has_a_status_of_its_own_or_its_parents(error: type[errors.EngageError]) -> None:
    assert status_of(error.__new__(error)) in TITLES
    assert any(ancestor in STATUSES for ancestor in error.__mro__)


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in ALL if "code" in vars(error)]
    assert len(codes) == len(set(codes))


def test_an_edit_on_an_old_version_is_412_though_it_is_a_conflict() -> None:
    assert status_of(errors.VersionMismatch()) == 412


def told(error: errors.EngageError) -> dict[str, Any]:
    return dict(orjson.loads(problem_of(error, "/somewhere", "1").body))


def test_a_problem_tells_cases_of_one_code_apart_and_what_its_sentence_is_filled_with() -> None:
    problem = told(errors.NotAllowedInState("There are 20 already.", "full", maximum=20))
    assert (problem["code"], problem["reason"], problem["params"]) == ("not_allowed_in_state", "full", {"maximum": 20})


def test_what_there_is_nothing_to_say_of_is_left_out() -> None:
    assert not {"reason", "params", "errors"} & told(errors.VersionMismatch()).keys()


def test_a_fault_of_a_field_tells_what_its_sentence_is_filled_with() -> None:
    faults = [errors.FieldError("/name", "too_long", "At most 9.", {"maximum": 9}), errors.FieldError("/a", "b", "c")]
    assert told(errors.Rejected(faults))["errors"] == [
        {"pointer": "/name", "code": "too_long", "message": "At most 9.", "params": {"maximum": 9}},
        {"pointer": "/a", "code": "b", "message": "c"},
    ]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert errors.__doc__ is not None
    for error in ALL:
        if error.__name__ in ("InvalidField", "InvalidCredentials", "ProviderNotFound"):
            continue  # refinements for the inside, answered like their parents
        assert error.__name__ in errors.__doc__
