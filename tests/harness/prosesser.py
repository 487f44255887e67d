"""Other processes, by the kernel's own list."""

from __future__ import annotations

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
