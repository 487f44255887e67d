"""Orders for messages: one per channel of a person, with text, reference, priority and the time it must be out by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from contracts.event import ny_id
from contracts.hendelse import Alvorlighet, Hendelse
from contracts.melding import Bestilling, Formaal, Prioritet
from contracts.mobilisering import Kanal
from services.utkalling import tekster
from services.utkalling.sak import Sak, Utkalling

GJELDER_UTEN_TID = timedelta(hours=24)
SVARTID = timedelta(hours=1)
"""A confirmation or a question back is of no use after this."""


def send_foer(hendelse: Hendelse, naa: datetime) -> datetime:
    """Past this the message makes no sense any more: the end (or start) of the hendelse, at least an hour from now."""
    slutt = hendelse.slutt or (hendelse.start + timedelta(hours=6) if hendelse.start else None)
    return max(slutt, naa + SVARTID) if slutt else naa + GJELDER_UTEN_TID


def prioritet(hendelse: Hendelse) -> Prioritet:
    """Akutt goes before everything else in the channel's queue."""
    if hendelse.alvorlighet is Alvorlighet.AKUTT:
        return 0
    return 3 if hendelse.alvorlighet is Alvorlighet.LAV else 2


def bestill_utkalling(sak: Sak, u: Utkalling) -> list[Bestilling]:
    """The call-out (or the information) on each of the person's channels."""
    h, naa = sak.hendelse, sak.naa
    formaal: Formaal = "utkalling" if u.spurt else "orientering"
    return [
        _ordre(sak, u, kanal, formaal, _utkast(sak, u), epost=lambda: (tekster.emne(h, naa), _brev(sak, u)))
        for kanal in _kanaler(sak, u)
    ]


def _utkast(sak: Sak, u: Utkalling) -> Iterator[str]:
    """Longest first, each written only when the one before was too long: the first nearly always fits."""
    h, naa, frist = sak.hendelse, sak.naa, u.svarfrist
    skriv = tekster.vara if u.vara_for else tekster.utkalling
    for trinn in tekster.TRINN:
        yield skriv(h, u.roller, frist, naa, trinn) if frist else tekster.orientering(h, u.roller, naa, trinn)


def _brev(sak: Sak, u: Utkalling) -> str:
    return tekster.epost_om_utkalling(sak.hendelse, u.roller, u.svarfrist, sak.naa)


def bestill_purring(sak: Sak, u: Utkalling) -> list[Bestilling]:
    har_vara = any(r.vara for r in u.roller)
    tekst = tekster.purring(sak.hendelse, u.svarfrist or sak.naa, sak.naa, har_vara=har_vara)
    return [
        _ordre(sak, u, kanal, "purring", [tekst], epost=lambda: _kort_brev(sak, "PURRING", tekst))
        for kanal in _naadde(sak, u)
    ]


def bestill_avlysning(sak: Sak, u: Utkalling, kanal: str) -> list[Bestilling]:
    """The stand-down on a channel that carried the call-out, of what the person was called to, wherever it is now."""
    gjelder = u.gjelder or tekster.hva(sak.hendelse, sak.naa)
    tekst = tekster.avlysning(sak.hendelse, gjelder)
    return [
        _ordre(sak, u, k, "avlysning", [tekst], epost=lambda: _kort_brev(sak, "AVLYST", tekst, gjelder), prio=1)
        for k in _kanaler(sak, u)
        if k == kanal
    ]


def bestill_endring(sak: Sak, u: Utkalling, endret_sekvens: int) -> list[Bestilling]:
    """What is new, once for each change, whichever event it is told by."""
    frist = u.svarfrist if u.svar is None and u.svarfrist and u.svarfrist > sak.naa else None
    tekst = tekster.endring(sak.hendelse, sak.naa, frist)
    return [
        _ordre(sak, u, k, "endring", [tekst], epost=lambda: _kort_brev(sak, "ENDRET", tekst), om=str(endret_sekvens))
        for k in _naadde(sak, u)
    ]


