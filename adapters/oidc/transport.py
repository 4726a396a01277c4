"""HTTP to hosts that customers name: looked up once, asked by address, briefly, and without being sent elsewhere."""

import asyncio

import httpx

from adapters.oidc.addresses import NotPublic, resolved

SECONDS = 5.0
MOST_BYTES = 1024 * 1024
PORTS = frozenset({None, 443, 8443})


class NotAllowed(httpx.TransportError):
    """This address is not asked, or its answer not taken."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """https to public addresses alone, on the ports of the web. With `loopback`, http to this machine as well.

    The name is looked up once and its address asked, so that no second answer of the name server leads elsewhere; TLS
    and the Host header have the name.
    """

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback
        # A kept connection would be found again by its address alone, whatever name it was opened for.
        limits = httpx.Limits(max_connections=20, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(retries=0, limits=limits, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            async with asyncio.timeout(SECONDS):
                return await self._asked(request)
        except TimeoutError as failure:
            raise httpx.ReadTimeout("no answer in time", request=request) from failure

    async def close(self) -> None:
        """Clients come and go over it; whoever made it closes it."""
        await self._inner.aclose()

    async def _asked(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        plain = url.scheme == "http" and self._loopback
        if not plain and (url.scheme != "https" or url.port not in PORTS):
            raise NotAllowed("not an address of the web", request=request)
        try:
            address = await resolved(url.host, url.port or (80 if plain else 443), loopback=plain)
        except NotPublic as refusal:
            raise NotAllowed(str(refusal), request=request) from refusal
        pinned = httpx.Request(
            request.method,
            url.copy_with(host=address),
            headers={**request.headers, "host": url.netloc.decode(), "accept-encoding": "identity"},
            content=await request.aread(),
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        answer = await self._inner.handle_async_request(pinned)
        try:
            return await _read(answer, request)
        finally:
            await answer.aclose()


async def _read(answer: httpx.Response, request: httpx.Request) -> httpx.Response:
    """The whole answer, uncompressed as it was asked for. Raises NotAllowed for a long or a packed one."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise NotAllowed("packed", request=request)
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise NotAllowed("too long", request=request)
    headers = [(name, value) for name, value in answer.headers.raw if name.lower() != b"transfer-encoding"]
    return httpx.Response(answer.status_code, headers=headers, content=bytes(body), request=request)
