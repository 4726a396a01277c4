"""Links of a body."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.emails.html_text import sanitise
from domain.emails.links import Link, extract_links, is_trackable, rewrite_links


def tracked(position: int) -> str:
    return f"https://t.example/c?n={position}&x=1"


def test_a_link_is_its_address_and_its_words() -> None:
    html = '<p>See <a href="https://example.com/a?x=1&amp;y=2">our <b>new</b>\n prices</a></p>'
    assert extract_links(html) == (Link(0, "https://example.com/a?x=1&y=2", "our new prices"),)


def test_a_linked_image_is_called_by_its_alternative_text() -> None:
    assert extract_links('<a href="https://example.com/"><img src="x" alt="Logo"></a>')[0].text == "Logo"


def test_two_links_to_one_address_are_two() -> None:
    html = '<a href="https://example.com/">A</a><a href="https://example.com/">B</a>'
    assert [link.position for link in extract_links(html)] == [0, 1]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "HTTP://example.com/a%20b?c=d#e",
        "https://bücher.example/",
        "https://[2001:db8::1]:8443/x",
        "http://localhost:8000",
    ],
)
def test_web_pages_are_tracked(url: str) -> None:
    assert is_trackable(url)


@pytest.mark.parametrize(
    "url",
    [
        "mailto:a@b.example",
        "tel:+1202",
        "#part",
        "cid:logo",
        "/relative",
        "//example.com",
        "example.com",
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///path",
        "https://user@example.com/",
        "https://user:pw@example.com/",
        "https://example.com@evil.example/",
        "https://exa\nmple.com/",
        "https://example.com/\x00",
        "https://example.com\\@evil.example",
        "https://example.com:port/",
        "https://[::1",
        "https://example.com/" + "a" * 2000,
    ],
)
def test_what_is_no_web_page_in_plain_sight_is_not_tracked(url: str) -> None:
    assert not is_trackable(url)
    html = f'<a href="{url}">x</a>'
    assert rewrite_links(html, tracked) == html


def test_rewriting_changes_the_addresses_alone() -> None:
    before, after = "<p>a &lt; b<br>\n", "A</a> &copy; <a href='mailto:a@b'>B</a></p>"
    link = "<a title=\"T &amp; U\" href='https://example.com/?x=1&amp;y=2'>"
    tracked_link = '<a href="https://t.example/c?n=0&amp;x=1" title="T &amp; U">'
    assert rewrite_links(before + link + after, tracked) == before + tracked_link + after


def test_positions_are_the_same_when_rewriting() -> None:
    html = "".join(f'<a href="https://example.com/{n}">{n}</a>\n<a href="#x">-</a>' for n in range(5))
    rewritten = rewrite_links(html, lambda position: f"https://t.example/{position}")
    assert [link.url for link in extract_links(rewritten)] == [f"https://t.example/{n}" for n in range(5)]


def test_a_link_that_is_not_closed_ends_at_the_next() -> None:
    html = '<a href="https://a.example">A <a href="https://b.example">B</a> C'
    assert [link.text for link in extract_links(html)] == ["A", "B"]


class Visible(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value or "" for name, value in attrs if not (tag == "a" and name == "href")}
        self.seen.append((tag, sorted(kept.items())))

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


parts = st.sampled_from(
    [
        "<a href='https://e.example/?a=1&amp;b=2'>",
        '<a title="x>y" href="https://e.example/">',
        "<a href=mailto:x@y>",
        "</a>",
        "<p>",
        "</p>",
        "text",
        "&amp;",
        "&",
        "<",
        ">",
        "\n",
        "é",
        "<!-- c -->",
        "<img alt='>' src='https://i.example/'>",
        "<br/>",
        '"',
        "'",
    ]
)


@given(st.lists(parts, max_size=20).map("".join))
def test_whatever_the_html_only_addresses_change(source: str) -> None:
    html = sanitise(source)
    rewritten = rewrite_links(html, tracked)
    assert Visible(rewritten).seen == Visible(html).seen
    assert [link.url for link in extract_links(rewritten)] == [tracked(link.position) for link in extract_links(html)]


@given(st.lists(parts, max_size=20).map("".join))
def test_links_are_found_in_any_html(source: str) -> None:
    assert len(extract_links(source)) == len(extract_links(rewrite_links(source, tracked)))


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("https://müller.example", "https://xn--mller-kva.example"),
        ("https://MÜLLER.example:8443/x", "https://xn--mller-kva.example:8443/x"),
        (
            "https://example.com/größe?farbe=grün#größer",
            "https://example.com/gr%C3%B6%C3%9Fe?farbe=gr%C3%BCn#gr%C3%B6%C3%9Fer",
        ),
        ("https://example.com/a%20b/ü", "https://example.com/a%20b/%C3%BC"),
        ("HTTP://example.com/a%20b?c=d#e", "HTTP://example.com/a%20b?c=d#e"),
        ("https://日本.example/", "https://xn--wgv71a.example/"),
    ],
)
def test_a_link_is_kept_in_ascii_and_leads_to_the_same_page(written: str, target: str) -> None:
    assert [link.url for link in extract_links(f'<a href="{written}">x</a>')] == [target]


@pytest.mark.parametrize("host", ["straße.example", "a\u200db.example", "ü" * 70 + ".example"])
def test_a_host_whose_name_is_in_dispute_is_left_as_it_was_written(host: str) -> None:
    url = f"https://{host}/"
    html = f'<a href="{url}">x</a>'
    assert not is_trackable(url)
    assert rewrite_links(html, tracked) == html
