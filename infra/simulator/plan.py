"""What will happen to one accepted message: its statuses, the reports of them, and what the phone answers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache

from infra.simulator.innstillinger import Innstillinger
from infra.simulator.oppfoersel import Oppfoersel


@dataclass(frozen=True)
class Steg:
    """After so long, the message has a new status, or the phone answers."""

    etter_ms: int
    status: str | None = None
    kode: int | None = None
    svar: str | None = None


@dataclass(frozen=True)
class Plan:
    """Statuses are reached in the order of `steg`; `varsler` are the steps to report, in the order of reporting."""

    steg: tuple[Steg, ...] = ()
    varsler: tuple[int, ...] = ()

    def til_json(self) -> str:
        return _som_json(self)

    @classmethod
    def fra_json(cls, tekst: str) -> Plan:
        innhold = json.loads(tekst)
        return cls(tuple(Steg(**s) for s in innhold["steg"]), tuple(innhold["varsler"]))


@lru_cache(maxsize=1024)
def _som_json(plan: Plan) -> str:
    return json.dumps(asdict(plan))  # nearly every message has the same plan


def legg_plan(tekst: str, regel: Oppfoersel, innstillinger: Innstillinger, *, med_varsel: bool) -> Plan:
    """The plan for a message that has just been accepted; without delivery nothing happens to it."""
    if not innstillinger.leveranse:
        return Plan()
    steg = _statuser(regel, innstillinger)
    varsler = _varsler(len(steg), regel) if med_varsel else ()
    if regel.ulevert is None:
        steg += [Steg(a.etter_ms, svar=a.tekst) for a in regel.autosvar if a.gjelder(tekst)]
    return Plan(tuple(steg), varsler)


def _statuser(regel: Oppfoersel, innstillinger: Innstillinger) -> list[Steg]:
    mellom = innstillinger.status_ms
    navn: list[str] = list(innstillinger.statuser)
    if regel.ulevert is not None:
        navn = [n for n in navn if n != "delivered"]
    steg = [Steg(mellom if i else 0, status=n) for i, n in enumerate(navn)]
    if regel.ulevert is not None:
        steg.append(Steg(mellom, status="undelivered", kode=regel.ulevert))
    return steg


def _varsler(antall: int, regel: Oppfoersel) -> tuple[int, ...]:
    if regel.ingen_statuser:
        return ()
    rekke = range(antall)[::-1] if regel.omvendt_rekkefolge else range(antall)
    return tuple(i for i in rekke for _ in range(2 if regel.doble_statuser else 1))
