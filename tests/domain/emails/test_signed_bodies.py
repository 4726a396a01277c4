"""Emails that end with a signature."""

import pytest

from domain.emails.composition import Footer, write_body

FOOTER = Footer("Contoso", "1 Main Street", "https://t.example/u/TOKEN")
SIGNATURE = '<p>Sam Taylor<br><a href="https://contoso.example/">contoso.example</a></p>'


def test_the_signature_stands_between_the_message_and_the_footer() -> None:
    body = write_body("<p>Hello</p>", FOOTER, SIGNATURE)
    for text in (body.html, body.text):
        assert text.index("Hello") < text.index("Sam Taylor") < text.index("Unsubscribe")


def test_without_a_signature_there_is_nothing_in_its_place() -> None:
    assert write_body("<p>Hello</p>", FOOTER, "") == write_body("<p>Hello</p>", FOOTER)


def test_a_signature_is_no_template() -> None:
    body = write_body("<p>Hello</p>", FOOTER, "<p>{{ contact.email }} {% raw %}</p>")
    assert "{{ contact.email }} {% raw %}" in body.html
    assert "{{ contact.email }} {% raw %}" in body.text


@pytest.mark.parametrize(
    "open_end", ["<p>Hi <b>", "<p>Hi <!-- ", "<p>Hi <script>", "<p>Hi <style>", "<p>Hi <a href='", "<p>Hi <ul><li>"]
)
def test_nothing_open_in_the_message_swallows_the_signature(open_end: str) -> None:
    body = write_body(open_end, FOOTER, SIGNATURE)
    assert "<p>Sam Taylor<br>" in body.html
    assert "Sam Taylor" in body.text


def test_a_signature_that_was_kept_is_made_harmless_once_more() -> None:
    body = write_body("<p>Hi</p>", FOOTER, "<p>Sam</p><script>alert(1)</script><img src=x onerror=alert(1)>")
    assert "script" not in body.html
    assert "onerror" not in body.html


def test_links_of_the_signature_are_tracked_as_all_others() -> None:
    body = write_body('<p><a href="https://example.com/">A</a></p>', FOOTER, SIGNATURE)
    assert [link.url for link in body.links] == ["https://example.com/", "https://contoso.example/"]
