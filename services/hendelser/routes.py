"""HTTP doors of the life cycle of a hendelse, and of what waits for a person (API §3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import AwareDatetime

from contracts.hendelse import Status
from infra.web.problem import Problem
from infra.web.tilgang import Bruker, Innlogget, krev
from services.hendelser import store, visning
from services.hendelser.doer import Doer, Nokkel
from services.hendelser.endringer import Endringer
from services.hendelser.forhaandsvisning import Forhaandsvisning
from services.hendelser.inn import (
    AvsluttKropp,
    GrunnKropp,
    HendelseKropp,
    Kropp,
    OverfoerKropp,
    SentrumKropp,
    UtvidKropp,
    VurderingKropp,
)
from services.hendelser.loesing import loes
from services.hendelser.rules_handlinger import MELDERE
from services.hendelser.rules_oppgaver import SER_SVAR

EN_HENDELSE = "/api/v1/hendelser/{hendelse_id}"
SIDE_MAKS = 200
Melder = Annotated[Bruker, Depends(krev(*MELDERE))]


def _nokler(
    bruker: Melder,
    request: Request,
    noekkel: Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)] = None,
) -> Callable[[Kropp], Nokkel]:
    """What a second try of this request is known by, once its body is read (scope: token + path)."""
    return lambda kropp: Nokkel.av(bruker, request.url.path, noekkel, kropp.model_dump(mode="json"))


Nokler = Annotated[Callable[[Kropp], Nokkel], Depends(_nokler)]


def ruter(doer: Doer, endringer: Endringer, forhaandsvisning: Forhaandsvisning) -> list[APIRouter]:
    """The doors of `hendelser`."""
    return [_inntak(doer, forhaandsvisning), _livsloep(endringer), _avgjoerelser(endringer), _oppgaver(doer)]


def _inntak(doer: Doer, forhaandsvisning: Forhaandsvisning) -> APIRouter:
    r = APIRouter(prefix="/api/v1", tags=["hendelser"])

    @r.post("/hendelser", status_code=201)
    async def meld(kropp: HendelseKropp, bruker: Melder, response: Response, nokkel: Nokler) -> dict[str, Any]:
        """Melder en hendelse. 201 når den står trygt i loggen; da kalles de rette ut."""
        rad, ny = await doer.meld(kropp, bruker, nokkel(kropp))
        response.status_code = 201 if ny else 200
        response.headers["Location"] = f"/api/v1/hendelser/{rad.id}"
        return _med_etag(response, rad)

    @r.post("/hendelser/forhaandsvis")
    async def forhaandsvis(kropp: HendelseKropp, bruker: Innlogget) -> dict[str, Any]:
        """Hvem som ville blitt kalt, og hvorfor. Ingenting lagres eller sendes."""
        return await forhaandsvisning.vis(kropp)

    @r.get("/hendelser")
    async def liste(
        bruker: Innlogget,
        status: Status | None = None,
        bydel: Annotated[str | None, Query(pattern=r"^\d{2}$")] = None,
        fra: AwareDatetime | None = None,
        til: AwareDatetime | None = None,
        antall: Annotated[int, Query(ge=1, le=SIDE_MAKS)] = SIDE_MAKS,
    ) -> dict[str, Any]:
        """Hendelser, den som starter sist, først."""
        async with doer.db.les() as tx:
            rader = await store.liste(tx, status=status, bydel=bydel, fra=fra, til=til, antall=antall)
        return {"hendelser": [visning.hendelse(rad) for rad in rader]}

    @r.get("/hendelser/{hendelse_id}")
    async def en(hendelse_id: UUID, bruker: Innlogget, response: Response) -> dict[str, Any]:
        """Én hendelse. Den kan leses straks den er meldt."""
        return _med_etag(response, await doer.finn(hendelse_id))

    return r


def _livsloep(endringer: Endringer) -> APIRouter:
    """From draft to closed."""
    r = APIRouter(prefix=EN_HENDELSE, tags=["hendelser"])

    @r.patch("")
    async def endre(
        hendelse_id: UUID,
        kropp: dict[str, Any],
        bruker: Melder,
        response: Response,
        if_match: Annotated[str | None, Header()] = None,
    ) -> dict[str, Any]:
        """Endrer felt. De det gjelder, får beskjed. Krever `If-Match: versjon` (428), og at den er fersk (412)."""
        return _med_etag(response, await endringer.endre(hendelse_id, kropp, bruker, _versjon(if_match)))

    @r.post("/send")
    async def send(hendelse_id: UUID, bruker: Melder) -> dict[str, Any]:
        """Sender et utkast: de rette kalles ut."""
        return visning.hendelse(await endringer.send(hendelse_id, bruker))

    @r.post("/avlys")
    async def avlys(hendelse_id: UUID, kropp: GrunnKropp, bruker: Melder, nokkel: Nokler) -> dict[str, Any]:
        """Avlyser. Alle som er spurt, får beskjed, og ingen andre."""
        return visning.hendelse(await endringer.avlys(hendelse_id, kropp, bruker, nokkel(kropp)))

    @r.post("/avslutt")
    async def avslutt(hendelse_id: UUID, kropp: AvsluttKropp, bruker: Melder, nokkel: Nokler) -> dict[str, Any]:
        """Avslutter. Ingen purres mer."""
        return visning.hendelse(await endringer.avslutt(hendelse_id, kropp, bruker, nokkel(kropp)))

    return r


def _avgjoerelser(endringer: Endringer) -> APIRouter:
    """What a person decides about a hendelse: its owner, sentrum, the sekretariat's role, who else is called."""
    r = APIRouter(prefix=EN_HENDELSE, tags=["hendelser"])

    @r.post("/overfoer")
    async def overfoer(hendelse_id: UUID, kropp: OverfoerKropp, bruker: Melder, nokkel: Nokler) -> dict[str, Any]:
        """Gir hendelsen en ny eier."""
        return visning.hendelse(await endringer.overfoer(hendelse_id, kropp, bruker, nokkel(kropp)))

    @r.post("/sentrum")
    async def sentrum(hendelse_id: UUID, kropp: SentrumKropp, bruker: Melder, nokkel: Nokler) -> dict[str, Any]:
        """Avgjør skjønnsmessig om stedet regnes som Oslo sentrum."""
        return visning.hendelse(await endringer.sentrum(hendelse_id, kropp, bruker, nokkel(kropp)))

    @r.post("/vurdering")
    async def vurdering(hendelse_id: UUID, kropp: VurderingKropp, bruker: Melder, nokkel: Nokler) -> dict[str, Any]:
        """Sekretariatets vurdering: er det nødvendig å ta en sentral rolle?"""
        return visning.hendelse(await endringer.vurder(hendelse_id, kropp, bruker, nokkel(kropp)))

    @r.post("/utvid")
    async def utvid(hendelse_id: UUID, kropp: UtvidKropp, bruker: Melder, nokkel: Nokler) -> dict[str, Any]:
        """Utvider: flere bydeler, en region, hele byen eller en rolle i en enhet."""
        return visning.hendelse(await endringer.utvid(hendelse_id, kropp, bruker, nokkel(kropp)))

    return r


