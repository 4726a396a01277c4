"""Signatures: what templates show, and that data is never markup."""

from dataclasses import dataclass, replace
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.preferences import Signature, SignatureKind
from domain.accounts.signatures import TEMPLATES, signature_html, template_html
from domain.emails.html_text import plain_text, sanitise

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ contact.first_name }}{% if x %}",
    "javascript:alert(1)",
    "</p></div><!--",
    "&lt;b&gt;",
]


@dataclass(frozen=True)
class Person:
    name: str = "John Doherty"
    email: str = "john.doherty@example.com"
    phone: str | None = "+15085551212"
    job_title: str | None = "Account Executive"
    company: str | None = "Contoso"


def test_the_first_template_has_a_line_for_each_detail_and_the_email_as_link() -> None:
    html = template_html(1, Person())
    assert html.count("<br>") == 4
    assert '<a href="mailto:john.doherty@example.com"' in html
    assert ">john.doherty@example.com</a>" in html
    assert plain_text(html).split("\n") == [
        "John Doherty",
        "Account Executive",
        "Contoso",
        "+1 508-555-1212",
        "john.doherty@example.com",
    ]


def test_the_second_template_has_the_name_as_link() -> None:
    html = template_html(2, Person())
    assert "<strong>John Doherty</strong></a>" in html
    assert "Account Executive, Contoso" in html
    assert "+1 508-555-1212 | john.doherty@example.com" in html


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_not_known_leaves_no_gap(template: int) -> None:
    html = template_html(template, Person(phone=None, job_title=None, company=None))
    assert "None" not in html
    assert "<br><br>" not in html
    assert ", <" not in html
    assert " | <" not in html


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_of_a_template_is_lost_when_it_is_made_harmless(template: int) -> None:
    html = template_html(template, Person())
    assert plain_text(sanitise(html)) == plain_text(html)
    assert sanitise(sanitise(html)) == sanitise(html)
    assert "border-left" in sanitise(template_html(2, Person()))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("field", ["name", "phone", "job_title", "company", "email"])
def test_data_is_text_whatever_it_looks_like(template: int, field: str, hostile: str) -> None:
    html = template_html(template, replace(Person(), **{field: hostile}))
    bare = template_html(template, replace(Person(), **{field: "Plain"}))
    assert html.count("<") == bare.count("<")
    assert html.count('"') == bare.count('"')
    assert escape(hostile) in html


@given(st.text(), st.text(min_size=1))
def test_a_template_never_fails(name: str, email: str) -> None:
    for template in TEMPLATES:
        html = template_html(template, Person(name=name, email=email.replace("\ud800", ""), phone=name))
        assert html.count("<") == html.count(">")


def test_the_kind_decides() -> None:
    own = "<p>Best</p>"
    assert signature_html(Signature(), Person()) == ""
    assert signature_html(Signature(SignatureKind.NONE, html=own), Person()) == ""
    assert signature_html(Signature(SignatureKind.CUSTOM, html=own), Person()) == own
    assert signature_html(Signature(SignatureKind.TEMPLATE, 2, own), Person()) == template_html(2, Person())
