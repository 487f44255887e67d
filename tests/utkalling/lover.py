"""The laws of a call-out, as a stranger would check them: on the rows, and on what one step told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.event import AnyEvent
from contracts.melding import Bestilling, MeldingAvgjort, MeldingBestilt
from contracts.mobilisering import MobiliseringBesluttet
from contracts.svar import SvarMottatt
from contracts.utkalling import (
    UtkallingAvlyst,
    UtkallingBemannet,
    UtkallingEskalert,
    UtkallingOpprettet,
    UtkallingPurret,
)
from infra.journal.levering import Levering
from services.utkalling.sak import Utkalling
from tests.utkalling.modell import Bilde, Verden
from tests.utkalling.omverden import Hendelsen

KALL = frozenset({"utkalling", "orientering"})
NAADD = frozenset({"uviss", "sendt", "levert"})
_KANAL = ("feilet", "trukket", "uviss", "bestilt", "sendt", "levert")


@dataclass(frozen=True)
class Steg:
    """What one event did: the rows before and after, and what was told."""

    lev: Levering[Any] | None
    foer: Bilde
    etter: Bilde
    fortalt: Sequence[AnyEvent]

    @property
    def ordre(self) -> list[tuple[Bestilling, Utkalling]]:
        """What was ordered about call-outs, with the call-out as it is afterwards."""
        alle = (o for e in self.fortalt if isinstance(e, MeldingBestilt) for o in e.data.meldinger)
        return [(o, self.etter.utkallinger[o.utkalling_id]) for o in alle if o.utkalling_id]


def tilstanden(b: Bilde, v: Verden) -> None:
    """What holds at any time."""
    radene(b)
    _ingen_spoerres_to_ganger(b, v)
    bemannet = Counter(e.hendelseid for e in v.journal.fortalt if isinstance(e, UtkallingBemannet))
    assert all(n == 1 for n in bemannet.values()), "manned twice"
    avgjort = (e.data for e in v.journal.fortalt if isinstance(e, MeldingAvgjort))
    assert all(n == 1 for n in Counter((d.melding_id, d.forsoek) for d in avgjort).values()), "decided twice"


def radene(b: Bilde) -> None:
    """What holds of the rows, whoever made them."""
    assert len({(b.hendelse_av[u.id], u.person_id) for u in b.utkallinger.values()}) == len(b.utkallinger)
    for u in b.utkallinger.values():
        assert u.status == _status(u)
        if b.hendelser[b.hendelse_av[u.id]].avlyst:
            assert u.avlyst, "open in a hendelse that is called off"
        _det_nyeste_svaret_gjelder(u, b)
    for rad in b.hendelser.values():
        assert not (rad.aapen and rad.lukket_sekvens)


def _status(u: Utkalling) -> str:
    """API §3, written once more."""
    if u.avlyst:
        return "avlyst"
    if u.svar:
        return u.svar
    if u.eskalert:
        return "eskalert"
    if u.utloept:
        return "utloept"
    kanaler = [s for s in u.kanalstatus.values() if s != "trukket" or len(set(u.kanalstatus.values())) == 1]
    beste = max(kanaler, key=_KANAL.index, default="planlagt")
    return "planlagt" if beste == "trukket" else beste


def _det_nyeste_svaret_gjelder(u: Utkalling, b: Bilde) -> None:
    svar = [k for k in b.svar.values() if k.utkalling_id == u.id]
    if u.svar is not None:
        nyest = max(k.mottatt for k in svar)
        assert u.svar_tid == nyest
        assert u.svar in {k.svar for k in svar if k.mottatt == nyest}, "an older answer counts"


def _ingen_spoerres_to_ganger(b: Bilde, v: Verden) -> None:
    """One order per channel each time somebody is called: first, after a stand-down, and asked after informed."""
    avlyst = Counter(i for e in v.journal.fortalt if isinstance(e, UtkallingAvlyst) for i in e.data.utkallinger)
    foedt_avlyst = {
        u.id for e in v.journal.fortalt if isinstance(e, UtkallingOpprettet) for u in e.data.utkallinger if u.avlyst
    }
    kall: dict[tuple[UUID, str], list[str]] = {}
    for o in v.journal.bestilt.values():
        if o.utkalling_id and o.formaal in KALL:
            kall.setdefault((o.utkalling_id, o.kanal), []).append(o.formaal)
    for (u, _), formaal in kall.items():
        ganger = 1 + avlyst[u] - (u in foedt_avlyst) + (len(set(formaal)) - 1)
        assert len(formaal) <= ganger, "asked twice for the same thing"
    standdown = Counter((o.utkalling_id, o.kanal) for o in v.journal.bestilt.values() if o.formaal == "avlysning")
    assert all(n <= avlyst[u] for (u, _), n in standdown.items() if u), "stood down twice"


def steget(s: Steg, v: Verden) -> None:
    """What one event may do."""
    for o, u in s.ordre:
        _lovlig_ordre(s, o, u)
    for e in s.fortalt:
        if isinstance(e, UtkallingEskalert):
            for esk in e.data.utkallinger:
                _lovlig_eskalering(s, s.etter.utkallinger[esk.utkalling_id], esk.grunn, v)
        if isinstance(e, UtkallingPurret):
            for i in e.data.utkallinger:
                _lovlig_purring(s, s.etter.utkallinger[i], v)
    _bare_kalte_varaer(s)
    if s.lev and isinstance(s.lev.event, SvarMottatt):
        foer, etter = ({i for i, u in b.utkallinger.items() if u.avlyst} for b in (s.foer, s.etter))
        assert etter <= foer, "an answer stands nobody down"
        assert all(s.etter.utkallinger[i].vara_for for i in foer - etter), "an answer calls nobody back but deputies"
    if s.lev and isinstance(s.lev.event, MobiliseringBesluttet) and s.lev.event.hendelseid:
        rad = s.etter.hendelser[s.lev.event.hendelseid]
        for_sen = s.lev.event.data.utloest_sekvens < rad.lukket_sekvens
        assert not (for_sen and s.ordre), "a decision from before the end orders something"


def _bare_kalte_varaer(s: Steg) -> None:
    varaer = {i for e in s.fortalt if isinstance(e, UtkallingEskalert) for x in e.data.utkallinger for i in x.vara}
    for u in s.etter.utkallinger.values():
        gammel = s.foer.utkallinger.get(u.id)
        kalt_naa = gammel is None or (gammel.avlyst and not u.avlyst) or gammel.vara_for != u.vara_for
        if kalt_naa and u.vara_for and not u.avlyst:
            assert u.id in varaer, "a deputy whom nothing called"


def _lovlig_ordre(s: Steg, o: Bestilling, u: Utkalling) -> None:
    hendelse = s.etter.hendelser[s.etter.hendelse_av[u.id]]
    if u.avlyst or not hendelse.aapen:
        assert o.formaal == "avlysning", f"{o.formaal} to one who is stood down, or in what is closed"
    if o.formaal == "avlysning":
        assert u.avlyst
        assert u.svar != "kommer_ikke", "who said NEI gets no stand-down"
        assert u.spurt, "who is only informed gets no stand-down"
        assert u.kanalstatus[o.kanal] in NAADD, "stood down who was never called"
    if not u.spurt:
        assert o.formaal in {"orientering", "bekreftelse"}, f"{o.formaal} to one who is only informed"
    if o.formaal == "purring":
        assert u.venter_svar


def _lovlig_eskalering(s: Steg, u: Utkalling, grunn: str, v: Verden) -> None:
    assert u.spurt
    assert not u.avlyst
    if grunn == "nei":
        assert u.svar == "kommer_ikke"
        return
    assert u.svar is None, "a deputy for one who has answered"
    if grunn == "stille":
        assert u.svarfrist
        assert u.svarfrist <= v.klokke.now(), "silent before the deadline"
    else:
        assert "feilet" in u.kanalstatus.values()


def _lovlig_purring(s: Steg, u: Utkalling, v: Verden) -> None:
    assert u.svar is None
    til_gode = [f for f in s.etter.frister.values() if f.utkalling_id == u.id and f.slag == "purring" and not f.naadd]
    assert not til_gode, "reminded before the time, and to be reminded again"


def i_ro(b: Bilde, v: Verden, hendelser: Sequence[Hendelsen]) -> None:
    """What holds when all that was told is heard."""
    de_rette_er_kalt(b, hendelser)
    for hendelse_id, rad in b.hendelser.items():
        minst = (rad.hendelse.get("bemanning") or {}).get("minst")
        if rad.aapen and minst and sum(u.antall or 1 for u in b.kalte(hendelse_id) if u.kommer) >= minst:
            assert rad.bemannet, "enough come, and nobody has said so"
    for u in b.utkallinger.values():
        _avlyste_vet_det(u, b, v)
        for kanal, status in u.kanalstatus.items():
            tider = {o.id: b.meldinger[o.id].tider["bestilt"] for o in _kall(v, u) if o.kanal == kanal}
            siste = [i for i, tid in tider.items() if tid == max(tider.values())]
            mulige = {s for i in siste for s in _av_melding(b.meldinger[i])}
            assert status in mulige, "the channel's status is an older message's"


def _av_melding(melding: Row[Any]) -> set[str]:
    """What a channel may be: as its message; one that a person decided about keeps its doubt until more is known."""
    return {melding.status, "uviss"} if melding.avgjort and melding.status == "bestilt" else {melding.status}


def _kall(v: Verden, u: Utkalling) -> Iterator[Bestilling]:
    return (o for o in v.journal.bestilt.values() if o.utkalling_id == u.id and o.formaal in KALL)


def de_rette_er_kalt(b: Bilde, hendelser: Sequence[Hendelsen]) -> None:
    """Open hendelser have called whom their newest decision says; of others only deputies."""
    for x in hendelser:
        if x.besluttet and not x.lukket:
            _kalt_av(b, x)


def _kalt_av(b: Bilde, x: Hendelsen) -> None:
    rett = x.besluttet[max(x.besluttet)]
    kalt = {u.person_id: u for u in b.kalte(x.id)}
    for person_id in rett:
        assert person_id in kalt, "in scope, and not called"
        assert not kalt[person_id].avlyst, "in scope, and stood down"
    for person_id in kalt.keys() - rett:
        assert kalt[person_id].avlyst or kalt[person_id].vara_for, "out of scope, and still called"


def _avlyste_vet_det(u: Utkalling, b: Bilde, v: Verden) -> None:
    """Whoever may have read the call-out, and has not said NEI, has been told of the stand-down."""
    if not u.avlyst or not u.spurt or u.svar == "kommer_ikke":
        return
    fortalt = {o.kanal for o in v.journal.bestilt.values() if o.utkalling_id == u.id and o.formaal == "avlysning"}
    stoppet = {"sms"}  # whoever has said STOPP may have got none
    assert {k for k, s in u.kanalstatus.items() if s in NAADD} - fortalt <= stoppet, "nobody told of the stand-down"
