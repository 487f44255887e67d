"""What the pages say of a message nobody knows about: what is known, what can be chosen, and who chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.event import Aktoer
from infra.web.bruker import Bruker
from services.utkalling import rules_uviss
from services.utkalling.sak import Sak, Utkalling
from services.utkalling.store_uviss import melding_av
from services.utkalling.visning_ord import FORMAAL, KANAL, naar

VALG = {"send_igjen": "Send på nytt", "regn_som_sendt": "Regn som sendt"}
ER_NAA = {
    "bestilt": "bestilt og på vei",
    "uviss": "fortsatt uviss",
    "sendt": "sendt",
    "levert": "levert",
    "feilet": "ikke kommet fram",
    "trukket": "trukket tilbake",
}
"""«Meldingen er …»"""
_KJENT = {
    "sms": "Vi vet ikke om SMS-en kom fram. Telefonen kan ha fått den.",
    "epost": "Vi vet ikke om e-posten kom fram. Mottakeren kan ha fått den.",
}
_KAN_KOMME_TO_GANGER = "Sendes den på nytt, kan den komme to ganger."


@dataclass(frozen=True)
class Uvisst:
    """One message in doubt. `venter`: it can be decided about, by the one who looks."""

    melding_id: UUID
    kjent: str
    om: str
    avgjort: str
    """Who decided what, and when; empty while nobody has."""
    venter: bool


def uvisse(
    sak: Sak | None, u: Utkalling | None, meldinger: Iterable[Row[Any]], av: Aktoer, naa: datetime
) -> tuple[Uvisst, ...]:
    """Those of a call-out's messages (or of nobody's) that wait for a person, or that somebody has decided about."""
    over, svart = rules_uviss.er_over(sak, u), bool(u and u.svar)
    kan = rules_uviss.kan_avgjoere(sak, u, av)
    alle = [(rad, melding_av(rad)) for rad in meldinger]
    return tuple(
        _uvisst(rad, m, naa, venter=venter, kan=kan)
        for rad, m in alle
        if (venter := rules_uviss.venter(m, over=over, svart=svart)) or m.avgjort
    )


def _uvisst(rad: Row[Any], m: rules_uviss.Melding, naa: datetime, *, venter: bool, kan: bool) -> Uvisst:
    return Uvisst(
        melding_id=rad.id,
        kjent=_KJENT[rad.kanal] if venter else "",
        om=_om(rad, m, naa) if venter else "",
        avgjort=avgjort_av(rad.avgjort, naa) if m.avgjort else "",
        venter=venter and kan,
    )


def avgjort_av(avgjort: Mapping[str, Any], naa: datetime) -> str:
    """«SaLTo-sekretariatet valgte «Send på nytt» kl. 14.20. Grunn: Tar ikke telefonen.»: who, what, when."""
    av, tid = Aktoer.model_validate(avgjort["av"]), datetime.fromisoformat(avgjort["tid"])
    hvem = Bruker("", av.rolle, av.enhet).visning
    grunn = f" Grunn: {avgjort['grunn']}" if avgjort["grunn"] else ""
    return f"{hvem} valgte «{VALG[avgjort['valg']]}» {naar(tid, naa)}.{grunn}"


def _om(rad: Row[Any], m: rules_uviss.Melding, naa: datetime) -> str:
    """«Utkalling på SMS, uvisst siden kl. 14.02.», and what sending it again would mean."""
    siden = datetime.fromisoformat(rad.tider["uviss"])
    hva = f"{FORMAAL.get(rad.formaal, 'Melding')} på {KANAL[rad.kanal]}, uvisst siden {naar(siden, naa)}."
    if m.send_foer and rules_uviss.for_sent(m, naa):
        return f"{hva} Fristen for å sende den gikk ut {naar(m.send_foer, naa)}, så den går ikke ut nå. Ring i stedet."
    return f"{hva} {_KAN_KOMME_TO_GANGER}"
