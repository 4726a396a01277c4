"""The embedded PostgreSQL and Redis: real processes on real directories."""

import asyncio
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
import redis

from adapters.embedded import EmbeddedServers, processes, start
from adapters.embedded.processes import ServerFailed, wait_until_ready


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """With a space in its path, and open to the user that PostgreSQL runs as."""
    parent = Path(tempfile.mkdtemp(prefix="engage test "))
    parent.chmod(0o711)
    (parent / "data dir").mkdir(mode=0o711)
    yield parent / "data dir"
    shutil.rmtree(parent)


@pytest.fixture
def started() -> Iterator[Callable[[Path], EmbeddedServers]]:
    running: list[EmbeddedServers] = []

    def start_on(directory: Path) -> EmbeddedServers:
        running.append(start(directory))
        return running[-1]

    yield start_on
    for servers in running:
        servers.stop()


def query(url: str, sql: str) -> Any:
    async def ask() -> Any:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def execute(servers: EmbeddedServers, sql: str) -> None:
    servers.postgres.sql(sql, "engage")


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def processes_on(directory: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        command = process.info["cmdline"] or []
        if any(str(directory) in argument for argument in command) and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def test_the_login_role_owns_nothing_and_bypasses_nothing(
    data_dir: Path, started: Callable[[Path], EmbeddedServers]
) -> None:
    servers = started(data_dir)

    flags = "select rolsuper or rolbypassrls or rolcreaterole or rolinherit from pg_roles where rolname = current_user"
    assert query(servers.database_url, flags) is False
    assert query(servers.database_url, "select pg_get_userbyid(datdba) from pg_database where datname = 'engage'") == (
        "engage_owner"
    )


def test_no_server_listens_on_the_network(data_dir: Path, started: Callable[[Path], EmbeddedServers]) -> None:
    servers = started(data_dir)

    for process in processes_on(data_dir):
        assert [c for c in process.net_connections(kind="inet") if c.status == psutil.CONN_LISTEN] == []
    assert servers.sockets.stat().st_mode & 0o777 == 0o700


def test_postgresql_never_runs_as_root(data_dir: Path, started: Callable[[Path], EmbeddedServers]) -> None:
    servers = started(data_dir)

    assert servers.postgres.process is not None
    assert psutil.Process(servers.postgres.process.pid).uids().effective != 0
    assert servers.postgres.place.cluster == data_dir / "postgres"


def test_where_root_passes_but_postgresql_does_not_the_database_lives_elsewhere_and_says_so(
    data_dir: Path, started: Callable[[Path], EmbeddedServers]
) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    inner = closed / "data"
    inner.mkdir()

    servers = started(inner)
    execute(servers, "create table kept as select 1 as one")
    servers.stop()
    again = started(inner)
    cluster = again.postgres.place.cluster

    moved = os.geteuid() == 0
    assert (str(cluster) in again.notice) == moved
    assert cluster.is_relative_to(closed) != moved
    assert query(again.database_owner_url, "select count(*) from pg_tables where tablename = 'kept'") == 1
    assert closed.stat().st_mode & 0o777 == 0o700
    again.stop()
    shutil.rmtree(cluster.parent)


def test_two_systems_run_side_by_side(data_dir: Path, started: Callable[[Path], EmbeddedServers]) -> None:
    first, second = started(_sibling(data_dir, "one")), started(_sibling(data_dir, "two"))

    execute(first, "create table only_here ()")
    redis.Redis.from_url(first.redis_url).set("only", "here")

    assert query(second.database_owner_url, "select to_regclass('only_here')") is None
    assert redis.Redis.from_url(second.redis_url).get("only") is None


def test_data_survive_a_killed_postgresql(data_dir: Path, started: Callable[[Path], EmbeddedServers]) -> None:
    servers = started(data_dir)
    execute(servers, "create table kept as select 42 as answer; grant select on kept to engage")
    assert servers.postgres.process is not None

    servers.postgres.process.kill()
    servers.postgres.process.wait()
    servers.postgres.restart()

    assert query(servers.database_url, "select answer from kept") == 42


def test_a_killed_postgresql_comes_back_though_a_session_is_slow_to_notice(
    data_dir: Path, started: Callable[[Path], EmbeddedServers]
) -> None:
    servers = started(data_dir)
    postgres, log = servers.postgres, servers.postgres.log
    assert postgres.process is not None
    busy = min(psutil.Process(postgres.process.pid).children(), key=lambda child: child.pid)
    busy.suspend()
    postgres.process.kill()
    postgres.process.wait()

    with ThreadPoolExecutor(1) as aside:
        restarting = aside.submit(postgres.restart)
        try:
            until(lambda: "is still in use" in log.read_text(), "the memory was seen to be in use")
        finally:
            busy.resume()
        restarting.result(60)

        assert query(servers.database_url, "select 42") == 42


def test_stopping_leaves_no_process_and_no_socket(data_dir: Path, started: Callable[[Path], EmbeddedServers]) -> None:
    servers = started(data_dir)
    assert processes_on(data_dir)

    servers.stop()

    assert processes_on(data_dir) == []
    assert not servers.sockets.exists()


def test_a_killed_program_takes_its_servers_along_and_the_next_start_finds_the_data(
    data_dir: Path, started: Callable[[Path], EmbeddedServers]
) -> None:
    program = (
        "import sys, time, pathlib; from adapters.embedded import start\n"
        "servers = start(pathlib.Path(sys.argv[1])); servers.postgres.sql('create table kept ()', 'engage')\n"
        "print('started', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(data_dir)], stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"started\n"
        holder.kill()
    if sys.platform == "linux":
        until(lambda: processes_on(data_dir) == [], "the servers ended with their program")

    servers = started(data_dir)

    assert query(servers.database_owner_url, "select to_regclass('kept')::text") == "kept"


def test_a_failing_start_names_the_log_and_leaves_nothing(data_dir: Path) -> None:
    servers = start(data_dir, durable=False)
    servers.stop()
    control = servers.postgres.place.cluster / "global" / "pg_control"
    control.write_bytes(b"")

    with pytest.raises(ServerFailed, match=r"postgres\.log"):
        start(data_dir, durable=False)

    assert processes_on(data_dir) == []


def test_whoever_waits_for_a_server_is_told_once_what_for(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "QUIET_SECONDS", 0.01)
    told: list[str] = []
    looks = itertools.count()
    slow = subprocess.Popen(["sleep", "60"])
    log = data_dir / "postgres.log"

    try:
        wait_until_ready(slow, lambda: bool(told) and next(looks) > 3, "The embedded PostgreSQL", log, told.append)
    finally:
        slow.kill()
        slow.wait()

    assert told == [f"The embedded PostgreSQL is still starting, which takes longer after a crash. See {log}."]


def test_signals_for_us_do_not_reach_the_servers(data_dir: Path, started: Callable[[Path], EmbeddedServers]) -> None:
    """Ctrl-C goes to a whole process group; we stop our servers ourselves, in order."""
    servers = started(data_dir)

    for server in (servers.postgres, servers.redis):
        assert server.process is not None
        assert os.getpgid(server.process.pid) != os.getpgid(0)


def test_the_servers_share_our_session(data_dir: Path, started: Callable[[Path], EmbeddedServers]) -> None:
    """Linux weighs sessions against each other; what comes later than others does so inside of one."""
    servers = started(data_dir)

    for server in (servers.postgres, servers.redis):
        assert server.process is not None
        assert os.getsid(server.process.pid) == os.getsid(0)


def _sibling(data_dir: Path, name: str) -> Path:
    directory = data_dir / name
    directory.mkdir(mode=0o711)
    return directory
