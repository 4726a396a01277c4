"""What a personal access token may be made for."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from adapters.ids import RandomIds
from domain.accounts.model import AccessToken
from domain.accounts.tokens import LONGEST, new_access_token, scopes_of
from domain.shared.errors import Forbidden, Rejected
from domain.shared.ids import UserId
from domain.shared.principal import SCOPES, Role

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def made(
    scopes: Sequence[str] = ("contacts:read",),
    *,
    role: Role = Role.CONTRIBUTOR,
    name: str = "script",
    lifetime: timedelta = timedelta(days=30),
) -> AccessToken:
    return new_access_token(RandomIds(), UserId(uuid4()), role, b"hash", name, scopes, lifetime, NOW)


def test_a_token_lives_as_long_as_it_was_made_for() -> None:
    assert made(lifetime=timedelta(days=7)).expires_at == NOW + timedelta(days=7)


def test_a_scope_named_twice_is_one() -> None:
    assert made(["contacts:write", "contacts:read", "contacts:read"]).scopes == ("contacts:read", "contacts:write")


def test_an_unknown_scope_is_refused_where_it_stands() -> None:
    with pytest.raises(Rejected) as refused:
        made(["contacts:read", "everything"])
    assert [error.pointer for error in refused.value.errors] == ["/scopes/1"]


def test_a_token_for_nothing_is_refused() -> None:
    with pytest.raises(Rejected):
        made([])


def test_a_contributor_makes_no_token_for_administration() -> None:
    with pytest.raises(Forbidden):
        made(["admin"])


def test_an_administrator_does() -> None:
    assert made(["admin"], role=Role.ADMINISTRATOR).scopes == ("admin",)


@pytest.mark.parametrize("lifetime", [timedelta(0), timedelta(days=-1), LONGEST + timedelta(seconds=1)])
def test_a_token_neither_lives_for_ever_nor_never(lifetime: timedelta) -> None:
    with pytest.raises(Rejected):
        made(lifetime=lifetime)


def test_a_token_without_a_name_is_refused() -> None:
    with pytest.raises(Rejected):
        made(name=" ")


def test_all_scopes_are_what_the_role_can_have() -> None:
    assert scopes_of(Role.ADMINISTRATOR) == SCOPES
    assert set(SCOPES) - set(scopes_of(Role.CONTRIBUTOR)) == {"admin"}
