"""A client of the simulator's own API: phones, mailboxes and counts as tests and the demo speak of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode

import aiohttp

from infra.simulator.adresse import Adresse, SimulatorFeil

__all__ = ["Adresse", "IkkeSkjedd", "Postkasse", "Simulator", "SimulatorFeil", "Telefon", "vent"]

T = TypeVar("T")
_PAUSE_SEKUNDER = 0.005
_MAKS_PAUSE_SEKUNDER = 0.01


class IkkeSkjedd(AssertionError):
    """What was waited for did not come in time."""


async def vent(spoer: Callable[[], Awaitable[T | None]], hva: str, innen_sekunder: float = 30.0) -> T:
    """The first answer that is not None, asked for every 5-10 ms; raises IkkeSkjedd when time is up."""
    loop = asyncio.get_running_loop()
    frist, pause = loop.time() + innen_sekunder, _PAUSE_SEKUNDER
    while (svar := await spoer()) is None:
        if loop.time() > frist:
            raise IkkeSkjedd(f"{hva} skjedde ikke innen {innen_sekunder} s")
        await asyncio.sleep(pause)
        pause = min(pause * 1.1, _MAKS_PAUSE_SEKUNDER)
    return svar


class Simulator:
    """`async with Simulator(url) as sim:`; the URL alone is enough, for the API asks for no token."""

    def __init__(self, url: str, frist_sekunder: float = 300) -> None:
        self._url = f"{url.rstrip('/')}/simulator"
        self._frist = aiohttp.ClientTimeout(total=frist_sekunder)
        self._sesjon: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        await self.aapne()
        return self

    async def __aexit__(
        self, slag: type[BaseException] | None, feil: BaseException | None, spor: TracebackType | None
    ) -> None:
        await self.lukk()

    async def aapne(self) -> None:
        """Opens the one session that every call goes through; calls nobody."""
        self._sesjon = aiohttp.ClientSession(timeout=self._frist)

    async def lukk(self) -> None:
        """Closes it."""
        if self._sesjon is not None:
            await self._sesjon.close()

    def telefon(self, nummer: str) -> Telefon:
        """The phone with this number; `*` stands for every phone when misbehaviour is set."""
        return Telefon(self, nummer)

    def epost(self, adresse: str) -> Postkasse:
        """The mailbox with this address; `*` stands for every one when misbehaviour is set."""
        return Postkasse(self, adresse)

    async def tall(self) -> dict[str, Any]:
        """The counts, as `telling.tall` has them: `sms_mottatt`, `sms_unike`, `dobbelt` and more."""
        return dict(await self.spoer("GET", "/tall"))

    async def telefoner(self) -> list[dict[str, Any]]:
        """The numbers seen, with how much went each way."""
        return list((await self.spoer("GET", "/telefoner"))["telefoner"])

    async def oversikt(self, antall: int) -> dict[str, Any]:
        """So many phones and mailboxes, newest first, each with its newest message, and everybody's misbehaviour.

        `telefoner`: `nummer antall retning tekst status tid`; `postkasser`: `adresse antall emne tid`.
        """
        return dict(await self.spoer("GET", f"/oversikt?{urlencode({'antall': antall})}"))

    async def samtaler(self, numre: Sequence[str], adresser: Sequence[str], antall: int) -> dict[str, Any]:
        """The newest messages of some phones (`samtaler`) and mails of some mailboxes (`brev`), by whose they are."""
        felt = [*(("nummer", n) for n in numre), *(("adresse", a) for a in adresser), ("antall", str(antall))]
        return dict(await self.spoer("GET", f"/samtaler?{urlencode(felt)}"))

    async def all_epost(self) -> list[dict[str, Any]]:
        """Every mail received, oldest first."""
        return list((await self.spoer("GET", "/epost"))["brev"])

    async def still_inn(self, **endringer: object) -> dict[str, Any]:
        """Changes the settings named and gives all of them."""
        return dict(await self.spoer("PUT", "/innstillinger", endringer))

    async def nullstill(self) -> None:
        """Forgets every message, mail and misbehaviour; settings stay."""
        await self.spoer("DELETE", "")

    async def vent_paa_sms(self, antall: int, innen_sekunder: float = 30.0) -> int:
        """Waits until at least so many messages are accepted, copies included; gives the count."""

        async def nok() -> int | None:
            mottatt = int((await self.spoer("GET", "/helse"))["sms_mottatt"])
            return mottatt if mottatt >= antall else None

        return await vent(nok, f"{antall} mottatte SMS-er", innen_sekunder)

    async def vent_paa_ro(self, innen_sekunder: float = 30.0) -> dict[str, Any]:
        """Waits until every status is reached and every callback made or given up; gives the counts."""

        async def ferdig() -> dict[str, Any] | None:
            tall = await self.tall()
            return None if tall["uavsluttet"] else tall

        return await vent(ferdig, "ro", innen_sekunder)

    async def spoer(self, metode: str, sti: str, innhold: Mapping[str, object] | None = None) -> Any:
        """One call of the API; raises SimulatorFeil with what it answered."""
        if self._sesjon is None:
            raise SimulatorFeil("Simulator brukes som `async with Simulator(url) as sim`")
        async with self._sesjon.request(metode, self._url + sti, json=innhold) as svar:
            if svar.status >= 400:
                raise SimulatorFeil(f"{metode} {sti}: {svar.status} {await svar.text()}")
            return await svar.json() if svar.status != 204 else None


class Telefon:
    """One person's phone."""

    def __init__(self, simulator: Simulator, nummer: str) -> None:
        self._simulator = simulator
        self.nummer = nummer
        self._sti = f"/telefoner/{quote(nummer, safe='')}"

    async def meldinger(self) -> list[dict[str, Any]]:
        """The conversation, oldest first: `retning` (`ut` = to the phone), `tekst`, `tid`, `status`, `sid`."""
        return list((await self._simulator.spoer("GET", self._sti))["meldinger"])

    async def svarer(self, tekst: str) -> str:
        """The phone sends a text; gives the message's SID."""
        return str((await self._simulator.spoer("POST", f"{self._sti}/svar", {"tekst": tekst}))["sid"])

    async def oppfoersel(self, **regel: object) -> None:
        """The phone misbehaves from now on; the names are those of `oppfoersel.Oppfoersel`."""
        await self._simulator.spoer("PUT", f"{self._sti}/oppfoersel", regel)

    async def oppfoerer_seg(self) -> None:
        """The phone behaves again."""
        await self._simulator.spoer("DELETE", f"{self._sti}/oppfoersel")

    async def forventer(self, del_av_teksten: str, antall: int = 1, innen_sekunder: float = 30.0) -> dict[str, Any]:
        """Waits for the `antall`th message to the phone that has this in its text, and gives it."""

        async def kommet() -> dict[str, Any] | None:
            treff = [m for m in await self.meldinger() if m["retning"] == "ut" and del_av_teksten in m["tekst"]]
            return treff[antall - 1] if len(treff) >= antall else None

        return await vent(kommet, f"«{del_av_teksten}» til {self.nummer}", innen_sekunder)

    async def vent_paa_status(self, sid: str, status: str, innen_sekunder: float = 30.0) -> dict[str, Any]:
        """Waits until one message has this status, and gives it."""

        async def naadd() -> dict[str, Any] | None:
            treff = [m for m in await self.meldinger() if m["sid"] == sid and m["status"] == status]
            return treff[0] if treff else None

        return await vent(naadd, f"{sid} {status}", innen_sekunder)


