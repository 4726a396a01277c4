"""The users of an organization."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Row, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from adapters.postgres import preferences
from adapters.postgres.connection import Transaction
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import users
from domain.accounts.model import Colleague, Sender, User, UserState, sender
from domain.accounts.working_hours_document import from_stored, to_stored
from domain.shared.errors import AlreadyExists, NotFound, VersionMismatch
from domain.shared.ids import OrganizationId, UserId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Role

ORDER = "users"


class PostgresUsers:
    """Implements domain.accounts.ports.Users. Remembers what it read, for as long as its unit lasts."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._known: dict[UserId, User] = {}

    async def add(self, user: User) -> None:
        values = {"organization_id": self._organization_id, "id": user.id, "created_at": user.created_at}
        try:
            await self._transaction.execute(insert(users).values(**values, **_columns(user)))
        except IntegrityError as error:
            raise AlreadyExists("There is a user with this address already.") from error

    async def get(self, user_id: UserId) -> User:
        found = await self.many([user_id])
        if user_id not in found:
            raise NotFound("user")
        return found[user_id]

    async def many(self, user_ids: Iterable[UserId]) -> dict[UserId, User]:
        wanted = set(user_ids)
        missing = wanted - self._known.keys()
        if missing:
            rows = (await self._transaction.execute(select(users).where(users.c.id.in_(missing)))).all()
            self._known.update({UserId(row.id): _user(row) for row in rows})
        return {user_id: self._known[user_id] for user_id in wanted if user_id in self._known}

    async def senders(self, user_ids: Iterable[UserId]) -> dict[UserId, Sender]:
        return {user_id: sender(user) for user_id, user in (await self.many(user_ids)).items()}

    async def directory(self, words: str, page: PageRequest) -> Page[Colleague]:
        name_key = func.lower(users.c.name)
        query = select(users.c.id, users.c.name, users.c.email, name_key.label("name_key"))
        query = query.where(users.c.state != UserState.DELETED.value)
        if words:
            folded = words.lower()
            query = query.where(or_(func.strpos(name_key, folded) > 0, func.strpos(users.c.email_key, folded) > 0))
        if page.cursor:
            query = query.where(tuple_(name_key, users.c.id) > tuple_(*read_cursor(ORDER, page.cursor, (str, UUID))))
        query = query.order_by(name_key, users.c.id).limit(page.limit + 1)
        rows = (await self._transaction.execute(query)).all()
        shown = rows[: page.limit]
        more = len(rows) > page.limit
        items = [Colleague(UserId(row.id), row.name, row.email) for row in shown]
        return Page(items, write_cursor(ORDER, (shown[-1].name_key, shown[-1].id)) if more else None)

    async def save(self, user: User) -> User:
        statement = (
            update(users)
            .where(users.c.id == user.id, users.c.version == user.version)
            .values(**{**_columns(user), "version": user.version + 1})
            .returning(users)
        )
        row = (await self._transaction.execute(statement)).first()
        if row is None:
            raise VersionMismatch
        self._known[user.id] = saved = _user(row)
        return saved


def _columns(user: User) -> dict[str, object]:
    return {
        "email": user.email,
        "email_key": user.email_key,
        "name": user.name,
        "role": user.role.value,
        "state": user.state.value,
        "time_zone": user.time_zone,
        "culture": user.culture,
        "phone": user.phone,
        "job_title": user.job_title,
        "company": user.company,
        "start_salesflow_on_behalf": user.start_salesflow_on_behalf,
        "working_hours": to_stored(user.working_hours) if user.working_hours else None,
        **preferences.columns(user),
        "avatar_version": user.avatar_version,
        "second_factor": user.second_factor,
        "deleted_at": user.deleted_at,
        "version": user.version,
        "updated_at": user.updated_at,
    }


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(
        id=UserId(row.id),
        email=row.email,
        name=row.name,
        role=Role(row.role),
        state=UserState(row.state),
        time_zone=row.time_zone,
        culture=row.culture,
        phone=row.phone,
        job_title=row.job_title,
        company=row.company,
        start_salesflow_on_behalf=row.start_salesflow_on_behalf,
        working_hours=from_stored(row.working_hours) if row.working_hours else None,
        **preferences.fields(row),
        avatar_version=row.avatar_version,
        second_factor=row.second_factor,
        deleted_at=row.deleted_at,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
