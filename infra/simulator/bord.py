"""The table the phones lie on: fetched from the simulator's own process, named by the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from infra.simulator import visning
from infra.simulator.folk import Folkeregister
from infra.simulator.klient import Simulator
from infra.simulator.visning import Eier, Linje, Telefon

SIDE = "/simulator"
LISTE_MAKS, SOEK_MAKS = 100, 1000
"""How many phones the list shows, and how many of the newest a search looks through."""
RUTENETT, RUTENETT_MAKS = 6, 24
MELDINGER, MELDINGER_MAKS = 20, 100
"""How much of a conversation is shown on the table, and on the phone's own page."""


@dataclass(frozen=True)
class Utvalg:
    """What the page was asked for. `vist`: the phones that lie on the table already, and stay where they are."""

    sok: str = ""
    hendelse: UUID | None = None
    vist: tuple[str, ...] = ()

    def adresse(self, *, med_vist: Sequence[Telefon] = ()) -> str:
        """The page's own address; with the phones that lie there now, for the live part."""
        felt = [("sok", self.sok)] if self.sok else []
        felt += [("hendelse", str(self.hendelse))] if self.hendelse else []
        felt += [("vist", t.eier.hvem) for t in med_vist]
        return f"{SIDE}?{urlencode(felt)}" if felt else SIDE


@dataclass(frozen=True)
class Innhold:
    """Everything on the page. `flere`: how many phones would lie there now, had the page been opened anew."""

    linjer: Sequence[Linje] = ()
    telefoner: Sequence[Telefon] = ()
    skjulte: int = 0
    flere: int = 0
    ukjent_hendelse: bool = False


@dataclass(frozen=True)
class Bord:
    """Reads; changes nothing. Every call raises aiohttp's errors when the simulator is away."""

    simulator: Simulator
    folkeregister: Folkeregister

    async def dekk(self, utvalg: Utvalg) -> Innhold:
        """The list and the phones side by side."""
        oversikt = await self.simulator.oversikt(SOEK_MAKS if utvalg.sok else LISTE_MAKS)
        kjente = [*(t["nummer"] for t in oversikt["telefoner"]), *(p["adresse"] for p in oversikt["postkasser"])]
        folk = await self.folkeregister.med(kjente)
        bare = await self._kalte(utvalg.hendelse)
        linjer = visning.filtrert(visning.linjer(oversikt, folk), utvalg.sok, bare)
        eiere = _paa_bordet(utvalg, linjer, bare)
        telefoner = await self._telefoner(eiere, oversikt, MELDINGER)
        nye = _paa_bordet(replace(utvalg, vist=()), linjer, bare)
        return Innhold(
            linjer[:LISTE_MAKS],
            telefoner,
            skjulte=sum(t["nummer"] in folk.skjult for t in oversikt["telefoner"]),
            flere=sum(eier not in eiere for eier in nye),
            ukjent_hendelse=utvalg.hendelse is not None and bare is None,
        )

    async def eier(self, hvem: str) -> Eier | None:
        """Whose phone (by its digits) or mailbox (by its address) it is; None when it may not be shown."""
        if "@" in hvem:
            return (await self.folkeregister.med([hvem.lower()])).med_postkasse(hvem.lower())
        return (await self.folkeregister.med([f"+{hvem}"])).eier(f"+{hvem}")

    async def telefon(self, eier: Eier, antall: int = MELDINGER_MAKS) -> Telefon:
        """One phone with its mailbox."""
        return (await self._telefoner([eier], await self.simulator.oversikt(0), antall))[0]

    async def _kalte(self, hendelse: UUID | None) -> list[Eier] | None:
        personer = await self.folkeregister.kalte(hendelse) if hendelse else None
        return None if personer is None else (await self.folkeregister.med((), personer)).rekke

    async def _telefoner(self, eiere: Sequence[Eier], oversikt: dict[str, object], antall: int) -> list[Telefon]:
        numre, adresser = [e.nummer for e in eiere if e.nummer], [e.adresse for e in eiere if e.adresse]
        innhold = await self.simulator.samtaler(numre, adresser, antall)
        return [visning.telefon(eier, oversikt, innhold) for eier in eiere]


def _paa_bordet(utvalg: Utvalg, linjer: Sequence[Linje], bare: Sequence[Eier] | None) -> list[Eier]:
    """Who lies on the table: those who lie there already, in their order, then who waits, then the newest.

    The phones of one hendelse have a place each; so nothing moves under the hand of whoever is writing.
    """
    if bare is not None and not utvalg.sok:
        return list(bare)[:RUTENETT_MAKS]
    kjente = {li.eier.hvem: li.eier for li in sorted(linjer, key=lambda li: not li.venter)}
    foerst = [kjente[hvem] for hvem in dict.fromkeys(utvalg.vist) if hvem in kjente]
    resten = [eier for eier in kjente.values() if eier not in foerst]
    return [*foerst, *resten][:RUTENETT]
