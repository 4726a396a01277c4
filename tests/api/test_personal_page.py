"""The page of all that is held on a person, as different people read it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from domain.contacts.personal_words import GERMAN
from tests.api.test_personal_data import Person, person

pytestmark = pytest.mark.anyio

__all__ = ["person"]


@pytest.mark.parametrize(
    ("culture", "title", "headings", "date"),
    [
        (
            "en-US",
            "Personal data: ",
            {"Emails", "Answers", "Opens and clicks", "Notes", "Merged records"},
            "%b %-d, %Y",
        ),
        ("de-DE", "Personenbezogene Daten: ", {"E-Mails", "Antworten", "Öffnungen und Klicks", "Notizen"}, "%d.%m.%Y"),
    ],
)
async def test_the_page_speaks_as_whoever_asked(
    person: Person, culture: str, title: str, headings: set[str], date: str
) -> None:
    await person.administrator.patch("/me", json={"culture": culture, "time_zone": "Europe/Berlin"})
    path = f"/contacts/{person.contact_id}/personal-data"
    page = (await person.administrator.get(path, params={"format": "html"})).text

    assert f'<html lang="{culture[:2]}">' in page
    assert f"<h1>{title}{person.fields['first_name']}" in page
    assert headings <= set(re.findall("<h2>(.*?)</h2>", page))
    created = (await person.client.get(f"/contacts/{person.contact_id}")).json()["created_at"]
    assert f"{datetime.fromisoformat(created).astimezone(ZoneInfo('Europe/Berlin')):{date}}, " in page
    assert "Hobby" in page
    if culture == "de-DE":
        labels = {*GERMAN.facts.values(), *GERMAN.labels.values(), "Hobby"}
        assert set(re.findall("<(?:h2|th scope=.*?)>(.*?)</", page)) <= labels


async def test_what_people_wrote_is_no_markup_in_the_page(administrator: httpx.AsyncClient) -> None:
    evil = (await administrator.post("/contacts", json={"last_name": "<script>alert(1)</script>"})).json()
    page = await administrator.get(f"/contacts/{evil['id']}/personal-data", params={"format": "html"})
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
