"""Public tokens."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.emails.tracking import MOST_LINKS, PIXEL, PIXEL_HEADERS, TokenSigner, TrackingUrls

EMAIL = UUID("018f2f7e-7b1a-7c3d-9e4f-0123456789ab")
SIGNER = TokenSigner({1: b"a" * 32, 2: b"b" * 32}, current=2)


@given(email=st.uuids(), position=st.integers(0, MOST_LINKS))
def test_what_was_signed_is_read(email: UUID, position: int) -> None:
    assert SIGNER.read_open(SIGNER.sign_open(email)) == email
    assert SIGNER.read_click(SIGNER.sign_click(email, position)) == (email, position)
    assert SIGNER.read_unsubscribe(SIGNER.sign_unsubscribe(email)) == email


def test_a_token_of_one_kind_is_none_of_another() -> None:
    opened, clicked, left = SIGNER.sign_open(EMAIL), SIGNER.sign_click(EMAIL, 0), SIGNER.sign_unsubscribe(EMAIL)
    assert SIGNER.read_unsubscribe(opened) is None
    assert SIGNER.read_open(left) is None
    assert SIGNER.read_click(opened) is None
    assert SIGNER.read_unsubscribe(clicked) is None


@given(position=st.integers(0, 38), character=st.sampled_from("ABCDxyz019-_"))
def test_a_token_that_was_touched_is_not_read(position: int, character: str) -> None:
    token = SIGNER.sign_unsubscribe(EMAIL)
    touched = token[:position] + character + token[position + 1 :]
    assert (SIGNER.read_unsubscribe(touched) == EMAIL) == (touched == token)


@given(st.text(max_size=80))
def test_any_text_is_read_as_nothing(text: str) -> None:
    assert SIGNER.read_open(text) is None
    assert SIGNER.read_click(text) is None
    assert SIGNER.read_unsubscribe(text) is None


def test_a_token_has_one_spelling() -> None:
    token = SIGNER.sign_open(EMAIL)
    for other in (
        token + "=",
        token + "==",
        token + "\n",
        " " + token,
        token.replace("_", "/").replace("-", "+") + "A",
    ):
        assert SIGNER.read_open(other) is None


def test_tokens_of_an_older_key_are_still_read() -> None:
    older = TokenSigner({1: b"a" * 32}, current=1).sign_open(EMAIL)
    assert SIGNER.read_open(older) == EMAIL


def test_tokens_of_a_key_that_is_gone_are_not_read() -> None:
    assert TokenSigner({1: b"a" * 32}, current=1).read_open(SIGNER.sign_open(EMAIL)) is None


def test_tokens_of_another_key_are_not_read() -> None:
    forged = TokenSigner({2: b"c" * 32}, current=2).sign_open(EMAIL)
    assert SIGNER.read_open(forged) is None


@pytest.mark.parametrize(
    ("keys", "current"), [({}, 1), ({1: b"short"}, 1), ({300: b"a" * 32}, 300), ({1: b"a" * 32}, 2)]
)
def test_keys_that_cannot_serve_are_refused(keys: dict[int, bytes], current: int) -> None:
    with pytest.raises(ValueError, match=r"[Kk]ey"):
        TokenSigner(keys, current)


def test_a_link_beyond_the_last_position_is_refused() -> None:
    with pytest.raises(OverflowError):
        SIGNER.sign_click(EMAIL, MOST_LINKS + 1)


def test_the_unsubscribe_address_fits_on_a_line_of_a_header() -> None:
    url = TrackingUrls("https://engage.example.com/", SIGNER).unsubscribe(EMAIL)
    assert url.startswith("https://engage.example.com/u/")
    assert len(f"<{url}>") <= 75


def test_addresses_lie_below_the_public_one() -> None:
    urls = TrackingUrls("http://127.0.0.1:8000", SIGNER)
    assert SIGNER.read_open(urls.opened(EMAIL).removeprefix("http://127.0.0.1:8000/t/o/")) == EMAIL
    assert SIGNER.read_click(urls.clicked(EMAIL, 3).removeprefix("http://127.0.0.1:8000/t/c/")) == (EMAIL, 3)


def test_the_pixel_is_a_gif_that_nobody_keeps() -> None:
    assert len(PIXEL) == 43
    assert PIXEL.startswith(b"GIF89a")
    assert "no-store" in PIXEL_HEADERS["Cache-Control"]
    assert PIXEL_HEADERS["Content-Length"] == "43"
