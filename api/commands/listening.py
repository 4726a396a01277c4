"""Sockets that listen: bound before a server starts, so that a port in use is said at once, and 0 becomes a number."""

import errno
import http.client
import json
import socket

from api.commands import CommandFailed

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Raises CommandFailed when the port is in use or not ours to take."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as refused:
        listener.close()
        if refused.errno == errno.EADDRINUSE:
            raise CommandFailed(f"Port {port} on {host} is in use; choose another, 0 picks a free one.") from refused
        raise CommandFailed(f"Engage cannot listen on {host} port {port}: {refused.strerror}.") from refused
    return listener


def taken_over(descriptor: int) -> socket.socket:
    """The socket that the process which started us listens on."""
    return socket.socket(fileno=descriptor)


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def answers(host: str, port: int, path: str, *, all_checks: bool = False) -> bool:
    """Whether GET `path` answers 200 within two seconds; `all_checks`: and its `checks` are all "ok"."""
    connection = http.client.HTTPConnection(_to_connect(host), port, timeout=2)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        return response.status == 200 and (not all_checks or set(json.loads(body)["checks"].values()) <= {"ok"})
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()


def _to_connect(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
