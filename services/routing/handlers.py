"""What `routing` hears: the register's changes, and every event that may change who must be mobilised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from contracts.event import ELEMENTER_MAKS, AnyEvent, Event, ny_id
from contracts.hendelse import (
    Hendelse,
    HendelseEndret,
    HendelseMeldt,
    HendelseOverfoert,
    HendelseSendt,
    HendelseUtvidet,
    HendelseVurdert,
    SentrumBestemt,
    Tilstand,
)
from contracts.mobilisering import BesluttetData, MobiliseringBesluttet, Mottaker
from contracts.register import RegisterEndret
from infra.clock import OSLO, Clock
from infra.db import Tx
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from infra.journal.mottak import Handler
from services.routing import store
from services.routing.register import Registerfold
from services.routing.rules import Beslutning, beslutt, sekretariat
from services.routing.rules_regelsett import Regelsett
from services.routing.store import Registerkopi
from services.routing.tables import BeslutningRow


class Ruting:
    """Decides who and why, once per cause, and tells it in chunks."""

    def __init__(self, regelsett: Regelsett, versjon: str, register: Registerfold, clock: Clock) -> None:
        self._regelsett = regelsett
        self._register = register
        self._versjon = versjon
        self._clock = clock
        self._kopi = Registerkopi(-1, (), ())

    def handlers(self) -> Mapping[type[AnyEvent], Handler]:
        """The table of contents."""
        return {
            RegisterEndret: self.on_register_endret,
            HendelseMeldt: self.on_hendelse,
            HendelseSendt: self.on_hendelse,
            HendelseEndret: self.on_hendelse,
            HendelseUtvidet: self.on_hendelse,
            HendelseVurdert: self.on_hendelse,
            HendelseOverfoert: self.on_hendelse,
            SentrumBestemt: self.on_hendelse,
        }

    async def on_register_endret(self, t: Transaksjon, leveringer: Sequence[Levering[RegisterEndret]]) -> None:
        """The copy of roles follows the register."""
        for lev in leveringer:
            await self._register.ta(t, lev)
        self._kopi = Registerkopi(-1, (), ())

    async def on_hendelse(self, t: Transaksjon, leveringer: Sequence[Levering[Event[Tilstand]]]) -> None:
        """A decision for each, stored whole before any of it is told. A draft calls nobody."""
        for lev in leveringer:
            hendelse_id, hendelse = lev.event.hendelseid, lev.event.data.hendelse
            if hendelse.utkast or hendelse_id is None:
                continue
            if t.alt_fortalt and lev.event.id in t.alt_fortalt:
                continue  # decided and told, by the rules of that day: `on_egen` takes it in
            await self._register.innhent(t, lev.sekvens)  # and with it the lock: replicas decide in turn
            sekvens, foer = await store.forrige(t.tx, hendelse_id)
            if sekvens > lev.sekvens:
                continue  # something newer is decided already
            kopi = await self.kopi(t.tx)
            beslutning = self.beslutt(hendelse, kopi, lev.event.time)
            personer = {m.person_id for m in beslutning.mottakere}
            ute = tuple(sorted(foer - personer))
            rad = BeslutningRow(
                id=lev.event.id,
                hendelse_id=hendelse_id,
                sekvens=lev.sekvens,
                regelsett=self._versjon,
                register_sekvens=kopi.sekvens,
                personer=sorted(map(str, personer)),
                ute=[str(p) for p in ute],
            )
            await store.lagre(t.tx, rad)
            t.fortell(*self._events(lev, beslutning, kopi, ute))

    async def on_egen(self, t: Transaksjon, leveringer: Sequence[Levering[MobiliseringBesluttet]]) -> None:
        """What was decided and told, where the tables have lost it: chunk by chunk, as it was told."""
        for lev in leveringer:
            await store.lagre_fortalt(t.tx, lev.event.data, lev.event.hendelseid)

    async def kopi(self, tx: Tx) -> Registerkopi:
        """The register as it is known here; read anew only when it has changed."""
        if self._kopi.sekvens != await store.registersekvens(tx):
            self._kopi = await store.registerkopi(tx)
        return self._kopi

    def beslutt(self, hendelse: Hendelse, kopi: Registerkopi, naa: datetime) -> Beslutning:
        """The decision for one hendelse; who holds a role is asked for the day it starts."""
        dag: date = (hendelse.start or naa).astimezone(OSLO).date()
        return beslutt(hendelse, kopi.rader, kopi.fravaer, self._regelsett, dato=dag)

    def forslag(self, hendelse: Hendelse, kopi: Registerkopi) -> BesluttetData:
        """What would be decided now, whole and untold."""
        ingen = UUID(int=0)
        beslutning = self.beslutt(hendelse, kopi, self._clock.now())
        hel = self._felles(hendelse, beslutning, (ingen, 0), kopi)
        return _del(hel, beslutning, beslutning.mottakere, 1)

    def _events(
        self, lev: Levering[Event[Tilstand]], b: Beslutning, kopi: Registerkopi, ute: tuple[UUID, ...]
    ) -> Iterator[AnyEvent]:
        """The chunks. The first has what is about the whole, so that they can be taken in any order."""
        deler = [b.mottakere[i : i + ELEMENTER_MAKS] for i in range(0, len(b.mottakere), ELEMENTER_MAKS)] or [()]
        hel = self._felles(lev.event.data.hendelse, b, (lev.event.id, lev.sekvens), kopi, len(deler))
        for nr, mottakere in enumerate(deler, 1):
            data = _del(hel, b, mottakere, nr)
            if nr == 1 and ute:
                andre = tuple(m.person_id for del_ in deler[1:] for m in del_)
                data = data.model_copy(update={"ikke_lenger": ute, "i_andre_deler": andre})
            yield MobiliseringBesluttet.ny(
                data, naa=self._clock.now(), hendelse_id=lev.event.hendelseid, aarsak=lev.event.id, nokkel=str(nr)
            )

    def _felles(
        self, hendelse: Hendelse, b: Beslutning, fra: tuple[UUID, int], kopi: Registerkopi, deler: int = 1
    ) -> BesluttetData:
        """What every chunk of a decision says, with what only the first one says."""
        dag = (hendelse.start or self._clock.now()).astimezone(OSLO).date()
        return BesluttetData(
            beslutning_id=ny_id(fra[0], "beslutning"),
            utloest_av=fra[0],
            utloest_sekvens=fra[1],
            del_nr=1,
            deler=deler,
            regelsett=self._versjon,
            register_sekvens=kopi.sekvens,
            hendelse=hendelse,
            ikke_valgt=b.ikke_valgt,
            mangler=b.mangler,
            sekretariat=sekretariat(kopi.rader, kopi.fravaer, dag),
            vurdering_kreves=b.vurdering_kreves,
        )


def _del(hel: BesluttetData, b: Beslutning, mottakere: Sequence[Mottaker], nr: int) -> BesluttetData:
    """One chunk of a decision: its recipients, and how their deputies are reached."""
    trengs = {p for m in mottakere for r in m.roller for p in r.vara}
    egne = {"mottakere": tuple(mottakere), "vara": tuple(v for v in b.vara if v.person_id in trengs), "del_nr": nr}
    bare_foerste = {"ikke_valgt": (), "mangler": (), "vurdering_kreves": False} if nr > 1 else {}
    return hel.model_copy(update={**egne, **bare_foerste})
