"""Templates: what is refused when they are saved, and what comes of the others."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.emails.merge_fields import MERGE_FIELD_NAMES, sample_values
from domain.emails.templates import (
    MissingMergeFields,
    TemplateKind,
    TemplateProblem,
    compile_template,
    require_own_fields,
)
from domain.shared.errors import FieldError

SUBJECT, BODY = TemplateKind.SUBJECT, TemplateKind.BODY


def rendered(source: str, kind: TemplateKind = BODY, **contact: str | None) -> str:
    return compile_template(source, kind).render({"contact": contact})


def missing(source: str, **contact: str | None) -> tuple[str, ...]:
    return compile_template(source, BODY).missing_fields({"contact": contact})


def problem(source: str, kind: TemplateKind = BODY) -> TemplateProblem:
    with pytest.raises(TemplateProblem) as refused:
        compile_template(source, kind)
    return refused.value


def test_a_field_is_its_value() -> None:
    assert rendered("<p>Hi {{ contact.first_name }}</p>", first_name="Ann") == "<p>Hi Ann</p>"


def test_values_are_escaped_in_a_body() -> None:
    assert rendered("{{ contact.company }}", company="<b>A & B</b>") == "&lt;b&gt;A &amp; B&lt;/b&gt;"


def test_values_are_not_escaped_in_a_subject() -> None:
    assert rendered("{{ contact.company }}", SUBJECT, company="A & B") == "A & B"


def test_a_subject_is_one_line_whatever_a_value_holds() -> None:
    assert rendered("Hi {{ contact.first_name }}", SUBJECT, first_name="Ann\r\nBcc: x@y.z\x00") == "Hi Ann Bcc: x@y.z"


@pytest.mark.parametrize("nothing", [None, "", "  \n"])
def test_a_fallback_stands_in_for_nothing(nothing: str | None) -> None:
    assert rendered("Hi {{ contact.first_name | default: 'there' }}", first_name=nothing) == "Hi there"


def test_a_fallback_after_another_filter_works_too() -> None:
    assert rendered("{{ contact.first_name | upcase | append: '!' | default: 'there' }}") == "there"


def test_a_field_without_value_and_fallback_is_never_a_hole() -> None:
    with pytest.raises(MissingMergeFields) as refused:
        rendered("Hi {{ contact.first_name }}", first_name="")
    assert refused.value.fields == ("contact.first_name",)


def test_all_missing_fields_are_told_at_once() -> None:
    assert missing("{{ contact.city }} {{ contact.first_name }} {{ contact.zip }}", zip="1") == (
        "contact.first_name",
        "contact.city",
    )


def test_a_field_in_a_branch_that_is_not_taken_is_not_missing() -> None:
    assert missing("{% if contact.city %}in {{ contact.city }}{% endif %}") == ()


def test_asking_for_a_field_is_not_showing_it() -> None:
    assert missing("{% if contact.city == 'Rome' or contact.city contains 'x' %}!{% endif %}") == ()


def test_a_fallback_can_itself_be_missing() -> None:
    assert missing("{{ contact.city | default: contact.state }}") == ("contact.state",)


def test_a_missing_field_is_noticed_behind_an_assignment() -> None:
    assert missing("{% assign place = contact.city | upcase %}{{ place }}") == ("contact.city",)


def test_a_missing_field_is_noticed_within_a_capture() -> None:
    assert missing("{% capture place %}{{ contact.city }}{% endcapture %}{{ place }}") == ("contact.city",)


def test_sender_and_organization_have_fields_too() -> None:
    template = compile_template("{{ sender.first_name }} of {{ organization.name }}", BODY)
    assert template.render({"sender": {"first_name": "Sam"}, "organization": {"name": "Contoso"}}) == "Sam of Contoso"
    assert template.fields == {"sender.first_name", "organization.name"}


def test_every_field_of_the_list_renders_with_its_sample() -> None:
    source = " ".join(f"{{{{ {name} }}}}" for name in sorted(MERGE_FIELD_NAMES))
    assert compile_template(source, BODY).missing_fields(sample_values()) == ()


@pytest.mark.parametrize(
    ("source", "code", "line", "column"),
    [
        ("Hi\n {{ contact.firstname }}", "template_unknown_field", 2, 5),
        ("{{ account.name }}", "template_unknown_field", 1, 4),
        ("{{ contact }}", "template_unknown_field", 1, 4),
        ("{{ contact.first_name.size }}", "template_unknown_field", 1, 4),
        ("{% if contact.nope %}{% endif %}", "template_unknown_field", 1, 7),
        ("{% assign contact = 'x' %}{{ contact.city }}", "template_unknown_field", 1, 30),
        ("{{ contact.city | shout }}", "template_unknown_filter", 1, 19),
        ("{% if contact.city == 'never' %}{{ contact.city | shout }}{% endif %}", "template_unknown_filter", 1, 51),
        ("{{ contact.city | safe }}", "template_unknown_filter", 1, 19),
        ("{{ 'now' | date: '%Y' }}", "template_unknown_filter", 1, 12),
        ("{{", "template_syntax", 1, 1),
        ("\n\n{% if contact.city %}", "template_syntax", 3, 22),
        ("{% include 'x' %}", "template_syntax", 1, 4),
        ("{% render 'x' %}", "template_syntax", 1, 4),
        ("{% tablerow a in contact.city %}{% endtablerow %}", "template_syntax", 1, 4),
        ("{% cycle 'a', 'b' %}", "template_syntax", 1, 4),
        ("{% increment a %}", "template_syntax", 1, 4),
        ("{% decrement a %}", "template_syntax", 1, 4),
        ("{% ifchanged %}{% endifchanged %}", "template_syntax", 1, 4),
        ("{{ 'a' | truncate: 'b' }}", "template_syntax", 1, 10),
    ],
)
def test_a_fault_is_refused_with_its_place(source: str, code: str, line: int, column: int) -> None:
    fault = problem(source)
    assert (fault.errors[0].code, fault.line, fault.column) == (code, line, column)
    assert f"Line {line}, column {column}: " in fault.errors[0].message


def test_a_fault_can_be_pointed_at_where_it_is_in_a_request() -> None:
    fault = problem("{{", SUBJECT)
    assert fault.errors[0].pointer == "/subject"
    assert fault.at("/steps/0/variants/1/subject") == FieldError(
        "/steps/0/variants/1/subject", "template_syntax", fault.errors[0].message, {"line": 1, "column": 1}
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in (1..1000000) %}{{ i }}{% endfor %}",
        "{% for i in (1..999) %}{% for j in (1..999) %}x{% endfor %}{% endfor %}",
        "{{ (1..100000000) | join: ',' }}",
        "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 30,
        "{{ 'aaaaaaaaaa'" + " | replace: 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'" * 12 + " }}",
        "{% if true %}" * 400,
    ],
)
def test_a_template_that_costs_too_much_is_refused_at_once(source: str) -> None:
    assert problem(source).errors[0].code in ("template_too_costly", "template_syntax")


def test_a_text_that_would_multiply_is_refused_before_it_does() -> None:
    tracemalloc.start()
    fault = problem("{% assign a = '" + "a" * 20_000 + "' %}{{ a | replace: 'a', a }}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "too long" in fault.why
    assert peak < 50_000_000


def test_a_template_has_a_longest_length() -> None:
    assert problem("x" * 1_001, SUBJECT).errors[0].code == "template_too_long"
    assert problem("x" * 100_001).errors[0].code == "template_too_long"


def test_the_same_source_is_compiled_once() -> None:
    assert compile_template("once {{ contact.city }}", BODY) is compile_template("once {{ contact.city }}", BODY)


@pytest.mark.parametrize(
    "trick", ["{{ contact.__class__ }}", "{{ contact['__class__'] }}", "{{ contact.first_name.__len__ }}"]
)
def test_nothing_of_python_can_be_reached(trick: str) -> None:
    assert problem(trick).errors[0].code == "template_unknown_field"


pieces = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        " contact.city ",
        " if ",
        " endif ",
        " for i in ",
        "(1..3)",
        "|",
        " default: ",
        "'",
        '"',
        "-",
        "x",
        "\n",
        " contact",
        ".",
        "[",
        "]",
        ":",
        ",",
        " assign a = ",
        " else ",
        " case ",
        " when ",
        " raw ",
        " endraw ",
        " comment ",
        "é",
        "\x00",
        "1",
    ]
)


@given(st.lists(pieces, max_size=25).map("".join))
def test_any_source_is_compiled_or_refused_with_a_place(source: str) -> None:
    fault = fault_of(source)
    if fault is None:
        compile_template(source, BODY).missing_fields({})
    else:
        assert 1 <= fault.line <= source.count("\n") + 1
        assert fault.column >= 1


def fault_of(source: str) -> TemplateProblem | None:
    try:
        compile_template(source, BODY)
    except TemplateProblem as fault:
        return fault
    return None


@given(value=st.text())
def test_any_value_of_a_body_stays_text(value: str) -> None:
    if value.strip():
        assert "<" not in rendered("{{ contact.city }}", city=value)


def test_own_fields_of_contacts_are_named_by_their_keys_and_filled_like_all_others() -> None:
    template = compile_template(
        "{{ custom.seats }} for {{ contact.first_name }}, {{ custom.tier | default: 'all' }}", BODY
    )

    assert template.own_fields == {"custom.seats", "custom.tier"}
    assert template.render({"contact": {"first_name": "Ann"}, "custom": {"seats": "40"}}) == "40 for Ann, all"
    assert template.missing_fields({"contact": {}, "custom": {}}) == ("contact.first_name", "custom.seats")


def test_a_box_that_is_not_ticked_is_false_in_conditions() -> None:
    template = compile_template("{% if custom.vip %}Dear{% else %}Hello{% endif %}", BODY)

    assert template.render({"custom": {"vip": "true"}}) == "Dear"
    assert template.render({"custom": {"vip": None}}) == "Hello"


@pytest.mark.parametrize("name", ["custom", "custom.Seats", "custom.a.b", "custom['seats count']", "customs.seats"])
def test_what_can_be_no_key_of_an_own_field_is_unknown(name: str) -> None:
    with pytest.raises(TemplateProblem) as refused:
        compile_template(f"{{{{ {name} }}}}", BODY)
    assert refused.value.errors[0].code == "template_unknown_field"


def test_an_own_field_that_the_organization_does_not_have_is_refused_where_it_stands() -> None:
    source = "Hello\n{{ custom.seats }} {{ custom.chairs }}"
    require_own_fields(source, BODY, {"seats", "chairs"})

    with pytest.raises(TemplateProblem) as refused:
        require_own_fields(source, BODY, {"seats"})
    assert (refused.value.errors[0].code, refused.value.line) == ("template_unknown_field", 2)
    assert "custom.chairs" in refused.value.why
