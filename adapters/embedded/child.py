"""Becomes another program that dies with the one that started it; run by path, before anything is imported.

    python child.py PARENT_PID SIGNAL UID GID PROGRAM ARGUMENT…      "-" for UID and GID: stay who we are
    python child.py --reach UID GID PATH…                            exit code 0 when that user can enter each PATH

A wrapper instead of `preexec_fn`, which is unsafe in a process with threads (documentation of subprocess.Popen).
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def become(uid: str, gid: str) -> None:
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))


def die_with_parent(parent: int, signal_number: int) -> None:
    """After `become`: the kernel forgets the signal when credentials change (man 2 PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def main(arguments: list[str]) -> None:
    if arguments[0] == "--reach":
        become(*arguments[1:3])
        sys.exit(0 if all(os.access(path, os.X_OK) for path in arguments[3:]) else 1)
    parent, signal_number, uid, gid, *program = arguments
    become(uid, gid)
    die_with_parent(int(parent), int(signal_number))
    os.execv(program[0], program)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
