"""Files that are long enough for something to happen meanwhile, and what is to come of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from domain.background.model import BackgroundJob
from domain.contacts.imports.model import ContactImport, ImportOptions, OnExisting
from tests.mailing import Firm

MAPPING = {"Last": "last_name", "Mail": "email", "Phone": "business_phone", "City": "city", "Status": "status"}
# Of every hundred rows one is no address, one is there twice, and one is blank.
COUNTED = """
select (select count(*) from contacts where deleted_at is null) as contacts,
  (select count(*) from (select distinct contact_id from contact_terms) as found) as found,
  (select count(*) from activities where type = 'contact_created') as told,
  (select count(*) from contact_import_faults) as left_out
"""


@dataclass(frozen=True)
class Size:
    rows: int
    strikes: int


async def a_file(rows: int, city: str = "Oslo") -> AsyncIterator[bytes]:
    yield ",".join(MAPPING).encode() + b"\n"
    for number in range(rows):
        mail = f"p{number - 1 if number % 100 == 7 else number}@x.example" if number % 100 != 5 else "nonsense"
        row = f"Person {number},{mail},+1617{number + 2_000_000:07d},{city},Open\n"
        yield (b",,,,\n" + row.encode()) if number % 100 == 9 else row.encode()


def expected(rows: int) -> dict[str, int]:
    faults = sum(number % 100 == 5 for number in range(rows))
    twice = sum(number % 100 == 7 for number in range(rows))
    created = rows - faults - twice
    return {"total": rows, "created": created, "updated": 0, "unchanged": 0, "skipped": twice, "failed": faults}


async def started(
    firm: Firm, content: AsyncIterator[bytes], on_existing: OnExisting = OnExisting.COMPLETE
) -> ContactImport:
    services, who = firm.services, firm.administrator
    uploaded = await services.imports.receive(who, "people.csv", content)
    return await services.imports.start(who, uploaded.id, ImportOptions(MAPPING, "US", on_existing))


async def job_of(firm: Firm, import_: ContactImport) -> BackgroundJob:
    found = (await firm.services.imports.get(firm.administrator, import_.id)).job
    assert found is not None
    return found
