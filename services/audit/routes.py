"""The archive's doors: the log, its verification, a bundle for others, the report, and a new epoch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from contracts.audit import InnsynData, InnsynGitt
from infra.db import Database
from infra.room import Hus
from infra.web.problem import Problem
from infra.web.tilgang import Bruker, krev
from services.audit import epoke, store
from services.audit.ajour import ajour
from services.audit.logg import Loggrad, resultat_json, som_json
from services.audit.rapport.bygg import bygg_rapport
from services.audit.rapport.fortelling import IngenHendelse
from services.audit.rapport.lesing import hent_rader
from services.audit.rapport.tegning import som_csv, som_html
from services.audit.rules import Rad
from services.audit.tid import mikrosekunder
from services.audit.utdrag import skriv_utdrag
from services.audit.verifisering import databasefeil, verifiser_arkivet

ANTALL_MAKS = 1000
ETTERSLEP = "Salto-Etterslep"
"""Response header when the archive is behind: how many messages, or «ukjent» when the journal does not answer."""
UKJENT = "Loggen har ingen hendelse med denne id-en."
_PERSONER = ("sekretariat", "salto_sentrum", "salto_koordinator", "politi", "linjeleder", "gransker")
Leser = Annotated[Bruker, Depends(krev(*_PERSONER))]
Gransker = Annotated[Bruker, Depends(krev("gransker", "sekretariat"))]
Sekretariat = Annotated[Bruker, Depends(krev("sekretariat"))]


class NyEpoke(BaseModel):
    """Why the archive should go on from a journal it does not know."""

    grunn: str = Field(min_length=3, max_length=500)


def ruter(hus: Hus, arkiv: Database) -> APIRouter:
    """Every door of the room."""
    samlet = APIRouter(prefix="/api/v1", tags=["audit"])
    _logg(samlet, hus, arkiv)
    _rapport(samlet, hus, arkiv)
    _kontroll(samlet, hus, arkiv)
    return samlet


def _logg(ut: APIRouter, hus: Hus, arkiv: Database) -> None:
    @ut.get("/hendelser/{hendelse_id}/logg", responses={200: {"model": list[Loggrad]}})
    async def hendelseslogg(
        hendelse_id: UUID, _: Leser, til: AwareDatetime | None = None, fra: Annotated[int, Query(ge=0)] = 0
    ) -> Response:
        """Loggen for én hendelse: alt, eller slik den var fram til et tidspunkt, eller fra og med en sekvens."""
        mangler = await ajour(hus.journal, arkiv)
        async with arkiv.les() as tx:
            rader = await store.av_hendelse(tx, hendelse_id, fra=fra, til=mikrosekunder(til) if til else None)
            if not rader and not await store.av_hendelse(tx, hendelse_id, antall=1):
                raise Problem(404, "Finnes ikke", UKJENT)
        return await _json(rader, mangler)

    @ut.get("/logg", responses={200: {"model": list[Loggrad]}})
    async def logg(
        _: Gransker,
        fra: Annotated[int | None, Query(ge=0)] = None,
        antall: Annotated[int, Query(ge=1, le=ANTALL_MAKS)] = 100,
    ) -> Response:
        """Hele loggen fra og med en sekvens; uten `fra` de siste radene."""
        mangler = await ajour(hus.journal, arkiv)
        async with arkiv.les() as tx:
            if fra is None:
                rader = await store.hale(tx, antall)
            else:
                rader = await store.omraade(tx, (await store.hode(tx)).epoke, fra, antall)
        return await _json(rader, mangler)


async def _json(rader: Sequence[Rad], mangler: int | None) -> Response:
    return Response(await asyncio.to_thread(som_json, rader), media_type="application/json", headers=_hode(mangler))


def _hode(mangler: int | None) -> dict[str, str]:
    return {} if mangler == 0 else {ETTERSLEP: "ukjent" if mangler is None else str(mangler)}


def _rapport(ut: APIRouter, hus: Hus, arkiv: Database) -> None:
    @ut.get("/hendelser/{hendelse_id}/rapport")
    async def rapport(
        hendelse_id: UUID,
        _: Leser,
        form: Annotated[Literal["html", "json", "csv", "pdf"], Query(alias="format")] = "html",
    ) -> Response:
        """Rapport i etterkant av én hendelse, satt sammen av loggen alene."""
        if form == "pdf":
            raise Problem(501, "Rapport som PDF kommer senere", "Hent den som html og skriv den ut.")
        mangler = await ajour(hus.journal, arkiv)
        async with arkiv.les() as tx:
            rader = await hent_rader(tx, hendelse_id)
        try:
            innhold, slag = await asyncio.to_thread(_tegn, rader, hendelse_id, form)
        except IngenHendelse:
            raise Problem(404, "Finnes ikke", UKJENT) from None
        return Response(innhold, media_type=slag, headers=_hode(mangler))


def _tegn(rader: Sequence[Rad], hendelse_id: UUID, form: str) -> tuple[str | bytes, str]:
    rapport = bygg_rapport(rader, hendelse_id)
    if form == "json":
        return rapport.model_dump_json(indent=2), "application/json"
    if form == "csv":
        return som_csv(rapport), "text/csv; charset=utf-8"
    return som_html(rapport), "text/html; charset=utf-8"


def _kontroll(ut: APIRouter, hus: Hus, arkiv: Database) -> None:
    @ut.get("/audit/verifiser")
    async def verifiser(_: Gransker) -> dict[str, object]:
        """Går gjennom hele kjeden fra første rad til hodet."""
        resultat = await verifiser_arkivet(arkiv)
        skade = await databasefeil(arkiv) if resultat.hel else None
        return resultat_json(resultat, skade)

    @ut.get("/audit/utdrag/{hendelse_id}")
    async def utdrag(hendelse_id: UUID, bruker: Gransker) -> Response:
        """Et utdrag av én hendelse som kan kontrolleres uten oss. At det er hentet, står i loggen."""
        await ajour(hus.journal, arkiv)
        async with arkiv.les() as tx:
            if not await store.av_hendelse(tx, hendelse_id, antall=1):
                raise Problem(404, "Finnes ikke", UKJENT)
        innsyn = InnsynData(av=bruker.aktoer, gjelder="audit-utdrag", antall=1)
        await hus.journal.publiser([InnsynGitt.ny(innsyn, naa=hus.clock.now(), hendelse_id=hendelse_id)])
        return StreamingResponse(skriv_utdrag(arkiv, hendelse_id), media_type="application/x-ndjson")

    @ut.post("/audit/epoke", status_code=201)
    async def ny_epoke(innhold: NyEpoke, bruker: Sekretariat) -> dict[str, int]:
        """Lar arkivet gå videre fra en journal det ikke kjenner. Grunnen står i journalen."""
        try:
            hode = await epoke.aapne(hus.journal, arkiv, hus.clock, grunn=innhold.grunn, av=bruker.aktoer)
        except epoke.SammeJournal:
            raise Problem(409, "Ny epoke trengs ikke", "Journalen er den samme som før.") from None
        return {"epoke": hode.epoke, "fra_sekvens": hode.sekvens + 1}
