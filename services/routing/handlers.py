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
            sekvens, foer = await store.forrige(t.tx, hendelse_id)
            if sekvens > lev.sekvens:
                continue  # something newer is decided already
            await self._register.innhent(t, lev.sekvens)
            kopi = await self.kopi(t.tx)
            beslutning = self.beslutt(hendelse, kopi, lev.event.time)
            personer = {m.person_id for m in beslutning.mottakere}
            rad = BeslutningRow(
                id=lev.event.id,
                hendelse_id=hendelse_id,
                sekvens=lev.sekvens,
                regelsett=self._versjon,
                register_sekvens=kopi.sekvens,
                personer=sorted(map(str, personer)),
            )
            await store.lagre(t.tx, rad)
            t.fortell(*self._events(lev, beslutning, kopi.sekvens, tuple(sorted(foer - personer))))

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
        return self._data(hendelse, beslutning, beslutning.mottakere, (ingen, 0), kopi.sekvens, (1, 1))

    def _events(
        self, lev: Levering[Event[Tilstand]], b: Beslutning, register: int, ut: tuple[UUID, ...]
    ) -> Iterator[AnyEvent]:
        deler = [b.mottakere[i : i + ELEMENTER_MAKS] for i in range(0, len(b.mottakere), ELEMENTER_MAKS)] or [()]
        for nr, mottakere in enumerate(deler, 1):
            fra = (lev.event.id, lev.sekvens)
            data = self._data(lev.event.data.hendelse, b, mottakere, fra, register, (nr, len(deler)))
            if nr == 1:
                data = data.model_copy(update={"ikke_lenger": ut})
            yield MobiliseringBesluttet.ny(
                data, naa=self._clock.now(), hendelse_id=lev.event.hendelseid, aarsak=lev.event.id, nokkel=str(nr)
            )

    def _data(
        self,
        hendelse: Hendelse,
        b: Beslutning,
        mottakere: Sequence[Mottaker],
        fra: tuple[UUID, int],
        register: int,
        del_: tuple[int, int],
    ) -> BesluttetData:
        foerste = del_[0] == 1
        dag = (hendelse.start or self._clock.now()).astimezone(OSLO).date()
        trengs = {p for m in mottakere for r in m.roller for p in r.vara}
        return BesluttetData(
            beslutning_id=ny_id(fra[0], "beslutning"),
            utloest_av=fra[0],
            utloest_sekvens=fra[1],
            del_nr=del_[0],
            deler=del_[1],
            regelsett=self._versjon,
            register_sekvens=register,
            hendelse=hendelse,
            mottakere=tuple(mottakere),
            vara=tuple(v for v in b.vara if v.person_id in trengs),
            ikke_valgt=b.ikke_valgt if foerste else (),
            mangler=b.mangler if foerste else (),
            sekretariat=sekretariat(self._kopi.rader, self._kopi.fravaer, dag),
            vurdering_kreves=b.vurdering_kreves and foerste,
        )
