"""An answer that somebody takes for a person, by phone or in the portal: the one way in, for the API and the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

from contracts.utkalling import Kvittering
from infra.journal.forteller import Forteller
from infra.web.personvern import Fritekst
from infra.web.problem import Problem
from infra.web.tilgang import Bruker
from services.utkalling import rules, store, telling
from services.utkalling.ordre import bestill_oppgavebrev
from services.utkalling.sak import Sak, Utkalling


class KvitteringInn(BaseModel):
    """An answer that a person took for somebody."""

    model_config = ConfigDict(extra="forbid")

    svar: Literal["kommer", "kommer_ikke", "framme", "ferdig"]
    eta_minutter: int | None = Field(default=None, ge=1, le=720)
    antall: int | None = Field(default=None, ge=1, le=500)
    merknad: Fritekst = Field(default="", max_length=500)
    nivaa: Literal["styrende", "koordinerende", "utoevende"] | None = None


async def ta_svar(
    forteller: Forteller, utkalling_id: UUID, inn: KvitteringInn, bruker: Bruker, svar_id: UUID
) -> Utkalling:
    """Takes the answer, committed and told, and gives the call-out as it then is; the same `svar_id` counts once.

    Raises:
        Problem: 404 unknown, 403 not the caller's to answer for, 409 closed, stood down, or another answer under
            the same id.
        JournalNede: stored, and not confirmed told; again with the same id is safe.
    """
    naa = forteller.clock.now()
    async with forteller.transaksjon(maa_fortelles=True) as t:
        rad = await store.laas_for_utkalling(t.tx, utkalling_id)
        if rad is None:
            raise Problem(404, "Finnes ikke", "Ingen utkalling har denne id-en.")
        sak = await store.aapne_sak(t.tx, rad, naa=naa, aarsak=svar_id)
        u = sak.utkallinger[utkalling_id]
        krev_egen(sak, u, bruker)
        if gammel := await store.kvittering(t.tx, svar_id):
            _sjekk_samme(gammel, inn)
        else:
            _krev_at_svar_tas_imot(rad.aapen, u)
            rules.kvitter(sak, u, _kvittering(u, inn, bruker, svar_id, sak))
            sak.vedtak.ordre += bestill_oppgavebrev(sak)
            await store.lagre(t.tx, sak, merknad=inn.merknad)
            t.fortell(*telling.events(sak))
    if gammel:  # taken by a try that perhaps nobody confirmed: yes means that the journal has it
        await forteller.fortell_alt()
    return sak.utkallinger[utkalling_id]


def _krev_at_svar_tas_imot(aapen: bool, u: Utkalling) -> None:
    if not aapen:
        raise Problem(409, "Hendelsen er lukket", "Svar kan ikke registreres etter avlysning eller avslutning.")
    if u.avlyst:
        raise Problem(409, "Utkallingen er avlyst", "Vedkommende skal ikke møte. Si fra om det i telefonen.")


def krev_egen(sak: Sak, u: Utkalling, bruker: Bruker) -> None:
    """Raises Problem 403 for one who may not answer for this person."""
    if not rules.roller_til_svar(sak, u, bruker.aktoer):
        raise Problem(403, "Du har ikke tilgang til dette", "Du kan bare ta imot svar for din egen enhet.")


def _kvittering(u: Utkalling, inn: KvitteringInn, bruker: Bruker, svar_id: UUID, sak: Sak) -> Kvittering:
    return Kvittering(
        utkalling_id=u.id,
        svar=inn.svar,
        eta=sak.naa + timedelta(minutes=inn.eta_minutter) if inn.eta_minutter else None,
        antall=inn.antall,
        kanal="portal",
        mottatt=sak.naa,
        sen=rules.er_sen(u, sak.naa),
        svar_id=svar_id,
        av=bruker.aktoer,
        nivaa=inn.nivaa,
    )


def _sjekk_samme(gammel: Row[Any], inn: KvitteringInn) -> None:
    foer = (gammel.svar, gammel.antall, gammel.merknad, gammel.eta is None)
    if foer != (inn.svar, inn.antall, inn.merknad, inn.eta_minutter is None):
        raise Problem(409, "Samme nøkkel, annet innhold", "Idempotency-Key er brukt før med et annet innhold.")
