"""What comes late, or again, about one who was asked anew: it is about what was then, not about what is now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from contracts.event import AnyEvent
from contracts.hendelse import Bemanning
from contracts.lesning import Betydning
from contracts.melding import Bestilling
from contracts.utkalling import UtkallingBemannet
from infra.db import Database
from tests.harness.baser import Base
from tests.utkalling import omverden
from tests.utkalling.modell import Verden, bilde, lag_tabeller
from tests.utkalling.omverden import Ord


class Fortelling:
    """One hendelse, told step by step to the real room."""

    def __init__(self, db: Database) -> None:
        self.v = Verden(db)
        self.x = omverden.ny(0)
        self._nr = 0

    async def _hoerer(self, event: AnyEvent) -> int:
        lev = self.v.skjer(event)
        await self.v.hoer([lev])
        return lev.sekvens

    def _id(self) -> UUID:
        self._nr += 1
        return UUID(int=9_000_000 + self._nr)

    async def besluttes(self, *valgte: int) -> None:
        """Something happens that routing decides about at once: these are called."""
        await self.hender()
        for del_ in omverden.beslutning(self.x, self.v.klokke.now(), valgte, 0):
            await self._hoerer(del_)
        self.v.klokke.naa += timedelta(minutes=1)

    async def hender(self) -> None:
        """Something happens that routing has yet to decide about."""
        lag = omverden.sentrum if self.x.aarsaker or self.x.besluttet else omverden.meldt
        event = lag(self.x, self.v.klokke.now(), self._id())
        self.x.aarsaker.append((event.id, await self._hoerer(event), self.x.h))

    async def endres(self, *felt: str) -> None:
        """The hendelse is changed in these fields."""
        await self._hoerer(omverden.endret(self.x, self.v.klokke.now(), self._id(), felt))

    async def svarer_ja(self, nr: int) -> None:
        """A person answers by SMS."""
        await self._hoerer(omverden.svar(self._id(), self.v.klokke.now(), nr, Betydning.KOMMER))

    def sagt(self, klasse: type[AnyEvent]) -> list[AnyEvent]:
        """What the room has told of a kind."""
        return [e for e in self.v.journal.fortalt if isinstance(e, klasse)]

    async def avsluttes(self) -> None:
        self.x.lukket = await self._hoerer(omverden.lukket(self.x, self.v.klokke.now(), self._id(), avlyst=False))

    async def kanalen_sier(self, o: Bestilling, *ord_: Ord) -> None:
        for et in ord_:
            await self._hoerer(omverden.utfall(o, self.x.id, self.v.klokke.now(), et, self._id()))

    def kall(self, nr: int, formaal: str = "utkalling") -> list[Bestilling]:
        """The orders for SMS to a person, oldest first."""
        mine = [o for o in self.v.journal.bestilt.values() if o.person_id.int == 1000 + nr and o.kanal == "sms"]
        return [o for o in mine if o.formaal == formaal]

    async def kalt(self, nr: int) -> Any:
        """The call-out of a person."""
        return next(u for u in (await bilde(self.v.db)).utkallinger.values() if u.person_id.int == 1000 + nr)


@pytest_asyncio.fixture(loop_scope="session")
async def fortelling(base: Base) -> AsyncIterator[Fortelling]:
    db = Database(base.url)
    await lag_tabeller(db)
    yield Fortelling(db)
    await db.lukk()


@pytest.mark.parametrize("ord_", ["trukket", "feilet", "uviss", "levert"])
async def test_a_late_word_about_an_older_call_says_nothing_about_the_newer(ord_: Ord, fortelling: Fortelling) -> None:
    for valgte in ([1, 2], [1], [1, 2]):
        await fortelling.besluttes(*valgte)
    gammel, ny = fortelling.kall(2)
    await fortelling.kanalen_sier(gammel, ord_)
    u = await fortelling.kalt(2)
    assert (u.kanalstatus["sms"], u.eskalert) == ("bestilt", False)
    await fortelling.kanalen_sier(ny, "sendt")
    assert (await fortelling.kalt(2)).kanalstatus["sms"] == "sendt"


@pytest.mark.parametrize(
    ("ord_", "ventet"),
    [
        (["sendt", "feilet", "levert"], "levert"),
        (["levert", "feilet"], "levert"),
        (["feilet", "sendt"], "sendt"),
        (["uviss", "feilet", "sendt", "levert"], "levert"),
        (["sendt", "feilet", "sendt"], "feilet"),
    ],
)
async def test_what_the_provider_can_prove_beats_what_was_believed(
    ord_: Sequence[Ord], ventet: str, fortelling: Fortelling
) -> None:
    await fortelling.besluttes(1)
    await fortelling.kanalen_sier(fortelling.kall(1)[0], *ord_)
    assert (await fortelling.kalt(1)).kanalstatus["sms"] == ventet


async def test_a_call_that_went_out_although_it_was_withdrawn_is_followed_by_the_stand_down(
    fortelling: Fortelling,
) -> None:
    await fortelling.besluttes(1, 2)
    await fortelling.besluttes(1)
    await fortelling.kanalen_sier(fortelling.kall(2)[0], "trukket")
    assert fortelling.kall(2, "avlysning") == []
    await fortelling.kanalen_sier(fortelling.kall(2)[0], "sendt", "sendt", "levert")
    assert len(fortelling.kall(2, "avlysning")) == 1


async def test_a_decision_from_before_the_end_stands_nobody_down_afterwards(fortelling: Fortelling) -> None:
    await fortelling.besluttes(1, 2)
    await fortelling.kanalen_sier(fortelling.kall(2)[0], "sendt")
    await fortelling.hender()
    await fortelling.avsluttes()
    for del_ in omverden.beslutning(fortelling.x, fortelling.v.klokke.now(), [1], 0):
        await fortelling.v.hoer([fortelling.v.skjer(del_)])
    assert fortelling.kall(2, "avlysning") == []


async def test_enough_come_when_fewer_are_enough(fortelling: Fortelling) -> None:
    fortelling.x.h = fortelling.x.h.model_copy(update={"bemanning": Bemanning(minst=2)})
    await fortelling.besluttes(1, 2)
    await fortelling.svarer_ja(1)
    assert not fortelling.sagt(UtkallingBemannet)
    fortelling.x.h = fortelling.x.h.model_copy(update={"bemanning": Bemanning(minst=1)})
    await fortelling.endres("bemanning")
    assert len(fortelling.sagt(UtkallingBemannet)) == 1


async def test_a_deadline_that_was_taken_before_somebody_was_asked_again_reminds_nobody(
    fortelling: Fortelling,
) -> None:
    await fortelling.besluttes(1, 2)
    fortelling.v.klokke.naa += timedelta(hours=17)
    await fortelling.v.tikk()
    (naadd,) = fortelling.v.venter
    await fortelling.besluttes(1)
    await fortelling.besluttes(1, 2)
    await fortelling.v.hoer([naadd])
    assert len(fortelling.kall(1, "purring")) == 1
    assert fortelling.kall(2, "purring") == []
