"""Every field of a contact, the organization's own among them: what mappings, imports, filters and emails can use."""

from fastapi import Depends

from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.models import Answer
from api.problems import documented

router = router_for("contacts")

READ = [Depends(requires("contacts:read"))]


class KnownFieldAnswer(Answer):
    """A field of a contact by its key. Values of `custom` ones stand in `custom` of a contact.

    `kind` is text, email, phone, choice, user, time_zone, number, date, url or checkbox. What is `filterable` can be
    asked for in filters, what is `mergeable` named in emails, and what is `importable` filled by imports: `name`, first
    and last name in one, by them alone.
    """

    key: str
    label: str
    kind: str
    required: bool
    custom: bool
    choices: list[str]
    max_length: int | None
    filterable: bool
    mergeable: bool
    importable: bool


class KnownFieldList(Answer):
    """All of them."""

    items: list[KnownFieldAnswer]
    next_cursor: str | None = None


@router.get("/contacts/fields", summary="List the fields of contacts", responses=documented(), dependencies=READ)
async def list_contact_fields(who: CurrentPrincipal, services: Services) -> KnownFieldList:
    """Those that every contact has, then the organization's own in their order; labels in your language."""
    found = await services.contacts.known_fields(who)
    return KnownFieldList(items=[KnownFieldAnswer.model_validate(field) for field in found])
