"""The reference server: FastAPI over an asyncpg pool, without sign-in, tenants, names or words.

`python -m bench.lists_reference DATABASE_URL --port PORT`.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import orjson
import uvicorn
from fastapi import FastAPI, Response

# What our own page shows of a contact, as it is stored.
PAGE = """
select cast(id as text) as id, salutation, first_name, last_name, email, company, job_title, business_phone,
  mobile_phone, street, city, state, zip, country, time_zone, custom, email_state, opted_out_at, do_not_call_at,
  last_activity_at, created_at, updated_at, version, cast(status_id as text) as status_id,
  cast(owner_id as text) as owner_id
from contacts
where organization_id = $1 and id < $2 and deleted_at is null
order by contacts.id desc
limit 50
"""
POOL = 10


def create_app(database_url: str) -> FastAPI:
    """Two routes: a small answer, and a page."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            database_url, min_size=POOL, max_size=POOL, server_settings={"jit": "off"}
        ) as app.state.pool:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/small")
    async def small() -> Response:
        return Response(orjson.dumps({"ok": True}), media_type="application/json")

    @app.get("/contacts")
    async def contacts(organization_id: UUID, id: UUID) -> Response:
        rows = await app.state.pool.fetch(PAGE, organization_id, id)
        return Response(orjson.dumps([dict(row) for row in rows]), media_type="application/json")

    return app


if __name__ == "__main__":
    uvicorn.run(create_app(sys.argv[1]), port=int(sys.argv[3]), log_level="error", access_log=False)
