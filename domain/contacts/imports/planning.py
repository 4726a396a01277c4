"""What somebody says about a file, checked, and how its rows are read by that."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from domain.accounts.model import UserState
from domain.accounts.public_holidays import country_of_culture
from domain.contacts.folding import fold
from domain.contacts.imports.model import ContactImport, ImportOptions
from domain.contacts.imports.ports import ImportUnit
from domain.contacts.imports.preparing import IMPORTABLE, NAME, OWNER, STATUS, Plan
from domain.contacts.lists import ListKind
from domain.contacts.model import ContactStatus
from domain.contacts.normalisation import region
from domain.shared.errors import FieldError, InvalidField, Rejected
from domain.shared.ids import ContactListId, UserId
from domain.shared.paging import MAXIMUM_LIMIT, PageRequest


async def checked(unit: ImportUnit, user_id: UserId, import_: ContactImport, given: ImportOptions) -> ImportOptions:
    """The options, with the country of the user's culture where none is given. Raises Rejected with all faults."""
    own = {field.key for field in await unit.contact_fields.all()}
    faults = [*_mapping_faults(import_, given.mapping, own)]
    country = given.default_country or country_of_culture((await unit.users.get(user_id)).culture)
    if given.default_country and region(given.default_country) is None:
        faults.append(FieldError("/default_country", "unknown_country", "Give a country by its code, like DE."))
    if given.owner_id and given.owner_id not in await unit.users.many([given.owner_id]):
        faults.append(FieldError("/owner_id", "unknown_user", "Choose a user of the organization."))
    if given.list_id:
        list_ = await unit.contact_lists.find(ContactListId(given.list_id))
        if list_ is None or list_.kind is not ListKind.STATIC:
            faults.append(FieldError("/list_id", "unknown_list", "Choose a list that people are put on."))
    try:
        status_of(await unit.statuses.all(), given.status)
    except InvalidField as unknown:
        faults += unknown.errors
    if faults:
        raise Rejected(faults)
    return ImportOptions(given.mapping, region(country), given.on_existing, given.owner_id, given.status, given.list_id)


async def plan_of(unit: ImportUnit, import_: ContactImport, options: ImportOptions) -> Plan:
    """How the rows are read, with the statuses, users and own fields of this moment."""
    mapped = set(options.mapping.values())
    statuses = await unit.statuses.all() if STATUS in mapped else ()
    own = await unit.contact_fields.all() if mapped - {*IMPORTABLE} else ()
    return Plan(
        columns=[column.name for column in import_.columns],
        mapping=options.mapping,
        default_country=options.default_country,
        statuses={fold(status.label): str(status.id) for status in statuses},
        owners=await _owners(unit) if OWNER in mapped else {},
        own={field.key: [field.kind.value, *field.choices] for field in own if field.key in mapped},
    )


def status_of(statuses: Sequence[ContactStatus], label: str | None) -> ContactStatus:
    """The one of that label, the default one for None. Raises InvalidField."""
    for status in statuses:
        if status.label == label or (label is None and status.is_default):
            return status
    raise InvalidField("/status", "unknown_status", "Choose one of the contact statuses.")


def _mapping_faults(import_: ContactImport, mapping: Mapping[str, str], own: Collection[str]) -> Sequence[FieldError]:
    columns = {column.name for column in import_.columns}
    faults = []
    for column, field in mapping.items():
        pointer = f"/mapping/{column.replace('~', '~0').replace('/', '~1')}"
        if column not in columns:
            faults.append(FieldError(pointer, "unknown_column", "There is no such column in the file."))
        elif field not in IMPORTABLE and field not in own:
            faults.append(FieldError(pointer, "unknown_field", "Choose one of the fields of contacts."))
    twice = [field for field, count in Counter(mapping.values()).items() if count > 1]
    if twice:
        faults.append(FieldError("/mapping", "mapped_twice", "Choose one column for each field.", {"field": twice[0]}))
    mapped = set(mapping.values())
    if NAME in mapped and mapped & {"first_name", "last_name"}:
        faults.append(FieldError("/mapping", "name_twice", "Choose the whole name, or first and last name."))
    if not mapped & {"last_name", NAME, "email"}:
        faults.append(
            FieldError("/mapping", "required", "Choose a column for the last name, or for the email address.")
        )
    return faults


async def _owners(unit: ImportUnit) -> Mapping[str, str]:
    """Users by their addresses, and by their names where only one has it."""
    found: dict[str, UUID | None] = {}
    request = PageRequest(MAXIMUM_LIMIT)
    while True:
        page = await unit.users.page("", [UserState.ACTIVE], request)
        for user in page.items:
            name = fold(user.name)
            found[name] = None if name in found else user.id
        for user in page.items:
            found[fold(user.email)] = user.id
        if page.next_cursor is None:
            return {key: str(user_id) for key, user_id in found.items() if user_id}
        request = PageRequest(MAXIMUM_LIMIT, page.next_cursor)
