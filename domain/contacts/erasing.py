"""Erasing a person: nothing that tells who it was stays in any table or file; numbers stay, and so does the opt-out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.accounts.audit import Act, Action, AuditedUnit, Target, record
from domain.background.model import BackgroundJob, Progress
from domain.background.ports import BackgroundUnit
from domain.background.service import BackgroundWork
from domain.contacts.model import Contact
from domain.contacts.ports import ContactStore, Suppressions
from domain.contacts.traces import LONGEST_ROW, Traces, mentions, traces_of
from domain.shared.clock import Clock
from domain.shared.files import FileStore
from domain.shared.ids import BackgroundJobId, ContactId, ContactImportId, FileId
from domain.shared.principal import Principal
from domain.shared.units import Units, repeated

KIND = "contact_erasure"
ERASED = "erased"


class Endings(Protocol):
    """What ends with a person. Salesflows implement it."""

    async def erased(self, unit: Any, contact_ids: Sequence[ContactId], at: datetime) -> None:
        """Locks the contacts and ends all that runs."""
        ...


class Erasures(Protocol):
    """All places of the unit's organization where something of a person may be."""

    async def records(self, contact_id: ContactId) -> Sequence[ContactId]:
        """The contact, deleted or not, and those that were merged into it. Raises NotFound for an erased one, too."""
        ...

    async def known(self, contact_ids: Sequence[ContactId]) -> Sequence[Contact]:
        """As they are and as they were, as far as that was kept."""
        ...

    async def forget_answers(self, contact_ids: Sequence[ContactId], traces: Traces) -> None:
        """Answers of requests that are remembered for a day."""
        ...

    async def forget_searches(self, traces: Traces) -> None:
        """What somebody searched for: address, whole name and phones in saved views and lists by filter, and any words
        in jobs of the past."""
        ...

    async def next_import(self, after: ContactImportId | None) -> ContactImportId | None:
        """The imports one after the other."""
        ...

    async def forget_rows(self, import_id: ContactImportId, contact_ids: Sequence[ContactId], traces: Traces) -> None:
        """Rows that it left out, and the samples of a file that the person was in."""
        ...

    async def waiting_file(self, import_id: ContactImportId) -> FileId | None:
        """That of an import which nobody has started."""
        ...

    async def remove_import(self, import_id: ContactImportId) -> None: ...

    async def next_file(self, after: BackgroundJobId | None) -> tuple[BackgroundJobId, FileId] | None:
        """The files that jobs have made, one after the other."""
        ...

    async def remove_file(self, job_id: BackgroundJobId, file_id: FileId) -> None:
        """The job has none any more."""
        ...

    async def forget(self, contact_ids: Sequence[ContactId], at: datetime) -> None:
        """All that is filed under the contacts, and at last what they were."""
        ...


class ErasingUnit(AuditedUnit, BackgroundUnit, Protocol):
    """A transaction of one organization, as erasing sees it."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def suppressions(self) -> Suppressions: ...

    @property
    def erasures(self) -> Erasures: ...


class Erasing:
    """For Administrators. It cannot be taken back."""

    def __init__(
        self, *, units: Units[ErasingUnit], background: BackgroundWork, endings: Endings, clock: Clock
    ) -> None:
        self._units = units
        self._background = background
        self._endings = endings
        self._clock = clock

    async def begin(self, principal: Principal, contact_id: ContactId) -> BackgroundJob:
        """From now on the contact is found nowhere and nobody writes to it; a job removes what there is.

        Also of a contact that was deleted. Raises Forbidden, NotFound.
        """
        principal.require_administrator()
        return await repeated(lambda: self._begin(principal, contact_id))

    async def _begin(self, principal: Principal, contact_id: ContactId) -> BackgroundJob:
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            records = await unit.erasures.records(contact_id)
            await self._endings.erased(unit, records, now)
            addresses = traces_of(await unit.erasures.known(records)).addresses
            await unit.suppressions.add(addresses, ERASED, now)
            if await unit.contacts.many([contact_id]):
                await unit.contacts.remove(contact_id, now)
            spec = {"contact_ids": [str(one) for one in records]}
            job = await self._background.put(unit, principal, KIND, spec, total=1)
            # By its id alone: the log of what was done tells no name.
            await record(
                unit, principal, Act(Action.CONTACT_ERASED, Target("contact", contact_id, "")), self._clock.system()
            )
            return job


class Erasure:
    """The background job: looks through what is filed elsewhere, and removes what the person is known by last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def piece(self, unit: ErasingUnit, job: BackgroundJob) -> Progress:
        """One import or one file a piece. Raises nothing that another try would not mend."""
        records = [ContactId(UUID(one)) for one in job.spec["contact_ids"]]
        cursor = dict(job.cursor or {})
        traces = traces_of(await unit.erasures.known(records))
        if not cursor.get("begun"):
            await unit.erasures.forget_answers(records, traces)
            await unit.erasures.forget_searches(traces)
            return Progress({"begun": True}, 0, {})
        if not cursor.get("imports_done"):
            return Progress(await _next_import(unit, cursor, records, traces), 0, {})
        if not cursor.get("files_done"):
            return Progress(await _next_file(unit, cursor, traces), 0, {})
        await unit.erasures.forget(records, self._clock.now())
        return Progress(cursor, 1, {"erased": 1}, finished=True)


async def _next_import(
    unit: ErasingUnit, cursor: dict[str, Any], records: Sequence[ContactId], traces: Traces
) -> dict[str, Any]:
    after = ContactImportId(UUID(cursor["import_id"])) if "import_id" in cursor else None
    import_id = await unit.erasures.next_import(after)
    if import_id is None:
        return {**cursor, "imports_done": True}
    await unit.erasures.forget_rows(import_id, records, traces)
    file_id = await unit.erasures.waiting_file(import_id)
    if file_id and await _is_in(unit.files, file_id, traces):
        await unit.erasures.remove_import(import_id)
    return {**cursor, "import_id": str(import_id)}


async def _next_file(unit: ErasingUnit, cursor: dict[str, Any], traces: Traces) -> dict[str, Any]:
    found = await unit.erasures.next_file(BackgroundJobId(UUID(cursor["job_id"])) if "job_id" in cursor else None)
    if found is None:
        return {**cursor, "files_done": True}
    job_id, file_id = found
    if await _is_in(unit.files, file_id, traces):
        await unit.erasures.remove_file(job_id, file_id)
    return {**cursor, "job_id": str(job_id)}


async def _is_in(files: FileStore, file_id: FileId, traces: Traces) -> bool:
    """Piece by piece, with the end of the one before: rows do not end where pieces do."""
    end = b""
    async for piece in files.pieces(file_id):
        if mentions(end + piece, traces):
            return True
        end = (end + piece)[-LONGEST_ROW:]
    return False
