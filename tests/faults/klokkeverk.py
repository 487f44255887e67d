"""Two of every room tick at once, and many deadlines come at one moment: each is heeded once."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from infra.clock import Clock
from infra.simulator.klient import vent
from tests.faults.drift import Drift
from tests.faults.feil import POSTGRESQL, SQLITE, Feil
from tests.faults.klokka import med_klokke
from tests.faults.klokkefil import still
from tests.faults.natt import Natt
from tests.harness.anlegg import KOLONNER, nummer

BYDELER = tuple(f"{nr:02d}" for nr in range(6, 16))
"""Outside Oslo sentrum, so that nobody of the night's other work is called."""
SVARFRIST = timedelta(seconds=20)
"""Long enough for everybody to be called before it, also by a machine with much else to do."""
I_SPRANGET = timedelta(hours=1)
TO_TIMER = 2 * 3600.0
FERDIG_SEKUNDER = 90.0


def _innehaver(bydel: str) -> str:
    return nummer(600 + int(bydel))


def _vara(bydel: str) -> str:
    return nummer(700 + int(bydel))


def _rader() -> list[str]:
    """A coordinator and a deputy for each bydel."""
    rader = []
    for b in BYDELER:
        felles = f"salto_koordinator;bydel:{b}"
        rader.append(f"k{b};Oppdiktet Koordinator {b};{_innehaver(b)};;{felles};;sms;;")
        rader.append(f"v{b};Oppdiktet Vara {b};{_vara(b)};;{felles};k{b};sms;;")
    return rader


async def _forfall(sprang: bool, natt: Natt, _: random.Random, ganger: int) -> None:
    """People who do not answer are called in many places; their deadlines come together, by time or by a jump."""
    d = natt.drift
    kropp = "\n".join([KOLONNER, *_rader()]).encode()
    await d.kall("POST", "/register/import?erstatt=false", data=kropp, headers={"Content-Type": "text/csv"})
    await natt.meld()
    await natt.i_maal()  # thanks that are an hour late are not sent
    for gang in range(1, ganger + 1):
        frist = Clock().now() + (I_SPRANGET if sprang else SVARFRIST)
        hendelser = [await _meld(d, b, frist, f"frist-{gang}-{b}") for b in BYDELER]
        await vent(partial(_sendt, d, _innehaver, 2 * gang - 1), "innehaverne er kalt", FERDIG_SEKUNDER)
        if sprang:
            still(d.mappe, TO_TIMER)
        await vent(partial(_sendt, d, _innehaver, 2 * gang), "innehaverne er purret", FERDIG_SEKUNDER)
        await vent(partial(_sendt, d, _vara, gang), "varaene er kalt", FERDIG_SEKUNDER)
        await natt.i_maal()
        await _hver_en_gang(d, hendelser, gang)
        still(d.mappe, 0)


async def _meld(d: Drift, bydel: str, frist: datetime, noekkel: str) -> dict[str, Any]:
    start = (Clock().now().astimezone(UTC) + timedelta(days=7)).replace(microsecond=0)
    kropp = {
        "type": "hendelse",
        "tittel": "Samling ved skolen",
        "kilde": "politi",
        "sted": {"bydeler": [bydel]},
        "start": start.isoformat(),
        "slutt": (start + timedelta(hours=3)).isoformat(),
        "svarfrist": frist.isoformat(),
    }
    return dict(await d.kall("POST", "/hendelser", json=kropp, headers={"Idempotency-Key": noekkel}))


async def _til(d: Drift, hvem: Any) -> dict[str, int]:
    """How many SMS the gateway has sent to each."""
    numre = [hvem(b) for b in BYDELER]
    samtaler = (await d.sim.samtaler(numre, [], 50))["samtaler"]
    return {nr: sum(m["retning"] == "ut" for m in samtaler.get(nr, [])) for nr in numre}


async def _sendt(d: Drift, hvem: Any, antall: int) -> bool | None:
    return min((await _til(d, hvem)).values()) >= antall or None


async def _hver_en_gang(d: Drift, hendelser: list[dict[str, Any]], gang: int) -> None:
    """By the gateway's record, by the tables, and by the log."""
    assert set((await _til(d, _innehaver)).values()) == {2 * gang}, "noen er kalt eller purret to ganger"
    assert set((await _til(d, _vara)).values()) == {gang}, "en vara er kalt to ganger"
    for h in hendelser:
        alle = (await d.kall("GET", f"/hendelser/{h['id']}/utkallinger"))["utkallinger"]
        sms = Counter((m["formaal"], "vara_for" in u) for u in alle for m in u["meldinger"])
        assert sms == {("utkalling", False): 1, ("purring", False): 1, ("utkalling", True): 1}, sms
        typer = Counter(rad["type"].split(".v1")[0].removeprefix("no.oslo.salto.") for rad in await _logg(d, h))
        assert (typer["utkalling.purret"], typer["utkalling.eskalert"]) == (1, 1), typer


async def _logg(d: Drift, h: dict[str, Any]) -> list[dict[str, Any]]:
    return list(await d.kall("GET", f"/hendelser/{h['id']}/logg"))


KLOKKEVERK = (
    Feil("to klokkeverk tikker samtidig", partial(_forfall, False), ganger=2, kort=(POSTGRESQL,), replikaer=2),
    Feil("klokka går forbi fristene", partial(_forfall, True), ganger=2, kort=(SQLITE,), oppsett=med_klokke,
         replikaer=2),
)  # fmt: skip
