"""What prospects read at the end of an email, and when nothing leaves because its sender is away."""

from datetime import timedelta
from typing import Any

from domain.accounts.preferences import SignatureKind
from domain.connections.model import Provider
from tests.mailing import Firm, Prospects, Representative, email_step


async def received(firm: Firm, rep: Representative, prospects: Prospects, body: str = "<p>Hello <b>") -> dict[str, Any]:
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(email_step(body=body)), [contact])
    await firm.dispatch()
    await rep.send()
    [message] = prospects.inbox(contact.email or "")
    return message


async def test_an_email_ends_with_the_signature_of_its_sender(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    await rep.services.accounts.update_profile(rep.principal, {"job_title": "Buyer", "company": "<i>Fabrikam</i>"})
    await rep.services.own_settings.set_signature(rep.principal, SignatureKind.TEMPLATE, 1, None)

    message = await received(firm, rep, prospects)

    for text in (message["text"], message["html"]):
        assert text.index("Hello") < text.index("Buyer") < text.index("Unsubscribe")
    assert "&lt;i&gt;Fabrikam&lt;/i&gt;" in message["html"]
    assert "<i>Fabrikam</i>" in message["text"]


async def test_an_email_says_how_to_leave_in_the_language_of_its_sender(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    await rep.services.accounts.update_profile(rep.principal, {"culture": "de-DE"})

    message = await received(firm, rep, prospects)

    assert "Abmelden (" in message["text"]
    assert "Unsubscribe" not in message["text"]


async def test_a_signature_of_the_users_own_is_no_template(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    own = "<p>Best {{ contact.email }}{% if %}<script>alert(1)</script></p>"
    await rep.services.own_settings.set_signature(rep.principal, SignatureKind.CUSTOM, None, own)

    message = await received(firm, rep, prospects)

    for text in (message["text"], message["html"]):
        assert "Best {{ contact.email }}{% if %}" in text
        assert "script" not in text


async def test_without_a_signature_there_is_none(firm: Firm, rep: Representative, prospects: Prospects) -> None:
    await rep.services.own_settings.set_signature(rep.principal, SignatureKind.CUSTOM, None, "<p>Best</p>")
    await rep.services.own_settings.set_signature(rep.principal, SignatureKind.NONE, None, None)

    message = await received(firm, rep, prospects)

    assert "Best" not in message["text"]


async def away_today(firm: Firm, rep: Representative) -> None:
    now = rep.services.clock.now()
    days = {"from": (now - timedelta(days=1)).date().isoformat(), "to": (now + timedelta(days=2)).date().isoformat()}
    await rep.services.accounts.set_business_hours(rep.principal, {"away": [days]})


async def test_nothing_is_begun_while_the_sender_is_away(firm: Firm, rep: Representative, prospects: Prospects) -> None:
    [contact] = await firm.contacts(1)
    salesflow_id = await firm.salesflow()
    await firm.enroll(rep, salesflow_id, [contact])
    await away_today(firm, rep)

    await firm.dispatch()

    assert await firm.states() == {}
    [row] = await firm.sql("select due_at, waiting from enrollments")
    assert row["waiting"] == "business_hours"
    assert row["due_at"] > rep.services.clock.now() + timedelta(days=1)


async def test_what_was_ready_stays_when_the_sender_goes_away(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(), [contact])
    await firm.dispatch()
    await away_today(firm, rep)

    await rep.send()

    assert prospects.inbox(contact.email or "") == []
    [row] = await firm.sql("select state, due_at from emails")
    assert row["state"] == "ready"
    assert row["due_at"] > rep.services.clock.now() + timedelta(days=1)


async def test_an_enrollment_made_meanwhile_begins_after_the_return(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    await away_today(firm, rep)
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(), [contact])

    [row] = await firm.sql("select due_at from enrollments")
    assert row["due_at"] > rep.services.clock.now() + timedelta(days=1)


async def test_the_way_to_a_mailbox_and_back_is_on_record(firm: Firm, rep: Representative) -> None:
    await rep.services.connections.disconnect(rep.principal, Provider.GOOGLE)

    rows = await firm.sql(
        "select action, target_name, detail::text from audit_entries where target_kind = 'connection'"
    )
    assert [(row["action"], row["target_name"]) for row in sorted(rows, key=lambda row: row["action"])] == [
        ("connection.connected", rep.address),
        ("connection.disconnected", rep.address),
    ]
