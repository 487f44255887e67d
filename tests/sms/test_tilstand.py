"""One SMS against a gateway that decides the truth: whatever is lost, late or doubled, it goes out once or never."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as kjoer

from services.sms import rules, rules_feil
from services.sms.rules import Faktum, Rad, Steg, Tider
from services.sms.rules_feil import IKKE_SENDT, KOE_FULL, SENDT, TVIL, VENT, Dom, Slag
from tests.sms.test_rules import NAA, rad

TIDER = Tider(ro=30.0)
ETTERSLEP_MAKS = TIDER.ro - TIDER.leie - 1
"""A call begins at most lease minus time-out after its claim, and is accepted within the time-out: hence the lease."""
AVSLAG = (VENT, KOE_FULL, Dom(Slag.STANS), Dom(Slag.AVVIST, rules_feil.STOPPET))
I_RO = frozenset({"sendt", "levert", "feilet", "trukket", "uviss"})
NR = st.integers(0, 9)


def sek(sekunder: float) -> timedelta:
    return timedelta(seconds=sekunder)


@dataclass
class Kopi:
    """A message that the gateway has accepted."""

    sid: str
    synlig: datetime
    """From when its listing shows it."""


@dataclass
class Anrop:
    """One claimed attempt, from the worker's side."""

    nr: int
    leie_til: datetime
    begynte: datetime | None = None
    sid: str | None = None
    avslaatt: bool = False
    slutt: bool = False

    def kan_tas(self, naa: datetime) -> bool:
        """Whether the gateway may accept it still, also when we have given it up."""
        return (
            self.begynte is not None and not self.sid and not self.avslaatt and naa <= self.begynte + sek(TIDER.anrop)
        )


@dataclass
class Blikk:
    """A look that has begun: which it is, when, and what it saw; None = the gateway could not be asked."""

    sett: int
    begynte: datetime
    saa: list[Kopi] | None


@dataclass
class Sentralen:
    """The gateway: what it has accepted is the truth."""

    kopier: list[Kopi] = field(default_factory=list)

    def ta(self, naa: datetime, etterslep: float) -> str:
        self.kopier.append(Kopi(f"SM{len(self.kopier) + 1}", naa + sek(etterslep)))
        return self.kopier[-1].sid


