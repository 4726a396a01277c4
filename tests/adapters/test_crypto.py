"""Sealed values open only where they were sealed; tokens are recognised before anything is looked up."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.crypto import CannotOpen, KeyRing, RandomSecrets

OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)
ORGANIZATION, ROW = UUID(int=1), UUID(int=2)


def sealed(ring: KeyRing, plain: bytes = b"secret") -> bytes:
    return ring.seal(plain, organization_id=ORGANIZATION, table="connections", row=ROW, field="refresh_token")


def opened(ring: KeyRing, value: bytes) -> bytes:
    return ring.open(value, organization_id=ORGANIZATION, table="connections", row=ROW, field="refresh_token")


@given(st.binary(max_size=200))
def test_what_was_sealed_opens(plain: bytes) -> None:
    ring = KeyRing([NEW])
    assert opened(ring, sealed(ring, plain)) == plain


def test_two_seals_of_one_value_differ() -> None:
    ring = KeyRing([NEW])
    assert sealed(ring) != sealed(ring)


def test_the_first_key_seals_and_older_ones_open() -> None:
    before = sealed(KeyRing([OLD]))
    ring = KeyRing([NEW, OLD])
    assert opened(ring, before) == b"secret"
    assert b"new" in sealed(ring)


def test_a_key_that_left_the_ring_opens_nothing() -> None:
    with pytest.raises(CannotOpen):
        opened(KeyRing([NEW]), sealed(KeyRing([OLD])))


@pytest.mark.parametrize(
    "elsewhere",
    [{"organization_id": uuid4()}, {"table": "users"}, {"row": uuid4()}, {"field": "access_token"}],
    ids=lambda place: next(iter(place)),
)
def test_a_sealed_value_does_not_open_in_another_place(elsewhere: dict[str, object]) -> None:
    ring = KeyRing([NEW])
    place = {"organization_id": ORGANIZATION, "table": "connections", "row": ROW, "field": "refresh_token"}
    with pytest.raises(CannotOpen):
        ring.open(sealed(ring), **{**place, **elsewhere})  # type: ignore[arg-type]


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    ring = KeyRing([NEW])
    value = bytearray(sealed(ring))
    position = data.draw(st.integers(0, len(value) - 1))
    value[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        opened(ring, bytes(value))


@given(st.binary(max_size=60))
def test_garbage_does_not_open(garbage: bytes) -> None:
    with pytest.raises(CannotOpen):
        opened(KeyRing([NEW]), garbage)


def test_each_purpose_has_a_key_of_its_own() -> None:
    ring = KeyRing([NEW])
    keys = {ring.subkey("tracking"), ring.subkey("suppression"), ring.subkey("sealing"), NEW[1]}
    assert len(keys) == 4


def test_keyed_hashes_outlive_a_new_key() -> None:
    before, after = KeyRing([OLD]), KeyRing([NEW, OLD])
    assert before.keyed_hash("suppression", "ann@example.com") == after.keyed_hash("suppression", "ann@example.com")
    assert before.keyed_hash("suppression", "ann@example.com") != before.keyed_hash("suppression", "bob@example.com")


def test_tokens_are_recognisable_and_unique() -> None:
    secrets = RandomSecrets()
    tokens = {secrets.new_access_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(token.startswith("eng_pat_") and len(token) == 57 for token in tokens)
    assert all(secrets.hash_of_access_token(token) for token in tokens)


@given(st.data())
def test_a_mistyped_token_is_refused_by_its_checksum(data: st.DataObject) -> None:
    secrets = RandomSecrets()
    token = secrets.new_access_token()
    position = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda character: character != token[position]))
    assert secrets.hash_of_access_token(token[:position] + other + token[position + 1 :]) is None


@given(st.text(max_size=80))
def test_what_is_no_token_has_no_hash(text: str) -> None:
    assert RandomSecrets().hash_of_session(text) is None


def test_a_token_is_no_session() -> None:
    secrets = RandomSecrets()
    assert secrets.hash_of_session(secrets.new_access_token()) is None
    assert secrets.hash_of_access_token(secrets.new_session()) is None
