"""Other processes: whose children they are, and that none outlives the test that began it."""

from __future__ import annotations

import ctypes
import signal
import sys
from contextlib import suppress
from pathlib import Path


def barn(pid: int) -> list[int]:
    """The children of a process, by the kernel's own list."""
    ut: list[int] = []
    for fil in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):
            felt = fil.read_text().rpartition(")")[2].split()
            if int(felt[1]) == pid:
                ut.append(int(fil.parent.name))
    return ut


def lever(pid: int) -> bool:
    """Whether a process is there, and not only its number, which waits to be heard of."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def doe_med_forelder() -> None:
    """For `preexec_fn`: asks Linux to end this process when the one that began it ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
