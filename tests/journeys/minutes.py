"""Lets minutes pass since a user last showed who sits at his sessions: that time is the machine's, and cannot be moved.

`python -m tests.journeys.minutes DATA_DIR EMAIL [MINUTES]`, beside the system that runs on the directory.
"""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

import asyncpg

EARLIER = """
update sessions set created_at = created_at - $1::interval, confirmed_at = confirmed_at - $1::interval
where user_id in (select id from users where email_key = $2)
"""


async def minutes_pass(data_dir: Path, email: str, minutes: int) -> None:
    settings = json.loads((data_dir / "state.json").read_text())["settings"]
    connection = await asyncpg.connect(settings["database_superuser_url"].replace("+asyncpg", ""))
    try:
        await connection.execute(EARLIER, timedelta(minutes=minutes), email.casefold())
    finally:
        await connection.close()


if __name__ == "__main__":
    directory, address, *rest = sys.argv[1:]
    asyncio.run(minutes_pass(Path(directory), address, int(rest[0]) if rest else 11))
