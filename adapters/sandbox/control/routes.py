"""Everything below /control: the sandbox's own interface for scripts and for its page."""

from fastapi import APIRouter

from adapters.sandbox.control import accounts, clock, google, messages, requests, smtp

router = APIRouter(prefix="/control")
for area in (messages, accounts, requests, clock, google, smtp):
    router.include_router(area.router)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}
