"""Letters: jobs, the mailer and the mail server of the sandbox together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.settings import Settings
from domain.accounts.inviting import Invited
from domain.accounts.model import User, UserState
from domain.accounts.notices import Notice, give_notice, mail_notification, send_link
from domain.accounts.one_time_links import LinkKey, LinkKind, OneTimeLink, new_link
from domain.accounts.preferences import Frequency, NotificationChoices
from domain.connections.tokens import ConnectionTokens
from domain.shared.ids import ConnectionId, LinkId, UserId
from domain.shared.principal import Role
from tests.mailing import PUBLIC_URL, Firm, Prospects, Representative, services_of
from workers.job import JobRunner
from workers.main import HANDLERS


class Post:
    """The letters of a firm: what waits, and what becomes of it."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.services = firm.services
        self.organization_id = firm.administrator.organization_id
        self.runner = JobRunner(firm.services, HANDLERS)

    async def user(self, **changes: Any) -> User:
        """Somebody who works here, with his own address."""
        rep = await self.firm.hire()
        return await self.change(rep.principal.user_id, **changes)

    async def change(self, user_id: UserId, **changes: Any) -> User:
        async with self.services.units.of(self.organization_id) as unit:
            return await unit.users.save(replace(await unit.users.get(user_id), **changes))

    async def link(self, user: User, kind: LinkKind = LinkKind.INVITATION, ago: timedelta = timedelta()) -> OneTimeLink:
        """A new link, whose letter waits."""
        now = self.services.clock.system() - ago
        link = new_link(self.services.ids, self.organization_id, user.id, kind, now)
        async with self.services.units.of(self.organization_id) as unit:
            await unit.links.add(link)
            await send_link(unit, link)
        return link

    async def waiting(self) -> Sequence[UUID]:
        rows = await self.firm.sql("select id from outbox_jobs where kind = 'letters.send' order by id")
        return [row["id"] for row in rows]

    async def go_out(self) -> None:
        """One try at every letter."""
        for job_id in await self.waiting():
            await self.runner.run(job_id)

    async def sent_at(self, link: OneTimeLink) -> datetime | None:
        async with self.services.units.of(self.organization_id) as unit:
            return (await unit.links.get(link.id)).sent_at


@pytest.fixture
def post(firm: Firm) -> Post:
    return Post(firm)


def smtp_fault(user: User, status: int, **more: Any) -> dict[str, Any]:
    return {"provider": "smtp", "path": user.email, "kind": "status", "status": status, **more}


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (LinkKind.INVITATION, "invitations"),
        (LinkKind.WELCOME, "welcome"),
        (LinkKind.PASSWORD_RESET, "password-resets"),
    ],
)
async def test_a_link_arrives_and_leads_back_to_itself(
    post: Post, prospects: Prospects, kind: LinkKind, page: str
) -> None:
    user = await post.user()
    link = await post.link(user, kind)

    await post.go_out()

    [letter] = prospects.letters(user.email)
    before, _, rest = letter["text"].partition(f"{PUBLIC_URL}/app/{page}/")
    assert before, "the address stands in the text"
    key = post.services.link_tokens.read(rest.splitlines()[0])
    assert key == LinkKey(post.organization_id, link.id, kind)
    assert letter["message_id"] == f"<{link.id}.{kind.value}@engage.test>"
    assert await post.sent_at(link) is not None
    assert await post.waiting() == []


async def test_an_invitation_is_written_in_the_language_of_whoever_invites(post: Post, prospects: Prospects) -> None:
    administrator, email = post.firm.administrator, f"{uuid4().hex[:8]}@new.example"
    await post.services.accounts.update_profile(administrator, {"culture": "de-DE"})
    await post.services.inviting.invite(administrator, Invited(email, "Nora Neu", Role.CONTRIBUTOR))

    await post.go_out()

    [letter] = prospects.letters(email)
    assert letter["subject"].startswith("Einladung zu ")


async def test_a_letter_of_a_link_goes_out_once_however_often_its_bell_rings(post: Post, prospects: Prospects) -> None:
    user = await post.user()
    link = await post.link(user)
    async with post.services.units.of(post.organization_id) as unit:
        await send_link(unit, link)

    await post.go_out()

    assert len(prospects.letters(user.email)) == 1


async def test_a_link_that_serves_no_more_is_not_mailed(post: Post, prospects: Prospects) -> None:
    user, now = await post.user(), post.services.clock.system()
    await post.link(user, LinkKind.PASSWORD_RESET, ago=timedelta(minutes=31))
    used = await post.link(user, LinkKind.WELCOME)
    await post.link(user, LinkKind.INVITATION)
    async with post.services.units.of(post.organization_id) as unit:
        await unit.links.revoke_of(user.id, LinkKind.INVITATION, now)
        await unit.links.use(used.id, now)

    await post.go_out()

    assert prospects.letters(user.email) == []
    assert await post.waiting() == []


async def test_nobody_writes_to_a_user_who_is_gone(post: Post, prospects: Prospects) -> None:
    user = await post.user()
    await post.link(user)
    async with post.services.units.of(post.organization_id) as unit:
        await give_notice(unit, post.organization_id, user.id, Notice.PASSWORD_CHANGED)
    await post.change(user.id, state=UserState.DELETED, deleted_at=post.services.clock.system())

    await post.go_out()

    assert prospects.letters(user.email) == []
    assert await post.waiting() == []


async def test_a_link_that_is_not_there_any_more_is_given_up(post: Post) -> None:
    user = await post.user()
    link = await post.link(user)
    await post.firm.sql("delete from one_time_links where id = $1", link.id)

    await post.go_out()

    assert await post.waiting() == []


