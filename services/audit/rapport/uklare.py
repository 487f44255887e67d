"""Answers that were not guessed, and who settled them."""

from __future__ import annotations

from datetime import datetime

from contracts.svar import SvarUklart, UklartData
from contracts.utkalling import Kvittering, UtkallingKvittert
from services.audit.rapport import ord as ordene
from services.audit.rapport.fortelling import Fortelling, Innslag
from services.audit.rapport.modell import Uklart
from services.audit.rapport.personer import Personer


def uklare(fortelling: Fortelling, personer: Personer) -> tuple[Uklart, ...]:
    """Every unclear answer about this hendelse, with what became of it."""
    svar = sorted(
        (k for i in fortelling.av(UtkallingKvittert) for k in i.event.data.kvitteringer), key=lambda k: k.mottatt
    )
    return tuple(_ett(i.tid, i.event.data, svar, personer) for i in uklare_svar(fortelling, personer))


def uklare_svar(fortelling: Fortelling, personer: Personer) -> list[Innslag[SvarUklart]]:
    """The unclear answers that may be to this hendelse."""
    return [
        i
        for i in fortelling.av(SvarUklart)
        if i.event.hendelseid or personer.utkallinger.keys() & set(i.event.data.utkallinger)
    ]


def _ett(tid: datetime, d: UklartData, svar: list[Kvittering], personer: Personer) -> Uklart:
    k = _avklaring(tid, d, svar, personer)
    return Uklart(
        tid=tid,
        hvem=personer.person(d.person_id),
        grunn=d.grunn,
        haster=d.haster,
        avklart=f"Ble regnet som «{ordene.SVAR[k.svar]}»" if k else "Ikke avklart",
        avklart_tid=k.mottatt if k else None,
        avklart_av=(ordene.aktoer(k.av) if k.av else "avsenderen selv, med et nytt svar") if k else "",
    )


def _avklaring(tid: datetime, d: UklartData, svar: list[Kvittering], personer: Personer) -> Kvittering | None:
    """The answer that was made of it; failing that, the first answer we got for the same person afterwards."""
    av_dette = [k for k in svar if k.svar_id == d.svar_id]
    egne = {u.id for u in personer.utkallinger.values() if u.person_id == d.person_id}
    senere = [k for k in svar if k.utkalling_id in egne and k.mottatt > tid]
    return next(iter([*av_dette, *senere]), None)
