"""The signature: chosen, shown, made harmless."""

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

HOSTILE = [
    ("<p>Best</p><script>alert(1)</script><img src=x onerror=alert(1)>", "<p>Best</p>"),
    ('<a href="javascript:alert(1)">Best</a>', "Best"),
    ('<p style="background:url(javascript:alert(1));position:fixed">Best</p>', "Best"),
    ("<p>Best</p><iframe src=//evil.example></iframe><form action=//evil.example><input></form>", "<p>Best</p>"),
    ("<svg><animate onbegin=alert(1) attributeName=x></svg>Best", "Best"),
    ('<p>Best</p><!--<img src="--><img src=x onerror=alert(1)//">', "<p>Best</p>"),
    ("<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>Best", ""),
    ("</div></body></html><p>Best", "<p>Best</p>"),
]


async def put(client: httpx.AsyncClient, **chosen: Any) -> httpx.Response:
    return await client.put("/me/signature", json=chosen)


async def test_there_is_none_at_first_but_templates_with_the_users_data(client: httpx.AsyncClient) -> None:
    shown = (await client.get("/me/signature")).json()
    assert (shown["kind"], shown["template"], shown["html"], shown["custom"]) == ("none", None, "", None)
    assert [template["template"] for template in shown["templates"]] == [1, 2]
    assert all("Rob Rep" in template["html"] for template in shown["templates"])
    assert (await client.get("/me")).json()["signature"] == "none"


@pytest.mark.parametrize("template", [1, 2])
async def test_a_template_follows_the_profile(client: httpx.AsyncClient, template: int) -> None:
    answer = await put(client, kind="template", template=template)
    assert answer.status_code == 200
    await client.patch("/me", json={"job_title": "Buyer", "company": "Fabrikam", "phone": "+12025550123"})
    shown = (await client.get("/me/signature")).json()
    assert (shown["kind"], shown["template"]) == ("template", template)
    assert shown["html"] == shown["templates"][template - 1]["html"]
    for told in ("Rob Rep", "Buyer", "Fabrikam", "+1 202-555-0123", "mailto:rep."):
        assert told in shown["html"]
    assert (await client.get("/me")).json()["signature"] == "template"


async def test_the_own_html_is_kept_while_another_kind_is_chosen(client: httpx.AsyncClient) -> None:
    await put(client, kind="custom", html="<p>Best</p>")
    shown = (await put(client, kind="template", template=1, html="<p>Ignored</p>")).json()
    assert (shown["custom"], "Best" in shown["html"]) == ("<p>Best</p>", False)
    shown = (await put(client, kind="none")).json()
    assert (shown["html"], shown["custom"]) == ("", "<p>Best</p>")


async def test_what_was_shown_can_be_written_back(client: httpx.AsyncClient) -> None:
    shown = (await put(client, kind="custom", html="<p>Best &amp; more<br>Rob</p>")).json()
    again = await put(client, **{name: shown[name] for name in ("kind", "template", "html")})
    assert again.json() == shown


@pytest.mark.parametrize(("html", "kept"), HOSTILE)
async def test_html_of_the_users_own_is_made_harmless(client: httpx.AsyncClient, html: str, kept: str) -> None:
    answer = await put(client, kind="custom", html=html)
    if answer.status_code == 422:
        assert answer.json()["errors"][0]["pointer"] == "/html"
        return
    shown = answer.json()
    for text in (shown["html"], shown["custom"]):
        lowered = text.lower()
        assert kept in text
        for danger in (
            "<script",
            "onerror",
            "onbegin",
            "javascript:",
            "<iframe",
            "<form",
            "<svg",
            "position",
            "</div>",
        ):
            assert danger not in lowered


@pytest.mark.parametrize("field", ["name", "job_title", "company"])
async def test_the_profile_is_text_in_a_template(client: httpx.AsyncClient, field: str) -> None:
    await client.patch("/me", json={field: '"><img src=x onerror=alert(1)>'})
    shown = (await put(client, kind="template", template=2)).json()
    for html in (shown["html"], *(template["html"] for template in shown["templates"])):
        assert "<img" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;" in html


@pytest.mark.parametrize(
    ("chosen", "pointer"),
    [
        ({"kind": "template"}, "/template"),
        ({"kind": "template", "template": 3}, "/template"),
        ({"kind": "template", "template": True}, "/template"),
        ({"kind": "custom"}, "/html"),
        ({"kind": "custom", "html": " "}, "/html"),
        ({"kind": "custom", "html": "<script>alert(1)</script>"}, "/html"),
        ({"kind": "custom", "html": "<p><br></p>"}, "/html"),
        ({"kind": "custom", "html": "x" * 20_001}, "/html"),
        ({"kind": "image"}, "/kind"),
        ({}, "/kind"),
        ({"kind": "none", "font": "x"}, "/font"),
    ],
)
async def test_what_cannot_be_chosen_is_refused(client: httpx.AsyncClient, chosen: Any, pointer: str) -> None:
    before = (await put(client, kind="custom", html="<p>Before</p>")).json()
    answer = await put(client, **chosen)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await client.get("/me/signature")).json() == before


async def test_a_picture_alone_is_a_signature(client: httpx.AsyncClient) -> None:
    answer = await put(client, kind="custom", html='<img src="https://contoso.example/logo.png" alt="">')
    assert answer.status_code == 200


async def test_the_preview_of_a_step_ends_with_it(client: httpx.AsyncClient) -> None:
    flow = (await client.post("/salesflows", json={"name": "Spring"})).json()
    await put(client, kind="custom", html="<p>Best {{ contact.email }}{% if %}</p>")
    step = {"kind": "email", "variants": [{"weight": 1, "subject": "a", "body_html": "<p>Hello <b>"}]}
    shown = (await client.post(f"/salesflows/{flow['id']}/preview", json={"step": step})).json()
    for text in (shown["html"], shown["text"]):
        assert "Best {{ contact.email }}{% if %}" in text
        assert text.index("Hello") < text.index("Best") < text.index("Unsubscribe")
    assert shown["missing"] == []
