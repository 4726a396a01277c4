"""Templates as they are kept: harmless HTML, with the template language as it was typed."""

import re
import time
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.emails.html_text import ALLOWED, ATTRIBUTES
from domain.emails.template_html import harmless_template
from domain.emails.templates import TemplateKind, TemplateProblem, compile_template

TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class Reader(HTMLParser):
    """The elements and attributes of HTML, as a page reads it that knows no templates."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def is_harmless(html: str) -> bool:
    elements = Reader(html).elements
    known = all(
        tag in ALLOWED and attributes.keys() <= ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
        for tag, attributes in elements
    )
    targets = [
        value or "" for _, attributes in elements for name, value in attributes.items() if name in ("href", "src")
    ]
    schemes = (re.match(r"\s*([a-z0-9+.-]+):", target, re.IGNORECASE) for target in targets)
    return known and {scheme[1].lower() for scheme in schemes if scheme} <= {"http", "https", "mailto", "tel", "cid"}


def problem(source: str) -> tuple[str, int, int]:
    with pytest.raises(TemplateProblem) as refused:
        harmless_template(source)
    return refused.value.errors[0].code, refused.value.line, refused.value.column


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hi {{ contact.first_name | default: 'there' }},</p>\n<p>x &gt; y &amp; z&nbsp;</p>",
        '<p><a href="https://example.com/?a=1&amp;b={{ contact.zip }}">our <strong>prices</strong></a></p>',
        '<p><a href="{{ contact.city }}">x</a> <a href="mailto:{{ sender.email }}?subject=Hi">y</a></p>',
        '<a href="{% if contact.city %}https://a.example{% else %}https://b.example{% endif %}/path">x</a>',
        '<img src="https://{{ contact.company | downcase }}.example/x.png" alt="{{ contact.name }}">',
        '<p style="color:{{ contact.city }};width:{{ contact.zip }}px">x</p>',
        '<p>{{ contact.city | default: "y\'all" }}</p>',
        "<a title='{{ contact.city | default: \"there\" }}'>x</a>",
        "<p>{% if contact.city == 'a > b' %}x{% endif %}{{ contact.street | newline_to_br }}</p>",
        "{{ contact.street | replace: ', ', '<br>' }}",
        "<table><tbody>{% for n in (1..3) %}<tr><td>{{ n }}</td></tr>{% endfor %}</tbody></table>",
        "{% comment %}for later{% endcomment %}<p>{% raw %}{{ not a field }}{% endraw %}</p>",
        "<p>{{\n contact.first_name\n}}</p>",
        '<ul><li><p>a</p></li></ul>\n<ol start="3"><li><p>b</p></li></ol>\n<blockquote><p>c<br>d</p></blockquote>',
        "<p><em>a</em> <u>b</u> <s>c</s> field_0_0e</p>",
    ],
)
def test_what_people_write_is_kept_as_it_is(html: str) -> None:
    assert harmless_template(html) == html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='java{{ contact.city }}script:alert(1)' onclick='alert(1)'>x</a>",
        '<a title="{{ "onmouseover=alert(1) x=" }}">x</a>',
        "<a title='{{ contact.city }}'onclick='alert(1)'>x</a>",
        "<svg onload=alert(1)><p>x</p></svg>",
        "{<script></script>{ contact.city }}",
        "<table><tr onclick=alert(1)><td background=x>{{ contact.city }}</td></tr></table>",
        "<style>p{}</style><iframe src='https://evil.example'></iframe>",
        "<!-- <script>alert(1)</script> -->",
    ],
)
def test_nothing_that_acts_is_kept(attack: str) -> None:
    kept = harmless_template(f"<p>Hi {{{{ contact.first_name }}}}</p>{attack}")
    assert is_harmless(kept)
    assert "<p>Hi {{ contact.first_name }}</p>" in kept


@pytest.mark.parametrize(
    ("source", "code", "line", "column"),
    [
        ("<p>\n<b {% if contact.city %}title='a'{% endif %}>x</b>", "template_misplaced", 2, 4),
        ("<script>{{ contact.city }}</script>", "template_misplaced", 1, 9),
        ("<p onclick='{{ contact.city }}'>x</p>", "template_misplaced", 1, 13),
        ("<p>a</p>\n{{ '<img src=x onerror=alert(1)>' }}", "template_markup", 2, 1),
        ("{{ '</style' }}", "template_markup", 1, 1),
        ("{{ '<b onclick=x' }}text>", "template_markup", 1, 1),
        ("<a title=\"{{ 'a' }}{{ 'b' | append: \"'\" }}\">x</a>", "template_quotes", 1, 11),
        ("{{ contact.nope }}", "template_unknown_field", 1, 4),
        ("{<script></script>{ contact.nope }}", "template_unknown_field", 1, 4),
    ],
)
def test_what_could_not_be_kept_whole_is_refused_with_its_place(source: str, code: str, line: int, column: int) -> None:
    assert problem(source) == (code, line, column)


def test_a_body_of_which_nothing_is_left_is_empty() -> None:
    assert harmless_template("<script>alert(1)</script>") == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% raw %}" + "{{" * 49_000 + "{% endraw %}",
        "field_0_" * 12_000,
        "<p><a title='{{ contact.city | default: \"" + "x" * 50_000 + "\" }}'></p>" + "<p>x</p>" * 2_000,
        "<div>" * 19_000,
        "<a href='" + "field_" * 16_000 + "'>x</a>",
    ],
)
def test_a_template_that_is_meant_to_be_slow_is_not(source: str) -> None:
    began = time.monotonic()
    with suppress(TemplateProblem):
        harmless_template(source)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("deep", ["<div>", "<ul></b>", "<UL><font>"])
def test_html_that_is_nested_too_deep_is_refused(deep: str) -> None:
    assert problem("<p>a</p>\n" + deep * 600)[0:2] == ("template_too_costly", 2)


def test_long_html_that_is_not_deep_is_kept() -> None:
    html = "<p>a<br></p><ul><li>b</li></ul>" * 2_000
    assert harmless_template(html) == html


def test_an_attribute_that_html_would_write_again_and_again_is_refused() -> None:
    source = "<p><a title='{{ contact.city | default: \"" + "x" * 5_000 + "\" }}'></p>" + "<p>x</p>" * 2_000
    assert problem(source)[0] == "template_too_long"


fields = st.sampled_from(
    [
        "{{ contact.first_name }}",
        "{{contact.city}}",
        "{{- contact.company | default: 'the <b>company</b>' -}}",
        '{{ contact.name | default: "y" }}',
        "{{ sender.name | upcase | append: ' > ' }}",
        "{{ contact.zip | url_encode }}",
        "{{ 'a&b' }}",
        "{% if contact.city %}",
        "{% endif %}",
        "{% assign x = 'é' %}",
        "{{\n\tcontact.email\n}}",
    ]
)
words = st.text("abé <>&\"'=/ \n", max_size=8)
texts = st.one_of(words, fields)
values = st.lists(st.one_of(st.text("ab é&;:/?#.", max_size=6), fields), max_size=3).map("".join)
quotes = st.sampled_from(['"', "'"])
attributes = st.builds(
    lambda name, quote, value: f" {name}={quote}{value}{quote}",
    st.sampled_from(["href", "title", "src", "alt", "style", "onclick", "class", "width"]),
    quotes,
    values,
)
elements = st.builds(
    lambda tag, attributes, inner, closed: f"<{tag}{''.join(attributes)}>{inner}{f'</{tag}>' if closed else ''}",
    st.sampled_from(["p", "a", "b", "img", "table", "tr", "td", "ul", "li", "script", "svg", "form", "div", "span"]),
    st.lists(attributes, max_size=2),
    st.lists(texts, max_size=3).map("".join),
    st.booleans(),
)
templates = st.lists(st.one_of(texts, elements), max_size=6).map("".join)


@given(templates)
def test_whatever_is_kept_is_harmless_and_says_the_same(source: str) -> None:
    try:
        kept = harmless_template(source)
    except TemplateProblem:
        return
    assert is_harmless(kept)
    assert harmless_template(kept) == kept
    once = list(dict.fromkeys(TAGS.findall(source)))
    assert list(dict.fromkeys(TAGS.findall(kept))) == once
    assert compile_template(kept, TemplateKind.BODY).fields == compile_template(source, TemplateKind.BODY).fields


safe_values = st.lists(
    st.one_of(st.text("abé &;", max_size=6), fields.filter(lambda field: '"' not in field)), max_size=3
).map("".join)


@given(
    before=st.lists(st.one_of(st.text("abé \n", max_size=8), fields), max_size=4).map("".join),
    title=safe_values,
    path=safe_values,
    inner=st.lists(fields, max_size=3).map("".join),
)
def test_the_language_survives_in_texts_and_attributes_to_the_letter(
    before: str, title: str, path: str, inner: str
) -> None:
    source = f'{before}<a href="https://example.com/{path}" title="{title}">{inner}</a>'
    if TAGS.sub("", source).count("{") or "{% endif %}" in source or "{% if" in source:
        return
    assert TAGS.findall(harmless_template(source)) == TAGS.findall(source)


@given(st.text("<>\"'=/{}% abonclick\n", max_size=80))
def test_no_text_is_kept_that_acts(source: str) -> None:
    try:
        assert is_harmless(harmless_template(source))
    except TemplateProblem:
        return
