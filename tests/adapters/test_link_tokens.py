"""Tokens of one-time links: recognised without a look into the database, and made by nobody else."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.crypto import KeyRing
from adapters.link_tokens import TOKEN_LENGTH, SealedLinkTokens
from domain.accounts.one_time_links import LinkKey, LinkKind, OneTimeLink
from domain.shared.ids import LinkId, OrganizationId, UserId

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TOKENS = SealedLinkTokens(KeyRing([("test", b"k" * 32)]))


def link(kind: LinkKind = LinkKind.INVITATION) -> OneTimeLink:
    return OneTimeLink(OrganizationId(uuid4()), LinkId(uuid4()), UserId(uuid4()), kind, NOW, NOW)


@pytest.mark.parametrize("kind", list(LinkKind))
def test_a_token_leads_back_to_its_link(kind: LinkKind) -> None:
    made = link(kind)

    assert TOKENS.read(TOKENS.token_of(made)) == LinkKey(made.organization_id, made.id, kind)


def test_a_link_has_one_token_that_can_stand_in_an_address() -> None:
    made = link()

    assert TOKENS.token_of(made) == TOKENS.token_of(made)
    assert re.fullmatch(r"[\w-]{64}", TOKENS.token_of(made), re.ASCII)


def test_the_token_of_one_kind_is_not_that_of_another() -> None:
    made = link(LinkKind.INVITATION)

    assert TOKENS.token_of(made) != TOKENS.token_of(replace(made, kind=LinkKind.PASSWORD_RESET))


@given(st.integers(0, TOKEN_LENGTH - 1), st.sampled_from("AQgw-_09z"))
def test_a_changed_token_is_none(at: int, character: str) -> None:
    token = TOKENS.token_of(link())
    changed = token[:at] + character + token[at + 1 :]

    assert changed == token or TOKENS.read(changed) is None


@given(st.text(max_size=80))
def test_what_was_not_made_by_us_is_none(text: str) -> None:
    assert TOKENS.read(text) is None


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "A", lambda t: f"{t}=", lambda t: "é" + t[1:]])
def test_a_token_of_another_length_or_alphabet_is_none(change: object) -> None:
    assert callable(change)
    assert TOKENS.read(change(TOKENS.token_of(link()))) is None


def test_another_key_makes_other_tokens() -> None:
    other = SealedLinkTokens(KeyRing([("other", b"o" * 32)]))

    assert other.read(TOKENS.token_of(link())) is None


def test_a_rotated_ring_still_reads_older_tokens() -> None:
    rotated = SealedLinkTokens(KeyRing([("new", b"n" * 32), ("test", b"k" * 32)]))
    made = link()

    assert rotated.read(TOKENS.token_of(made)) is not None
