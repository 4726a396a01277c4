"""The outermost layer of the sandbox: logs what each stand-in receives and puts the faults into its way."""

import time
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.sandbox import faults
from adapters.sandbox.clock import MovableClock
from adapters.sandbox.faults import Fault, FaultKind, Faults
from adapters.sandbox.request_log import LoggedRequest, RequestLog

PROVIDERS = ("google", "microsoft", "salesforce", "twilio", "zoominfo")
_TIMEOUT_SECONDS = 120.0
_SLOW_SECONDS = 10.0

ErrorBody = Callable[[str, int, int | None], bytes]
"""(path, status, retry after so many seconds) to the body of an error in that provider's own shape."""


class Front:
    """Wraps the applications whole, so that it holds the server's own `send` and can drop the line.

    `own` answers the control routes and the page, `providers` everything below a provider's name.
    """

    def __init__(
        self,
        own: ASGIApp,
        providers: ASGIApp,
        clock: MovableClock,
        log: RequestLog,
        rules: Faults,
        error_body: ErrorBody,
    ) -> None:
        self._own, self._providers = own, providers
        self._clock, self._log, self._rules, self._error_body = clock, log, rules, error_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider = scope["path"].split("/", 2)[1] if scope["type"] == "http" else ""
        if provider not in PROVIDERS:
            await self._own(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        entry = self._log.begin(self._clock.now(), provider, method, path, scope["query_string"].decode("latin-1"))
        began = time.perf_counter()
        try:
            await self._answer(entry, scope, receive, send)
        finally:
            entry.milliseconds = round((time.perf_counter() - began) * 1000, 2)

    async def _answer(self, entry: LoggedRequest, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._rules.strike(entry.provider, entry.method, entry.path)
        if fault is None:
            await self._providers(scope, receive, _noting_status(entry, send))
            return
        entry.fault = fault.kind.value
        held = await faults.act_unheard(self._providers, scope, receive) if _acts(fault) else faults.HeldAnswer()
        if fault.kind in (FaultKind.RESET, FaultKind.ACCEPTED_THEN_RESET):
            await faults.reset(receive, send)
        elif fault.kind is FaultKind.TIMEOUT:
            if not await faults.hung_up_within(receive, fault.seconds or _TIMEOUT_SECONDS):
                await faults.reset(receive, send)
        elif fault.kind is FaultKind.SLOW:
            await faults.trickle(_noting_status(entry, send), held, fault.seconds or _SLOW_SECONDS)
        elif fault.kind is FaultKind.GARBAGE:
            await faults.garbage(_noting_status(entry, send))
        else:
            await self._error(fault, entry, send)

    async def _error(self, fault: Fault, entry: LoggedRequest, send: Send) -> None:
        wait = fault.retry_after if fault.retry_after is not None else (1 if fault.status == 429 else None)
        body = self._error_body(entry.path, fault.status, wait)
        extra = [(b"retry-after", str(wait).encode())] if wait is not None else []
        await faults.answer(_noting_status(entry, send), fault.status, b"application/json; charset=UTF-8", body, extra)


def _acts(fault: Fault) -> bool:
    return fault.accepted or fault.kind in (FaultKind.ACCEPTED_THEN_RESET, FaultKind.SLOW)


def _noting_status(entry: LoggedRequest, send: Send) -> Callable[[Message], Awaitable[None]]:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.status = message["status"]
        await send(message)

    return noting
