"""`engage` as people and scripts meet it."""

import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from engage_command import Run, engage, processes_on, reachable_directory, running, until

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def system() -> Iterator[Run]:
    with reachable_directory() as data_dir, running(data_dir) as run:
        yield run


def test_ready_means_that_all_of_it_answers(system: Run) -> None:
    assert system.answers("/healthz")
    assert system.answers("/readyz")
    assert system.sandbox_url is not None
    assert httpx.get(f"{system.sandbox_url}/control/healthz").status_code == 200


def test_every_part_is_told_apart_by_its_command_line(system: Run) -> None:
    for name in ("serve", "worker", "sandbox"):
        command = psutil.Process(system.pid_of(name)).cmdline()
        assert command[2:5] == [name, "--data-dir", str(system.data_dir)]


@pytest.mark.parametrize("name", ["worker", "serve", "sandbox"])
def test_a_killed_part_is_started_again(system: Run, name: str) -> None:
    before = system.pid_of(name)

    os.kill(before, signal.SIGKILL)

    until(lambda: system.pid_of(name) != before, f"{name} has a new process")
    until(lambda: system.answers("/readyz"), "all of it answers again")


def test_a_killed_postgresql_comes_back(system: Run) -> None:
    pid = int((system.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])

    os.kill(pid, signal.SIGKILL)

    until(lambda: not psutil.pid_exists(pid), "the old server is gone")
    until(lambda: system.answers("/readyz"), "all of it answers again")


def test_other_commands_find_the_running_system(system: Run) -> None:
    report = system.command("doctor").stdout

    assert f"ENGAGE_PUBLIC_URL{'':<18}{system.url}".split() == report[report.index("ENGAGE_PUBLIC_URL") :].split()[:2]
    assert "PostgreSQL     18" in report
    assert "Mail           by 127.0.0.1 port" in report


def test_mail_of_our_own_goes_to_the_sandbox(system: Run) -> None:
    told = httpx.get(f"{system.sandbox_url}/control/smtp").json()
    settings = system.state()["settings"]

    assert (settings["smtp_host"], settings["smtp_port"]) == (told["host"], told["port"])
    with smtplib.SMTP(told["host"], told["port"], timeout=10) as line:
        line.sendmail("engage@demo.example", ["nobody@example.com"], "Subject: Hello\r\n\r\nHello.\r\n")
    found = httpx.get(f"{system.sandbox_url}/control/messages", params={"to": "nobody@example.com"}).json()
    assert [mail["subject"] for mail in found["items"]] == ["Hello"]


def test_a_second_worker_can_be_started_beside_it(system: Run) -> None:
    command = [sys.executable, str(Path(sys.executable).with_name("engage")), "worker"]
    worker = subprocess.Popen([*command, "--data-dir", str(system.data_dir)], stderr=subprocess.DEVNULL)
    with worker:
        try:
            until(lambda: _connections(worker.pid) > 0, "it works")
        finally:
            worker.terminate()

    assert worker.returncode in (0, -signal.SIGTERM)


def _connections(pid: int) -> int:
    return len(psutil.Process(pid).net_connections(kind="unix"))


def test_a_first_administrator_is_welcomed_by_mail(system: Run) -> None:
    told = ("--organization", "Fabrikam", "--email", "fay@fabrikam.example", "--name", "Fay First")

    made, again = system.command("admin", "create", *told), system.command("admin", "create", *told, "--password", "x")

    assert made.stdout == (
        "fay@fabrikam.example administers Fabrikam once the password is chosen; the link is on its way by mail.\n"
    )
    assert (again.returncode, again.stderr) == (1, "Choose at least 12 characters.\n")
    until(lambda: bool(_welcomes(system)), "the welcome arrived")
    [token] = re.findall(r"/app/welcome/([\w-]+)", _welcomes(system)[0]["text"])
    with httpx.Client(base_url=system.url) as browser:
        joined = browser.post(f"/auth/invitations/{token}/accept", json={"password": "correct horse staple"})
        assert (joined.status_code, joined.json()["role"]) == (200, "administrator")
        assert browser.get("/me").json()["organization"]["name"] == "Fabrikam"


def test_a_german_administrator_is_welcomed_in_german(system: Run) -> None:
    told = ("--organization", "Beispiel GmbH", "--email", "uta@beispiel.example", "--name", "Uta Erste")

    made = system.command("admin", "create", *told, "--culture", "de-DE", "--time-zone", "Europe/Berlin")

    assert made.stderr == ""
    until(lambda: bool(_welcomes(system, "uta@beispiel.example")), "the welcome arrived")
    assert _welcomes(system, "uta@beispiel.example")[0]["subject"] == "Willkommen bei Engage"


