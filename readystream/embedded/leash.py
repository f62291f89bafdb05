"""Run a program that the kernel ends when its parent ends: `python leash.py PARENT_PID PROGRAM ARG ...`.

The program replaces this process and so keeps its pid. Linux only: it rests on `prctl(PR_SET_PDEATHSIG)`.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, program: list[str]) -> None:
    """Tie this process to `parent`, then become `program`."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the tie was made
        return
    os.execvp(program[0], program)  # noqa: S606 - a shell is just what this must not be


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
