"""The provider as it is, with something that happens right before or right after one call."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from adapters.bootstrap import Container
from domain.connections.model import Provider

Happening = Callable[[], Awaitable[object]]


class InterruptedMail:
    """Opens mailboxes; what is to happen happens once, in whichever mailbox the call comes first."""

    def __init__(self, mail: Any, call: str, before: Happening | None, after: Happening | None) -> None:
        self._mail = mail
        self.call, self.before, self.after = call, before, after

    def open(self, tokens: Any) -> Any:
        return InterruptedMailbox(self._mail.open(tokens), self)


class InterruptedMailbox:
    def __init__(self, mailbox: Any, plan: InterruptedMail) -> None:
        self._mailbox, self._plan = mailbox, plan

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._mailbox, name)
        return self._interrupted(method) if name == self._plan.call else method

    def _interrupted(self, method: Any) -> Any:
        async def called(*arguments: Any, **named: Any) -> Any:
            before, self._plan.before = self._plan.before, None
            if before:
                await before()
            answer = await method(*arguments, **named)
            after, self._plan.after = self._plan.after, None
            if after:
                await after()
            return answer

        return called


def interrupt(
    monkeypatch: pytest.MonkeyPatch,
    services: Container,
    call: str,
    *,
    before: Happening | None = None,
    after: Happening | None = None,
) -> None:
    """The next `call` of the mailbox port is preceded or followed by something else."""
    plan = InterruptedMail(services.mail[Provider.GOOGLE], call, before, after)
    monkeypatch.setitem(services.mail, Provider.GOOGLE, plan)
