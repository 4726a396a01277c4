"""Configuration: one tree, documented, without a default for a secret."""

import base64
import os
from pathlib import Path

import pytest

from adapters.running import DataDirLock, RunningSystem, forget_state, write_state
from adapters.settings import InvalidSettings, Settings, documented, load_settings

README = Path(__file__).resolve().parent.parent.parent / "README.md"
KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ENGAGE_"):
            monkeypatch.delenv(name)


def test_every_setting_says_what_it_means(tmp_path: Path) -> None:
    assert [line.variable for line in documented(load_settings(tmp_path)) if len(line.description) < 5] == []


def test_the_readme_names_every_setting() -> None:
    text = README.read_text()

    assert [name for name in Settings.model_fields if f"ENGAGE_{name.upper()}" not in text] == []


def test_secrets_are_masked_where_settings_are_shown(tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path,
        secret_keys=f"a:{KEY}",
        database_url="postgresql://engage:hunter2@db/engage",
        google_client_secret="s3",
    )

    shown = "\n".join(line.current for line in documented(settings)) + repr(settings)

    assert KEY not in shown
    assert "hunter2" not in shown
    assert "s3" not in shown.replace("google_client_secret", "")


def test_there_is_no_default_secret(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="ENGAGE_SECRET_KEYS is not set"):
        _ = load_settings(tmp_path).secret_key_ring


def test_the_first_key_of_the_ring_is_the_current_one(tmp_path: Path) -> None:
    ring = load_settings(tmp_path, secret_keys=f"new:{KEY}, old:{KEY}").secret_key_ring

    assert [key_id for key_id, _ in ring] == ["new", "old"]


@pytest.mark.parametrize("ring", ["nonsense", "a:too-short", f":{KEY}", "a:" + base64.b64encode(bytes(16)).decode()])
def test_a_key_ring_that_cannot_be_read_is_refused(ring: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="ENGAGE_SECRET_KEYS"):
        load_settings(tmp_path, secret_keys=ring)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.7", "::", "engage.example"])
def test_demo_mode_refuses_to_listen_beyond_this_machine(host: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="Demo mode listens on loopback only"):
        load_settings(tmp_path, demo=True, host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_demo_mode_listens_on_loopback(host: str, tmp_path: Path) -> None:
    assert load_settings(tmp_path, demo=True, host=host).demo


def test_a_wrong_value_is_told_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGE_PORT", "eighty")

    with pytest.raises(InvalidSettings, match=r"^ENGAGE_PORT: .*integer"):
        load_settings(tmp_path)


def test_a_running_system_is_found_by_its_data_directory(tmp_path: Path) -> None:
    lock = _running(tmp_path, database_url="postgresql+asyncpg://engage@/engage?host=/tmp/x")

    assert load_settings(tmp_path).database_url.endswith("host=/tmp/x")
    assert load_settings(tmp_path).secret_key_ring[0][0] == "kept"
    lock.release()


def test_what_a_dead_system_left_behind_is_not_believed(tmp_path: Path) -> None:
    _running(tmp_path, database_url="postgresql+asyncpg://engage@/engage?host=/tmp/x").release()

    assert load_settings(tmp_path).database_url == ""


def test_the_environment_wins_over_a_running_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = _running(tmp_path, database_url="postgresql+asyncpg://engage@/engage?host=/tmp/x", port=1234)
    monkeypatch.setenv("ENGAGE_DATABASE_URL", "postgresql://elsewhere/engage")

    settings = load_settings(tmp_path)

    assert settings.database_url == "postgresql+asyncpg://elsewhere/engage"
    assert settings.port == 8000, "another installation's state is no part of this one"
    lock.release()


def test_the_stand_in_replaces_every_host_of_google(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, google_base_url="http://127.0.0.1:8900/google/")

    assert settings.google_authorize_url == "http://127.0.0.1:8900/google/o/oauth2/v2/auth"
    assert settings.google_token_url == "http://127.0.0.1:8900/google/token"
    assert settings.google_revoke_url == "http://127.0.0.1:8900/google/revoke"
    assert settings.google_api_url == "http://127.0.0.1:8900/google/gmail/v1"


def test_mail_is_written_by_an_address_of_the_public_host_when_no_other_is_given(tmp_path: Path) -> None:
    public = {"public_url": "https://engage.example:8443"}

    assert load_settings(tmp_path, **public).mail_sender == "Engage <engage@engage.example>"
    assert load_settings(tmp_path, **public, mail_from="Sales <a@b.example>").mail_host == "b.example"


@pytest.mark.parametrize("sender", ["Engage", "Engage <>", "@engage.example", "engage@"])
def test_a_sender_without_an_address_is_refused(sender: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="ENGAGE_MAIL_FROM"):
        load_settings(tmp_path, mail_from=sender)


def _running(data_dir: Path, **settings: object) -> DataDirLock:
    secrets = data_dir / "secrets.json"
    secrets.write_text(f'{{"secret_keys": "kept:{KEY}"}}')
    lock = DataDirLock(data_dir)
    forget_state(data_dir)
    write_state(data_dir, RunningSystem(os.getpid(), dict(settings), secrets))
    return lock


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_of_ca_certificates_without_any_is_refused_at_once(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)

    with pytest.raises(InvalidSettings, match="ENGAGE_SMTP_CA_FILE: must be a file with CA certificates"):
        load_settings(tmp_path, smtp_ca_file=file)
