"""When nothing more will happen by itself: every room idle, every message out, the gateway silent."""

from __future__ import annotations

from sqlalchemy import text

from infra.journal.topologi import JOURNAL
from infra.simulator.klient import Simulator, vent
from services.program import Program

UNDERVEIS = {
    kanal: text(f"select count(*) from {kanal}_melding where status in ('klar', 'sender', 'tvil')")  # noqa: S608 - ours
    for kanal in ("sms", "epost")
}


async def stillhet(program: Program, simulator: Simulator, innen_sekunder: float) -> None:
    """Waits until two looks in a row find the journal as it was and nobody at work."""
    siste = -1

    async def ingenting_skjer() -> bool | None:
        nonlocal siste
        foer, siste = siste, await _siste_sekvens(program)
        rolig = await _rommene_er_ferdige(program) and await _alt_er_sendt(program)
        ferdig = rolig and not (await simulator.tall())["uavsluttet"]
        return True if ferdig and foer == siste == await _siste_sekvens(program) else None

    await vent(ingenting_skjer, "stillhet", innen_sekunder)


async def _siste_sekvens(program: Program) -> int:
    return int((await program.hus.journal.js.stream_info(JOURNAL)).state.last_seq)


async def _rommene_er_ferdige(program: Program) -> bool:
    for rom in (r for r in program.rom if r.handlers):
        info = await program.hus.journal.js.consumer_info(JOURNAL, rom.navn)
        if info.num_pending or info.num_ack_pending:
            return False
    return True


async def _alt_er_sendt(program: Program) -> bool:
    async with program.hus.db.les() as tx:
        return not any([(await tx.execute(sporring)).scalar() for sporring in UNDERVEIS.values()])
