"""What the sandbox must be told at its start."""

from dataclasses import dataclass
from pathlib import Path
from socket import socket


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """An OAuth client as it was registered in a provider's console.

    Any loopback address is accepted as its redirect, besides the ones named here, which must match exactly.
    """

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """`public_url` is where callers reach the sandbox, without a slash at the end.

    `clock_file` holds how far business time is ahead (see clock.py); without one the file is kept in `state_directory`.
    `state_directory` keeps everything that must survive a restart; it is made when missing.
    `smtp_listener` is a bound socket on which mail is taken; without one none is.
    """

    public_url: str
    state_directory: Path
    clock_file: Path | None = None
    google_clients: tuple[RegisteredClient, ...] = ()
    smtp_listener: socket | None = None
