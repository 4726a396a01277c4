"""The chain of the audit log: every change of an entry shows in its hash."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.accounts.audit import BEGINNING, Act, Action, Actor, ActorKind, Entry, Target, hash_of
from domain.accounts.origin import Origin
from domain.shared.ids import OrganizationId, UserId

ENTRY = Entry(
    organization_id=OrganizationId(UUID(int=1)),
    seq=1,
    id=UUID(int=2),
    at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
    actor=Actor(ActorKind.USER, "Ada", UserId(UUID(int=3))),
    act=Act(Action.USER_INVITED, Target("user", UUID(int=4), "Ben"), {"role": "contributor"}),
    origin=Origin("203.0.113.7", "Browser", "r-1"),
    previous=BEGINNING,
    hash=b"",
)


def test_the_hash_is_the_same_for_the_same_entry() -> None:
    assert hash_of(ENTRY) == hash_of(replace(ENTRY, hash=b"anything"))


@pytest.mark.parametrize(
    "changed",
    [
        replace(ENTRY, seq=2),
        replace(ENTRY, at=ENTRY.at + timedelta(microseconds=1)),
        replace(ENTRY, actor=Actor(ActorKind.TOKEN, "Ada", ENTRY.actor.id)),
        replace(ENTRY, act=replace(ENTRY.act, action=Action.USER_DELETED)),
        replace(ENTRY, act=replace(ENTRY.act, target=None)),
        replace(ENTRY, act=replace(ENTRY.act, detail={"role": "administrator"})),
        replace(ENTRY, act=replace(ENTRY.act, on_behalf_of=ENTRY.actor)),
        replace(ENTRY, origin=Origin("203.0.113.8", "Browser", "r-1")),
        replace(ENTRY, previous=bytes([1]) * 32),
        replace(ENTRY, organization_id=OrganizationId(UUID(int=9))),
    ],
)
def test_every_change_shows(changed: Entry) -> None:
    assert hash_of(changed) != hash_of(ENTRY)
