"""Every message word by word, joined with what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.melding import (
    Bestilling,
    Feil,
    MeldingBestilt,
    MeldingFeilet,
    MeldingLevert,
    MeldingSendt,
    MeldingTrukket,
    MeldingUviss,
)
from contracts.roller import ROLLENAVN, Rolle
from services.audit.rapport import ord as ordene
from services.audit.rapport.avgjort import regnet_som_sendt
from services.audit.rapport.fortelling import Fortelling
from services.audit.rapport.modell import Melding, Tvil
from services.audit.rapport.personer import UKJENT, Personer
from services.audit.rapport.uklare import uklare_svar

_RANG = ("bestilt", "trukket", "uviss", "sendt", "feilet", "levert")
"""What wins when several are known: a doubt that was settled is no doubt, and what arrived did not fail."""
_UTFALL = {MeldingSendt: "sendt", MeldingLevert: "levert", MeldingFeilet: "feilet", MeldingUviss: "uviss"}


@dataclass
class Ordre:
    """An order, and the times of what the channel said about it."""

    bestilling: Bestilling
    bestilt: datetime
    tider: dict[str, datetime]
    feil: Feil | None = None
    antatt: bool = False
    """Whether a person regards it as sent."""

    @property
    def statustekst(self) -> str:
        """What it came to, in words."""
        if self.antatt and self.status == "sendt":
            return "regnet som sendt"
        return ordene.MELDINGSTATUS[self.status]

    @property
    def status(self) -> str:
        return max(self.tider, key=_RANG.index)

    @property
    def feiltekst(self) -> str:
        return f"{self.feil.tekst} ({self.feil.kode})" if self.feil else ""


def ordrene(fortelling: Fortelling, personer: Personer) -> dict[UUID, Ordre]:
    """Every order of the hendelse with its outcomes, in the order they were made."""
    ut: dict[UUID, Ordre] = {}
    svar = {i.event.data.svar_id for i in uklare_svar(fortelling, personer)}
    for i in fortelling.av(MeldingBestilt):
        for b in i.event.data.meldinger:
            if i.event.hendelseid or i.event.aarsak in svar or _spoer_om_flere(b, personer):
                ut.setdefault(b.id, Ordre(b, i.tid, {"bestilt": i.tid}))
    for trukket in fortelling.av(MeldingTrukket):
        for melding_id in trukket.event.data.meldinger:
            if ordre := ut.get(melding_id):
                ordre.tider.setdefault("trukket", trukket.tid)
    for melding_id, utfall, tid, feil in _utfall(fortelling):
        if ordre := ut.get(melding_id):
            ordre.tider.setdefault(utfall, tid)
            ordre.feil = feil or ordre.feil
    for melding_id in regnet_som_sendt(fortelling) & ut.keys():
        ut[melding_id].antatt = True
    return ut


def _spoer_om_flere(b: Bestilling, personer: Personer) -> bool:
    """Whether an order of no hendelse asks one of ours which of several hendelser an answer is to."""
    return b.formaal == "spoersmaal" and personer.kjent(b.person_id)


def _utfall(fortelling: Fortelling) -> Iterator[tuple[UUID, str, datetime, Feil | None]]:
    for innslag in fortelling.innslag:
        utfall = _UTFALL.get(type(innslag.event))
        if utfall:
            for u in innslag.event.data.meldinger:
                yield u.melding_id, utfall, u.tid, u.feil


def mottaker(ordre: Ordre, personer: Personer) -> str:
    """Whom an order is for, by role."""
    return til_hvem(ordre.bestilling, personer)


def til_hvem(b: Bestilling, personer: Personer) -> str:
    """Whom a message is for, by role."""
    if not personer.kjent(b.person_id) and b.formaal == "oppgave":
        return ROLLENAVN[Rolle.SEKRETARIAT]  # tasks and warnings go to the sekretariat alone (API §3)
    navn = personer.person(b.person_id)
    return personer.utkalt(b.utkalling_id) if navn == UKJENT else navn


def meldinger(ordre: dict[UUID, Ordre], personer: Personer) -> tuple[Melding, ...]:
    """The messages as the report shows them."""
    return tuple(
        Melding(
            til=mottaker(o, personer),
            kanal=ordene.KANAL.get(o.bestilling.kanal, o.bestilling.kanal),
            formaal=ordene.FORMAAL.get(o.bestilling.formaal, o.bestilling.formaal),
            emne=o.bestilling.emne,
            tekst=o.bestilling.tekst,
            segmenter=o.bestilling.segmenter,
            bestilt=o.bestilt,
            sendt=o.tider.get("sendt"),
            levert=o.tider.get("levert"),
            status=o.statustekst,
            feil=o.feiltekst,
            oevelse=o.bestilling.oevelse,
            svarlenke=o.bestilling.svarlenke,
        )
        for o in ordre.values()
    )


def tvil(ordre: dict[UUID, Ordre], personer: Personer) -> tuple[Tvil, ...]:
    """Every doubt and every failure, also those that came right in the end."""
    funn = [
        Tvil(
            tid=o.tider[hva],
            til=mottaker(o, personer),
            kanal=ordene.KANAL.get(o.bestilling.kanal, o.bestilling.kanal),
            hva=hva,
            feil=o.feiltekst,
            ble=o.statustekst,
        )
        for o in ordre.values()
        for hva in ("uviss", "feilet")
        if hva in o.tider
    ]
    return tuple(sorted(funn, key=lambda t: t.tid))
