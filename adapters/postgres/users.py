"""The users of an organization."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, or_, select, tuple_, update
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
NAME_KEY = func.lower(users.c.name).label("name_key")


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
            raise AlreadyExists("There is a user with this address already.", "user_email") from error

    async def get(self, user_id: UserId) -> User:
        found = await self.many([user_id])
        if user_id not in found:
            raise NotFound("user")
        return found[user_id]

    async def locked(self, user_id: UserId) -> User:
        query = select(users).where(users.c.id == user_id).with_for_update(key_share=True)
        row = (await self._transaction.execute(query)).first()
        if row is None:
            raise NotFound("user")
        self._known[user_id] = user = _user(row)
        return user

    async def many(self, user_ids: Iterable[UserId]) -> dict[UserId, User]:
        wanted = set(user_ids)
        missing = wanted - self._known.keys()
        if missing:
            rows = (await self._transaction.execute(select(users).where(users.c.id.in_(missing)))).all()
            self._known.update({UserId(row.id): _user(row) for row in rows})
        return {user_id: self._known[user_id] for user_id in wanted if user_id in self._known}

    async def senders(self, user_ids: Iterable[UserId]) -> dict[UserId, Sender]:
        return {user_id: sender(user) for user_id, user in (await self.many(user_ids)).items()}

    async def hold(self, user_id: UserId) -> User:
        query = select(users).where(users.c.id == user_id).with_for_update(read=True)
        row = (await self._transaction.execute(query)).one_or_none()
        if row is None:
            raise NotFound("user")
        self._known[user_id] = user = _user(row)
        return user

    async def lock(self, user_ids: Iterable[UserId]) -> dict[UserId, User]:
        # Not the strongest lock: rows that refer to the user may still be added and changed by others. They check that
        # late, when they hold what whoever locks a user goes on to wait for.
        query = select(users).where(users.c.id.in_(set(user_ids))).order_by(users.c.id)
        query = query.with_for_update(key_share=True)
        found = {UserId(row.id): _user(row) for row in (await self._transaction.execute(query)).all()}
        self._known.update(found)
        return found

    async def lock_administrators(self) -> set[UserId]:
        query = select(users.c.id).where(
            users.c.role == Role.ADMINISTRATOR.value, users.c.state == UserState.ACTIVE.value
        )
        locked = query.order_by(users.c.id).with_for_update(key_share=True)
        return {UserId(row.id) for row in (await self._transaction.execute(locked)).all()}

    async def without_second_factor(self) -> int:
        lacking = select(func.count()).where(users.c.state == UserState.ACTIVE.value, users.c.second_factor.is_(False))
        return int((await self._transaction.execute(lacking)).scalar_one())

    async def directory(self, words: str, page: PageRequest) -> Page[Colleague]:
        query = select(users.c.id, users.c.name, users.c.email, NAME_KEY)
        rows, cursor = await self._page(query.where(users.c.state != UserState.DELETED.value), words, page)
        return Page([Colleague(UserId(row.id), row.name, row.email) for row in rows], cursor)

    async def page(self, words: str, states: Sequence[UserState], page: PageRequest) -> Page[User]:
        query = select(users, NAME_KEY).where(users.c.state.in_([state.value for state in states]))
        rows, cursor = await self._page(query, words, page)
        return Page([_user(row) for row in rows], cursor)

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

    async def _page(self, query: Select[Any], words: str, page: PageRequest) -> tuple[Sequence[Row[Any]], str | None]:
        """By name, those that contain the words; and the cursor of the next page."""
        if words:
            folded = words.lower()
            query = query.where(or_(func.strpos(NAME_KEY, folded) > 0, func.strpos(users.c.email_key, folded) > 0))
        if page.cursor:
            query = query.where(tuple_(NAME_KEY, users.c.id) > tuple_(*read_cursor(ORDER, page.cursor, (str, UUID))))
        query = query.order_by(NAME_KEY, users.c.id).limit(page.limit + 1)
        rows = (await self._transaction.execute(query)).all()
        shown = rows[: page.limit]
        more = len(rows) > page.limit
        return shown, write_cursor(ORDER, (shown[-1].name_key, shown[-1].id)) if more else None


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
        "dialer_phone": user.dialer_phone,
        "dialer_extension": user.dialer_extension,
        "dialer_phone_verified_at": user.dialer_phone_verified_at,
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
        dialer_phone=row.dialer_phone,
        dialer_extension=row.dialer_extension,
        dialer_phone_verified_at=row.dialer_phone_verified_at,
        deleted_at=row.deleted_at,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
