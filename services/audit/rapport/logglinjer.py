"""What one row of the log says, in plain words and with roles; messages are left to be told many at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from contracts.audit import InnsynGitt
from contracts.event import Aktoer, AnyEvent
from contracts.frist import FristNaadd
from contracts.kanal import KanalStartet, KanalStoppet
from contracts.melding import (
    Feil,
    MeldingAvgjort,
    MeldingBestilt,
    MeldingFeilet,
    MeldingLevert,
    MeldingSendt,
    MeldingTrukket,
    MeldingUviss,
)
from contracts.mobilisering import BesluttetData, MobiliseringBesluttet
from contracts.svar import SvarUklart
from contracts.utkalling import UtkallingEskalert, UtkallingKvittert, UtkallingOpprettet
from services.audit.logg import hva as hva_slag
from services.audit.rapport import avgjort
from services.audit.rapport import ord as ordene
from services.audit.rapport import tidslinje as linjene
from services.audit.rapport.beslutninger import hva
from services.audit.rapport.fortelling import Fortelling, Innslag, Livsloep
from services.audit.rapport.meldinger import til_hvem
from services.audit.rapport.modell import Linje
from services.audit.rapport.personer import Personer

Slag = Literal["", "viktig", "feil", "teknisk"]
"""How it is shown. `teknisk`: what a page leaves out unless all is asked for."""
Utsendelse = Literal["bestilt", "sendt", "levert", "feilet", "uviss", "trukket"]
_UTFALL: dict[type[AnyEvent], Utsendelse] = {
    MeldingSendt: "sendt",
    MeldingLevert: "levert",
    MeldingFeilet: "feilet",
    MeldingUviss: "uviss",
}
_NEVNES_MAKS, _LISTE_MAKS = 3, 20
"""More than three are counted, and told below; at most twenty there."""
_FRIST = {"purring": "Tid for purring", "svarfrist": "Svarfristen er nådd", "slutt": "Sluttiden er nådd"}


@dataclass(frozen=True)
class Sagt:
    """One row as a sentence. `av` is who did it, by role."""

    hva: str
    av: str = ""
    detaljer: tuple[str, ...] = ()
    slag: Slag = ""


@dataclass(frozen=True)
class Sending:
    """One message and what became of it: no sentence yet."""

    slag: Utsendelse
    formaal: str
    """What it was for, in words; empty when that is not known."""
    kanal: str
    til: str
    """Whom it was for, by role; empty when that is not known."""
    feil: str = ""


def sagt(event: AnyEvent, personer: Personer, formaal: Mapping[UUID, str]) -> Sagt | list[Sending]:
    """What an event says.

    Args:
        event: the event.
        personer: what people are called.
        formaal: what the messages that are known here were for, by their ids.
    """
    sendinger = list(_sendinger(event, personer, formaal))
    return sendinger or _sagt(event, personer)


def _sagt(event: AnyEvent, personer: Personer) -> Sagt:
    d = event.data
    if isinstance(event, Livsloep):
        grunn = getattr(d, "grunn", "")
        return Sagt(hva(event), ordene.aktoer(d.av), (f"Grunn: {grunn}",) if grunn else (), "viktig")
    match event:
        case MeldingAvgjort():
            grunn = (f"Grunn: {d.grunn}",) if d.grunn else ()
            return Sagt(avgjort.hva(d, personer), ordene.aktoer(d.av), grunn, "viktig")
        case MobiliseringBesluttet():
            return _besluttet(d)
        case UtkallingEskalert():
            return _eskalert(event, personer)
        case SvarUklart():
            return Sagt(f"Uklart svar fra {personer.person(d.person_id)}", "", (f"Fordi: {d.grunn}",), "viktig")
        case KanalStoppet() | KanalStartet():
            vil = "vil ikke ha mer på" if isinstance(event, KanalStoppet) else "tar imot igjen på"
            return Sagt(f"{personer.person(d.person_id)} {vil} {ordene.KANAL[d.kanal]}")
        case InnsynGitt():
            return Sagt("Innsyn i opplysninger om personer", ordene.aktoer(d.av), (_innsyn(d),), "teknisk")
        case FristNaadd():
            hvilke = dict.fromkeys(_FRIST[f.slag] for f in d.frister)
            return Sagt(", ".join(hvilke), slag="teknisk")
    return _fra_tidslinjen(event, personer) or _annet(event)


def _fra_tidslinjen(event: AnyEvent, personer: Personer) -> Sagt | None:
    """Answers and call-outs, in the words of the report's own timeline."""
    en = Fortelling(event.hendelseid or event.id, (Innslag(0, event),), 0)
    linjer = [*linjene.svarlinjer(en, personer), *linjene.utkallingslinjer(en, personer)]
    if not linjer:
        return None
    slag: Slag = "viktig" if isinstance(event, UtkallingKvittert) else ""
    if isinstance(event, UtkallingOpprettet) and len(event.data.utkallinger) > _NEVNES_MAKS:
        kalt = [personer.person(u.person_id) for u in event.data.utkallinger]
        return Sagt(f"Utkalling opprettet for {len(kalt)}", "", (ordene.liste(kalt, hoeyst=_LISTE_MAKS),))
    if len(linjer) == 1:
        oppfoelging = linjer[0].oppfoelging
        return Sagt(linjer[0].hva, "", (oppfoelging,) if oppfoelging else (), slag)
    flere = [_helt(linje) for linje in linjer]
    return Sagt(f"{len(linjer)} svar", "", (*flere[:_LISTE_MAKS], *ordene.resten(len(flere), _LISTE_MAKS)), slag)


