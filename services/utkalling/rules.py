"""What is decided about call-outs: who is asked, reminded and replaced, what an answer does, and when it is manned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.event import Aktoer, ny_id
from contracts.hendelse import Alvorlighet, Hendelse
from contracts.mobilisering import BesluttetData, Mottaker, RolleGrunn
from contracts.roller import rolle_i_enhet
from contracts.utkalling import Eskalering, Kvittering
from services.utkalling.ordre import bestill_purring, bestill_utkalling
from services.utkalling.sak import Frist, Sak, Utkalling, utkalling_id

SNAR = timedelta(hours=12)
KORT_FRIST, LANG_FRIST = timedelta(minutes=30), timedelta(hours=24)
PURRES_ETTER = 2 / 3
AAPEN_ETTER_SLUTT = timedelta(hours=12)
AAPEN_UTEN_TID = timedelta(days=7)
IKKE_KALT = {"nei": "svarte nei", "stille": "svarte ikke", "feilet": "kunne ikke nås", "stoppet": "har stoppet SMS"}
VURDERING = "Varslet hendelse: er det nødvendig at sekretariatet tar en sentral rolle?"
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
    sak.sett(u, kanalstatus=dict(u.kanalstatus) | {str(o.kanal): "bestilt" for o in ordre})
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
    """SMS cannot reach one who is asked: the deputy is called in each role that nobody else covers."""
    if not sak.aapen or not u.venter_svar or u.eskalert:
        return
    if udekket := [grunn for grunn in _spurt_som(u) if not _dekket(sak, u, grunn)]:
        eskaler(sak, u, "feilet", udekket)


def _spurt_som(u: Utkalling) -> Sequence[RolleGrunn]:
    return [r for r in u.roller if r.art == "foresporsel"] or u.roller


def _dekket(sak: Sak, u: Utkalling, grunn: RolleGrunn) -> bool:
    return any(annen.id != u.id and annen.spurt and annen.dekker for annen in sak.i_rolle(grunn))


def eskaler(sak: Sak, u: Utkalling, grunn: Grunn, roller: Sequence[RolleGrunn] | None = None) -> None:
    """Calls the next deputy in each role a person is asked in; nobody left is told as such, never in silence.

    Nothing happens in a role where somebody stands in: a deputy called before, or for a deputy, the one deputised for.

    Args:
        sak: the desk.
        u: the call-out of one who does not come, as far as we know.
        grunn: why not.
        roller: the roles it is about; all the person is asked in when left out.
    """
    ledige = _uten_avloeser(sak, u, _spurt_som(u) if roller is None else roller)
    if not ledige:
        return
    varaer, uten = _kall_varaer(sak, u, ledige)
    if not varaer and grunn == "stille":
        sak.sett(sak.utkallinger[u.id], utloept=True)
        sak.vedtak.utloept.append(u.id)
        sak.vedtak.oppgaver.append(f"{hvem(u)} har ikke svart innen fristen, og det er ingen vara å kalle. Ring.")
        return
    sak.sett(sak.utkallinger[u.id], eskalert=True)
    utfall = ([varaer] if varaer else []) + ([()] if uten else [])
    sak.vedtak.eskalert += [Eskalering(utkalling_id=u.id, vara=v, grunn=grunn) for v in utfall]
    sak.vedtak.oppgaver += [
        f"{rolle_i_enhet(r.rolle, r.enhet)} {IKKE_KALT[grunn]}, og det er ingen vara igjen å kalle." for r in uten
    ]


def _uten_avloeser(sak: Sak, u: Utkalling, roller: Sequence[RolleGrunn]) -> list[RolleGrunn]:
    innehaver = sak.utkallinger.get(u.vara_for) if u.vara_for else None
    if innehaver and innehaver.kommer:
        return []
    varaer = [v for v in sak.utkallinger.values() if v.vara_for == u.id and v.dekker]
    avloest = {(r.rolle, r.enhet) for v in varaer for r in v.roller}
    return [r for r in roller if (r.rolle, r.enhet) not in avloest]


def _kall_varaer(sak: Sak, u: Utkalling, roller: Sequence[RolleGrunn]) -> tuple[tuple[UUID, ...], Sequence[RolleGrunn]]:
    """Calls the first free deputy of each role, the same one once; gives their call-outs, and the roles without."""
    valgt: dict[UUID, list[RolleGrunn]] = {}
    uten: list[RolleGrunn] = []
    for r in roller:
        nr = next((n for n, person in enumerate(r.vara) if person in valgt or _ledig(sak, person)), None)
        if nr is None:
            uten.append(r)
        else:  # the rest stay in line behind
            valgt.setdefault(r.vara[nr], []).append(r.model_copy(update={"vara": r.vara[nr + 1 :]}))
    return tuple(_kall_vara(sak, u, person, som).id for person, som in valgt.items()), uten


def _ledig(sak: Sak, person_id: UUID) -> bool:
    gammel = sak.finn(person_id)
    return bool(sak.vara.get(person_id)) and (gammel is None or gammel.avlyst)


def _kall_vara(sak: Sak, u: Utkalling, person_id: UUID, roller: Sequence[RolleGrunn]) -> Utkalling:
    m = Mottaker(person_id=person_id, art="foresporsel", kanaler=sak.vara[person_id], roller=tuple(roller))
    gammel = sak.finn(person_id)
    return _gjenaapne(sak, gammel, m, vara_for=u.id) if gammel else _aapne(sak, m, vara_for=u.id)


def hvem(u: Utkalling) -> str:
    """A call-out as a task names it: the role, never the person."""
    return rolle_i_enhet(u.roller[0].rolle, u.roller[0].enhet) if u.roller else "en mottaker"


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
