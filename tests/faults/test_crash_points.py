"""A process dies before or after any await of the way from a due step to a sent email: it is sent once all the same."""

from adapters.settings import Settings
from domain.salesflows.model import Thread
from tests.faults.workers_of_a_test import CRASHED, Nursery
from tests.mailing import Firm, Prospects, Representative, email_step, eventually

FOLLOW_UP = email_step("", "<p>Any thoughts?</p>", thread=Thread.REPLY)
MOST_POINTS = 120


async def settled(firm: Firm, rep: Representative) -> None:
    """Other workers take over, until every journey is over and nothing is under way any more.

    What the dead process had locked is passed by until PostgreSQL has noticed its death.
    """

    async def all_over() -> bool:
        await firm.patience_is_over()
        await firm.dispatch()
        await rep.send()
        return not (await firm.on_their_way() or set(await firm.states()) - {"sent", "cancelled"})

    await eventually("every journey is over", all_over)


async def test_every_point_of_the_way_of_a_first_email(
    settings: Settings, firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    flow, points = await firm.salesflow(), 0
    with Nursery(settings, ("--crash",)) as nursery:
        for n in range(1, MOST_POINTS):
            [contact] = await firm.contacts(1)
            await firm.enroll(rep, flow, [contact])
            code = nursery.crash(n, await rep.mailbox())
            await settled(firm, rep)

            assert len(prospects.inbox(contact.email or "")) == 1, f"point {n}"
            assert await firm.happened(contact) == [
                "contact_created",
                "salesflow_started",
                "email_sent",
                "salesflow_finished",
            ], f"point {n}"
            if code != CRASHED:
                break
            points = n
            await firm.patience_is_over()

    assert code == 0
    assert points >= 30
    assert prospects.drafts(rep.address) == []


async def test_every_point_of_the_way_of_a_follow_up(
    settings: Settings, firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    flow, points = await firm.salesflow(email_step(), FOLLOW_UP), 0
    with Nursery(settings, ("--crash",)) as nursery:
        for n in range(1, MOST_POINTS):
            [contact] = await firm.contacts(1)
            await firm.enroll(rep, flow, [contact])
            await firm.dispatch()
            await firm.patience_is_over()
            await rep.send()
            await firm.patience_is_over()
            await firm.sql("update mailboxes set synced_at = null")
            code = nursery.crash(n, await rep.mailbox())
            await settled(firm, rep)

            second, first = prospects.inbox(contact.email or "")
            assert second["headers"]["In-Reply-To"] == first["message_id"], f"point {n}"
            if code != CRASHED:
                break
            points = n

    assert code == 0
    assert points >= 40
