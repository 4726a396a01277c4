"""Columns are recognised by their heads in several languages, by what else there is, and by what stands in them."""

from collections.abc import Mapping

import pytest

from domain.contacts.imports.header_words import FIELDS, SAID, compared
from domain.contacts.imports.preparing import IMPORTABLE
from domain.contacts.imports.suggesting import suggestions


def suggested(*headers: str, samples: Mapping[str, list[str]] | None = None, **own: str) -> list[str | None]:
    return list(suggestions(headers, [(samples or {}).get(header, []) for header in headers], own))


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (
            "First Name,Last Name,Email Address,Company,Job Title,Phone",
            "first_name,last_name,email,company,job_title,business_phone",
        ),
        (
            "Vorname,Nachname,E-Mail,Firma,Telefon,Handy,PLZ,Ort",
            "first_name,last_name,email,company,business_phone,mobile_phone,zip,city",
        ),
        (
            "Prénom,Nom,Courriel,Société,Téléphone,Code postal,Ville,Pays",
            "first_name,last_name,email,company,business_phone,zip,city,country",
        ),
        (
            "Nombre,Apellidos,Correo electrónico,Empresa,Móvil,Ciudad",
            "first_name,last_name,email,company,mobile_phone,city",
        ),
        (
            "Nome,Cognome,Posta elettronica,Azienda,Cellulare,Città",
            "first_name,last_name,email,company,mobile_phone,city",
        ),
        (
            "Voornaam,Achternaam,E-mailadres,Bedrijf,Telefoonnummer,Woonplaats",
            "first_name,last_name,email,company,business_phone,city",
        ),
        (
            "Primeiro nome,Sobrenome,E-mail,Empresa,Telemóvel,Cidade",
            "first_name,last_name,email,company,mobile_phone,city",
        ),
        (
            "Salutation,Street,State,Zip code,Country,Time zone,Status,Owner",
            "salutation,street,state,zip,country,time_zone,status,owner",
        ),
    ],
)
def test_heads_are_recognised(headers: str, fields: str) -> None:
    assert suggested(*headers.split(",")) == fields.split(",")


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (("Name", "Email"), ["name", "email"]),
        (("Vorname", "Name"), ["first_name", "last_name"]),
        (("Name", "Surname"), ["first_name", "last_name"]),
        (("NAME", "PRÉNOM"), ["last_name", "first_name"]),
    ],
)
def test_a_name_is_what_the_other_columns_are_not(headers: tuple[str, ...], fields: list[str]) -> None:
    assert suggested(*headers) == fields


def test_a_title_is_told_by_what_stands_there() -> None:
    assert suggested("Titel", samples={"Titel": ["Dr.", "Herr", "Frau Dr."]}) == ["salutation"]
    assert suggested("Title", samples={"Title": ["CEO", "Head of Sales"]}) == ["job_title"]


@pytest.mark.parametrize("header", ["E-Mail (geschäftlich)", "Email *", "Contact: E-mail address", "EMAIL"])
def test_signs_and_additions_do_not_matter(header: str) -> None:
    assert suggested(header) == ["email"]


def test_no_field_is_suggested_twice() -> None:
    assert suggested("Email", "E-Mail", "Phone", "Telefon") == ["email", None, "business_phone", None]


def test_what_stands_in_a_column_tells_what_its_head_does_not() -> None:
    samples = {
        "A": ["ann@x.example", "bob@y.example", ""],
        "B": ["+49 171 1234567", "(617) 500-4900"],
        "C": ["0171 7654321", "+1 617 500 4901"],
        "D": ["Europe/Berlin", "America/New_York"],
        "E": ["some", "other", "words"],
        "F": ["4711", "12"],
    }

    assert suggested(*samples, samples=samples) == ["email", "business_phone", "mobile_phone", "time_zone", None, None]


def test_own_fields_are_recognised_by_their_labels() -> None:
    assert suggested("Shoe size", "Größe", **{"Shoe Size": "shoe_size"}) == ["shoe_size", None]


def test_an_unknown_head_suggests_nothing() -> None:
    assert suggested("Business unit", "Company size", "Landing page", "") == [None, None, None, None]


def test_every_word_is_written_as_heads_are_compared() -> None:
    assert [word for word in FIELDS if compared(word) != word] == []
    assert len(FIELDS) == sum(map(len, SAID.values()))
    assert set(SAID) <= set(IMPORTABLE)