def _oppgaver(doer: Doer) -> APIRouter:
    r = APIRouter(prefix="/api/v1", tags=["oppgaver"])

    @r.get("/oppgaver")
    async def oppgaver(
        bruker: Innlogget,
        slag: Literal["vurdering", "uklart_svar", "uviss", "mangel", "taus", "feilet", "stoppet"] | None = None,
    ) -> dict[str, Any]:
        """Det som venter på et menneske: vurderinger, uklare svar, tvil, mangler og eiere som ikke svarer."""
        async with doer.db.les() as tx:
            rader = await store.aapne_oppgaver(tx, 1000)
        return {"oppgaver": [visning.oppgave(rad) for rad in rader if slag in {None, rad.slag}]}

    @r.post("/oppgaver/{oppgave_id}/loes")
    async def ferdig(oppgave_id: UUID, bruker: Annotated[Bruker, Depends(krev(*sorted(SER_SVAR)))]) -> dict[str, Any]:
        """Et menneske har ordnet det. En gang til endrer ingenting."""
        rad = await loes(doer.forteller, oppgave_id, bruker)
        return {"id": rad.id, "slag": rad.slag, "hendelse_id": rad.hendelse_id}

    return r


def _med_etag(response: Response, rad: Any) -> dict[str, Any]:
    response.headers["ETag"] = f'"{rad.versjon}"'
    return visning.hendelse(rad)


def _versjon(if_match: str | None) -> int:
    if if_match is None:
        raise Problem(428, "If-Match mangler", "Send versjonen du har sett: If-Match: 123")
    tekst = if_match.strip().removeprefix("W/").strip('"')
    if not tekst.isdigit():
        raise Problem(412, "If-Match er ikke en versjon", "Send versjonen du har sett: If-Match: 123")
    return int(tekst)
