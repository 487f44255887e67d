"""Those who were called: why, what they were sent, what they answered and how fast, and what was done about silence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median
from uuid import UUID

from contracts.mobilisering import MobiliseringBesluttet, RolleGrunn
from contracts.utkalling import (
    Kvittering,
    NyUtkalling,
    UtkallingAvlyst,
    UtkallingEskalert,
    UtkallingKvittert,
    UtkallingOpprettet,
    UtkallingPurret,
    UtkallingUtloept,
)
from services.audit.rapport import ord as ordene
from services.audit.rapport.fortelling import Fortelling
from services.audit.rapport.meldinger import Ordre
from services.audit.rapport.modell import Eskalering, Rollegrunn, Spurt, Svar, Svartider
from services.audit.rapport.personer import Personer

_OM_UTKALLINGEN = {"utkalling", "orientering"}


def spurte(fortelling: Fortelling, ordre: dict[UUID, Ordre], personer: Personer) -> tuple[Spurt, ...]:
    """Everyone who was called or informed, in the order of the call-outs; last, those decided on and never called."""
    svar = _svar(fortelling)
    egne: dict[UUID, list[Ordre]] = defaultdict(list)
    for o in ordre.values():
        if o.bestilling.utkalling_id and o.bestilling.formaal in _OM_UTKALLINGEN:
            egne[o.bestilling.utkalling_id].append(o)
    purret = Counter(u for i in fortelling.av(UtkallingPurret) for u in i.event.data.utkallinger)
    merknader = _merknader(fortelling)
    kalt = [
        _spurt(ny, i.tid, svar[ny.id], egne[ny.id], purret[ny.id], merknader[ny.id], personer)
        for i in fortelling.av(UtkallingOpprettet)
        for ny in i.event.data.utkallinger
    ]
    return (*kalt, *_uten_utkalling(fortelling, personer))


def _spurt(
    ny: NyUtkalling,
    kalt: datetime,
    svar: Sequence[Kvittering],
    ordre: Sequence[Ordre],
    purret: int,
    merknader: Sequence[str],
    personer: Personer,
) -> Spurt:
    sendt = _foerste(o.tider.get("sendt") for o in ordre)
    regnes_fra = sendt or _foerste(o.bestilt for o in ordre) or kalt
    return Spurt(
        hvem=personer.person(ny.person_id),
        utkalling_id=ny.id,
        art=ny.art,
        roller=tuple(_rolle(r) for r in ny.roller),
        vara_for=personer.utkalt(ny.vara_for) if ny.vara_for else "",
        kalt=kalt,
        sendt=sendt,
        levert=_foerste(o.tider.get("levert") for o in ordre),
        svar=tuple(_ett_svar(k) for k in svar),
        svartid_sekunder=max(0, round((svar[0].mottatt - regnes_fra).total_seconds())) if svar else None,
        purret=purret,
        merknader=(*(["Født avlyst: ingen melding ble sendt"] if ny.avlyst else []), *merknader),
    )


def _foerste(tider: Iterable[datetime | None]) -> datetime | None:
    return min((t for t in tider if t), default=None)


def _rolle(r: RolleGrunn) -> Rollegrunn:
    return Rollegrunn(rolle=ordene.rolle(r.rolle, r.enhet), regel=r.regel, grunnlag=r.hjemmel, grunn=r.grunn)


def _svar(fortelling: Fortelling) -> defaultdict[UUID, list[Kvittering]]:
    """Answers by call-out, oldest first."""
    ut: defaultdict[UUID, list[Kvittering]] = defaultdict(list)
    for i in fortelling.av(UtkallingKvittert):
        for k in i.event.data.kvitteringer:
            ut[k.utkalling_id].append(k)
    for liste in ut.values():
        liste.sort(key=lambda k: k.mottatt)
    return ut


def _ett_svar(k: Kvittering) -> Svar:
    return Svar(
        tid=k.mottatt,
        svar=ordene.SVAR[k.svar],
        kanal=ordene.KANAL[k.kanal],
        framme=k.eta,
        antall=k.antall,
        sen=k.sen,
        registrert_av=ordene.aktoer(k.av) if k.av else "",
    )


def _merknader(fortelling: Fortelling) -> defaultdict[UUID, list[str]]:
    """What was done about a call-out besides messages and answers."""
    ut: defaultdict[UUID, list[str]] = defaultdict(list)
    for eskalert in fortelling.av(UtkallingEskalert):
        for e in eskalert.event.data.utkallinger:
            ut[e.utkalling_id].append("Vara kalt" if e.vara else "Ingen vara å kalle")
    for utloept in fortelling.av(UtkallingUtloept):
        for u in utloept.event.data.utkallinger:
            ut[u].append("Svarfristen gikk ut")
    for avlyst in fortelling.av(UtkallingAvlyst):
        for u in avlyst.event.data.utkallinger:
            ut[u].append("Avlyst" + (f": {avlyst.event.data.grunn}" if avlyst.event.data.grunn else ""))
    return ut


def _uten_utkalling(fortelling: Fortelling, personer: Personer) -> list[Spurt]:
    """Those a decision named who have no call-out: something stopped on the way, and it must not be silent."""
    ut: dict[UUID, Spurt] = {}
    for i in fortelling.av(MobiliseringBesluttet):
        for m in i.event.data.mottakere:
            if not personer.kjent(m.person_id):
                ut[m.person_id] = Spurt(
                    hvem=personer.person(m.person_id),
                    art=m.art,
                    roller=tuple(_rolle(r) for r in m.roller),
                    kalt=None,
                    merknader=("Besluttet, men utkallingen ble aldri opprettet",),
                )
    return list(ut.values())


def eskaleringer(fortelling: Fortelling, personer: Personer) -> tuple[Eskalering, ...]:
    """Every time a holder was given up, and which deputies were called."""
    return tuple(
        Eskalering(
            tid=i.tid,
            hvem=personer.utkalt(e.utkalling_id),
            grunn=ordene.ESKALERT_FORDI[e.grunn],
            vara=tuple(personer.utkalt(v) for v in e.vara),
        )
        for i in fortelling.av(UtkallingEskalert)
        for e in i.event.data.utkallinger
    )


def aldri_svart(alle: Sequence[Spurt]) -> tuple[Spurt, ...]:
    """Those who were asked and never answered."""
    return tuple(s for s in alle if s.art == "foresporsel" and not s.svar)


def svartider(alle: Sequence[Spurt]) -> Svartider:
    """First and last answer, and how long the first answers took."""
    svart = sorted((s for s in alle if s.svar), key=lambda s: s.svar[0].tid)
    if not svart:
        return Svartider(antall=0)
    tider = [s.svartid_sekunder for s in svart if s.svartid_sekunder is not None]
    sist = max(svart, key=lambda s: s.svar[-1].tid)
    return Svartider(
        antall=len(svart),
        foerste_svar=svart[0].svar[0].tid,
        foerste_hvem=svart[0].hvem,
        siste_svar=sist.svar[-1].tid,
        siste_hvem=sist.hvem,
        raskeste_sekunder=min(tider),
        tregeste_sekunder=max(tider),
        median_sekunder=round(median(tider)),
    )
