"""Showing how far a long walk has come: a bar on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

LINJE_FOR_HVER = 100_000


@contextmanager
def framdrift(hva: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with how many are done, and of how many."""
    if not sys.stderr.isatty():
        yield _linjer(hva)
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        oppgave = bar.add_task(hva, total=None)
        yield lambda gjort, av: bar.update(oppgave, completed=gjort, total=max(av, gjort))


def _linjer(hva: str) -> Callable[[int, int], None]:
    """A line now and then; a short walk gets none."""

    def vis(gjort: int, av: int) -> None:
        if gjort % LINJE_FOR_HVER == 0:
            sys.stderr.write(f"{hva}: {gjort} av {max(av, gjort)}\n")

    return vis
