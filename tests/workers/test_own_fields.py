"""Emails that name fields which an organization has added to its contacts."""

import pytest

from domain.contacts.fields import FieldDraft
from domain.contacts.own_values import FieldKind
from domain.salesflows.enrolling import Wish
from tests.mailing import Firm, Prospects, Representative, email_step

STEP = email_step("{{ custom.seats }} seats", "<p>{% if custom.vip %}Dear{% else %}Hello{% endif %} Pat</p>")


@pytest.fixture
async def firm(firm: Firm) -> Firm:
    """With fields of its own."""
    await firm.services.own_fields.add(firm.administrator, FieldDraft("Seats", FieldKind.NUMBER))
    await firm.services.own_fields.add(firm.administrator, FieldDraft("VIP", FieldKind.CHECKBOX))
    return firm


async def test_an_email_leaves_with_the_values_of_its_contact(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    [contact] = await firm.contacts(1, custom={"seats": 40, "vip": True})
    [other] = await firm.contacts(1, custom={"seats": 2.5, "vip": False})
    await firm.enroll(rep, await firm.salesflow(STEP), [contact, other])
    await firm.dispatch()
    await rep.send()

    [first], [second] = prospects.inbox(contact.email or ""), prospects.inbox(other.email or "")
    assert (first["subject"], "Dear Pat" in first["text"]) == ("40 seats", True)
    assert (second["subject"], "Hello Pat" in second["text"]) == ("2.5 seats", True)


async def test_who_lacks_a_value_is_left_out_beforehand_and_held_where_it_is_gone_later(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    [having, lacking] = [*await firm.contacts(1, custom={"seats": 40}), *await firm.contacts(1)]
    flow = await firm.salesflow(STEP)
    found = await firm.services.enrolling.enroll(rep.principal, flow, Wish(contact_ids=[having.id, lacking.id]))
    assert [(one.contact_id, one.detail) for one in found.left_out] == [(lacking.id, "custom.seats")]

    await firm.sql("update contacts set custom = '{}'")
    await firm.dispatch()
    await rep.send()
    assert prospects.inbox(having.email or "") == []
    assert await firm.enrollment(having) == ("paused", "needs_data")
