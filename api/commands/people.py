"""`engage admin create`, `token create`, `demo`: the first people of an installation."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from adapters.bootstrap import Container, open_container
from adapters.settings import load_settings
from api.commands import CommandFailed
from api.commands.reachable import check_database
from domain.accounts.inviting import Invited
from domain.accounts.model import NewOrganization
from domain.accounts.one_time_links import path_of
from domain.shared.principal import Role

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class NewAdministrator:
    """An organization and the first who administers it, as they are told to the command."""

    organization: str
    email: str
    name: str
    culture: str
    time_zone: str
    postal_address: str


def create_administrator(data_dir: Path | None, told: NewAdministrator, password: str) -> None:
    """Who can sign in at once. Raises EngageError when the address is taken or the password too weak."""
    new = NewOrganization(
        told.organization,
        told.name,
        told.email,
        password,
        time_zone=told.time_zone,
        culture=told.culture,
        postal_address=told.postal_address,
    )

    async def create(container: Container) -> None:
        await container.accounts.create_organization(new)

    with_services(data_dir, create)


def welcome_administrator(data_dir: Path | None, told: NewAdministrator) -> str | None:
    """Who is welcomed by a mail; gives the link that would stand in it where mail is off.

    Raises EngageError when the address is taken.
    """
    administrator = Invited(told.email, told.name, Role.ADMINISTRATOR, told.time_zone, told.culture)

    async def create(container: Container) -> str | None:
        link = await container.inviting.found(told.organization, administrator, told.postal_address)
        if container.settings.smtp_host:
            return None
        return container.settings.public_url.rstrip("/") + path_of(link.kind, container.link_tokens.token_of(link))

    return with_services(data_dir, create)


def create_token(data_dir: Path | None, *, email: str, scopes: Sequence[str], lifetime: timedelta) -> str:
    """The token, shown this once. Raises EngageError for an unknown user or scope."""

    async def create(container: Container) -> str:
        return await container.accounts.create_token_for(email, scopes or None, lifetime)

    return with_services(data_dir, create)


def load_demo(data_dir: Path | None, contacts: int, told: Callable[[int], object]) -> None:
    """May be repeated; `told` hears how many of the contacts are there. Raises CommandFailed outside demo mode."""
    if not load_settings(data_dir).demo:
        raise CommandFailed("This installation is not in demo mode (ENGAGE_DEMO).")
    with_services(data_dir, lambda container: container.load_demo(contacts, told))


def with_services(data_dir: Path | None, act: Callable[[Container], Awaitable[Result]]) -> Result:
    """Does something with the services of the installation. Raises CommandFailed when the database is not ready."""
    settings = load_settings(data_dir)
    check_database(settings)

    async def run() -> Result:
        async with open_container(settings) as container:
            return await act(container)

    return asyncio.run(run())