def test_an_administrator_of_no_known_culture_is_refused_in_a_sentence(system: Run) -> None:
    told = ("--organization", "Atlantis", "--email", "ada@atlantis.example", "--name", "Ada", "--culture", "xx")

    refused = system.command("admin", "create", *told)

    assert (refused.returncode, refused.stderr) == (1, "Give a language and a region, like en-US.\n")


def _welcomes(system: Run, address: str = "fay@fabrikam.example") -> list[Any]:
    found = httpx.get(f"{system.sandbox_url}/control/messages", params={"to": address}).json()
    return list(found["items"])


def test_an_administrator_with_a_password_signs_in_at_once(system: Run) -> None:
    told = ("--organization", "Contoso", "--email", "cora@contoso.example", "--name", "Cora")

    made = system.command("admin", "create", *told, "--password", "correct horse staple")

    assert made.stdout == "cora@contoso.example administers Contoso.\n"
    login = {"email": "cora@contoso.example", "password": "correct horse staple"}
    assert httpx.post(f"{system.url}/auth/login", json=login).status_code == 200


def test_a_token_is_printed_and_nothing_else(system: Run) -> None:
    made = system.command("token", "create", "--email", "rep@demo.example", "--scope", "contacts:read", "--ttl", "2h")

    assert made.stderr == ""
    assert made.stdout.startswith("eng_pat_")
    assert made.stdout.count("\n") == 1
    answer = httpx.get(f"{system.url}/contacts", headers={"Authorization": f"Bearer {made.stdout.strip()}"})
    assert answer.status_code == 200


def test_a_token_for_nobody_is_refused_in_a_sentence(system: Run) -> None:
    refused = system.command("token", "create", "--email", "nobody@demo.example")

    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", "There is no such user.\n")


def test_the_demo_users_have_the_wizard_behind_them(system: Run) -> None:
    for email in ("admin@demo.example", "rep@demo.example"):
        token = system.command("token", "create", "--email", email, "--scope", "me:read").stdout.strip()
        me = httpx.get(f"{system.url}/me", headers={"Authorization": f"Bearer {token}"}).json()
        assert me["onboarding_done"] is True


def test_the_audit_log_is_followed_to_its_end(system: Run) -> None:
    told = system.command("audit", "verify")

    assert told.returncode == 0, told.stderr
    [line] = [line for line in told.stdout.splitlines() if "Northwind Demo" in line]
    assert line.endswith("entries  sound")
    organization_id = line.split()[0]
    alone = system.command("audit", "verify", "--organization", organization_id)
    assert alone.stdout == f"{line}\n"


def test_an_unknown_organization_has_no_audit_log(system: Run) -> None:
    nobody = "00000000-0000-0000-0000-000000000001"
    told = system.command("audit", "verify", "--organization", nobody)

    assert (told.returncode, told.stderr) == (1, "There is no such organization.\n")


def test_a_second_run_on_the_same_data_is_refused(system: Run) -> None:
    second = system.command("run", "--port", "0", "--sandbox-port", "0")

    assert second.returncode == 1
    assert second.stderr == f"Engage already runs on {system.data_dir} (process {system.process.pid}).\n"


@dataclass(frozen=True)
class TwoLives:
    """A system that was killed, then started again without sandbox, then asked to stop."""

    left_by_the_kill: list[list[str]]
    secrets: list[str]
    token_in_the_second: subprocess.CompletedProcess[str]
    sandbox_of_the_second: str | None
    exit_code: int
    seconds_to_stop: float
    left_by_the_stop: list[list[str]]


@pytest.fixture(scope="module")
def two_lives() -> Iterator[TwoLives]:
    with reachable_directory() as data_dir:
        secrets = data_dir / "secrets.json"
        with running(data_dir) as first:
            kept = [secrets.read_text()]
            first.end(signal.SIGKILL)
            deadline = time.monotonic() + 20
            while processes_on(data_dir) and time.monotonic() < deadline:
                time.sleep(0.05)
            left = processes_on(data_dir)
        with running(data_dir, "--no-sandbox") as second:
            kept.append(secrets.read_text())
            token = second.command("token", "create", "--email", "rep@demo.example")
            asked = time.monotonic()
            code = second.end()
            took = time.monotonic() - asked
        yield TwoLives(left, kept, token, second.sandbox_url, code, took, processes_on(data_dir))


def test_a_killed_run_leaves_no_process_behind(two_lives: TwoLives) -> None:
    """Only Linux tells children that their parent died; elsewhere the next start ends what is left."""
    assert two_lives.left_by_the_kill == [] or sys.platform != "linux"