class Postkasse:
    """One person's mailbox."""

    def __init__(self, simulator: Simulator, adresse: str) -> None:
        self._simulator = simulator
        self.adresse = adresse
        self._sti = f"/epost/{quote(adresse, safe='')}"

    async def brev(self) -> list[dict[str, Any]]:
        """The mails received, oldest first: `fra`, `emne`, `tekst`, `html`, `message_id`, `mottatt`."""
        return list((await self._simulator.spoer("GET", self._sti))["brev"])

    async def oppfoersel(self, **regel: object) -> None:
        """The mailbox misbehaves from now on; the names are those of `oppfoersel.EpostOppfoersel`."""
        await self._simulator.spoer("PUT", f"{self._sti}/oppfoersel", regel)

    async def oppfoerer_seg(self) -> None:
        """The mailbox behaves again."""
        await self._simulator.spoer("DELETE", f"{self._sti}/oppfoersel")

    async def forventer(self, del_av: str, antall: int = 1, innen_sekunder: float = 30.0) -> dict[str, Any]:
        """Waits for the `antall`th mail that has this in its subject or text, and gives it."""

        async def kommet() -> dict[str, Any] | None:
            treff = [b for b in await self.brev() if del_av in b["emne"] or del_av in b["tekst"]]
            return treff[antall - 1] if len(treff) >= antall else None

        return await vent(kommet, f"«{del_av}» til {self.adresse}", innen_sekunder)
