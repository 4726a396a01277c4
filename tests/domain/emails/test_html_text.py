"""HTML made harmless and made readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.emails.html_text import plain_text, sanitise


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<iframe src='https://evil.example'></iframe>",
        "<form action='https://evil.example'><input></form>",
        "<svg><script>alert(1)</script></svg>",
        "<style>@import 'https://evil.example'</style>",
        "<p style='position:fixed;background:url(https://evil.example)'>x</p>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<base href='https://evil.example'>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    ],
)
def test_nothing_that_acts_survives(attack: str) -> None:
    harmless = sanitise(f"<p>before</p>{attack}<p>after</p>")
    for danger in (
        "script",
        "onerror",
        "javascript:",
        "data:",
        "iframe",
        "<form",
        "<input",
        "position",
        "@import",
        "evil",
    ):
        assert danger not in harmless
    assert "before" in harmless


def test_what_people_write_survives() -> None:
    html = (
        '<p style="color:red;text-align:center">Hi <b>Ann</b>, <a href="https://example.com/">see</a> '
        '<img src="https://example.com/x.png" alt="X" width="10"></p><ul><li>one</li></ul>'
    )
    assert sanitise(html) == html


def test_an_address_that_leads_nowhere_in_an_email_is_dropped() -> None:
    assert sanitise('<a href="/path">x</a><a href="#part">y</a>') == '<a>x</a><a href="#part">y</a>'


def test_sanitising_twice_changes_nothing_more() -> None:
    once = sanitise("<p>a<div>b<table><td>c")
    assert sanitise(once) == once


def test_links_are_told_in_the_text() -> None:
    assert plain_text('<p>See <a href="https://example.com/?x=1&amp;y=2">our prices</a>.</p>') == (
        "See our prices (https://example.com/?x=1&y=2)."
    )


def test_a_link_that_says_its_address_is_told_once() -> None:
    html = '<a href="https://example.com/">https://example.com</a> <a href="mailto:a@b.example">a@b.example</a>'
    assert plain_text(html) == "https://example.com a@b.example"


def test_paragraphs_and_lists_are_readable() -> None:
    assert plain_text("<p>Hi Ann,</p><p>one<br>two</p><ul><li>a</li><li>b</li></ul>") == (
        "Hi Ann,\n\none\ntwo\n\n  * a\n  * b"
    )


def test_a_text_has_no_scripts_and_no_styles() -> None:
    assert plain_text("<style>p{}</style><script>x()</script><p>Hi</p>") == "Hi"


def test_html_that_is_nested_too_deep_still_has_its_text() -> None:
    assert "deep" in plain_text("<div>" * 5_000 + "deep")


@given(st.text(max_size=300))
def test_any_text_is_made_harmless_and_readable(text: str) -> None:
    harmless = sanitise(text)
    assert sanitise(harmless) == harmless
    assert not any(ord(character) < 32 and character not in "\n\t" for character in plain_text(text))
