"""An archivist that is killed at any moment: every sequence is archived, once, and the chain is whole."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.audit.arkivet import Arkivet, inntil
from tests.audit.rader import hendelser


@contextmanager
def _arkivar(arkivet: Arkivet) -> Iterator[subprocess.Popen[bytes]]:
    """A process that archives, killed with SIGKILL at the end."""
    kall = [sys.executable, "-m", "tests.audit.prosess", arkivet.nats.url, arkivet.nats.token, arkivet.audit_url]
    prosess = subprocess.Popen(kall)  # noqa: S603 - our own module
    try:
        yield prosess
    finally:
        prosess.kill()
        prosess.wait()


async def test_after_kill_9_in_the_stream_every_sequence_is_there_once(arkivet: Arkivet) -> None:
    fortalt = drept_midt_i = 0
    while drept_midt_i < 3:  # one that had written it all before we looked is no test
        with _arkivar(arkivet) as prosess:
            fortelles = asyncio.create_task(arkivet.skjer(hendelser(1500)))

            async def midt_i(maal: int = fortalt + 400) -> bool:
                assert prosess.poll() is None
                return (await arkivet.hode()).sekvens > maal

            await inntil(midt_i)
        drept_midt_i += not await arkivet.har_alt() or not fortelles.done()
        await fortelles
        fortalt += 1500
    with _arkivar(arkivet):
        await inntil(arkivet.har_alt)
    assert [r.sekvens for r in await arkivet.rader()] == list(range(1, fortalt + 1))
    resultat = await arkivet.verifisert()
    assert (resultat.hel, resultat.rader, resultat.hull) == (True, fortalt, ())