def test_the_next_start_finds_data_and_secrets(two_lives: TwoLives) -> None:
    assert two_lives.token_in_the_second.returncode == 0, two_lives.token_in_the_second.stderr
    assert two_lives.secrets[0] == two_lives.secrets[1]


def test_without_sandbox_none_is_named_in_the_ready_line(two_lives: TwoLives) -> None:
    assert two_lives.sandbox_of_the_second is None


def test_sigterm_stops_every_part_within_seconds(two_lives: TwoLives) -> None:
    assert two_lives.exit_code == 0
    assert two_lives.seconds_to_stop < 15
    assert two_lives.left_by_the_stop == []


def test_secrets_are_read_by_their_owner_alone(system: Run) -> None:
    assert (system.data_dir / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert (system.data_dir / "state.json").stat().st_mode & 0o777 == 0o600


def test_ctrl_c_while_starting_stops_what_has_started() -> None:
    with reachable_directory() as data_dir:
        command = [sys.executable, str(Path(sys.executable).with_name("engage")), "run", "--port", "0"]
        process = subprocess.Popen([*command, "--sandbox-port", "0", "--data-dir", str(data_dir)])
        with process:
            until(lambda: (data_dir / "postgres" / "postmaster.pid").exists(), "PostgreSQL is starting")
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        assert processes_on(data_dir) == []


def refused_in_a_sentence(result: subprocess.CompletedProcess[str], words: str) -> None:
    assert result.returncode == 1, result.stderr
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith(".\n")


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as other, reachable_directory() as data_dir:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused_in_a_sentence(
            engage("run", "--port", str(port), "--data-dir", str(data_dir)), f"Port {port} on 127.0.0.1 is in use"
        )


def test_a_data_directory_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    refused_in_a_sentence(engage("run", "--data-dir", str(tmp_path / "file" / "data")), "cannot be used")


@pytest.mark.parametrize("command", ["run", "serve", "worker", "migrate"])
def test_a_database_that_cannot_be_reached_is_told(command: str, tmp_path: Path) -> None:
    given = {"ENGAGE_DATABASE_URL": "postgresql://engage:hunter2@127.0.0.1:9/engage", "ENGAGE_REDIS_URL": "redis://x"}
    options = ["--port", "0", "--sandbox-port", "0"] if command == "run" else []

    result = engage(command, *options, "--data-dir", str(tmp_path), given=given)

    refused_in_a_sentence(result, "The database at 127.0.0.1:9 cannot be reached")
    assert "hunter2" not in result.stderr


def test_a_demo_for_the_whole_network_is_refused(tmp_path: Path) -> None:
    result = engage("run", "--data-dir", str(tmp_path), given={"ENGAGE_HOST": "0.0.0.0"})

    refused_in_a_sentence(result, "Demo mode listens on loopback only")


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["migrate"], ["token", "create", "--email", "a@b.example"]])
def test_without_any_system_a_command_says_what_to_do(command: list[str], tmp_path: Path) -> None:
    refused_in_a_sentence(engage(*command, "--data-dir", str(tmp_path)), "start `engage run`")


def test_a_new_secret_key_is_printed_ready_to_use(tmp_path: Path) -> None:
    key = engage("doctor", "--new-secret-key").stdout.strip()

    checked = engage("doctor", "--data-dir", str(tmp_path), given={"ENGAGE_SECRET_KEYS": key})

    assert "Secret keys    1" in checked.stdout
    assert key not in checked.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "off: without ENGAGE_SMTP_HOST"),
        (
            {"ENGAGE_SMTP_HOST": "127.0.0.1", "ENGAGE_SMTP_PORT": "1"},
            "The mail server at 127.0.0.1 port 1 cannot be used",
        ),
    ],
)
def test_the_doctor_looks_for_the_mail_server(given: dict[str, str], said: str, tmp_path: Path) -> None:
    checked = engage("doctor", "--data-dir", str(tmp_path), given=given)

    assert said in checked.stdout


def test_the_kept_openapi_document_is_what_the_code_says() -> None:
    checked = engage("openapi", "--check")

    assert checked.returncode == 0, checked.stderr


def test_without_node_make_says_what_is_missing(tmp_path: Path) -> None:
    for name in ("sh", "command"):
        if (program := Path("/bin") / name).exists():
            (tmp_path / name).symlink_to(program)

    refused = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "need-node")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    refused_in_a_sentence(refused, "Engage needs Node 20 or newer")


def test_without_a_new_python_make_says_what_is_missing(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    refused = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "find-python")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    refused_in_a_sentence(refused, "Engage needs Python 3.11 or newer")
