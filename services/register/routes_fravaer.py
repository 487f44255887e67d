"""The doors to absence: who is away when, never why."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Response

from contracts.register import Fravaer
from infra.clock import OSLO
from infra.db import Tx
from infra.room import Hus
from infra.web.problem import Problem
from infra.web.tilgang import Bruker, Innlogget, krev
from services.register import oppslag, store
from services.register.innfoering import Innfoering
from services.register.innsyn import FORVALTERE, synlige_enheter
from services.register.skjema import DagerInn, FravaerInn, FravaersideUt, FravaerUt

DAGER_MAKS = 366
Registrerer = Annotated[
    Bruker, Depends(krev(*FORVALTERE, "salto_koordinator", "salto_sentrum", "politi", "linjeleder"))
]


def fravaersruter(hus: Hus, innfoering: Innfoering) -> APIRouter:
    """`/fravaer`, under `/api/v1`."""
    ruter = APIRouter(prefix="/api/v1/fravaer", tags=["register"])
    _lesing(ruter, hus)
    _skriving(ruter, hus, innfoering)
    return ruter


def _lesing(ruter: APIRouter, hus: Hus) -> None:
    @ruter.get("")
    async def liste(
        bruker: Innlogget,
        fra: date | None = None,
        til: date | None = None,
        hopp: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        antall: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> FravaersideUt:
        """Fravær fra i dag (eller `fra`), det nærmeste først. Sekretariatet ser alt, andre bare sin egen enhet."""
        enheter = synlige_enheter(bruker)
        async with hus.db.les() as tx:
            alle = await oppslag.fravaer(
                tx, fra=fra or _i_dag(hus), til=til, enheter=enheter, hopp=hopp, antall=antall + 1
            )
        vist = [_ut(f, noekkel) for f, noekkel in alle[:antall]]
        return FravaersideUt(fravaer=vist, neste=hopp + antall if len(alle) > antall else None)


def _skriving(ruter: APIRouter, hus: Hus, innfoering: Innfoering) -> None:
    @ruter.post("", status_code=201)
    async def nytt(inn: FravaerInn, bruker: Registrerer, response: Response) -> FravaerUt:
        """Registrerer fravær. De samme dagene en gang til gir samme svar (200)."""
        _sjekk_dager(inn.fra, inn.til, _i_dag(hus))
        async with innfoering.transaksjon() as t:
            person_id, noekkel = await _person(t.tx, inn.person_id, bruker)
            fravaer = Fravaer(id=uuid4(), person_id=person_id, fra=inn.fra, til=inn.til)
            if likt := await oppslag.likt_fravaer(t.tx, fravaer):
                response.status_code = 200
                return _ut(likt, noekkel)
            await store.lagre_fravaer(t.tx, fravaer)
            innfoering.fortell_fravaer(t, bruker.aktoer, fravaer)
        return _ut(fravaer, noekkel)

    @ruter.put("/{fravaer_id}")
    async def endre(fravaer_id: UUID, inn: DagerInn, bruker: Registrerer) -> FravaerUt:
        """Endrer dagene."""
        _sjekk_dager(inn.fra, inn.til, _i_dag(hus))
        async with innfoering.transaksjon() as t:
            gammelt, noekkel = await _finn(t.tx, fravaer_id, bruker)
            nytt = gammelt.model_copy(update={"fra": inn.fra, "til": inn.til})
            await store.lagre_fravaer(t.tx, nytt)
            innfoering.fortell_fravaer(t, bruker.aktoer, nytt)
        return _ut(nytt, noekkel)

    @ruter.delete("/{fravaer_id}", status_code=204)
    async def slett(fravaer_id: UUID, bruker: Registrerer) -> None:
        """Fjerner et fravær."""
        async with innfoering.transaksjon() as t:
            await _finn(t.tx, fravaer_id, bruker)
            await store.slett_fravaer(t.tx, fravaer_id)
            innfoering.fortell_fravaer(t, bruker.aktoer, fjernet=[fravaer_id])


async def _person(tx: Tx, hvem: str, bruker: Bruker) -> tuple[UUID, str]:
    """The person, if the caller may see them; someone of another unit looks as unknown as a stranger."""
    enheter = synlige_enheter(bruker)
    person = await oppslag.finn(tx, hvem)
    if person and (enheter is None or await oppslag.har_rolle_i(tx, person.person_id, enheter)):
        return person.person_id, person.noekkel
    raise Problem.felt("person_id", "finnes ikke i registeret, eller ikke i din enhet")


async def _finn(tx: Tx, fravaer_id: UUID, bruker: Bruker) -> tuple[Fravaer, str]:
    if fravaer := await oppslag.ett_fravaer(tx, fravaer_id):
        try:
            return fravaer, (await _person(tx, str(fravaer.person_id), bruker))[1]
        except Problem:
            pass
    raise Problem(404, "Finnes ikke", "Det er ikke noe slikt fravær i din enhet.")


def _i_dag(hus: Hus) -> date:
    return hus.clock.now().astimezone(OSLO).date()


def _sjekk_dager(fra: date, til: date, i_dag: date) -> None:
    if til < fra:
        raise Problem.felt("til", "er før fra")
    if til < i_dag:
        raise Problem.felt("til", "er allerede forbi")
    if (til - fra).days > DAGER_MAKS:
        raise Problem.felt("til", f"kan ikke være mer enn {DAGER_MAKS} dager etter fra")


def _ut(fravaer: Fravaer, noekkel: str) -> FravaerUt:
    return FravaerUt(id=fravaer.id, person_id=noekkel, fra=fravaer.fra, til=fravaer.til)
