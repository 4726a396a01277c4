"""Locked packages: pinned, hashed, and without the address that they came from."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON_LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_a_python_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert re.findall(r"https?://|file://|--(?:extra-)?index-url|--find-links", text) == []


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_python_package_is_pinned_and_hashed(lock: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text().strip())

    assert [block.split("\n")[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_the_npm_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_development_has_what_production_has() -> None:
    production, development = (
        set(re.findall(r"^([\w.-]+==[^\s;]+)", (ROOT / lock).read_text(), re.M)) for lock in PYTHON_LOCKS
    )

    assert production - development == set()
