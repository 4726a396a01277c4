"""What changes between writing an email and sending it; and emails whose fate a person has to settle."""

import pytest

from domain.contacts.model import Contact
from domain.emails.model import Settlement
from domain.shared.errors import InsufficientScope, NotAllowedInState, NotFound
from domain.shared.ids import EmailId
from domain.shared.principal import Principal, Role
from tests.mailing import Firm, Prospects, Representative, email_step

NEW_ADDRESS = "new.{}"


async def enrolled(firm: Firm, rep: Representative, steps: int = 1) -> Contact:
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(*[email_step()] * steps), [contact])
    await firm.dispatch()
    return contact


async def uncertain(firm: Firm, rep: Representative, prospects: Prospects, steps: int = 1) -> tuple[Contact, EmailId]:
    """An email that was given to the provider, and is nowhere to be found."""
    contact = await enrolled(firm, rep, steps)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 500, "count": 1})
    await rep.send()
    [row] = await firm.sql("update emails set state = 'needs_human', next_check_at = null returning id")
    return contact, EmailId(row["id"])


@pytest.mark.parametrize("fault", [{"path": "/drafts/send"}, {"path": "/drafts", "method": "POST"}])
async def test_an_email_goes_to_the_address_that_the_contact_has_when_it_leaves(
    firm: Firm, rep: Representative, prospects: Prospects, fault: dict[str, str]
) -> None:
    contact = await enrolled(firm, rep)
    prospects.faults({**fault, "kind": "status", "status": 429, "count": 1})
    await rep.send()
    address = NEW_ADDRESS.format(contact.email)
    await firm.sql("update contacts set email = $1, email_key = $1", address)

    await firm.patience_is_over()
    await rep.send()

    assert prospects.inbox(contact.email or "") == []
    assert [message["subject"] for message in prospects.inbox(address)] == ["Hello Pat"]
    assert prospects.drafts(rep.address) == []


async def test_what_is_uncertain_in_an_exchanged_account_goes_to_a_person(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    await enrolled(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 500, "count": 1})
    await rep.send()
    await rep.connected(f"other.{rep.address}")
    await firm.patience_is_over()

    async with firm.services.units.system() as unit:
        await unit.emails.hand_over_stranded("mailbox_disconnected")

    assert await firm.states() == {"needs_human": 1}


async def test_a_person_says_that_it_was_sent_and_the_journey_goes_on(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact, email_id = await uncertain(firm, rep, prospects, steps=2)

    settled = await firm.services.emails.settle(rep.principal, email_id, Settlement.SENT)

    assert (settled.state.value, settled.sent_at is None) == ("sent", False)
    assert (await firm.happened(contact))[-1] == "email_sent"
    await firm.dispatch()
    assert await firm.states() == {"sent": 1, "ready": 1}


async def test_a_person_says_that_it_was_not_sent_and_it_never_will_be(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact, email_id = await uncertain(firm, rep, prospects)

    settled = await firm.services.emails.settle(rep.principal, email_id, Settlement.NOT_SENT)
    await firm.patience_is_over()
    await rep.send()

    assert settled.state.value == "failed"
    assert await firm.enrollment(contact) == ("finished", "failed")
    assert "email_failed" in await firm.happened(contact)
    assert prospects.inbox(contact.email or "") == []
    assert prospects.drafts(rep.address) == []


async def test_only_what_needs_a_person_is_settled_by_one(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    _, email_id = await uncertain(firm, rep, prospects)
    settle = firm.services.emails.settle
    await settle(firm.administrator, email_id, Settlement.SENT)

    with pytest.raises(NotAllowedInState):
        await settle(rep.principal, email_id, Settlement.NOT_SENT)


async def test_an_email_is_settled_by_its_sender_or_an_administrator(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    _, email_id = await uncertain(firm, rep, prospects)
    other, mine = await firm.hire(), rep.principal
    reader = Principal(mine.organization_id, mine.user_id, Role.CONTRIBUTOR, frozenset({"emails:read"}))

    with pytest.raises(NotFound):
        await firm.services.emails.settle(other.principal, email_id, Settlement.SENT)
    with pytest.raises(InsufficientScope):
        await firm.services.emails.settle(reader, email_id, Settlement.SENT)


async def test_visits_are_stored_while_an_email_is_locked(firm: Firm, rep: Representative) -> None:
    await enrolled(firm, rep)
    [row] = await firm.sql("select id, organization_id from emails")

    async with firm.services.units.of(row["organization_id"]) as unit:
        await unit.emails.lock(EmailId(row["id"]))
        await firm.sql(
            "insert into tracking_hits"
            " (organization_id, id, email_id, kind, at, method, user_agent, address, prefetch)"
            " select organization_id, gen_random_uuid(), id, 'open', now(), 'GET', '', '', false from emails"
        )
