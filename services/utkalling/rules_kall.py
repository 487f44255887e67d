"""Who is asked, again and until when: opening a call-out, widening it, and its deadlines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.event import ny_id
from contracts.hendelse import Alvorlighet, Hendelse
from contracts.mobilisering import Mottaker
from services.utkalling.ordre import bestill_utkalling
from services.utkalling.sak import Frist, Sak, Utkalling, utkalling_id
from services.utkalling.tekster import hva

SNAR = timedelta(hours=12)
KORT_FRIST, LANG_FRIST = timedelta(minutes=30), timedelta(hours=24)
PURRES_ETTER = 2 / 3
AAPEN_ETTER_SLUTT = timedelta(hours=12)
AAPEN_UTEN_TID = timedelta(days=7)
UBESVART = {
    "avlyst": False,
    "svar": None,
    "eta": None,
    "antall": None,
    "sen": False,
    "eskalert": False,
    "utloept": False,
}


def standardfrist(hendelse: Hendelse, naa: datetime) -> datetime:
    """30 minutes when `akutt` or the start is within 12 hours, else 24 hours (API §3), and never after the start."""
    snart = hendelse.start is not None and hendelse.start - naa <= SNAR
    if snart or hendelse.alvorlighet is Alvorlighet.AKUTT:
        return naa + KORT_FRIST
    return min(naa + LANG_FRIST, hendelse.start) if hendelse.start else naa + LANG_FRIST


def svarfrist(hendelse: Hendelse, naa: datetime) -> datetime:
    """The hendelse's own deadline while it is ahead; afterwards a new one from now, for those called late."""
    egen = hendelse.svarfrist
    return egen if egen and egen > naa else standardfrist(hendelse, naa)


def utloeper(hendelse: Hendelse, naa: datetime) -> datetime:
    """When an answer without a kodeord is no longer about this hendelse."""
    slutt = hendelse.slutt or hendelse.start
    return max(slutt + AAPEN_ETTER_SLUTT, naa + LANG_FRIST) if slutt else naa + AAPEN_UTEN_TID


def kall_ut(sak: Sak, mottakere: Iterable[Mottaker], *, avlyst: bool) -> None:
    """Opens a call-out for each person who has none. `avlyst`: decided before it was called off, nobody is told."""
    for m in mottakere:
        gammel = sak.finn(m.person_id)
        if gammel is None:
            aapne(sak, m, avlyst=avlyst)
        elif not avlyst:
            _utvid(sak, gammel, m)


def aapne(sak: Sak, m: Mottaker, *, avlyst: bool = False, vara_for: UUID | None = None) -> Utkalling:
    """Opens one call-out and asks, unless it is stood down from the start."""
    frist = svarfrist(sak.hendelse, sak.naa) if m.art == "foresporsel" else None
    u = sak.sett(
        Utkalling(
            id=utkalling_id(sak.hendelse_id, m.person_id),
            person_id=m.person_id,
            art=m.art,
            roller=m.roller,
            kanaler=m.kanaler,
            opprettet=sak.naa,
            nr=len(sak.utkallinger),
            svarfrist=frist,
            vara_for=vara_for,
            avlyst=avlyst,
        )
    )
    sak.vedtak.nye.append(u.id)
    if not avlyst:
        spoer(sak, u)
    return u


def spoer(sak: Sak, u: Utkalling) -> None:
    """Orders the call-out on each of the person's channels, and sets the deadlines of one who is asked."""
    ordre = bestill_utkalling(sak, u)
    sak.vedtak.ordre += ordre
    bestilt = dict(u.kanalstatus) | {str(o.kanal): "bestilt" for o in ordre}
    sak.sett(u, kanalstatus=bestilt, gjelder=hva(sak.hendelse, sak.naa))
    if u.svarfrist:
        _sett_frister(sak, u, u.svarfrist)


def _sett_frister(sak: Sak, u: Utkalling, svarfrist: datetime) -> None:
    purres = sak.naa + (svarfrist - sak.naa) * PURRES_ETTER
    sak.vedtak.frister += [_frist(sak, u, "purring", purres), _frist(sak, u, "svarfrist", svarfrist)]


def flytt_frister(sak: Sak) -> None:
    """Those who have not answered, and whose deadline is ahead, get the hendelse's own when that has been moved."""
    if not sak.aapen:
        return
    for u in list(sak.utkallinger.values()):
        if u.venter_svar and not u.eskalert and u.svarfrist and u.svarfrist > sak.naa:
            ny = _flyttet(sak, u.svarfrist)
            if ny != u.svarfrist:
                _sett_frister(sak, sak.sett(u, svarfrist=ny), ny)


def _flyttet(sak: Sak, frist: datetime) -> datetime:
    """The hendelse's own while it is ahead; who was called after it keeps the one given, but not past the start."""
    egen, start = sak.hendelse.svarfrist, sak.hendelse.start
    if egen and egen > sak.naa:
        return egen
    return standardfrist(sak.hendelse, sak.naa) if start and frist > start else frist


def _frist(sak: Sak, u: Utkalling, slag: Literal["purring", "svarfrist"], tid: datetime) -> Frist:
    return Frist(ny_id(u.id, f"{slag}/{sak.aarsak}"), u.id, slag, tid)


def _utvid(sak: Sak, u: Utkalling, m: Mottaker) -> None:
    """A new decision about one who has a call-out: asked again only when it is another matter than before."""
    ny_art = m.art == "foresporsel" and not u.spurt
    if u.avlyst:
        gjenaapne(sak, u, m, vara_for=None)
    elif ny_art:
        gjenaapne(sak, u, m, vara_for=u.vara_for)
    else:
        kjente = {(r.rolle, r.enhet) for r in m.roller}
        som_vara = [r for r in u.roller if u.vara_for and (r.rolle, r.enhet) not in kjente]
        sak.sett(u, roller=(*m.roller, *som_vara), kanaler=m.kanaler)


def gjenaapne(sak: Sak, u: Utkalling, m: Mottaker, *, vara_for: UUID | None) -> Utkalling:
    """Asks again one who was stood down, or only informed: what was answered before is not about this."""
    spurt = u.spurt or m.art == "foresporsel"
    ny = sak.sett(
        u,
        art="foresporsel" if spurt else u.art,
        roller=m.roller,
        kanaler=m.kanaler,
        svarfrist=svarfrist(sak.hendelse, sak.naa) if spurt else None,
        vara_for=vara_for,
        **UBESVART,
    )
    spoer(sak, ny)
    return ny
