"""A night's work for a deployment under faults: people are called, and each answers every call once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

import aiohttp

from infra.db import NEDE
from infra.journal.feil import NEDE_FEIL
from infra.oppgave import avslutt
from infra.simulator.klient import IkkeSkjedd, SimulatorFeil, vent
from tests.faults.drift import Drift
from tests.faults.folket import UTE, demonstrasjon, melding
from tests.faults.ro import under_arbeid
from tests.harness.anlegg import folk, nummer

FERDIG_SEKUNDER = 120.0
"""A bound for a machine with much else to do."""
SPOER_MAKS = 50
"""How many phones the simulator's API tells of at a time."""


@dataclass
class Natt:
    """Who is called, what was posted, and who has answered what."""

    drift: Drift
    antall: int = 40
    meldt: list[dict[str, Any]] = field(default_factory=list)
    besvart: set[tuple[str, str]] = field(default_factory=set)
    """Number and kodeord of each answer that a phone has sent."""
    gift: set[int] = field(default_factory=set)
    """Sequences of the journal that nobody can make anything of: only these may be set aside."""
    _svarer: asyncio.Task[None] | None = None
    _nr: Iterator[int] = field(default_factory=count)

    async def __aenter__(self) -> Self:
        await self.drift.les_inn(folk(self.antall))
        self._svarer = asyncio.create_task(self._telefonene())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._svarer
        await avslutt(self._svarer)

    @property
    def numre(self) -> list[str]:
        return [nummer(nr) for nr in range(1, self.antall + 1)]

    async def meld(self) -> dict[str, Any]:
        """Posts a hendelse that calls everybody, again with the same key until it is answered."""
        kropp = demonstrasjon()
        hode = {"Idempotency-Key": f"nr-{next(self._nr)}"}
        svar = dict(await self.drift.kall("POST", "/hendelser", json=kropp, headers=hode))
        self.meldt.append(svar)
        return svar

    async def i_maal(self) -> None:
        """Waits until everybody is called, has answered and is thanked, and nothing is on its way.

        Raises:
            AssertionError: with how far it came, and what the processes have said.
        """
        try:
            for hendelse in self.meldt:
                await vent(lambda h=hendelse: self._ferdig(h), "alle har svart", FERDIG_SEKUNDER)  # type: ignore[misc]
            await vent(self._i_ro, "alt er i ro", FERDIG_SEKUNDER)
        except IkkeSkjedd as feil:
            stilling = [await self._stilling(h) for h in self.meldt]
            raise AssertionError(f"{feil}: {stilling}\n{self.drift.logg()[-6000:]}") from None

    async def _ferdig(self, hendelse: dict[str, Any]) -> bool | None:
        alle = await self.utkallinger(hendelse)
        if len(alle) == self.antall and all(map(ferdig, alle)):
            return True
        await asyncio.sleep(0.1)  # the answer is long: not a hundred times a second
        return None

    async def _i_ro(self) -> bool | None:
        tall = await self.drift.sim.tall()
        if tall["uavsluttet"]:
            return None
        with suppress(*NEDE, *NEDE_FEIL):  # a store that stood still is asked again
            return None if await under_arbeid(self.drift) else True
        return None

    async def _stilling(self, hendelse: dict[str, Any]) -> Counter[tuple[str, str, str]]:
        alle = await self.utkallinger(hendelse)
        return Counter((m["kanal"], m["formaal"], m["status"]) for u in alle for m in u["meldinger"])

    async def utkallinger(self, hendelse: dict[str, Any]) -> list[dict[str, Any]]:
        """Every call-out as the API shows it; none while the doors are closed."""
        with suppress(aiohttp.ClientError, TimeoutError):
            url = f"{self.drift.url}/api/v1/hendelser/{hendelse['id']}/utkallinger"
            async with self.drift.http.get(url) as svar:
                if svar.status == 200:
                    return list((await svar.json())["utkallinger"])
        return []

    async def _telefonene(self) -> None:
        while True:
            with suppress(SimulatorFeil, aiohttp.ClientError, TimeoutError):
                await self._svar_paa_det_nye()
            await asyncio.sleep(0.1)

    async def _svar_paa_det_nye(self) -> None:
        sim = self.drift.sim
        for fra in range(0, self.antall, SPOER_MAKS):
            samtaler = (await sim.samtaler(self.numre[fra : fra + SPOER_MAKS], [], 50))["samtaler"]
            for nr, meldinger in samtaler.items():
                for kodeord in {k for m in meldinger if (k := self._spurt(m)) and (nr, k) not in self.besvart}:
                    self.besvart.add((nr, kodeord))
                    await sim.telefon(nr).svarer(f"JA {kodeord}")

    def _spurt(self, melding: dict[str, Any]) -> str:
        if melding["retning"] != "ut" or "Svar JA" not in melding["tekst"]:
            return ""
        return next((h["kodeord"] for h in self.meldt if f"SaLTo {h['kodeord']}" in melding["tekst"]), "")


def ferdig(u: dict[str, Any]) -> bool:
    """Whether a call-out is out by SMS, settled by e-mail, answered and thanked for."""
    kalt = melding(u, "sms") in UTE and melding(u, "epost") in {"sendt", "uviss"}
    return kalt and u["status"] == "kommer" and melding(u, "sms", "bekreftelse") in UTE