def bestill_oppgavebrev(sak: Sak) -> list[Bestilling]:
    """One e-mail to each in the sekretariat about what now waits for a person: never an SMS (API §3)."""
    if not sak.vedtak.oppgaver:
        return []
    punkter = "\n".join(f"- {linje}" for linje in dict.fromkeys(sak.vedtak.oppgaver))
    tekst = f"{tekster.hva(sak.hendelse, sak.naa)}.\n\nDette venter på et menneske:\n{punkter}\n\nSe oppgavelisten."
    emne = tekster.emne(sak.hendelse, sak.naa, "OPPGAVE")
    return [_oppgavebrev(sak, person_id, emne, tekst) for person_id in sak.sekretariat]


def _oppgavebrev(sak: Sak, person_id: UUID, emne: str, tekst: str) -> Bestilling:
    return Bestilling(
        id=ny_id(sak.aarsak, f"oppgave/{sak.hendelse_id}/{person_id}"),
        person_id=person_id,
        kanal="epost",
        formaal="oppgave",
        emne=emne,
        tekst=tekst,
        koding="",
        prioritet=1,
        send_foer=send_foer(sak.hendelse, sak.naa),
        oevelse=sak.hendelse.oevelse,
    )


def svar_paa_sms(
    *,
    hendelse_id: UUID | None,
    u: Utkalling | None,
    person_id: UUID,
    formaal: Formaal,
    utkast: Sequence[str],
    aarsak: UUID,
    naa: datetime,
    oevelse: bool = False,
) -> Bestilling:
    """An answer back to one who has written to us: a confirmation, a question, information."""
    melding_id = ny_id(aarsak, f"{formaal}/{person_id}/sms")
    ref = tekster.referanse(melding_id)
    ferdig, koding, segmenter = tekster.sms(utkast, ref)
    return Bestilling(
        id=melding_id,
        utkalling_id=u.id if u else None,
        person_id=person_id,
        kanal="sms",
        formaal=formaal,
        tekst=ferdig,
        ref=ref,
        koding=koding,
        segmenter=segmenter,
        prioritet=1,
        send_foer=naa + SVARTID,
        oevelse=oevelse,
    )


def _kanaler(sak: Sak, u: Utkalling) -> Sequence[Kanal]:
    return [k for k in u.kanaler if k != "sms" or u.person_id not in sak.stoppede]


def _naadde(sak: Sak, u: Utkalling) -> Sequence[Kanal]:
    """The channels worth trying again: those where nothing has failed for good."""
    return [k for k in _kanaler(sak, u) if u.kanalstatus.get(k) not in {"feilet", "trukket"}]


def _kort_brev(sak: Sak, merke: str, tekst: str, gjelder: str = "") -> tuple[str, str]:
    return tekster.emne(sak.hendelse, sak.naa, merke, gjelder), f"{tekst}\n\nFare for liv: ring 112."


def _ordre(
    sak: Sak,
    u: Utkalling,
    kanal: Kanal,
    formaal: Formaal,
    utkast: Iterable[str],
    *,
    epost: Callable[[], tuple[str, str]],
    prio: Prioritet | None = None,
    om: str = "",
) -> Bestilling:
    melding_id = ny_id(u.id, f"{formaal}/{kanal}/{om or sak.aarsak}")
    felles = {
        "id": melding_id,
        "utkalling_id": u.id,
        "person_id": u.person_id,
        "kanal": kanal,
        "formaal": formaal,
        "prioritet": prioritet(sak.hendelse) if prio is None else prio,
        "send_foer": send_foer(sak.hendelse, sak.naa),
        "oevelse": sak.hendelse.oevelse,
    }
    if kanal == "epost":
        emne, tekst = epost()
        lenke = u.spurt and formaal in {"utkalling", "purring", "endring"}
        return Bestilling(**felles, emne=emne, tekst=tekst, koding="", svarlenke=lenke)
    ref = tekster.referanse(melding_id)
    tekst, koding, segmenter = tekster.sms(utkast, ref)
    return Bestilling(**felles, tekst=tekst, ref=ref, koding=koding, segmenter=segmenter)