async def test_a_server_that_says_later_is_asked_again(post: Post, prospects: Prospects) -> None:
    user = await post.user()
    link = await post.link(user)
    prospects.faults(smtp_fault(user, 451, count=1))

    await post.go_out()

    assert await post.sent_at(link) is None
    assert len(await post.waiting()) == 1

    await post.go_out()

    assert len(prospects.letters(user.email)) == 1
    assert await post.waiting() == []


async def test_a_refusal_for_good_is_left_to_a_person(post: Post, prospects: Prospects) -> None:
    user = await post.user()
    link = await post.link(user)
    prospects.faults(smtp_fault(user, 550))

    await post.go_out()

    assert await post.sent_at(link) is None
    assert await post.waiting() == []


async def test_a_letter_that_may_have_gone_goes_again_under_the_same_id(post: Post, prospects: Prospects) -> None:
    user = await post.user()
    async with post.services.units.of(post.organization_id) as unit:
        await give_notice(unit, post.organization_id, user.id, Notice.PASSKEY_ADDED)
    prospects.faults({"provider": "smtp", "path": user.email, "kind": "accepted_then_reset", "count": 1})

    await post.go_out()
    await post.go_out()

    first, second = prospects.letters(user.email)
    assert first["message_id"] == second["message_id"]
    assert await post.waiting() == []


async def test_two_notices_are_two_letters(post: Post, prospects: Prospects) -> None:
    user = await post.user()
    async with post.services.units.of(post.organization_id) as unit:
        await give_notice(unit, post.organization_id, user.id, Notice.PASSWORD_CHANGED)
        await give_notice(unit, post.organization_id, user.id, Notice.PASSWORD_CHANGED)

    await post.go_out()

    letters = prospects.letters(user.email)
    assert {letter["subject"] for letter in letters} == {"Your Engage password was changed"}
    assert len({letter["message_id"] for letter in letters}) == 2


async def test_a_letter_speaks_the_readers_language(post: Post, prospects: Prospects) -> None:
    user = await post.user(culture="de-DE")
    await post.link(user, LinkKind.PASSWORD_RESET)

    await post.go_out()

    [letter] = prospects.letters(user.email)
    assert letter["subject"] == "Neues Passwort für Engage wählen"
    assert "30 Minuten" in letter["text"]


async def test_a_lost_connection_is_told_to_its_user(post: Post, prospects: Prospects, rep: Representative) -> None:
    await lose(rep)

    await post.go_out()

    [letter] = prospects.letters(rep.address)
    assert letter["subject"] == f"Connect {rep.address} to Engage again"
    assert f"{PUBLIC_URL}/app/account/connect" in letter["text"]


async def test_who_has_connected_again_is_not_asked_to(post: Post, prospects: Prospects, rep: Representative) -> None:
    await lose(rep)
    await rep.connected()

    await post.go_out()

    assert prospects.letters(rep.address) == []
    assert await post.waiting() == []


async def lose(rep: Representative) -> None:
    organization_id = rep.principal.organization_id
    async with rep.services.units.of(organization_id) as unit:
        [connection] = await unit.connections.of_user(rep.principal.user_id)
    services = rep.services
    tokens = ConnectionTokens(services.units, services.consents, services.keys, services.clock)
    for _ in range(2):
        await tokens.lose(organization_id, ConnectionId(connection.id), connection.version, "access_withdrawn")


async def notified(post: Post, user: User, kind: str) -> None:
    """A notification about a contact, whose letter waits."""
    [contact] = await post.firm.contacts(1)
    notification_id = uuid4()
    await post.firm.sql(
        "insert into notifications (organization_id, id, user_id, kind, group_key, at, contact_id)"
        " values ($1, $2, $3, $4, $5, now(), $6)",
        post.organization_id,
        notification_id,
        user.id,
        kind,
        str(notification_id),
        contact.id,
    )
    async with post.services.units.of(post.organization_id) as unit:
        await mail_notification(unit, post.organization_id, notification_id)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [("email_opened", "Pat Prospect 0 opened your email"), ("something_new", "News from Engage")],
)
async def test_a_notification_is_told(post: Post, prospects: Prospects, kind: str, subject: str) -> None:
    user = await post.user()
    await notified(post, user, kind)

    await post.go_out()

    [letter] = prospects.letters(user.email)
    assert letter["subject"] == subject
    assert f"{PUBLIC_URL}/app/contacts/" in letter["text"]


async def test_a_notification_is_not_told_to_who_does_not_want_it(post: Post, prospects: Prospects) -> None:
    user = await post.user(notifications=NotificationChoices(email_opened=Frequency.NEVER))
    await notified(post, user, "email_opened")

    await post.go_out()

    assert prospects.letters(user.email) == []


async def test_without_a_mail_server_a_letter_is_not_written_and_the_link_stays_unsent(
    post: Post, prospects: Prospects, settings: Settings
) -> None:
    user = await post.user()
    link = await post.link(user)
    async with services_of(settings.model_copy(update={"smtp_host": ""})) as without:
        for job_id in await post.waiting():
            await JobRunner(without, HANDLERS).run(job_id)

    assert prospects.letters(user.email) == []
    assert await post.sent_at(link) is None
    assert await post.waiting() == []


async def test_of_a_link_nothing_is_stored_that_opens_it(post: Post) -> None:
    user = await post.user()
    link = await post.link(user)
    token = post.services.link_tokens.token_of(link)

    rows = await post.firm.sql("select to_jsonb(l)::text as link from one_time_links l where id = $1", LinkId(link.id))
    jobs = await post.firm.sql("select payload::text as payload from outbox_jobs where kind = 'letters.send'")

    assert not any(token in text for text in [*(row["link"] for row in rows), *(row["payload"] for row in jobs)])
