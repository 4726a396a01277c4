"""A representative connects the mailbox and starts a Salesflow; days pass; nobody gets more, or less, than is right."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from tests.journeys.people import Prospects, Representative, email, eventually
from tests.project.engage_command import Run

NAMES = ("Opens", "Clicks", "Replies", "Leaves", "Bounces", "Away", "Silent")
STEPS = [
    email(
        "Hello {{ contact.first_name }}",
        "<p>Hi {{ contact.first_name }} at {{ contact.company | default: 'your company' }}, "
        '<a href="https://example.com/pricing?a=1&amp;b=2">our prices</a></p>',
    ),
    email("", "<p>Any thoughts, {{ contact.first_name }}?</p>", 2, "business_days", thread="reply"),
]


@pytest.fixture
def representative(system: Run, sandbox: httpx.Client) -> Iterator[Representative]:
    with httpx.Client(base_url=system.url, timeout=30) as http:
        somebody = Representative(http, "rep@demo.example")
        if somebody.connection()["state"] != "connected":
            assert somebody.connect(sandbox, "rep@demo.example")["state"] == "connected"
        yield somebody


def test_the_main_job(representative: Representative, sandbox: httpx.Client) -> None:
    prospects = Prospects(sandbox)
    contacts = {name: representative.new_contact(name) for name in NAMES}
    flow = representative.new_salesflow(STEPS)

    # On a Sunday everybody is enrolled, once, and nothing leaves.
    sunday = prospects.next_weekday(6, 12, 0, representative.me["time_zone"])
    prospects.wait_until(sunday)
    assert representative.enroll(flow, *contacts.values())["enrolled"] == len(NAMES)
    again = representative.enroll(flow, contacts["Opens"])
    assert (again["enrolled"], again["left_out"][0]["reason"]) == (0, "already_enrolled")
    assert all(representative.enrollment(flow, contact)["due_at"] > sunday.isoformat() for contact in contacts.values())
    assert not any(prospects.inbox(contact) for contact in contacts.values())

    # On Tuesday morning the first emails have arrived.
    tuesday = sunday + timedelta(days=2, hours=-2, minutes=-30)
    prospects.wait_until(tuesday)
    first = {
        name: eventually(lambda c=contact: prospects.inbox(c), f"the first email reaches {name}")[0]  # type: ignore[misc]
        for name, contact in contacts.items()
    }
    assert first["Clicks"]["subject"] == "Hello Clicks"
    assert "Hi Clicks at Fabrikam" in first["Clicks"]["html"]
    assert "https://example.com/pricing" not in first["Clicks"]["html"]
    assert "list-unsubscribe" in {name.lower() for name in first["Clicks"]["headers"]}

    # The prospects act, and it is seen.
    prospects.act(first["Opens"], "open")
    prospects.act(first["Clicks"], "click", link=0)
    prospects.act(first["Replies"], "reply", text="Sounds good, call me.")
    prospects.act(first["Leaves"], "unsubscribe")
    prospects.act(first["Away"], "reply", auto="out_of_office", text="I am out of office until further notice.")
    prospects.act(first["Bounces"], "bounce", kind="hard")
    for name, what in {
        "Opens": "email_opened",
        "Clicks": "email_clicked",
        "Replies": "email_replied",
        "Leaves": "contact_unsubscribed",
        "Bounces": "email_failed",
        "Away": "email_auto_replied",
    }.items():
        eventually(lambda n=name, w=what: w in representative.happened(contacts[n]), f"{what} on {name}")  # type: ignore[misc]
    assert "email_replied" not in representative.happened(contacts["Away"])
    for name, state, reason in (
        ("Replies", "finished", "replied"),
        ("Leaves", "finished", "opted_out"),
        ("Bounces", "finished", "bounced"),
        ("Away", "paused", "out_of_office"),
    ):
        found = representative.enrollment(flow, contacts[name])
        assert (found["state"], found["reason"]) == (state, reason), name
    assert representative.enrollment(flow, contacts["Opens"])["state"] == "active"

    # Two business days later the follow-up is in the thread of the first, and only where it is right.
    prospects.wait_until(tuesday + timedelta(days=2, hours=1))
    for name in ("Opens", "Clicks", "Silent"):
        second = eventually(
            lambda n=name: [m for m in prospects.inbox(contacts[n]) if m["id"] != first[n]["id"]],  # type: ignore[misc]
            f"the follow-up reaches {name}",
        )[0]
        headers = {key.lower(): value for key, value in second["headers"].items()}
        assert first[name]["message_id"] in headers["in-reply-to"]
        assert second["subject"] == f"Re: {first[name]['subject']}"
    for name in ("Opens", "Clicks", "Silent"):
        eventually(lambda n=name: representative.enrollment(flow, contacts[n])["state"] == "finished", f"{name} ends")  # type: ignore[misc]
    assert {name: len(prospects.inbox(contact)) for name, contact in contacts.items()} == {
        name: 2 if name in ("Opens", "Clicks", "Silent") else 1 for name in NAMES
    }
    stats = representative.ask("GET", f"/salesflows/{flow}/stats")
    counts = {key: stats[key] for key in ("enrolled", "sent", "replied", "bounced", "unsubscribed", "clicked")}
    assert counts == {"enrolled": 7, "sent": 10, "replied": 1, "bounced": 1, "unsubscribed": 1, "clicked": 1}
