"""The whole error tree has a place in HTTP."""

from collections.abc import Iterator

import pytest

from api.problems import STATUSES, TITLES, status_of
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


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert errors.__doc__ is not None
    for error in ALL:
        if error.__name__ in ("InvalidField", "InvalidCredentials", "ProviderNotFound"):
            continue  # refinements for the inside, answered like their parents
        assert error.__name__ in errors.__doc__
