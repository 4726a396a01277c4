"""Opens, clicks and leaving, over the real addresses of a real email."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import nullcontext

import httpx
import orjson
import pytest

from adapters.bootstrap import Container
from adapters.settings import Settings
from api.app import build_app
from domain.contacts.model import Contact
from tests.api.browsing import state_of
from tests.mailing import PUBLIC_URL, Firm, Prospects, Representative, email_step, eventually

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
MAIL_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
LINKS = '<p><a href="https://a.example/1">One</a> <a href="https://b.example/2?x=1&amp;y=2">Two</a></p>'


class Mail:
    """An email in a prospect's inbox, and the addresses in it."""

    def __init__(self, contact: Contact, html: str, headers: dict[str, str]) -> None:
        self.contact = contact
        self.pixel = re.findall(rf"{PUBLIC_URL}(/t/o/[\w-]+)", html)[0]
        self.links = re.findall(rf"{PUBLIC_URL}(/t/c/[\w-]+)", html)
        self.leave = re.findall(rf"<{PUBLIC_URL}(/u/[\w-]+)>", headers["List-Unsubscribe"])[0]


@pytest.fixture
async def mail(firm: Firm, rep: Representative, prospects: Prospects) -> Mail:
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(email_step(body=LINKS), email_step("Later", amount=60)), [contact])
    await firm.dispatch()
    await rep.send()
    [message] = prospects.inbox(contact.email or "")
    return Mail(contact, message["html"], message["headers"])


@pytest.fixture
async def web(services: Container, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app(settings, lambda: nullcontext(services))
    state_of(app).container = services
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers={"user-agent": BROWSER}) as client:
        yield client


async def sorted_hits(firm: Firm, count: int) -> None:
    """So many visits are stored and judged."""

    async def stored() -> bool:
        [row] = await firm.sql("select count(*) as hits from tracking_hits")
        return bool(row["hits"] >= count)

    await eventually(f"{count} visits are stored", stored)
    # Their ids tell when they were stored; time passes.
    await firm.sql("update tracking_hits set id = ('00000000-0000-7' || substr(id::text, 16))::uuid")
    await firm.services.hit_sorting.sort()


async def test_an_open_is_seen(firm: Firm, mail: Mail, web: httpx.AsyncClient) -> None:
    answer = await web.get(mail.pixel)
    await sorted_hits(firm, 1)

    assert answer.status_code == 200
    assert (answer.headers["content-type"], len(answer.content)) == ("image/gif", 43)
    assert "no-store" in answer.headers["cache-control"]
    assert [orjson.loads(detail) for detail in await firm.details(mail.contact, "email_opened")] == [{"by": "person"}]
    [row] = await firm.sql("select first_opened_at from emails where state = 'sent'")
    assert row["first_opened_at"] is not None


async def test_ten_opens_in_a_row_are_told_once(firm: Firm, mail: Mail, web: httpx.AsyncClient) -> None:
    for _ in range(10):
        await web.get(mail.pixel)
    await sorted_hits(firm, 10)

    assert len(await firm.details(mail.contact, "email_opened")) == 1


async def test_a_prefetching_proxy_is_a_machine(firm: Firm, mail: Mail, web: httpx.AsyncClient) -> None:
    await web.get(mail.pixel, headers={"user-agent": MAIL_PROXY})
    await sorted_hits(firm, 1)

    assert [orjson.loads(detail) for detail in await firm.details(mail.contact, "email_opened")] == [{"by": "machine"}]
    [row] = await firm.sql("select first_opened_at from emails where state = 'sent'")
    assert row["first_opened_at"] is None


async def test_a_click_leads_where_the_database_says(firm: Firm, mail: Mail, web: httpx.AsyncClient) -> None:
    answer = await web.get(mail.links[1], params={"url": "https://evil.example"})
    await sorted_hits(firm, 1)

    assert (answer.status_code, answer.headers["location"]) == (302, "https://b.example/2?x=1&y=2")
    assert answer.headers["referrer-policy"] == "no-referrer"
    [detail] = await firm.details(mail.contact, "email_clicked")
    assert orjson.loads(detail) == {"url": "https://b.example/2?x=1&y=2", "link_text": "Two", "by": "person"}


async def test_a_scanner_that_asks_for_the_head_has_not_clicked(firm: Firm, mail: Mail, web: httpx.AsyncClient) -> None:
    await web.head(mail.links[0])
    await sorted_hits(firm, 1)

    assert "email_clicked" not in await firm.happened(mail.contact)


async def test_other_methods_are_refused(mail: Mail, web: httpx.AsyncClient) -> None:
    assert (await web.post(mail.pixel)).status_code == 405
    assert (await web.delete(mail.links[0])).status_code == 405


