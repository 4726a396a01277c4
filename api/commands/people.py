"""`engage admin create`, `token create`, `demo`: the first people of an installation."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from adapters.bootstrap import Container, open_container
from adapters.settings import load_settings
from api.commands import CommandFailed
from api.commands.reachable import check_database
from domain.accounts.model import NewOrganization

Result = TypeVar("Result")


def create_administrator(data_dir: Path | None, new: NewOrganization) -> None:
    """Raises EngageError when the address is taken or the password too weak."""

    async def create(container: Container) -> None:
        await container.accounts.create_organization(new)

    _with_services(data_dir, create)


def create_token(data_dir: Path | None, *, email: str, scopes: Sequence[str], lifetime: timedelta) -> str:
    """The token, shown this once. Raises EngageError for an unknown user or scope."""

    async def create(container: Container) -> str:
        return await container.accounts.create_token_for(email, scopes or None, lifetime)

    return _with_services(data_dir, create)


def load_demo(data_dir: Path | None) -> None:
    """May be repeated. Raises CommandFailed outside demo mode."""
    if not load_settings(data_dir).demo:
        raise CommandFailed("This installation is not in demo mode (ENGAGE_DEMO).")
    _with_services(data_dir, lambda container: container.load_demo())


def _with_services(data_dir: Path | None, act: Callable[[Container], Awaitable[Result]]) -> Result:
    settings = load_settings(data_dir)
    check_database(settings)

    async def run() -> Result:
        async with open_container(settings) as container:
            return await act(container)

    return asyncio.run(run())
