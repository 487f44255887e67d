"""What people decided about messages nobody knew about."""

from __future__ import annotations

from uuid import UUID

from contracts.melding import AvgjortData, MeldingAvgjort
from services.audit.rapport import ord as ordene
from services.audit.rapport.fortelling import Fortelling
from services.audit.rapport.modell import Avgjoerelse
from services.audit.rapport.personer import UKJENT, Personer

_VALGTE = {"send_igjen": "Valgte å sende på nytt", "regn_som_sendt": "Valgte å regne som sendt"}


def avgjort(fortelling: Fortelling, personer: Personer) -> tuple[Avgjoerelse, ...]:
    """Every such decision about the hendelse's messages, with who and why."""
    return tuple(
        Avgjoerelse(
            tid=i.tid, hva=hva(i.event.data, personer), hvem=ordene.aktoer(i.event.data.av), grunn=i.event.data.grunn
        )
        for i in fortelling.av(MeldingAvgjort)
        if i.event.hendelseid or personer.utkalt(i.event.data.utkalling_id) != UKJENT
    )


def hva(d: AvgjortData, personer: Personer) -> str:
    """What was chosen, about which message, as a sentence that begins with the verb."""
    til = f" til {personer.utkalt(d.utkalling_id)}" if d.utkalling_id else ""
    return f"{_VALGTE[d.valg]} {ordene.KANAL[d.kanal]}{til}, som ingen visste om gikk ut"


def regnet_som_sendt(fortelling: Fortelling) -> frozenset[UUID]:
    """Messages that were sent because a person said so."""
    return frozenset(
        i.event.data.melding_id for i in fortelling.av(MeldingAvgjort) if i.event.data.valg == "regn_som_sendt"
    )
