"""Minute by minute: what happened, in order, with every message word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from uuid import UUID

from contracts.kanal import KanalStoppet
from contracts.utkalling import (
    UtkallingAvlyst,
    UtkallingBemannet,
    UtkallingKvittert,
    UtkallingOpprettet,
    UtkallingPurret,
    UtkallingUtloept,
)
from services.audit.rapport import ord as ordene
from services.audit.rapport.fortelling import Fortelling
from services.audit.rapport.meldinger import Ordre, mottaker
from services.audit.rapport.modell import Avgjoerelse, Beslutning, Eskalering, Linje, Minutt, Tvil, Uklart
from services.audit.rapport.personer import Personer
from services.audit.tid import dato_tid, klokka


def tidslinje(linjer: Iterable[Linje]) -> tuple[Minutt, ...]:
    """The lines by minute; what came at the same moment keeps the order it was given in."""
    etter_tid = sorted(linjer, key=lambda linje: linje.tid)
    minutter = groupby(etter_tid, key=lambda linje: linje.tid.replace(second=0, microsecond=0))
    return tuple(Minutt(tid=tid, linjer=tuple(gruppe)) for tid, gruppe in minutter)


def avgjoerelseslinjer(avgjoerelser: Iterable[Avgjoerelse]) -> Iterator[Linje]:
    for a in avgjoerelser:
        yield Linje(tid=a.tid, hva=f"{a.hvem}: {a.hva}", oppfoelging=f"Grunn: {a.grunn}" if a.grunn else "")


def beslutningslinjer(beslutninger: Iterable[Beslutning]) -> Iterator[Linje]:
    for b in beslutninger:
        valgt = ordene.antall(b.mottakere, "mottaker", "mottakere")
        hva = f"Reglene ({b.regelsett}, registerversjon {b.register_sekvens}) valgte {valgt}"
        hva += f", {ordene.antall(b.mangler, 'rolle', 'roller')} manglet" if b.mangler else ""
        yield Linje(tid=b.tid, hva=hva, oppfoelging="" if b.hel else "Ikke alle deler av beslutningen er i loggen")


def utkallingslinjer(fortelling: Fortelling, personer: Personer) -> Iterator[Linje]:
    """Call-outs made, reminded, run out, stood down and manned."""
    for opprettet in fortelling.av(UtkallingOpprettet):
        nye = [personer.person(u.person_id) for u in opprettet.event.data.utkallinger]
        yield Linje(tid=opprettet.tid, hva=f"Utkalling opprettet for {ordene.liste(nye)}")
    for purret in fortelling.av(UtkallingPurret):
        yield Linje(tid=purret.tid, hva=f"Purret: {_hvem(purret.event.data.utkallinger, personer)}")
    for utloept in fortelling.av(UtkallingUtloept):
        hvem = _hvem(utloept.event.data.utkallinger, personer)
        yield Linje(tid=utloept.tid, hva=f"Svarfristen gikk ut uten svar: {hvem}")
    for avlyst in fortelling.av(UtkallingAvlyst):
        d = avlyst.event.data
        grunn = f"Grunn: {d.grunn}" if d.grunn else ""
        yield Linje(tid=avlyst.tid, hva=f"Skal ikke møte: {_hvem(d.utkallinger, personer)}", oppfoelging=grunn)
    for bemannet in fortelling.av(UtkallingBemannet):
        b = bemannet.event.data
        yield Linje(tid=bemannet.tid, hva=f"Bemannet: {b.kommer} kommer, {b.minst} trengtes")


def _hvem(utkallinger: tuple[UUID, ...], personer: Personer) -> str:
    return ordene.liste([personer.utkalt(u) for u in utkallinger])


def svarlinjer(fortelling: Fortelling, personer: Personer) -> Iterator[Linje]:
    """Answers, and those who closed the channel."""
    for i in fortelling.av(UtkallingKvittert):
        for k in i.event.data.kvitteringer:
            deler = [f"{personer.utkalt(k.utkalling_id)} svarte «{ordene.SVAR[k.svar]}» ({ordene.KANAL[k.kanal]})"]
            deler += [f"framme {dato_tid(k.eta)}"] if k.eta else []
            deler += [ordene.antall(k.antall, "person", "personer")] if k.antall else []
            deler += ["etter fristen"] if k.sen else []
            av = f"Registrert av {ordene.aktoer(k.av)}" if k.av else ""
            yield Linje(tid=k.mottatt, hva=", ".join(deler), oppfoelging=av)
    for stoppet in fortelling.av(KanalStoppet):
        d = stoppet.event.data
        if personer.kjent(d.person_id):
            yield Linje(
                tid=stoppet.tid, hva=f"{personer.person(d.person_id)} vil ikke ha mer på {ordene.KANAL[d.kanal]}"
            )


def uklarlinjer(uklare: Iterable[Uklart]) -> Iterator[Linje]:
    for u in uklare:
        hva = f"Uklart svar fra {u.hvem}: {u.grunn}" + (" (haster)" if u.haster else "")
        yield Linje(tid=u.tid, hva=hva, oppfoelging=u.avklart + (f" av {u.avklart_av}" if u.avklart_av else ""))


def eskaleringslinjer(eskaleringer: Iterable[Eskalering]) -> Iterator[Linje]:
    for e in eskaleringer:
        vara = f"Vara kalt: {ordene.liste(list(e.vara))}" if e.vara else "Ingen vara å kalle: rollen mangler"
        yield Linje(tid=e.tid, hva=f"Eskalert: {e.hvem} {e.grunn}", oppfoelging=vara)


def tvilslinjer(tvil: Iterable[Tvil]) -> Iterator[Linje]:
    for t in tvil:
        hva = "Uvisst om meldingen gikk ut" if t.hva == "uviss" else "Meldingen kom ikke fram"
        hva = f"{hva} ({t.kanal} til {t.til})" + (f": {t.feil}" if t.feil else "")
        yield Linje(tid=t.tid, hva=hva, oppfoelging=f"Ble til slutt: {t.ble}")


def meldingslinjer(ordre: Iterable[Ordre], personer: Personer) -> Iterator[Linje]:
    """Each message when it went out (or was ordered, when it never did), with its exact text."""
    for o in ordre:
        b = o.bestilling
        ut = o.tider.get("sendt") or o.tider.get("levert")
        hva = f"{ordene.stor(ordene.KANAL[b.kanal])} til {mottaker(o, personer)}: {ordene.FORMAAL[b.formaal]}"
        hva += f", emne «{b.emne}»" if b.emne else ""
        levert = o.tider.get("levert")
        status = f"Levert kl. {klokka(levert)}" if levert else ordene.stor(o.statustekst)
        status += ". Svarlenken ble satt inn ved sending" if b.svarlenke and ut else ""
        yield Linje(tid=ut or o.bestilt, hva=hva, ordrett=b.tekst, oppfoelging=status)
