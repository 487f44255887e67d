"""The doors to one person at a time: see, add, change, remove."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from contracts.roller import Rolle
from infra.room import Hus
from infra.web.problem import Problem
from infra.web.tilgang import Innlogget
from services.register import oppslag, store
from services.register.innfoering import FinnesAlt, Innfoering
from services.register.innsyn import Forvalter, fortell_innsyn, synlige_enheter
from services.register.rules_rader import Omfang, Person, Rad
from services.register.skjema import PersonInn, PersonsideUt, PersonUt, person_ut, som_feltfeil

Hvem = Annotated[str, Path(max_length=64, description="Eierens nøkkel (person_id) eller vår id")]


def personruter(hus: Hus, innfoering: Innfoering) -> APIRouter:
    """`/personer`, under `/api/v1`."""
    ruter = APIRouter(prefix="/api/v1/personer", tags=["register"])
    _lesing(ruter, hus, innfoering)
    _skriving(ruter, hus, innfoering)
    return ruter


def _lesing(ruter: APIRouter, hus: Hus, innfoering: Innfoering) -> None:
    @ruter.get("")
    async def liste(
        bruker: Innlogget,
        rolle: Rolle | None = None,
        enhet: Annotated[str | None, Query(max_length=100)] = None,
        etter: Annotated[str, Query(max_length=64)] = "",
        antall: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> PersonsideUt:
        """Personer med roller, side for side. Sekretariatet ser alle, andre bare sin egen enhet."""
        filtre = {felt: str(verdi) for felt, verdi in (("rolle", rolle), ("enhet", enhet)) if verdi}
        enheter = synlige_enheter(bruker)
        async with hus.db.les() as tx:
            personer = await oppslag.side(tx, enheter=enheter, filtre=filtre, etter=etter, antall=antall + 1)
            vist = personer[:antall]
            verv = await oppslag.verv_av(tx, [p.person_id for p in vist])
        await fortell_innsyn(innfoering.forteller, bruker, "personer", len(vist))
        neste = vist[-1].noekkel if len(personer) > antall else None
        return PersonsideUt(personer=[person_ut(p, verv.get(p.person_id, [])) for p in vist], neste=neste)

    @ruter.get("/{hvem}")
    async def vis(hvem: Hvem, bruker: Innlogget) -> PersonUt:
        """Én person med roller."""
        enheter = synlige_enheter(bruker)
        person = await _finn(hus, hvem)
        async with hus.db.les() as tx:
            if enheter is not None and not await oppslag.har_rolle_i(tx, person.person_id, enheter):
                raise _ukjent()
        await fortell_innsyn(innfoering.forteller, bruker, "personer", 1)
        return await _vis(hus, person)


def _skriving(ruter: APIRouter, hus: Hus, innfoering: Innfoering) -> None:
    @ruter.post("", status_code=201)
    async def ny(inn: PersonInn, bruker: Forvalter, response: Response) -> PersonUt:
        """Legger til en person. Samme innhold en gang til gir samme svar (200), annet innhold på samme nøkkel 409."""
        rader = _rader(inn)
        try:
            plan = await innfoering.innfoer(rader, Omfang.PERSONER, bruker.aktoer, bare_nye=True)
        except FinnesAlt as feil:
            raise Problem(409, "Nøkkelen er i bruk", "En annen i registeret har denne person_id-en.") from feil
        if plan.feil:
            raise Problem.feltfeil(som_feltfeil(plan.feil))
        response.status_code = 200 if plan.endring.tom else 201
        response.headers["Location"] = f"/api/v1/personer/{rader[0].noekkel}"
        return await _vis(hus, await _finn(hus, rader[0].noekkel))

    @ruter.put("/{hvem}")
    async def endre(hvem: Hvem, inn: PersonInn, bruker: Forvalter) -> PersonUt:
        """Erstatter en person med alle roller."""
        rader = _rader(inn)
        if (await _finn(hus, hvem)).noekkel != rader[0].noekkel:
            raise Problem.felt("person_id", "kan ikke endres; slett personen og legg inn en ny")
        plan = await innfoering.innfoer(rader, Omfang.PERSONER, bruker.aktoer)
        if plan.feil:
            raise Problem.feltfeil(som_feltfeil(plan.feil))
        return await _vis(hus, await _finn(hus, rader[0].noekkel))

    @ruter.delete("/{hvem}", status_code=204)
    async def slett(hvem: Hvem, bruker: Forvalter) -> None:
        """Sletter en person med roller og fravær. Det som er fortalt om rollene, står; navn og nummer gjør ikke."""
        noekkel = (await _finn(hus, hvem)).noekkel
        async with innfoering.transaksjon() as t:
            register = await store.hent(t.tx, [noekkel])
            if (person := register.personer.get(noekkel)) is None:
                raise _ukjent()
            if any(v.vara_for == person.person_id for v in register.verv):
                raise Problem(409, "Personen har en vara", "Gi varaen en annen innehaver, eller gjør varaen til en.")
            egne = [v.id for v in register.verv if v.person_id == person.person_id]
            await innfoering.fjern(t, person.person_id, egne, bruker.aktoer)


def _rader(inn: PersonInn) -> list[Rad]:
    rader, feil = inn.rader()
    if feil:
        raise Problem.feltfeil(som_feltfeil(feil))
    return rader


async def _finn(hus: Hus, hvem: str) -> Person:
    async with hus.db.les() as tx:
        person = await oppslag.finn(tx, hvem)
    if person is None:
        raise _ukjent()
    return person


async def _vis(hus: Hus, person: Person) -> PersonUt:
    async with hus.db.les() as tx:
        verv = await oppslag.verv_av(tx, [person.person_id])
    return person_ut(person, verv.get(person.person_id, []))


def _ukjent() -> Problem:
    return Problem(404, "Finnes ikke", "Ingen i registeret har denne nøkkelen.")
