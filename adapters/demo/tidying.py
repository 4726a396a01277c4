"""After many people came at once: with vacuum, lists read indexes alone, and plans know how many there are."""

import asyncpg

from adapters.demo.filling import PATIENCE_SECONDS

FILLED = ("contacts", "contact_terms", "activities")


async def tidy_up(owner_url: str) -> None:
    """As whom the tables belong to; for anybody else PostgreSQL does nothing, and goes over them in its own time."""
    connection = await asyncpg.connect(owner_url.replace("postgresql+asyncpg://", "postgresql://", 1))
    try:
        for table in FILLED:
            await connection.execute(f"vacuum (analyze) {table}", timeout=PATIENCE_SECONDS)
    finally:
        await connection.close()
