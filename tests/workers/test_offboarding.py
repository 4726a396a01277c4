"""People who go: what they had begun is held or goes on in a colleague's name, once, and providers hear of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.accounts.audit import Action
from domain.accounts.service import HOURS_CHANGED
from domain.contacts.model import Contact
from domain.emails.model import Settlement
from domain.salesflows.enrolling import Wish
from domain.salesflows.model import Thread
from domain.salesflows.offboarding import LeftBehind
from domain.shared.errors import Forbidden, InvalidField, NotAllowedInState, ProviderAccessLost
from domain.shared.ids import EmailId, EnrollmentId, SalesflowId
from domain.shared.jobs import Job
from tests.mailing import WEEK, Firm, Prospects, Representative, email_step, eventually

REPLY = email_step("", "<p>Did you see it?</p>", thread=Thread.REPLY)


@pytest.fixture
async def colleague(firm: Firm, rep: Representative) -> Representative:
    somebody = await firm.hire()
    await somebody.connected()
    return somebody


async def begun(firm: Firm, rep: Representative, *steps: Any, contacts: int = 1) -> list[Contact]:
    """Contacts whose first email is to be written."""
    people = await firm.contacts(contacts)
    await firm.enroll(rep, await firm.salesflow(*(steps or (email_step(), REPLY))), people)
    await firm.dispatch()
    return people


async def delete(firm: Firm, rep: Representative, to: Representative | None = None) -> None:
    left, heir = (LeftBehind.HAND_OVER, to.principal.user_id) if to else (LeftBehind.PAUSE, None)
    await firm.services.offboarding.delete(firm.administrator, rep.principal.user_id, left, heir)


async def hand_over(firm: Firm, rep: Representative, to: Representative) -> int:
    done = await firm.services.offboarding.hand_over(firm.administrator, rep.principal.user_id, to.principal.user_id)
    return done.enrollments


async def enrollments(firm: Firm) -> list[dict[str, Any]]:
    return [dict(row) for row in await firm.sql("select * from enrollments order by id")]


async def entry(firm: Firm, contact: Contact) -> Any:
    [found] = await firm.services.journeys.of_contact(firm.administrator, contact.id)
    return found


def sender_of(message: dict[str, Any]) -> str:
    return str(message["from"])


# Access.


async def test_the_provider_is_told_and_the_mailbox_opens_no_more(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    mailbox = await rep.mailbox()
    await delete(firm, rep)

    with pytest.raises(ProviderAccessLost):
        await firm.services.mail_access.open(mailbox).profile()
    prospects.forget_requests()
    [row] = await firm.sql("select id from revocations")
    await firm.services.connections.revoke(rep.principal.organization_id, row["id"])
    assert prospects.requests("/revoke") == 1
    assert await firm.sql("select id from connections") == []
    [job] = await firm.sql("select payload ->> 'revocation_id' as id from outbox_jobs where kind = 'revoke_access'")
    assert job["id"] == str(row["id"])


async def test_somebody_without_a_mailbox_can_be_deleted(firm: Firm) -> None:
    await delete(firm, await firm.hire())
    assert await firm.sql("select id from revocations") == []


# Held.


async def test_what_had_begun_is_held_and_never_leaves(firm: Firm, rep: Representative, prospects: Prospects) -> None:
    [contact] = await begun(firm, rep)
    mailbox = await rep.mailbox()
    await delete(firm, rep)

    assert await firm.enrollment(contact) == ("paused", "sender_left")
    assert not await firm.services.sending.run(rep.principal.organization_id, mailbox.id)
    await firm.dispatch()
    assert prospects.inbox(contact.email or "") == []
    assert await firm.states() == {"ready": 1}
    waits = await entry(firm, contact)
    assert (waits.user_name, waits.waiting.reason.value) == ("Rob Rep", "sender_left")
    assert "salesflow_paused" in await firm.happened(contact)


async def test_what_waits_is_counted_by_salesflow(firm: Firm, rep: Representative, colleague: Representative) -> None:
    await begun(firm, rep, contacts=2)
    await begun(firm, rep)
    await begun(firm, colleague)
    await delete(firm, rep)

    left = await firm.services.offboarding.left_by(firm.administrator, rep.principal.user_id)

    assert sorted(one.enrollments for one in left) == [1, 2]
    waiting = await firm.services.offboarding.waiting(firm.administrator)
    assert [(one.user_id, one.name, one.enrollments) for one in waiting] == [(rep.principal.user_id, "Rob Rep", 3)]


async def test_nobody_resumes_what_has_no_sender(firm: Firm, rep: Representative) -> None:
    [contact] = await begun(firm, rep)
    await delete(firm, rep)
    [row] = await enrollments(firm)

    with pytest.raises(NotAllowedInState):
        await firm.services.journeys.resume(
            firm.administrator, SalesflowId(row["salesflow_id"]), EnrollmentId(row["id"])
        )
    await firm.services.journeys.stop(firm.administrator, SalesflowId(row["salesflow_id"]), EnrollmentId(row["id"]))
    assert await firm.enrollment(contact) == ("finished", "manual")


async def test_what_ends_a_journey_still_ends_one_that_is_held(firm: Firm, rep: Representative) -> None:
    [contact] = await begun(firm, rep)
    await delete(firm, rep)
    await firm.services.contacts.delete(firm.administrator, contact.id)
    await firm.services.journeys.contacts_deleted(firm.administrator.organization_id, [contact.id])
    assert await firm.enrollment(contact) == ("finished", "contact_deleted")


async def test_what_a_colleague_had_begun_goes_on(firm: Firm, rep: Representative, colleague: Representative) -> None:
    [mine] = await begun(firm, rep)
    [theirs] = await begun(firm, colleague)
    await delete(firm, rep)
    assert await firm.enrollment(mine) == ("paused", "sender_left")
    assert await firm.enrollment(theirs) == ("active", None)


# Handed over.


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_unsent_email_leaves_once_from_the_colleague_s_mailbox(
    firm: Firm, rep: Representative, colleague: Representative, prospects: Prospects, at_once: bool
) -> None:
    [contact] = await begun(firm, rep, email_step(body="<p>Yours, {{ sender.email }}</p>"))
    if at_once:
        await delete(firm, rep, colleague)
    else:
        await delete(firm, rep)
        assert await hand_over(firm, rep, colleague) == 1

    for _ in range(3):
        await colleague.send()

    [message] = prospects.inbox(contact.email or "")
    assert colleague.address in sender_of(message)
    assert colleague.address in message["text"]
    assert await firm.states() == {"sent": 1}
    assert await firm.enrollment(contact) == ("finished", "completed")


async def test_an_email_that_was_drafted_already_leaves_once(
    firm: Firm, rep: Representative, colleague: Representative, prospects: Prospects
) -> None:
    [contact] = await begun(firm, rep, email_step())
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 429, "count": 1})
    await rep.send()
    assert await firm.states() == {"drafted": 1}
    await delete(firm, rep, colleague)

    await colleague.send()

    [message] = prospects.inbox(contact.email or "")
    assert colleague.address in sender_of(message)


async def test_a_reply_step_begins_a_thread_of_its_own_with_the_subject_and_goes_on_in_it(
    firm: Firm, rep: Representative, colleague: Representative, prospects: Prospects
) -> None:
    [contact] = await begun(firm, rep, email_step(), REPLY, REPLY, REPLY)
    await rep.send()
    await firm.dispatch()
    await rep.send()
    await firm.dispatch()
    await delete(firm, rep, colleague)

    await colleague.send()
    await firm.dispatch()
    await colleague.send()

    first, second, third, fourth = sorted(prospects.inbox(contact.email or ""), key=lambda message: message["at"])
    subjects = [message["subject"] for message in (first, second, third, fourth)]
    assert subjects == ["Hello Pat", "Re: Hello Pat", "Hello Pat", "Re: Hello Pat"]
    headers = [{name.lower(): value for name, value in message["headers"].items()} for message in (third, fourth)]
    assert "in-reply-to" not in headers[0]
    assert headers[1]["in-reply-to"] == third["message_id"]
    assert all(colleague.address in sender_of(message) for message in (third, fourth))


async def test_time_that_was_held_does_not_count_as_delay(
    firm: Firm, rep: Representative, colleague: Representative
) -> None:
    await begun(firm, rep, email_step(), email_step(amount=120))
    await rep.send()
    [before] = await enrollments(firm)
    await delete(firm, rep)
    await firm.sql("update enrollments set paused_at = paused_at - interval '1 hour'")

    await hand_over(firm, rep, colleague)

    [after] = await enrollments(firm)
    assert (after["state"], after["reason"], after["paused_at"]) == ("active", None, None)
    assert after["user_id"] == colleague.principal.user_id
    assert timedelta(minutes=59) < after["due_at"] - before["due_at"] < timedelta(minutes=61)
    assert after["started_by"] == rep.principal.user_id


async def test_an_absence_lasts_through_the_handover(
    firm: Firm, rep: Representative, colleague: Representative
) -> None:
    [contact] = await begun(firm, rep, email_step(), email_step())
    await firm.sql(
        "update enrollments set state = 'paused', reason = 'out_of_office', paused_at = now(),"
        " resume_at = now() + interval '3 days'"
    )
    await delete(firm, rep)
    await firm.services.dispatch.resume_due()
    assert await firm.enrollment(contact) == ("paused", "sender_left")

    await hand_over(firm, rep, colleague)

    [email] = await firm.sql("select due_at - now() as wait from emails")
    assert timedelta(days=2, hours=23) < email["wait"] < timedelta(days=3, minutes=1)
    assert await firm.enrollment(contact) == ("active", None)


@pytest.mark.parametrize("absent", [True, False])
async def test_steps_are_planned_anew_by_the_colleague_s_hours_from_when_they_count(
    firm: Firm, rep: Representative, colleague: Representative, absent: bool
) -> None:
    today = firm.services.clock.now().date()
    on_leave = {"away": [{"from": str(today), "to": str(today + timedelta(days=9)), "note": ""}]}
    await begun(firm, rep, email_step(), email_step(amount=120))
    await rep.send()
    [planned] = await enrollments(firm)
    if absent:
        await firm.sql(
            "update enrollments set state = 'paused', reason = 'out_of_office', paused_at = now(),"
            " resume_at = now() + interval '3 days'"
        )
    await firm.services.accounts.set_business_hours(rep.principal, on_leave)
    await follow_changed_hours(firm, rep)
    await delete(firm, rep)
    await hand_over(firm, rep, colleague)
    [given] = await enrollments(firm)
    assert given["due_at"] - planned["due_at"] > timedelta(days=1)

    await follow_changed_hours(firm, colleague)

    [after] = await enrollments(firm)
    late = after["due_at"] - planned["due_at"]
    assert timedelta(days=3 if absent else 0) <= late < timedelta(days=3 if absent else 0, minutes=1)


async def follow_changed_hours(firm: Firm, who: Representative) -> None:
    """As the jobs do that wait in the outbox."""
    job = Job(HOURS_CHANGED, who.principal.organization_id, {"user_id": str(who.principal.user_id)})
    query = "delete from outbox_jobs where kind = $1 and payload ->> 'user_id' = $2 returning id"
    assert await firm.sql(query, job.kind, job.payload["user_id"])
    await firm.services.replanning.hours_changed(job)


async def test_what_a_person_held_stays_held(firm: Firm, rep: Representative, colleague: Representative) -> None:
    [contact] = await begun(firm, rep)
    [row] = await enrollments(firm)
    where = SalesflowId(row["salesflow_id"]), EnrollmentId(row["id"])
    await firm.services.journeys.pause(firm.administrator, *where)
    await delete(firm, rep)
    assert await firm.enrollment(contact) == ("paused", "manual")

    await hand_over(firm, rep, colleague)

    assert await firm.enrollment(contact) == ("paused", "manual")
    resumed = await firm.services.journeys.resume(firm.administrator, *where)
    assert resumed.enrollment.user_id == colleague.principal.user_id


async def test_a_handover_repeated_changes_nothing(firm: Firm, rep: Representative, colleague: Representative) -> None:
    await begun(firm, rep, contacts=3)
    await delete(firm, rep)
    assert [await hand_over(firm, rep, colleague) for _ in range(2)] == [3, 0]


async def test_what_is_in_doubt_stays_with_its_mailbox_and_the_journey_goes_on(
    firm: Firm, rep: Representative, colleague: Representative, prospects: Prospects
) -> None:
    [contact] = await begun(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 500, "count": 1})
    await rep.send()
    former = await rep.mailbox()
    await delete(firm, rep, colleague)
    await firm.patience_is_over()
    async with firm.services.units.system() as unit:
        await unit.emails.hand_over_stranded("mailbox_disconnected")
        await unit.emails.move_to_current_mailboxes()
    [email] = await firm.sql("select id, state, mailbox_id from emails")
    assert (email["state"], email["mailbox_id"]) == ("needs_human", former.id)

    await firm.services.emails.settle(firm.administrator, EmailId(email["id"]), Settlement.SENT)
    await firm.dispatch()
    await colleague.send()

    [message] = prospects.inbox(contact.email or "")
    assert (colleague.address in sender_of(message), message["subject"]) == (True, "Hello Pat")


async def test_a_deletion_in_the_middle_of_sending_loses_and_doubles_nothing(
    firm: Firm, rep: Representative, colleague: Representative, prospects: Prospects
) -> None:
    people = await begun(firm, rep, email_step(), contacts=30)
    sending = asyncio.create_task(rep.send())

    async def begun_sending() -> bool:
        return "sent" in await firm.states()

    await eventually("some have left", begun_sending)
    await delete(firm, rep, colleague)
    await sending
    for _ in range(3):
        await firm.patience_is_over()
        await colleague.send()

    inboxes = [prospects.inbox(person.email or "") for person in people]
    assert [len(inbox) for inbox in inboxes] == [1] * 30
    assert await firm.states() == {"sent": 30}


async def test_many_are_handed_over_at_once(firm: Firm, rep: Representative, colleague: Representative) -> None:
    people = await firm.contacts(500)
    await firm.enroll(rep, await firm.salesflow(), people)
    await delete(firm, rep)
    assert await hand_over(firm, rep, colleague) == 500
    counts = await firm.sql("select user_id, state, count(*) as times from enrollments group by user_id, state")
    assert [tuple(row) for row in counts] == [(colleague.principal.user_id, "active", 500)]


async def test_both_are_on_record(firm: Firm, rep: Representative, colleague: Representative) -> None:
    await begun(firm, rep)
    await delete(firm, rep, colleague)
    rows = await firm.sql("select action, target_name, detail ->> 'to' as to from audit_entries order by seq")
    told = [(row["action"], row["to"]) for row in rows]
    assert told[-2:] == [
        (Action.ENROLLMENTS_HANDED_OVER.value, str(colleague.principal.user_id)),
        (Action.USER_DELETED.value, None),
    ]


# In somebody else's name.


async def test_emails_on_behalf_leave_from_that_user_s_mailbox_in_that_user_s_hours(
    firm: Firm, rep: Representative, colleague: Representative, prospects: Prospects
) -> None:
    admin = firm.services.user_administration
    await admin.change(firm.administrator, colleague.principal.user_id, {"start_salesflow_on_behalf": True})
    closed = {"time_zone": "UTC", "country": None, "days": {day: [] for day in WEEK}, "holidays": []}
    await firm.services.accounts.set_business_hours(colleague.principal, closed)
    [contact] = await firm.contacts(1)
    wish = Wish(contact_ids=[contact.id], on_behalf_of=rep.principal.user_id)

    await firm.services.enrolling.enroll(colleague.principal, await firm.salesflow(), wish)
    await firm.dispatch()
    await rep.send()

    [message] = prospects.inbox(contact.email or "")
    assert rep.address in sender_of(message)
    [act] = await firm.sql(
        "select actor_id, actor_name, on_behalf_of, on_behalf_of_name from audit_entries"
        " where action = 'salesflow.started_on_behalf'"
    )
    assert (act["actor_id"], act["on_behalf_of"]) == (colleague.principal.user_id, rep.principal.user_id)
    assert (act["actor_name"], act["on_behalf_of_name"]) == ("Rob Rep", "Rob Rep")


async def test_nothing_is_begun_in_the_name_of_somebody_who_left(
    firm: Firm, rep: Representative, colleague: Representative
) -> None:
    change = firm.services.user_administration.change
    await change(firm.administrator, colleague.principal.user_id, {"start_salesflow_on_behalf": True})
    salesflow_id, [contact] = await firm.salesflow(), await firm.contacts(1)
    await delete(firm, rep)

    with pytest.raises(InvalidField):
        wish = Wish(contact_ids=[contact.id], on_behalf_of=rep.principal.user_id)
        await firm.services.enrolling.enroll(colleague.principal, salesflow_id, wish)
    with pytest.raises(Forbidden):
        await firm.services.enrolling.enroll(rep.principal, salesflow_id, Wish(contact_ids=[contact.id]))


async def test_whoever_enrolls_while_the_sender_leaves_leaves_nobody_active(firm: Firm, rep: Representative) -> None:
    """Either the enrollment comes first and is held, or it is refused."""
    salesflow_id, people = await firm.salesflow(), await firm.contacts(20)
    enroll = firm.services.enrolling.enroll
    await asyncio.gather(
        *(enroll(rep.principal, salesflow_id, Wish(contact_ids=[person.id])) for person in people),
        delete(firm, rep),
        return_exceptions=True,
    )
    states = await firm.sql("select distinct state, reason from enrollments")
    assert [tuple(row) for row in states] in ([], [("paused", "sender_left")])
