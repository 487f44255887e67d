"""What can happen to a call-out, as the steps of a machine that hypothesis drives; the laws are checked after each."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contracts.hendelse import Alvorlighet, Bemanning
from contracts.lesning import Betydning
from contracts.melding import Bestilling
from infra.db import Database
from infra.web.bruker import Bruker
from infra.web.problem import Problem
from services.utkalling.avgjoerelse import AvgjoerelseInn, avgjoer
from services.utkalling.kvittering import KvitteringInn, ta_svar
from tests.utkalling import lover, omverden
from tests.utkalling.bord import NAA, START
from tests.utkalling.lover import Steg
from tests.utkalling.modell import Bilde, Doed, Verden, bilde, rader, toem
from tests.utkalling.omverden import FOLK, KODEORD, PERSONER, Hendelsen

NR = st.integers(0, 9)
DOED: st.SearchStrategy[Doed] = st.sampled_from(["foer", "halvveis", "etter"])
SVAR = st.sampled_from(
    [
        *(Betydning.KOMMER, Betydning.KOMMER_IKKE) * 3,
        *(Betydning.FRAMME, Betydning.FERDIG, Betydning.STOPP, Betydning.START),
        *(Betydning.INFO, Betydning.UKLART),
    ]
)
TELEFON = st.sampled_from(["kommer", "kommer_ikke", "framme", "ferdig"])
VALGTE = st.lists(st.sampled_from(sorted(FOLK)), min_size=1, max_size=4, unique_by=lambda i: FOLK[i].person_id)
UTE = frozenset({"sendt", "levert", "uviss"})
SEKRETARIAT = Bruker(id="1", rolle="sekretariat")


class Oppsett:
    """What lives longer than one example: the loop and the databases."""

    loep: asyncio.Runner
    db: Database
    kopi: Database


class Utkallingen(RuleBasedStateMachine):
    """The room keeps up: it hears the journal in its order, as it comes."""

    oppsett = Oppsett()
    i_rekke = True

    def __init__(self) -> None:
        super().__init__()
        self.loep = self.oppsett.loep
        self.loep.run(toem(self.oppsett.db))
        self.v = Verden(self.oppsett.db)
        self.hendelser: list[Hendelsen] = []
        self.i_routing: list[Any] = []
        self.sagt: defaultdict[UUID, set[str]] = defaultdict(set)
        """What the channels have said of each message, heard or not."""
        self.nr = 0
        self.sover = 0
        self.doer: Doed | None = None
        self.bilde: Bilde = self.loep.run(bilde(self.oppsett.db))
        self.meld(0, alvorlighet=Alvorlighet.AKUTT, minst=2)
        self.beslutt(0, [1, 2, 4], 0, 0)
        self.routing_sier(0)
        self.hoer_det_som_venter()

    def _id(self) -> UUID:
        self.nr += 1
        return UUID(int=10_000_000 + self.nr)

    def _aapne(self) -> list[Hendelsen]:
        return [x for x in self.hendelser if not x.lukket]

    def _skjer(self, event: Any, x: Hendelsen | None = None) -> int:
        lev = self.v.skjer(event)
        if x is not None and not x.lukket:
            x.aarsaker.append((event.id, lev.sekvens, x.h))
        return lev.sekvens

    @precondition(lambda self: len(self.hendelser) < 2)
    @rule(nr=st.just(1), alvorlighet=st.sampled_from([Alvorlighet.AKUTT, Alvorlighet.MIDDELS]), minst=st.integers(1, 3))
    def meld(self, nr: int, alvorlighet: Alvorlighet, minst: int) -> None:
        x = omverden.ny(nr, alvorlighet=alvorlighet, bemanning=Bemanning(minst=minst))
        self.hendelser.append(x)
        self._skjer(omverden.meldt(x, self.v.klokke.now(), self._id()), x)

    @precondition(lambda self: self._aapne())
    @rule(
        hvilken=NR,
        nytt=st.sampled_from(
            [
                {"oppmoete": "Ved løven"},
                {"oppmoete": "Ved trappa", "start": START + timedelta(hours=1)},
                {"svarfrist": NAA + timedelta(hours=6)},
                {"start": NAA + timedelta(hours=3)},
                {"bemanning": Bemanning(minst=1)},
            ]
        ),
    )
    def endre(self, hvilken: int, nytt: dict[str, Any]) -> None:
        x = self._aapne()[hvilken % len(self._aapne())]
        x.h = x.h.model_copy(update=nytt)
        self._skjer(omverden.endret(x, self.v.klokke.now(), self._id(), nytt), x)

    @precondition(lambda self: self._aapne())
    @rule(hvilken=NR, valgte=VALGTE, delt_etter=st.integers(0, 3), straks=st.booleans())
    def trekk_sentrum(self, hvilken: int, valgte: list[int], delt_etter: int, straks: bool) -> None:
        """Others are in scope, and some no longer; routing may be quick about it."""
        x = self._aapne()[hvilken % len(self._aapne())]
        self._skjer(omverden.sentrum(x, self.v.klokke.now(), self._id()), x)
        if straks:
            for del_ in omverden.beslutning(x, self.v.klokke.now(), valgte, delt_etter, len(x.aarsaker) - 1):
                self.v.skjer(del_)

    @precondition(lambda self: self._aapne())
    @rule(hvilken=NR, avlyst=st.booleans())
    def lukk(self, hvilken: int, avlyst: bool) -> None:
        x = self._aapne()[hvilken % len(self._aapne())]
        x.lukket = self.v.skjer(omverden.lukket(x, self.v.klokke.now(), self._id(), avlyst=avlyst)).sekvens
        x.avlyst = avlyst

    @precondition(lambda self: any(x.aarsaker for x in self.hendelser))
    @rule(hvilken=NR, valgte=VALGTE, delt_etter=st.integers(0, 3), forbi=st.integers(0, 1))
    def beslutt(self, hvilken: int, valgte: list[int], delt_etter: int, forbi: int) -> None:
        ventende = [x for x in self.hendelser if x.aarsaker]
        x = ventende[hvilken % len(ventende)]
        hopp = min(forbi, len(x.aarsaker) - 1)
        self.i_routing += omverden.beslutning(x, self.v.klokke.now(), valgte, delt_etter, hopp)

    @precondition(lambda self: self.i_routing)
    @rule(hvilken=NR)
    def routing_sier(self, hvilken: int) -> None:
        self.v.skjer(self.i_routing.pop(hvilken % len(self.i_routing)))

    @rule(
        hvilken=NR,
        hva=SVAR,
        kodeord=st.sampled_from([(), (KODEORD[0],), (KODEORD[1],)]),
        eta=st.sampled_from([None, 20]),
        sent=st.sampled_from([0, 0, 0, 45]),
    )
    def svar(self, hvilken: int, hva: Betydning, kodeord: tuple[str, ...], eta: int | None, sent: int) -> None:
        hvem = self._utkalling(hvilken).person_id.int - 1000 if self.bilde.utkallinger else PERSONER[0]
        forsinket = timedelta(minutes=sent)
        self.v.skjer(
            omverden.svar(self._id(), self.v.klokke.now(), hvem, hva, kodeord=kodeord, eta=eta, forsinket=forsinket)
        )

    @precondition(lambda self: self.bilde.utkallinger)
    @rule(hvilken=NR, kommer=st.booleans())
    def svar_paa_epost(self, hvilken: int, kommer: bool) -> None:
        u = self._utkalling(hvilken)
        hva = Betydning.KOMMER if kommer else Betydning.KOMMER_IKKE
        nr = u.person_id.int - 1000
        self.v.skjer(omverden.svar(self._id(), self.v.klokke.now(), nr, hva, utkalling_id=u.id))

    @precondition(lambda self: self.bilde.utkallinger and (not self.v.venter or not self.i_rekke))
    @rule(hvilken=NR, hva=TELEFON, antall=st.sampled_from([None, 2]))
    def svar_paa_telefon(self, hvilken: int, hva: Any, antall: int | None) -> None:
        u, svar_id = self._utkalling(hvilken), self._id()
        inn = KvitteringInn(svar=hva, antall=antall, merknad="Ringte")

        async def tas() -> None:
            with contextlib.suppress(Problem):
                await ta_svar(self.v.rom.forteller, u.id, inn, SEKRETARIAT, svar_id)

        async def tas_og_proeves_igjen() -> None:
            if not await self.v.gjoer(tas(), self._doer()):
                await self.v.gjoer(self.v.rom.forteller.tikk(), None)
                await self.v.gjoer(tas(), None)

        self._steg(tas_og_proeves_igjen(), None)

    @precondition(lambda self: self.bilde.uvisse and (not self.v.venter or not self.i_rekke))
    @rule(hvilken=NR, valg=st.sampled_from(["send_igjen", "regn_som_sendt"]))
    def avgjoer(self, hvilken: int, valg: Any) -> None:
        """A person decides about a message nobody knows about; what was decided before is refused, or the same."""
        m = self.bilde.uvisse[hvilken % len(self.bilde.uvisse)]

        async def velges() -> None:
            with contextlib.suppress(Problem):
                await avgjoer(self.v.rom.forteller, m.id, AvgjoerelseInn(valg=valg), SEKRETARIAT)

        async def velges_og_proeves_igjen() -> None:
            if not await self.v.gjoer(velges(), self._doer()):
                await self.v.gjoer(velges(), None)

        self._steg(velges_og_proeves_igjen(), None)

    def _utkalling(self, hvilken: int) -> Any:
        alle = sorted(self.bilde.utkallinger.values(), key=lambda u: u.id)
        return alle[hvilken % len(alle)]

    @rule(hvem=st.sampled_from(PERSONER), stoppet=st.booleans())
    def kanal(self, hvem: int, stoppet: bool) -> None:
        self.v.skjer(omverden.kanal(hvem, self.v.klokke.now(), self._id(), stoppet=stoppet))

    @precondition(lambda self: self.v.journal.bestilt)
    @rule(hvilken=st.integers(0, 30), ord_=st.sampled_from(["sendt", "sendt", "levert", "feilet", "uviss", "trukket"]))
    def kanalen_sier(self, hvilken: int, ord_: Any) -> None:
        alle = list(self.v.journal.bestilt.values())
        o = alle[-1 - hvilken % len(alle)]
        if ord_ == "trukket" and (o.id not in self.v.journal.trukket or self.sagt[o.id] & UTE):
            ord_ = "feilet"
        self._utfall(o, ord_)

    def _utfall(self, o: Bestilling, ord_: Any) -> None:
        sagt = self.sagt[o.id]
        if "trukket" in sagt or (ord_ == "levert" and {"sendt", "feilet"} <= sagt):
            return  # sent or withdrawn, never both; and what was sent and failed has failed
        sagt.add(ord_)
        hendelse_id = self.bilde.hendelse_av.get(o.utkalling_id) if o.utkalling_id else None
        forsoek = 1 + self.v.journal.sendt_igjen[o.id]
        self.v.skjer(omverden.utfall(o, hendelse_id, self.v.klokke.now(), ord_, self._id(), forsoek))

    @precondition(lambda self: self.v.journal.bestilt)
    @rule(levert=st.booleans())
    def alt_gaar_ut(self, levert: bool) -> None:
        """The channels send what is ordered, and the phones may have it."""
        for o in self.v.journal.bestilt.values():
            if o.id in self.bilde.meldinger and self.bilde.meldinger[o.id].status == "bestilt":
                self._utfall(o, "sendt")
                if levert:
                    self._utfall(o, "levert")

    @rule(lenge=st.integers(1, 6))
    def sov(self, lenge: int) -> None:
        """The room is slow, or away: what comes meanwhile waits."""
        self.sover = lenge

    @rule(doer=DOED)
    def drep(self, doer: Doed) -> None:
        """The process dies the next time it tells something."""
        self.doer = doer

    @precondition(lambda self: len(self.v.venter) > 1)
    @rule(antall=st.integers(2, 6))
    def hoer_flere(self, antall: int) -> None:
        """Several at a time, in one transaction."""
        self._hoer(self.v.venter[:antall])

    @invariant()
    def hoer_det_som_venter(self) -> None:
        """What has come is heard, one by one, while the room is awake."""
        self.sover = max(0, self.sover - 1)
        while self.v.venter and not self.sover:
            self._hoer(self.v.venter[:1])

    @precondition(lambda self: self.v.hoert)
    @rule(hvilken=NR)
    def gjenta(self, hvilken: int) -> None:
        foer, fortalt = self.bilde, len(self.v.journal.fortalt)
        lev = self.v.hoert[-1 - hvilken % len(self.v.hoert)]
        self.loep.run(self.v.hoer([lev]))
        self.bilde = self.loep.run(bilde(self.v.db))
        assert self.bilde == foer
        assert len(self.v.journal.fortalt) == fortalt

    @rule()
    def tikk(self) -> None:
        self._steg(self.v.tikk(self._doer()), None)
        naa = self.v.klokke.now()
        assert not [f for f in self.bilde.frister.values() if f.naadd is None and f.frist <= naa], "due for ever"

    @precondition(lambda self: not self.v.venter or not self.i_rekke)
    @rule(minutter=st.sampled_from([1, 15, 25, 60, 24 * 60]), tikker=st.booleans())
    def tiden_gaar(self, minutter: int, tikker: bool) -> None:
        self.v.klokke.naa += timedelta(minutes=minutter)
        if tikker:
            self.tikk()

    def _doer(self) -> Doed | None:
        doer, self.doer = self.doer, None
        return doer

    def _hoer(self, leveringer: list[Any]) -> None:
        self._steg(self.v.hoer(leveringer, self._doer()), leveringer[0] if len(leveringer) == 1 else None)

    def _steg(self, gjoer: Any, lev: Any) -> None:
        foer, fortalt = self.bilde, len(self.v.journal.fortalt)
        self.loep.run(gjoer)
        self.bilde = self.loep.run(bilde(self.v.db))
        if lev is not None:
            lover.steget(Steg(lev, foer, self.bilde, self.v.journal.fortalt[fortalt:]), self.v)
        lover.tilstanden(self.bilde, self.v)

    def teardown(self) -> None:
        while self.i_routing:
            self.routing_sier(0)
        while self.v.venter:
            self._hoer(self.v.venter[:1])
        lover.i_ro(self.bilde, self.v, self.hendelser)
        self._gjenskapes_likt()

    def _gjenskap(self) -> None:
        self.loep.run(toem(self.oppsett.kopi))
        self.loep.run(self.v.gjenskap(self.oppsett.kopi))

    def _gjenskapes_likt(self) -> None:
        self._gjenskap()
        levd, gjenskapt = self.loep.run(rader(self.v.db)), self.loep.run(rader(self.oppsett.kopi))
        for tabell, ventet in levd.items():
            assert gjenskapt[tabell] == ventet, tabell
