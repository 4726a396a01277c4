"""One-time links: how long they serve, and where they lead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from adapters.ids import RandomIds
from domain.accounts.one_time_links import LinkKind, OneTimeLink, new_link, path_of
from domain.shared.ids import OrganizationId, UserId

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def made(kind: LinkKind = LinkKind.INVITATION) -> OneTimeLink:
    return new_link(RandomIds(), OrganizationId(uuid4()), UserId(uuid4()), kind, NOW)


@pytest.mark.parametrize(
    ("kind", "lifetime"),
    [
        (LinkKind.INVITATION, timedelta(days=7)),
        (LinkKind.WELCOME, timedelta(days=7)),
        (LinkKind.PASSWORD_RESET, timedelta(minutes=30)),
    ],
)
def test_a_link_serves_for_as_long_as_its_kind(kind: LinkKind, lifetime: timedelta) -> None:
    link = made(kind)

    assert link.serves(NOW + lifetime - timedelta(seconds=1))
    assert not link.serves(NOW + lifetime)


def test_a_link_that_was_used_or_revoked_serves_no_more() -> None:
    assert not replace(made(), used_at=NOW).serves(NOW)
    assert not replace(made(), revoked_at=NOW).serves(NOW)


def test_each_kind_has_a_page_of_its_own() -> None:
    assert [path_of(kind, "t") for kind in LinkKind] == [
        "/app/invitations/t",
        "/app/welcome/t",
        "/app/password-resets/t",
    ]
