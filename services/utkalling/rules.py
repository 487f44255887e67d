"""What is decided about call-outs: who is asked, reminded and replaced, what an answer does, and when it is manned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.event import Aktoer, ny_id
from contracts.hendelse import Alvorlighet, Hendelse
from contracts.mobilisering import BesluttetData, Mottaker, RolleGrunn
from contracts.roller import rolle_i_enhet
from contracts.utkalling import Eskalering, Kvittering
from services.utkalling.ordre import bestill_purring, bestill_utkalling
from services.utkalling.sak import Frist, Sak, Utkalling

SNAR = timedelta(hours=12)
KORT_FRIST, LANG_FRIST = timedelta(minutes=30), timedelta(hours=24)
PURRES_ETTER = 2 / 3
AAPEN_ETTER_SLUTT = timedelta(hours=12)
AAPEN_UTEN_TID = timedelta(days=7)
IKKE_KALT = {"nei": "svarte nei", "stille": "svarte ikke", "feilet": "kunne ikke nås", "stoppet": "har stoppet SMS"}
UBESVART = {
    "avlyst": False,
    "svar": None,
    "eta": None,
    "antall": None,
    "sen": False,
    "eskalert": False,
    "utloept": False,
}
Grunn = Literal["nei", "stille", "feilet", "stoppet"]


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
            _aapne(sak, m, avlyst=avlyst)
        elif not avlyst:
            _utvid(sak, gammel, m)


def _aapne(sak: Sak, m: Mottaker, *, avlyst: bool = False, vara_for: UUID | None = None) -> Utkalling:
    frist = svarfrist(sak.hendelse, sak.naa) if m.art == "foresporsel" else None
    u = sak.sett(
        Utkalling(
            id=ny_id(sak.hendelse_id, f"utkalling/{m.person_id}"),
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
    sak.sett(u, kanalstatus=dict(u.kanalstatus) | {str(o.kanal): "bestilt" for o in ordre})
    if u.svarfrist:
        purres = sak.naa + (u.svarfrist - sak.naa) * PURRES_ETTER
        sak.vedtak.frister += [_frist(sak, u, "purring", purres), _frist(sak, u, "svarfrist", u.svarfrist)]


def _frist(sak: Sak, u: Utkalling, slag: Literal["purring", "svarfrist"], tid: datetime) -> Frist:
    return Frist(ny_id(u.id, f"{slag}/{sak.aarsak}"), u.id, slag, tid)


def _utvid(sak: Sak, u: Utkalling, m: Mottaker) -> None:
    """A new decision about one who has a call-out: asked again only when it is another matter than before."""
    ny_art = m.art == "foresporsel" and not u.spurt
    if u.avlyst:
        _gjenaapne(sak, u, m, vara_for=None)
    elif ny_art:
        _gjenaapne(sak, u, m, vara_for=u.vara_for)
    else:
        kjente = {(r.rolle, r.enhet) for r in m.roller}
        som_vara = [r for r in u.roller if u.vara_for and (r.rolle, r.enhet) not in kjente]
        sak.sett(u, roller=(*m.roller, *som_vara), kanaler=m.kanaler)


def _gjenaapne(sak: Sak, u: Utkalling, m: Mottaker, *, vara_for: UUID | None) -> Utkalling:
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
    """SMS cannot reach one who is asked: the deputy is called when nobody else covers the role."""
    if not sak.aapen or not u.venter_svar or u.eskalert:
        return
    if any(not _dekket(sak, u, grunn) for grunn in u.roller):
        eskaler(sak, u, "feilet")


def _dekket(sak: Sak, u: Utkalling, grunn: RolleGrunn) -> bool:
    return any(annen.id != u.id and annen.spurt and annen.dekker for annen in sak.i_rolle(grunn))


def eskaler(sak: Sak, u: Utkalling, grunn: Grunn) -> None:
    """Calls the next deputy of each of the person's roles; nobody left is told as such, never in silence.

    Nothing happens when somebody stands in already: a deputy called before, or for a deputy, the one deputised for.
    """
    if _har_avloeser(sak, u):
        return
    kalt = [v.id for v in (_kall_vara(sak, u, r) for r in u.roller if r.art == "foresporsel") if v]
    if kalt or grunn != "stille":
        sak.sett(sak.utkallinger[u.id], eskalert=True)
        varaer = tuple(dict.fromkeys(kalt))
        sak.vedtak.eskalert.append(Eskalering(utkalling_id=u.id, vara=varaer, grunn=grunn))
        if not varaer:
            sak.vedtak.oppgaver.append(f"{hvem(u)} {IKKE_KALT[grunn]}, og det er ingen vara igjen å kalle.")
    else:
        sak.sett(sak.utkallinger[u.id], utloept=True)
        sak.vedtak.utloept.append(u.id)
        sak.vedtak.oppgaver.append(f"{hvem(u)} har ikke svart innen fristen, og det er ingen vara å kalle. Ring.")


def _har_avloeser(sak: Sak, u: Utkalling) -> bool:
    innehaver = sak.utkallinger.get(u.vara_for) if u.vara_for else None
    if innehaver and innehaver.kommer:
        return True
    return any(v.vara_for == u.id and v.dekker for v in sak.utkallinger.values())


def _kall_vara(sak: Sak, u: Utkalling, grunn: RolleGrunn) -> Utkalling | None:
    """Opens the call-out of the first deputy who is not already called; the rest stay in line behind."""
    for nr, person_id in enumerate(grunn.vara):
        gammel = sak.finn(person_id)
        if gammel is not None and not gammel.avlyst:
            continue
        som_vara = grunn.model_copy(update={"vara": grunn.vara[nr + 1 :], "kort": grunn.kort})
        kanaler = sak.vara.get(person_id, ())
        if kanaler:
            m = Mottaker(person_id=person_id, art="foresporsel", kanaler=kanaler, roller=(som_vara,))
            return _gjenaapne(sak, gammel, m, vara_for=u.id) if gammel else _aapne(sak, m, vara_for=u.id)
    return None


def hvem(u: Utkalling) -> str:
    """A call-out as a task names it: the role, never the person."""
    return rolle_i_enhet(u.roller[0].rolle, u.roller[0].enhet) if u.roller else "en mottaker"


def oppgaver_av(beslutning: BesluttetData, *, foerste: bool) -> list[str]:
    """What a decision leaves to the sekretariat: shortfalls, and once an assessment (Oslostandarden S:757-761)."""
    mangler = [f"Mangler {rolle_i_enhet(m.rolle, m.enhet)}: {m.aarsak}" for m in beslutning.mangler]
    vurdering = "Varslet hendelse: er det nødvendig at sekretariatet tar en sentral rolle?"
    return [vurdering, *mangler] if beslutning.vurdering_kreves and foerste else mangler


def roller_til_svar(sak: Sak, u: Utkalling, av: Aktoer) -> bool:
    """Whether somebody may take this answer for the person: by role, and within the own unit (API §3)."""
    if av.rolle in {"sekretariat", "salto_sentrum", "system"}:
        return True
    return av.enhet is not None and any(r.enhet == av.enhet for r in u.roller)
