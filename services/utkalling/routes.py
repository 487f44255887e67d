"""HTTP doors: every call-out of a hendelse, answers taken by phone or in the portal, and messages in doubt."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

import structlog
from fastapi import APIRouter, Header
from sqlalchemy import Row, select

from contracts.audit import InnsynData, InnsynGitt
from contracts.event import NAVNEROM
from contracts.register import Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from infra.db import Tx
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller
from infra.journal.journal import Journal
from infra.journal.levering import les_event
from infra.web.problem import Problem
from infra.web.tilgang import Bruker, Innlogget
from services.utkalling import store
from services.utkalling.avgjoerelse import AvgjoerelseInn, avgjoer
from services.utkalling.innsyn import SER_NAVN
from services.utkalling.kvittering import KvitteringInn, ta_svar
from services.utkalling.sak import Utkalling

logg = structlog.get_logger("utkalling")
SER_IKKE_PERSONER = frozenset({"gransker"})
"""The reviewer reads what happened by our own random ids."""


def ruter(forteller: Forteller) -> APIRouter:
    """The doors of `utkalling`."""
    r = APIRouter(prefix="/api/v1", tags=["utkallinger"])

    @r.get("/hendelser/{hendelse_id}/utkallinger")
    async def utkallinger(hendelse_id: UUID, bruker: Innlogget, *, navn: bool = False) -> dict[str, Any]:
        """Alle utkallinger med meldinger og svar. Navn bare når det bes om dem, og bare for dem som kan se dem."""
        async with forteller.db.les() as tx:
            kodeord = await _kodeord(tx, hendelse_id)
            ut = await _alle(tx, hendelse_id) if kodeord else []
        kodeord = kodeord or await _nylig_meldt(forteller.journal, hendelse_id)
        await _vis_personer(forteller, bruker, hendelse_id, ut, navn=navn and bruker.rolle in SER_NAVN)
        return {"hendelse_id": hendelse_id, "kodeord": kodeord, "utkallinger": ut}

    @r.post("/utkallinger/{utkalling_id}/kvittering", status_code=201)
    async def kvittering(
        utkalling_id: UUID,
        inn: KvitteringInn,
        bruker: Innlogget,
        idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    ) -> dict[str, Any]:
        """Tar imot et svar på telefon eller i portalen. Det nyeste svaret gjelder."""
        nokkel = f"{bruker.id}/{utkalling_id}/{idempotency_key}"
        svar_id = uuid5(NAVNEROM, nokkel) if idempotency_key else uuid4()
        return _svar(await ta_svar(forteller, utkalling_id, inn, bruker, svar_id))

    @r.post("/meldinger/{melding_id}/avgjoer")
    async def avgjoer_melding(melding_id: UUID, inn: AvgjoerelseInn, bruker: Innlogget) -> dict[str, Any]:
        """Avgjør en uviss melding: send på nytt, eller regn som sendt. Det første valget gjelder."""
        return await avgjoer(forteller, melding_id, inn, bruker)

    return r


def _svar(u: Utkalling) -> dict[str, Any]:
    return {"id": u.id, "status": u.status, "eta": u.eta, "sen": u.sen}


async def _kodeord(tx: Tx, hendelse_id: UUID) -> str | None:
    sporring = select(store.HENDELSE.c.kodeord).where(store.HENDELSE.c.hendelse_id == hendelse_id)
    return (await tx.execute(sporring)).scalar()


async def _nylig_meldt(journal: Journal, hendelse_id: UUID) -> str:
    """The kodeord of a hendelse that the journal has and we have not heard of yet; 404 when there is none."""
    siste = await journal.siste_paa(f"salto.hendelse.*.{hendelse_id}")
    if siste is None:
        raise Problem(404, "Finnes ikke", "Ingen hendelse har denne id-en.")
    return str(les_event(siste.data).data.hendelse.kodeord)


async def _alle(tx: Tx, hendelse_id: UUID) -> list[dict[str, Any]]:
    rader = await store.alle_i(tx, store.UTKALLING, hendelse_id)
    meldinger = _etter_utkalling(await store.alle_i(tx, store.MELDING, hendelse_id))
    svar = _etter_utkalling(await store.alle_i(tx, store.KVITTERING, hendelse_id))
    utkallinger = sorted((store.utkalling_av(r) for r in rader), key=lambda u: (u.opprettet, u.nr))
    return [_utkalling(u, meldinger.get(u.id, []), svar.get(u.id, [])) for u in utkallinger]


def _etter_utkalling(rader: Any) -> dict[UUID, list[Row[Any]]]:
    ut: dict[UUID, list[Row[Any]]] = {}
    for rad in rader:
        ut.setdefault(rad.utkalling_id, []).append(rad)
    return ut


def _utkalling(u: Utkalling, meldinger: list[Row[Any]], svar: list[Row[Any]]) -> dict[str, Any]:
    felt: dict[str, Any] = {
        "id": u.id,
        "person": u.person_id,
        "person_id": u.person_id,
        "art": u.art,
        "roller": [{k: getattr(r, k) for k in ("rolle", "enhet", "regel", "hjemmel", "grunn")} for r in u.roller],
        "status": u.status,
        "svarfrist": u.svarfrist,
        "sen": True if u.sen else None,
        "eta": u.eta,
        "vara_for": u.vara_for,
    }
    ut = {k: v for k, v in felt.items() if v is not None}
    ut["meldinger"] = [_melding(m) for m in meldinger]
    ut["kvitteringer"] = [_kvittering(k) for k in sorted(svar, key=lambda k: k.mottatt)]
    return ut


def _melding(m: Row[Any]) -> dict[str, Any]:
    felt = {
        "id": m.id,
        "kanal": m.kanal,
        "formaal": m.formaal,
        "status": m.status,
        "leverandoer_id": m.leverandoer_id,
        "segmenter": m.segmenter or None,
        "tider": m.tider,
        "feil": m.feil,
        "avgjort": m.avgjort,
    }
    return {k: v for k, v in felt.items() if v is not None}


def _kvittering(k: Row[Any]) -> dict[str, Any]:
    felt = {
        "svar": k.svar,
        "eta": k.eta,
        "antall": k.antall,
        "kanal": k.kanal,
        "mottatt": k.mottatt,
        "gjelder": k.utkalling_id,
        "merknad": k.merknad or None,
    }
    return {n: v for n, v in felt.items() if v is not None}


async def _vis_personer(
    forteller: Forteller, bruker: Bruker, hendelse_id: UUID, ut: list[dict[str, Any]], *, navn: bool
) -> None:
    """The owner's key of each person as `person_id`, beside our own random id; names too when asked for.

    That names were shown is an event, one per page. A register that does not answer costs keys and names alone.
    """
    if not ut or bruker.rolle in SER_IKKE_PERSONER:
        return
    sporsmaal = Kontaktspoersmaal(personer=tuple({u["person_id"] for u in ut}), navn=navn)
    try:
        svar = await forteller.journal.spoer(KONTAKT, sporsmaal, Kontaktsvar)
    except JournalNede as feil:
        logg.warning("navn_vises_ikke", hendelse_id=str(hendelse_id), feil=str(feil))
        return
    kjente = {k.person_id: k for k in svar.kontakter}
    for u in ut:
        if kontakt := kjente.get(u["person_id"]):
            u["person_id"] = kontakt.noekkel or u["person_id"]
            u.update({"navn": kontakt.navn} if kontakt.navn else {})
    if navn:
        data = InnsynData(av=bruker.aktoer, gjelder="utkallinger", antall=len(kjente))
        await forteller.journal.publiser([InnsynGitt.ny(data, naa=forteller.clock.now(), hendelse_id=hendelse_id)])
