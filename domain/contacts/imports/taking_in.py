"""Takes the people of a file in, piece by piece, and takes them back. Implements domain.background.ports.Piecework.

A piece is one transaction, in which the place where the next one begins is kept, too: whoever dies in it leaves nothing
of it, and a row is taken in once.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from uuid import UUID

from domain.accounts.model import UserState
from domain.background.model import BackgroundJob, Progress, joined
from domain.contacts.consent import DO_NOT_CALL, as_called
from domain.contacts.imports.merging import merged
from domain.contacts.imports.model import ContactImport, Counts, ImportOptions
from domain.contacts.imports.planning import plan_of, status_of
from domain.contacts.imports.ports import Changed, ImportUnit, Taking
from domain.contacts.imports.reading_ahead import Reading
from domain.contacts.imports.tables import Place, Stretch
from domain.contacts.imports.taking_back import TAKEN_BACK_AT_ONCE, taken_back
from domain.contacts.imports.telling import tell_salesflows, tell_statuses
from domain.contacts.lists import ListKind
from domain.contacts.suppression import SuppressionKind
from domain.shared.clock import Clock
from domain.shared.errors import Forbidden
from domain.shared.ids import ContactImportId, ContactListId


class TakingIn:
    """The piecework of imports."""

    def __init__(self, *, reading: Reading, clock: Clock) -> None:
        self._reading = reading
        self._clock = clock

    async def piece(self, unit: ImportUnit, job: BackgroundJob) -> Progress:
        import_ = await unit.contact_imports.get(import_of(job))
        options = import_.options
        assert options is not None, "a job has what it was started with"
        plan = await plan_of(unit, import_, options)
        place = Place(**job.cursor) if job.cursor else Place(import_.layout.begins, import_.layout.line)
        stretch = await self._reading.at(job.organization_id, import_, place, plan)
        finished = stretch.next.at >= import_.bytes
        if not finished:
            self._reading.begin(job.organization_id, import_, stretch.next, plan)
        taking = replace(await self._taking(unit, job, import_, options), has_own_fields=bool(plan.own))
        counts = await self._taken_in(unit, job, taking, stretch) if stretch.count else Counts()
        self._reading.forget_before(import_.id, place)
        if finished:
            await self._put_away(unit, import_)
        return Progress(
            cursor=asdict(stretch.next),
            done_delta=stretch.count,
            result=joined(job.result, {**asdict(counts), "total": counts.total}),
            finished=finished,
            total=_total(import_, job.done + stretch.count, stretch.next),
        )

    async def undo_piece(self, unit: ImportUnit, job: BackgroundJob) -> Progress:
        """Those who were created are deleted, unless something has happened with them; of the others every field gets
        its former value back that nobody has changed since."""
        import_ = await unit.contact_imports.get(import_of(job))
        met = await unit.contact_imports.first_met(import_.id, TAKEN_BACK_AT_ONCE)
        found = await taken_back(unit, job, import_, met, self._clock.now())
        return Progress(job.cursor, len(met), joined(job.result, found), finished=len(met) < TAKEN_BACK_AT_ONCE)

    async def _taken_in(self, unit: ImportUnit, job: BackgroundJob, taking: Taking, stretch: Stretch) -> Counts:
        people = unit.imported_people
        await people.stage(stretch.rows)
        matched = await people.match(taking)
        await people.create(taking)
        uncalled = await unit.suppressions.uncalled(await people.phones()) if matched.some_are_uncalled else set()
        if uncalled:
            await _keep_from_calls(unit, taking, await people.keep_from_calls(taking, uncalled))
        changed = await self._changed(unit, job, taking, uncalled) if matched.known else []
        return await people.settle(taking, changed)

    async def _changed(
        self, unit: ImportUnit, job: BackgroundJob, taking: Taking, uncalled: Collection[str]
    ) -> Sequence[Changed]:
        """Those who are known already, with what their rows say of them."""
        statuses = {status.id: status for status in await unit.statuses.all()}
        listed = set[str]()
        changed = []
        for given, before in await unit.imported_people.differing(taking):
            after, phones = as_called(before, merged(before, given, taking.on_existing, statuses), uncalled, taking.at)
            listed |= phones
            if after != before:
                changed.append(Changed(given.line, before, replace(after, updated_at=taking.at)))
        await _keep_from_calls(unit, taking, listed)
        running = await unit.imported_people.change(taking, changed)
        await tell_statuses(unit, [(one.before, one.after) for one in changed], taking.by)
        await tell_salesflows(unit, job, running)
        return changed

    async def _taking(
        self, unit: ImportUnit, job: BackgroundJob, import_: ContactImport, options: ImportOptions
    ) -> Taking:
        """Raises Forbidden when whoever began it has left."""
        user = await unit.users.get(job.user_id) if job.user_id else None
        if user is None or user.state is not UserState.ACTIVE:
            raise Forbidden("Whoever began this has left.", "user_left")
        owner_id = options.owner_id or user.id
        list_ = await unit.contact_lists.find(ContactListId(options.list_id)) if options.list_id else None
        return Taking(
            import_id=import_.id,
            by=user.id,
            at=self._clock.now(),
            on_existing=options.on_existing,
            status_id=status_of(await unit.statuses.all(), options.status).id,
            owner_id=owner_id if owner_id in await unit.users.many([owner_id]) else user.id,
            list_id=list_.id if list_ and list_.kind is ListKind.STATIC else None,
        )

    async def _put_away(self, unit: ImportUnit, import_: ContactImport) -> None:
        """The file has served: whoever was in it is a contact now, or stands with the rows that were left out."""
        await unit.contact_imports.save(replace(import_, file_id=None))
        if import_.file_id:
            await unit.files.remove(import_.file_id)


def import_of(job: BackgroundJob) -> ContactImportId:
    """The import that the job is about."""
    return ContactImportId(UUID(job.spec["import_id"]))


async def _keep_from_calls(unit: ImportUnit, taking: Taking, phones: Collection[str]) -> None:
    await unit.suppressions.put(SuppressionKind.PHONE, phones, DO_NOT_CALL, taking.at, taking.by)


def _total(import_: ContactImport, done: int, place: Place) -> int:
    """About how many rows there are, as it goes on like this to the end of the file."""
    begins = import_.layout.begins
    share = (place.at - begins) / max(1, import_.bytes - begins)
    return max(done, round(done / share)) if share > 0 else import_.layout.rows