@pytest.mark.parametrize("path", ["/t/o/forged", "/t/c/forged", "/u/forged", "/t/x/forged", "/t/o/"])
async def test_a_forged_token_leads_nowhere(web: httpx.AsyncClient, path: str) -> None:
    assert (await web.get(path)).status_code == 404


async def test_a_token_of_one_kind_opens_no_other_door(mail: Mail, web: httpx.AsyncClient) -> None:
    token = mail.pixel.rpartition("/")[2]

    assert (await web.get(f"/u/{token}")).status_code == 404
    assert (await web.post(f"/u/{token}")).status_code == 404
    assert (await web.get(f"/t/c/{token}")).status_code == 404


async def test_visits_under_load_are_all_kept(firm: Firm, mail: Mail, web: httpx.AsyncClient) -> None:
    await asyncio.gather(*(web.get(mail.pixel) for _ in range(2_500)))

    async def stored() -> bool:
        [row] = await firm.sql("select count(*) as hits from tracking_hits")
        return bool(row["hits"] == 2_500)

    await eventually("every visit is stored", stored)


async def test_looking_at_the_page_for_leaving_changes_nothing(firm: Firm, mail: Mail, web: httpx.AsyncClient) -> None:
    page, head = await web.get(mail.leave), await web.head(mail.leave)

    assert (page.status_code, head.status_code) == (200, 200)
    assert page.headers["content-type"].startswith("text/html")
    assert "script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "contact_unsubscribed" not in await firm.happened(mail.contact)


@pytest.mark.parametrize(
    ("spoken", "language", "title"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de", "Abmelden"),
        ("fr-FR,de;q=0.5", "de", "Abmelden"),
        ("fr-FR", "en", "Unsubscribe"),
        ("", "en", "Unsubscribe"),
    ],
)
async def test_the_page_for_leaving_speaks_as_the_readers_browser(
    mail: Mail, web: httpx.AsyncClient, spoken: str, language: str, title: str
) -> None:
    page = await web.get(mail.leave, headers={"Accept-Language": spoken})

    assert f'<html lang="{language}">' in page.text
    assert f"<h1>{title}</h1>" in page.text
    assert page.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"data": {}},
    ],
)
async def test_one_post_is_enough_to_leave(
    firm: Firm, mail: Mail, web: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await web.post(mail.leave, **body)  # type: ignore[arg-type]
    again = await web.post(mail.leave, **body)  # type: ignore[arg-type]

    assert (answer.status_code, again.status_code) == (200, 200)
    assert "set-cookie" not in answer.headers
    assert (await firm.happened(mail.contact)).count("contact_unsubscribed") == 1
    assert await firm.enrollment(mail.contact) == ("finished", "opted_out")


async def test_an_email_is_shown_to_whom_it_concerns(
    firm: Firm, rep: Representative, mail: Mail, web: httpx.AsyncClient
) -> None:
    [row] = await firm.sql("select id from emails where state = 'sent'")
    token = await firm.services.accounts.create_token_for(rep.address)
    stranger = await firm.services.accounts.create_token_for((await firm.hire()).address)

    shown = await web.get(f"/emails/{row['id']}", headers={"authorization": f"Bearer {token}"})
    hidden = await web.get(f"/emails/{row['id']}", headers={"authorization": f"Bearer {stranger}"})

    assert hidden.status_code == 404
    email = shown.json()
    assert (email["state"], email["from"], email["to"]) == ("sent", rep.address, mail.contact.email)
    assert "https://a.example/1" in email["html"]
    assert "/t/c/" not in email["html"]


async def test_a_link_with_letters_of_all_languages_leads_to_the_same_page(
    firm: Firm, rep: Representative, prospects: Prospects, web: httpx.AsyncClient
) -> None:
    [contact] = await firm.contacts(1)
    body = '<p><a href="https://müller.example/größe?q=ü">Größen</a></p>'
    await firm.enroll(rep, await firm.salesflow(email_step(body=body)), [contact])
    await firm.dispatch()
    await rep.send()
    [message] = prospects.inbox(contact.email or "")

    answer = await web.get(Mail(contact, message["html"], message["headers"]).links[0])

    assert answer.headers["location"] == "https://xn--mller-kva.example/gr%C3%B6%C3%9Fe?q=%C3%BC"


async def test_of_one_email_only_one_sorter_tells_at_a_time(firm: Firm, mail: Mail, web: httpx.AsyncClient) -> None:
    await web.get(mail.pixel)
    await sorted_hits(firm, 1)
    [judged] = await firm.sql("select id from tracking_hits")
    await web.get(mail.pixel)
    async with firm.services.units.of(firm.administrator.organization_id) as other:
        await other.hits.lock([judged["id"]])
        sorting = asyncio.create_task(sorted_hits(firm, 2))

        _, waiting = await asyncio.wait([sorting], timeout=1.5)

    assert waiting
    await sorting
    assert len(await firm.details(mail.contact, "email_opened")) == 1
