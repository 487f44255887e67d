"""HTTP doors: every call-out of a hendelse, and an answer taken by phone or in the portal."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, select

from contracts.audit import InnsynData, InnsynGitt
from contracts.event import NAVNEROM
from contracts.register import Kontaktspoersmaal, Kontaktsvar
from contracts.spoersmaal import KONTAKT
from contracts.utkalling import Kvittering
from infra.db import Tx
from infra.journal.feil import JournalNede
from infra.journal.forteller import Forteller
from infra.journal.journal import Journal
from infra.journal.levering import les_event
from infra.web.personvern import Fritekst
from infra.web.problem import Problem
from infra.web.tilgang import Bruker, Innlogget
from services.utkalling import rules, store, telling
from services.utkalling.ordre import bestill_oppgavebrev
from services.utkalling.sak import Utkalling

SER_NAVN = frozenset({"sekretariat", "salto_sentrum"})
SER_IKKE_PERSONER = frozenset({"gransker"})
"""The reviewer reads what happened by our own random ids."""


class KvitteringInn(BaseModel):
    """An answer that a person took for somebody."""

    model_config = ConfigDict(extra="forbid")

    svar: Literal["kommer", "kommer_ikke", "framme", "ferdig"]
    eta_minutter: int | None = Field(default=None, ge=1, le=720)
    antall: int | None = Field(default=None, ge=1, le=500)
    merknad: Fritekst = Field(default="", max_length=500)
    nivaa: Literal["styrende", "koordinerende", "utoevende"] | None = None


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
        return await _ta_svar(forteller, utkalling_id, inn, bruker, svar_id)

    return r


async def _ta_svar(
    forteller: Forteller, utkalling_id: UUID, inn: KvitteringInn, bruker: Bruker, svar_id: UUID
) -> dict[str, Any]:
    naa = forteller.clock.now()
    async with forteller.transaksjon(maa_fortelles=True) as t:
        rad = await store.laas_for_utkalling(t.tx, utkalling_id)
        if rad is None:
            raise Problem(404, "Finnes ikke", "Ingen utkalling har denne id-en.")
        sak = await store.aapne_sak(t.tx, rad, naa=naa, aarsak=svar_id)
        u = sak.utkallinger[utkalling_id]
        if not rules.roller_til_svar(sak, u, bruker.aktoer):
            raise Problem(403, "Du har ikke tilgang til dette", "Du kan bare ta imot svar for din egen enhet.")
        if gammel := await store.kvittering(t.tx, svar_id):
            _sjekk_samme(gammel, inn)
            return _svar(u)
        if not rad.aapen:
            raise Problem(409, "Hendelsen er lukket", "Svar kan ikke registreres etter avlysning eller avslutning.")
        eta = naa + timedelta(minutes=inn.eta_minutter) if inn.eta_minutter else None
        k = Kvittering(
            utkalling_id=u.id,
            svar=inn.svar,
            eta=eta,
            antall=inn.antall,
            kanal="portal",
            mottatt=naa,
            sen=rules.er_sen(u, naa),
            svar_id=svar_id,
            av=bruker.aktoer,
            nivaa=inn.nivaa,
        )
        rules.kvitter(sak, u, k)
        sak.vedtak.ordre += bestill_oppgavebrev(sak)
        await store.lagre(t.tx, sak, merknad=inn.merknad)
        t.fortell(*telling.events(sak))
    return _svar(sak.utkallinger[utkalling_id])


def _svar(u: Utkalling) -> dict[str, Any]:
    return {"id": u.id, "status": u.status, "eta": u.eta, "sen": u.sen}


def _sjekk_samme(gammel: Row[Any], inn: KvitteringInn) -> None:
    foer = (gammel.svar, gammel.antall, gammel.merknad, gammel.eta is None)
    if foer != (inn.svar, inn.antall, inn.merknad, inn.eta_minutter is None):
        raise Problem(409, "Samme nøkkel, annet innhold", "Idempotency-Key er brukt før med et annet innhold.")


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
    except JournalNede:
        return
    kjente = {k.person_id: k for k in svar.kontakter}
    for u in ut:
        if kontakt := kjente.get(u["person_id"]):
            u["person_id"] = kontakt.noekkel or u["person_id"]
            u.update({"navn": kontakt.navn} if kontakt.navn else {})
    if navn:
        data = InnsynData(av=bruker.aktoer, gjelder="utkallinger", antall=len(kjente))
        await forteller.journal.publiser([InnsynGitt.ny(data, naa=forteller.clock.now(), hendelse_id=hendelse_id)])