def _helt(linje: Linje) -> str:
    return f"{linje.hva}. {linje.oppfoelging}" if linje.oppfoelging else linje.hva


def _besluttet(d: BesluttetData) -> Sagt:
    hvor_mange = ordene.antall(len(d.mottakere), "mottaker", "mottakere")
    deler = f" (del {d.del_nr} av {d.deler})" if d.deler > 1 else ""
    mangler = tuple(f"Mangler: {ordene.rolle(m.rolle, m.enhet)} – {m.aarsak}" for m in d.mangler)
    versjoner = f"Regelsett {d.regelsett}, registerversjon {d.register_sekvens}"
    return Sagt(f"Reglene valgte {hvor_mange}{deler}", "", (*mangler, versjoner), "feil" if mangler else "viktig")


def _eskalert(event: UtkallingEskalert, personer: Personer) -> Sagt:
    alle = event.data.utkallinger
    vara = [personer.utkalt(v) for e in alle for v in e.vara]
    uten = [personer.utkalt(e.utkalling_id) for e in alle if not e.vara]
    fordi = tuple(f"{personer.utkalt(e.utkalling_id)} {ordene.ESKALERT_FORDI[e.grunn]}" for e in alle)
    deler = [f"Vara kalt: {ordene.liste(vara)}"] if vara else []
    deler += [f"Ingen vara å kalle for {ordene.liste(uten)}"] if uten else []
    return Sagt(". ".join(deler), "", fordi, "feil" if uten else "viktig")


def _innsyn(d: Any) -> str:
    return f"{d.gjelder}, {ordene.antall(d.antall, 'person', 'personer')}"


def _annet(event: AnyEvent) -> Sagt:
    av = getattr(event.data, "av", None)
    return Sagt(hva_slag(event.type), ordene.aktoer(av) if isinstance(av, Aktoer) else "")


def _sendinger(event: AnyEvent, personer: Personer, formaal: Mapping[UUID, str]) -> Iterator[Sending]:
    if utfall := _UTFALL.get(type(event)):
        for u in event.data.meldinger:
            til = personer.utkalt(u.utkalling_id) if u.utkalling_id else ""
            yield Sending(utfall, formaal.get(u.melding_id, ""), u.kanal, til, _feil(u.feil))
    elif isinstance(event, MeldingBestilt):
        for b in event.data.meldinger:
            yield Sending("bestilt", ordene.FORMAAL[b.formaal], b.kanal, til_hvem(b, personer))
    elif isinstance(event, MeldingTrukket):
        for melding_id in event.data.meldinger:
            yield Sending("trukket", formaal.get(melding_id, ""), "", "")


def _feil(feil: Feil | None) -> str:
    return f"{feil.tekst} ({feil.kode})" if feil else ""
