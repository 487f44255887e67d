"""What an answer or a deadline does to a call-out, when a hendelse is manned, and what is left to a person."""

from __future__ import annotations

from datetime import datetime

from contracts.event import Aktoer
from contracts.mobilisering import BesluttetData
from contracts.roller import rolle_i_enhet
from contracts.utkalling import Kvittering
from services.utkalling.ordre import bestill_purring
from services.utkalling.rules_vara import dekket, eskaler, spurt_som
from services.utkalling.sak import Sak, Utkalling

VURDERING = "Varslet hendelse: er det nødvendig at sekretariatet tar en sentral rolle?"


def kvitter(sak: Sak, u: Utkalling, k: Kvittering) -> bool:
    """Takes an answer: kept always, counted when it is the newest. Returns whether it counts.

    NEI calls the deputy at once. A late JA does not undo a called deputy: both stay until a person stands one down.
    """
    sak.vedtak.kvitteringer.append(k)
    if u.svar_tid and k.mottatt < u.svar_tid:
        return False
    u = sak.sett(u, svar=k.svar, svar_tid=k.mottatt, eta=k.eta, antall=k.antall, sen=k.sen)
    if k.svar == "kommer_ikke" and u.spurt and sak.aapen and not u.avlyst:
        eskaler(sak, u, "nei")
    bemann(sak)
    return True


def er_sen(u: Utkalling, mottatt: datetime) -> bool:
    """Whether an answer came after the deadline. It counts all the same."""
    return u.svarfrist is not None and mottatt > u.svarfrist


def bemann(sak: Sak) -> None:
    """Says once that enough come."""
    minst = sak.hendelse.bemanning.minst if sak.hendelse.bemanning else None
    if minst is None or sak.bemannet or (kommer := sak.kommer()) < minst:
        return
    sak.bemannet = True
    sak.vedtak.bemannet = kommer


def frist_naadd(sak: Sak, u: Utkalling, slag: str) -> None:
    """A deadline has come: the silent are reminded, and at `svarfrist` the deputy is called (domene L123)."""
    if not sak.aapen or not u.venter_svar:
        return
    if slag == "purring":
        sak.vedtak.ordre += bestill_purring(sak, u)
        sak.vedtak.purret.append(u.id)
    elif not u.eskalert and not (u.svarfrist and u.svarfrist > sak.naa):  # asked again since: the old deadline is void
        eskaler(sak, u, "stille")


def kanal_feilet(sak: Sak, u: Utkalling) -> None:
    """SMS cannot reach one who is asked: the deputy is called in each role that nobody else covers."""
    if not sak.aapen or not u.venter_svar or u.eskalert:
        return
    if udekket := [grunn for grunn in spurt_som(u) if not dekket(sak, u, grunn)]:
        eskaler(sak, u, "feilet", udekket)


def oppgaver_av(beslutning: BesluttetData) -> dict[str, str]:
    """What a decision leaves to the sekretariat, by what it is about: shortfalls, an assessment (S:757-761)."""
    mangler = {
        f"{m.rolle}/{m.enhet}": f"Mangler {rolle_i_enhet(m.rolle, m.enhet)}: {m.aarsak}" for m in beslutning.mangler
    }
    return {"vurdering": VURDERING, **mangler} if beslutning.vurdering_kreves else mangler


def roller_til_svar(sak: Sak, u: Utkalling, av: Aktoer) -> bool:
    """Whether somebody may take this answer for the person: by role, and within the own unit (API §3)."""
    if av.rolle in {"sekretariat", "salto_sentrum", "system"}:
        return True
    return av.enhet is not None and any(r.enhet == av.enhet for r in u.roller)