class Meldingen(RuleBasedStateMachine):
    """Steps as workers, lookers, sweepers and callbacks take them, each under the row's lock."""

    def __init__(self) -> None:
        super().__init__()
        self.naa = NAA
        self.rad: Rad = rad("klar", send_foer=NAA + timedelta(minutes=20))
        self.sentral = Sentralen()
        self.anrop: list[Anrop] = []
        self.skrives: list[tuple[int, Dom, str | None]] = []
        """Verdicts that are on their way into the ledger."""
        self.blikk: list[Blikk] = []
        self.fakta: list[Faktum] = []
        self.skjult = False

    def ta(self, steg: Steg) -> None:
        self.rad, fakta = steg
        self.fakta += fakta

    @initialize(gammel=st.booleans(), sendt_foer=st.booleans())
    def gjenopprettet(self, gammel: bool, sendt_foer: bool) -> None:
        """Perhaps the tables are from a backup, and the message was sent in what is forgotten."""
        if gammel:
            self.naa += timedelta(minutes=2)
            self.rad = replace(self.rad, status="tvil", neste=self.naa)
            if sendt_foer:
                self.sentral.ta(NAA, ETTERSLEP_MAKS)

    @precondition(lambda self: self.rad.status == "klar" and self.rad.neste <= self.naa)
    @rule()
    def krev(self) -> None:
        if self.naa >= self.rad.send_foer:
            self.ta(rules.avvis(self.rad, rules_feil.FOR_SENT))
            return
        nr, leie_til = self.rad.forsoek + 1, self.naa + sek(TIDER.leie)
        self.rad = replace(
            self.rad, status="sender", forsoek=nr, startet=self.naa, leie_til=leie_til, arbeider=UUID(int=nr)
        )
        self.anrop.append(Anrop(nr, leie_til))

    @precondition(lambda self: self.rad.status == "klar")
    @rule(tar=st.booleans(), avbrutt=st.booleans())
    def krev_og_ring(self, tar: bool, avbrutt: bool) -> None:
        """A worker that is quick about it, as most are; the line may break, and the ledger knows at once."""
        self.naa = max(self.naa, self.rad.neste)
        self.krev()
        if self.rad.status == "sender":
            self.anrop[-1].begynte = self.naa
            if tar:
                self.anrop[-1].sid = self.sentral.ta(self.naa, ETTERSLEP_MAKS)
            if avbrutt:
                self.anrop[-1].slutt = True
                self.ta(rules.etter_anrop(self.rad, self.anrop[-1].nr, TVIL, None, self.naa))

    @precondition(lambda self: any(a.begynte is None and not a.slutt for a in self.anrop))
    @rule(hvilket=NR)
    def ring(self, hvilket: int) -> None:
        """The call begins, unless too little of the lease is left."""
        venter = [a for a in self.anrop if a.begynte is None and not a.slutt]
        a = venter[hvilket % len(venter)]
        if self.naa > a.leie_til - sek(TIDER.anrop):
            a.slutt = True
            self.skrives.append((a.nr, IKKE_SENDT, None))
        else:
            a.begynte = self.naa

    @precondition(lambda self: any(a.kan_tas(self.naa) for a in self.anrop))
    @rule(hvilket=NR, etterslep=st.floats(0, ETTERSLEP_MAKS))
    def gateway_tar(self, hvilket: int, etterslep: float) -> None:
        mulige = [a for a in self.anrop if a.kan_tas(self.naa)]
        mulige[hvilket % len(mulige)].sid = self.sentral.ta(self.naa, etterslep)

    @precondition(lambda self: any(a.begynte and not a.slutt for a in self.anrop))
    @rule(hvilket=NR, dom=st.sampled_from([*AVSLAG, TVIL, None]))
    def anropet_ender(self, hvilket: int, dom: Dom | None) -> None:
        """With an answer, in doubt, or with the death of the worker (None)."""
        ute = [a for a in self.anrop if a.begynte and not a.slutt]
        a = ute[hvilket % len(ute)]
        a.slutt = True
        if dom is None:
            return
        if dom is TVIL:
            self.skrives.append((a.nr, TVIL, None))
        elif a.sid:
            self.skrives.append((a.nr, SENDT, a.sid))
        else:
            a.avslaatt = True
            self.skrives.append((a.nr, dom, None))

    @precondition(lambda self: self.skrives)
    @rule(hvilken=NR)
    def dommen_skrives(self, hvilken: int) -> None:
        nr, dom, sid = self.skrives.pop(hvilken % len(self.skrives))
        self.ta(rules.etter_anrop(self.rad, nr, dom, sid, self.naa))

    @precondition(lambda self: self.rad.status == "sender" and self.rad.leie_til and self.rad.leie_til < self.naa)
    @rule()
    def leien_utloeper(self) -> None:
        self.rad = rules.etter_leien(self.rad, self.naa)

    @precondition(lambda self: self.rad.status in {"tvil", "uviss"} and self.rad.neste <= self.naa)
    @rule(nede=st.sampled_from([False, False, True]))
    def blikk_begynner(self, nede: bool) -> None:
        """Another replica may be looking, too."""
        synlige = [k for k in self.sentral.kopier if k.synlig <= self.naa]
        self.blikk.append(Blikk(self.rad.blikk, self.naa, None if nede else synlige))
        self.skjult |= nede

    @precondition(lambda self: self.blikk)
    @rule(hvilket=NR)
    def blikk_ender(self, hvilket: int) -> None:
        b = self.blikk.pop(hvilket % len(self.blikk))
        if b.saa is None:
            self.ta(rules.etter_brudd(self.rad, b.sett, self.naa, TIDER.ro))
        elif not b.saa:
            self.ta(rules.etter_leting(self.rad, b.sett, b.begynte, TIDER.ro))
        for kopi in b.saa or ():
            self.ta(rules.etter_ord(self.rad, kopi.sid, "queued", None, self.naa))

    @precondition(lambda self: self.rad.status in {"sender", "tvil"})
    @rule(nede=st.booleans())
    def let_til_det_er_avgjort(self, nede: bool) -> None:
        """The lease runs out, and one looks as often as it takes, if the gateway can be asked."""
        if self.rad.status == "sender" and self.rad.leie_til:
            self.naa = max(self.naa, self.rad.leie_til + sek(1))
            self.leien_utloeper()
        for _ in range(2 * rules.BLIKK_MINST):
            if self.rad.status == "tvil":
                self.naa = max(self.naa, self.rad.neste)
                self.blikk_begynner(nede=nede)
                self.blikk_ender(len(self.blikk) - 1)

    @precondition(lambda self: self.sentral.kopier)
    @rule(ord_=st.sampled_from(["queued", "sent", "delivered", "undelivered", "failed", "et nytt ord"]))
    def tilbakekall(self, ord_: str) -> None:
        self.ta(rules.etter_ord(self.rad, self.sentral.kopier[-1].sid, ord_, 30003, self.naa))

    @rule()
    def trekkes(self) -> None:
        self.ta(rules.trekk(self.rad))

    @precondition(lambda self: self.rad.status == "klar" and self.rad.send_foer <= self.naa)
    @rule()
    def feies(self) -> None:
        self.ta(rules.avvis(self.rad, rules_feil.FOR_SENT))

    @rule(sekunder=st.sampled_from([0.5, 4, 9, 16, 31, 1500]))
    def tiden_gaar(self, sekunder: float) -> None:
        self.naa += sek(sekunder)

    @invariant()
    def hoeyst_en_kopi(self) -> None:
        assert len(self.sentral.kopier) <= 1, "two copies"

    @invariant()
    def det_som_sies_er_sant(self) -> None:
        sagt = [f.slag for f in self.fakta]
        assert self.rad.sid in {None, *(k.sid for k in self.sentral.kopier)}
        assert sagt.count("sendt") == (self.rad.sid is not None), "sent is what the gateway has accepted, said once"
        assert sagt.count("levert") == (self.rad.status == "levert")
        if self.rad.sid is None and self.rad.status in {"klar", "feilet", "trukket"}:
            assert not self.sentral.kopier, f"{self.rad.status}, and the gateway has it"

    @invariant()
    def uviss_bare_naar_sannheten_er_skjult(self) -> None:
        if any(f.slag == "uviss" for f in self.fakta):
            i_tvil = self.rad.ikke_funnet >= rules.FORSOEK_I_TVIL_MAKS
            assert self.skjult or i_tvil, "left to a person without need"

    def teardown(self) -> None:
        """Everybody goes on, and the gateway answers: it comes to rest, and the truth is known."""
        for _ in range(200):
            self._gaa_videre()
            if self.rad.status in I_RO and not (self.skrives or self.blikk) and self._kjent():
                break
        self.hoeyst_en_kopi()
        self.det_som_sies_er_sant()
        self.uviss_bare_naar_sannheten_er_skjult()
        assert self.rad.status in I_RO, "never at rest"
        assert self._kjent(), "the gateway has it, and we do not know"

    def _kjent(self) -> bool:
        return (self.rad.sid is not None) == bool(self.sentral.kopier)

    def _gaa_videre(self) -> None:
        while self.skrives:
            self.dommen_skrives(0)
        if self.rad.status == "klar" and self.rad.neste <= self.naa:
            self.krev()
        if self.rad.status == "sender" and self.rad.leie_til and self.rad.leie_til < self.naa:
            self.leien_utloeper()
        if self.rad.status in {"tvil", "uviss"} and self.rad.neste <= self.naa:
            self.blikk_begynner(nede=False)
        while self.blikk:
            self.blikk_ender(0)
        self.naa += sek(20)


VALG = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


def test_it_goes_out_once_or_not_at_all_and_what_is_said_of_it_is_true() -> None:
    kjoer(Meldingen, settings=settings(max_examples=400, stateful_step_count=40, derandomize=True, **VALG))  # type: ignore[arg-type]


@pytest.mark.bench
def test_it_goes_out_once_however_long_one_looks() -> None:
    kjoer(Meldingen, settings=settings(max_examples=20_000, stateful_step_count=60, print_blob=True, **VALG))  # type: ignore[arg-type]
