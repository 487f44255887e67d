"""When nothing more will happen by itself: every room idle, every message out, the gateway silent."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from prometheus_client import REGISTRY
from sqlalchemy import text

from infra.db import NEDE
from infra.journal.feil import NEDE_FEIL
from infra.journal.topologi import JOURNAL
from infra.simulator.klient import IkkeSkjedd, Simulator, vent
from services.audit import store
from services.program import Program

UNDERVEIS = {
    kanal: text(
        "select status, forsoek, formaal, neste, count(*) as antall"  # noqa: S608 - our own names
        f" from {kanal}_melding where status in ('klar', 'sender', 'tvil') group by 1, 2, 3, 4"
    )
    for kanal in ("sms", "epost")
}


def frys(pid: int) -> None:
    """SIGSTOP, and not back before every thread stands still: until then the process may answer once more."""
    os.kill(pid, signal.SIGSTOP)
    while not all(_staar(traad) for traad in Path(f"/proc/{pid}/task").iterdir()):
        os.sched_yield()


def _staar(traad: Path) -> bool:
    return (traad / "stat").read_text().rpartition(")")[2].split()[0] == "T"


async def stillhet(program: Program, simulator: Simulator, innen_sekunder: float) -> None:
    """Waits until two looks in a row find the journal as it was and nobody at work; fails with who was."""
    siste, uro = -1, ""

    async def ser() -> bool | None:
        nonlocal uro
        try:
            return await ingenting_skjer()
        except (*NEDE, *NEDE_FEIL) as feil:  # who stood still is asked again
            uro = f"får ikke sett etter: {type(feil).__name__}"
            return None

    async def ingenting_skjer() -> bool | None:
        nonlocal siste, uro
        foer, siste = siste, await _siste_sekvens(program)
        uro = await _i_arbeid(program) or await _underveis(program) or await _i_gatewayen(simulator)
        uro = uro or await _i_arkivet(program, siste)
        if uro or foer != siste or siste != await _siste_sekvens(program):
            uro = uro or f"journalen går, nå {siste}"
            return None
        return True

    try:
        await vent(ser, "stillhet", innen_sekunder)
    except IkkeSkjedd as feil:
        raise IkkeSkjedd(f"{feil}: {uro}") from None


async def _siste_sekvens(program: Program) -> int:
    return int((await program.hus.journal.js.stream_info(JOURNAL)).state.last_seq)


async def _i_arbeid(program: Program) -> str:
    for rom in (r for r in program.rom if r.handlers):
        info = await program.hus.journal.js.consumer_info(JOURNAL, rom.navn)
        if info.num_pending or info.num_ack_pending:
            return f"{rom.navn} har {info.num_pending} i kø og {info.num_ack_pending} i arbeid"
    return ""


async def _i_arkivet(program: Program, siste: int) -> str:
    if REGISTRY.get_sample_value("salto_audit_stanset"):  # until a person opens a new epoch
        return ""
    async with program.auditdb.les() as tx:
        hode = await store.hode(tx)
    return f"arkivet har kommet til {hode.sekvens} av {siste}" if hode.sekvens < siste else ""


async def _underveis(program: Program) -> str:
    async with program.hus.db.les() as tx:
        rader = [(kanal, r) for kanal, sporring in UNDERVEIS.items() for r in (await tx.execute(sporring)).all()]
    return ", ".join(
        f"{r.antall} {kanal} {r.formaal} {r.status} forsøk {r.forsoek} neste {r.neste}" for kanal, r in rader
    )


async def _i_gatewayen(simulator: Simulator) -> str:
    antall = (await simulator.tall())["uavsluttet"]
    return f"{antall} uavsluttet i gatewayen" if antall else ""
