"""For operators: is the process alive, can it serve, and what do the numbers say."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from api.dependencies import Services
from api.metrics import DUE_LAG, NEEDS_HUMAN, OUTBOX_AGE, UNKNOWN

router = APIRouter(tags=["ops"])


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> dict[str, str]:
    """Never touches the database: an outage there is no reason to restart this process."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can it serve?", responses={503: {"description": "Not ready; the checks say why."}})
async def readyz(services: Services) -> JSONResponse:
    """Database and migrations decide; Redis and a worker's heartbeat are told."""
    checks = await services.readiness()
    ready = checks["database"] == "ok" and checks["migrations"] == "ok"
    return JSONResponse({"status": "ok" if ready else "not_ready", "checks": checks}, 200 if ready else 503)


async def backlog(services: Services) -> dict[str, float]:
    """What waits, in numbers."""
    return await services.backlog()


@router.get("/metrics", summary="Metrics in Prometheus' format", response_class=Response)
async def metrics(waiting: Annotated[dict[str, Any], Depends(backlog)]) -> Response:
    """HTTP by route, and what waits to be sent or looked up. No names, no addresses."""
    DUE_LAG.set(waiting["due_lag_seconds"])
    UNKNOWN.set(waiting["unknown"])
    NEEDS_HUMAN.set(waiting["needs_human"])
    OUTBOX_AGE.set(waiting["outbox_oldest_seconds"])
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
