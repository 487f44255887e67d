"""From `POST /hendelser` to the gateway: the first SMS, and the last of many."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from infra.simulator.klient import vent
from tests.bench.maaling import ankomster, cpu_sekunder, journaltider, median
from tests.faults.folket import demonstrasjon
from tests.harness.anlegg import Anlegg, folk

LEDD = ("hendelse.meldt", "mobilisering.besluttet", "melding.bestilt")


@dataclass(frozen=True)
class Utsending:
    """One hendelse, in milliseconds from the POST; CPU seconds of everything of ours."""

    mottakere: int
    svar_ms: float
    foerste_ms: float
    siste_ms: float
    cpu: float
    ledd: dict[str, float]

    @property
    def per_sekund(self) -> float:
        return self.mottakere / self.siste_ms * 1000


async def befolk(anlegg: Anlegg, antall: int, *, epost: bool = False) -> None:
    """The register has so many to call, and nobody else."""
    await anlegg.les_inn(folk(antall, epost=epost), erstatt=True)


async def kall_ut(anlegg: Anlegg, antall: int) -> Utsending:
    """Posts one hendelse that calls everybody, waits until all have it and the gateway is quiet, and closes it."""
    await anlegg.sim.nullstill()
    cpu, siden, begynte = cpu_sekunder(anlegg.pider()), time.time(), time.perf_counter()
    hendelse: dict[str, Any] = await anlegg.kall("POST", "/hendelser", json=demonstrasjon())
    svar_ms = (time.perf_counter() - begynte) * 1000
    await anlegg.sim.vent_paa_sms(antall, 60)
    await anlegg.sim.vent_paa_ro(60)
    await utkallingene_er_levert(anlegg, hendelse["id"], antall)
    brukt = cpu_sekunder(anlegg.pider()) - cpu
    tider = ankomster(anlegg.mappe / "gateway", siden)
    assert len(tider) == antall, f"{len(tider)} SMS til {antall} mottakere"
    await arkivert(anlegg, hendelse["id"])
    ledd = journaltider(anlegg.data / "audit.db", hendelse["id"], siden)
    await anlegg.kall("POST", f"/hendelser/{hendelse['id']}/avslutt", json={})
    return Utsending(antall, svar_ms, tider[0] * 1000, tider[-1] * 1000, brukt, ledd)


async def utkallingene_er_levert(anlegg: Anlegg, hendelse_id: str, antall: int) -> None:
    """Waits until our own tables say so too; looks seldom, for the looking costs."""

    async def levert() -> bool | None:
        sql = "SELECT COUNT(*) FROM utkalling_melding WHERE hendelse_id = ? AND kanal = 'sms' AND status = 'levert'"
        return anlegg.spoer_db(sql, hendelse_id.replace("-", "")) == antall or None

    await vent(levert, "alle er levert", 60)


async def arkivert(anlegg: Anlegg, hendelse_id: str) -> None:
    """Waits until the archive has the last of it."""

    async def der() -> bool | None:
        sql = "SELECT COUNT(*) FROM audit_rad WHERE hendelse_id = ? AND type LIKE '%melding.levert%'"
        return anlegg.spoer_db(sql, hendelse_id.replace("-", ""), arkiv=True) > 0 or None

    await vent(der, "arkivert", 20)


async def foerste_sms(anlegg: Anlegg, ganger: int, mottakere: int) -> list[Utsending]:
    """The same small hendelse many times; the first time warms up and does not count."""
    await befolk(anlegg, mottakere)
    return [await kall_ut(anlegg, mottakere) for _ in range(ganger + 1)][1:]


def linjer_foerste(maalt: list[Utsending]) -> list[str]:
    """What to print of `foerste_sms`."""

    def ms(navn: str) -> float:
        return median([u.ledd[navn] for u in maalt if navn in u.ledd])

    ledd = " → ".join(f"{navn.split('.')[1]} {ms(navn):.0f}" for navn in LEDD)
    foerst = sorted(u.foerste_ms for u in maalt)
    return [
        (
            f"første SMS hos gateway, {maalt[0].mottakere} mottakere, median av {len(maalt)}:"
            f" {median(foerst):.0f} ms (fra {foerst[0]:.0f} til {foerst[-1]:.0f});"
            f" siste {median([u.siste_ms for u in maalt]):.0f} ms"
        ),
        (
            f"  ledd for ledd (ms etter POST): {ledd} → gateway {median(foerst):.0f};"
            f" svar på POST {median([u.svar_ms for u in maalt]):.0f}"
        ),
    ]
