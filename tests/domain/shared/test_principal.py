"""Who may what."""

from uuid import uuid4

import pytest

from domain.shared.errors import Forbidden, InsufficientScope
from domain.shared.ids import OrganizationId, UserId
from domain.shared.principal import Principal, Role


def somebody(role: Role = Role.CONTRIBUTOR, scopes: frozenset[str] | None = None) -> Principal:
    return Principal(OrganizationId(uuid4()), UserId(uuid4()), role, scopes)


def test_a_session_may_all_that_the_role_may() -> None:
    somebody().require("contacts:write")


def test_a_token_may_what_it_was_made_for() -> None:
    somebody(scopes=frozenset({"contacts:read"})).require("contacts:read")


def test_a_token_may_nothing_else() -> None:
    with pytest.raises(InsufficientScope, match="contacts:write"):
        somebody(scopes=frozenset({"contacts:read"})).require("contacts:write")


def test_reading_does_not_follow_from_writing() -> None:
    with pytest.raises(InsufficientScope):
        somebody(scopes=frozenset({"contacts:write"})).require("contacts:read")


def test_a_contributor_has_no_administration() -> None:
    with pytest.raises(Forbidden):
        somebody().require_administrator()


def test_an_administrators_token_needs_the_scope_too() -> None:
    with pytest.raises(InsufficientScope):
        somebody(Role.ADMINISTRATOR, frozenset({"contacts:read"})).require_administrator()


def test_credentials_are_changed_by_persons_alone() -> None:
    with pytest.raises(Forbidden):
        somebody(scopes=frozenset({"me:write"})).require_session()
