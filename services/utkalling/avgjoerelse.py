"""A person decides about a message nobody knows about: the one way in, for the API and the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

from contracts.event import ny_id
from contracts.melding import AvgjortData, MeldingAvgjort, Valg
from infra.db import Tx
from infra.journal.forteller import Forteller
from infra.web.personvern import Fritekst
from infra.web.problem import Problem
from infra.web.tilgang import Bruker
from services.utkalling import rules_uviss, store, store_sider, store_uviss
from services.utkalling.rules_uviss import Stilling
from services.utkalling.sak import Sak, Utkalling
from services.utkalling.visning_uviss import ER_NAA, avgjort_av

LUKKET = "Det er for sent å sende meldingen på nytt: ingen skal møte lenger. Du kan regne den som sendt."
_HUSKES = {"forsoek", "valg", "av", "grunn"}


class AvgjoerelseInn(BaseModel):
    """What a person chose, and why when there is something to say."""

    model_config = ConfigDict(extra="forbid")

    valg: Valg
    grunn: Fritekst = Field(default="", max_length=500)


@dataclass(frozen=True)
class Om:
    """A message with what it belongs to; replies to people may belong to no hendelse and no call-out."""

    rad: Row[Any]
    hendelse: Row[Any] | None
    sak: Sak | None
    u: Utkalling | None

    @property
    def over(self) -> bool:
        return rules_uviss.er_over(self.sak, self.u)


async def avgjoer(forteller: Forteller, melding_id: UUID, inn: AvgjoerelseInn, bruker: Bruker) -> dict[str, Any]:
    """Decides, committed and told, and gives the decision that stands; one doubt is decided about once.

    Raises:
        Problem: 404 unknown, 403 not the caller's, 409 known by now, too late, or decided otherwise by somebody.
        JournalNede: stored, and not confirmed told; again is safe.
    """
    naa = forteller.clock.now()
    async with forteller.transaksjon(maa_fortelles=True) as t:
        om = await _laas(t.tx, melding_id, naa)
        krev_rett(om, bruker)
        stilling, avgjort = rules_uviss.vurder(store_uviss.melding_av(om.rad), inn.valg, over=om.over), om.rad.avgjort
        if stilling == "ny":
            data = _data(om.rad, inn, bruker)
            avgjort = {
                **data.model_dump(mode="json", include={"forsoek", "valg", "av", "grunn"}),
                "tid": naa.isoformat(),
            }
            await store_uviss.noter(t.tx, melding_id, rules_uviss.status_etter(inn.valg), avgjort)
            t.fortell(_event(om, data, naa))
    _avvis(stilling, om.rad, naa)
    if not t.events:  # decided before, perhaps by a try that nobody confirmed: yes means that the journal has it
        await forteller.fortell_alt()
    return {"melding_id": melding_id, **avgjort}


async def finn(tx: Tx, melding_id: UUID, naa: datetime) -> Om:
    """The message as a page shows it; Problem 404 when there is none."""
    rad = await store_uviss.finn(tx, melding_id)
    if rad is None:
        raise Problem(404, "Finnes ikke", "Ingen melding har denne id-en.")
    hvor = (
        store_sider.hendelse(tx, rad.hendelse_id) if rad.hendelse_id else store_sider.hendelse_av(tx, rad.utkalling_id)
    )
    return await _om(tx, rad, await hvor, naa)


def krev_rett(om: Om, bruker: Bruker) -> None:
    """Raises Problem 403 for one who may not decide about this message."""
    if not rules_uviss.kan_avgjoere(om.sak, om.u, bruker.aktoer):
        raise Problem(403, "Du har ikke tilgang til dette", "Du kan bare avgjøre om meldinger til din egen enhet.")


async def _laas(tx: Tx, melding_id: UUID, naa: datetime) -> Om:
    laast = await store_uviss.laas(tx, melding_id)
    if laast is None:
        raise Problem(404, "Finnes ikke", "Ingen melding har denne id-en.")
    return await _om(tx, *laast, naa)


async def _om(tx: Tx, rad: Row[Any], hendelse: Row[Any] | None, naa: datetime) -> Om:
    if hendelse is None:
        return Om(rad, None, None, None)
    bare = [rad.utkalling_id] if rad.utkalling_id else []
    sak = await store.aapne_sak(tx, hendelse, naa=naa, aarsak=rad.id, bare=bare)
    return Om(rad, hendelse, sak, sak.utkallinger.get(rad.utkalling_id))


def _data(rad: Row[Any], inn: AvgjoerelseInn, bruker: Bruker) -> AvgjortData:
    return AvgjortData(
        melding_id=rad.id,
        utkalling_id=rad.utkalling_id,
        kanal=rad.kanal,
        forsoek=rad.uviss_forsoek,
        valg=inn.valg,
        av=bruker.aktoer,
        grunn=inn.grunn,
    )


def _event(om: Om, data: AvgjortData, naa: datetime) -> MeldingAvgjort:
    """Its id is made of the message and the attempt: one doubt has one decision, whoever is quick."""
    return MeldingAvgjort.ny(
        data,
        naa=naa,
        hendelse_id=om.hendelse.hendelse_id if om.hendelse else None,
        event_id=ny_id(data.melding_id, f"{MeldingAvgjort.emne}/{data.forsoek}"),
    )


def _avvis(stilling: Stilling, rad: Row[Any], naa: datetime) -> None:
    match stilling:
        case "et_annet_valg":
            raise Problem(409, "Noen har alt avgjort dette", avgjort_av(rad.avgjort, naa))
        case "kjent":
            raise Problem(409, "Det er ikke lenger uvisst", f"Meldingen er {ER_NAA[rad.status]}.")
        case "over":
            raise Problem(409, "Meldingen kan ikke sendes på nytt", LUKKET)
