"""What the fault tests ask of a hendelse that calls many: how it is posted, and whether all have got it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, timedelta
from typing import Any

import aiohttp

from infra.clock import Clock
from infra.simulator.klient import IkkeSkjedd, vent
from tests.harness.anlegg import Anlegg

FERDIG_SEKUNDER = 180.0
"""A bound for a machine with much else to do; alone it takes a sixth."""
UTE = {"sendt", "levert"}


def demonstrasjon() -> dict[str, Any]:
    """In Oslo sentrum, so that everybody in Uteseksjonen is called."""
    start = (Clock().now().astimezone(UTC) + timedelta(days=7)).replace(microsecond=0)
    return {
        "type": "demonstrasjon",
        "tittel": "Markering foran Stortinget",
        "kilde": "politi",
        "sted": {"navn": "Eidsvolls plass"},
        "start": start.isoformat(),
        "slutt": (start + timedelta(hours=3)).isoformat(),
        "varslet": True,
    }


async def utkallinger(anlegg: Anlegg, hendelse_id: str) -> list[dict[str, Any]]:
    """Every call-out as the API shows it; none while the system is not there."""
    with suppress(aiohttp.ClientError, TimeoutError, AssertionError):
        return list((await anlegg.kall("GET", f"/hendelser/{hendelse_id}/utkallinger"))["utkallinger"])
    return []


def melding(u: dict[str, Any], kanal: str, formaal: str = "utkalling") -> str:
    """The status of one message of a call-out; empty when there is none."""
    return next((str(m["status"]) for m in u["meldinger"] if (m["kanal"], m["formaal"]) == (kanal, formaal)), "")


async def alle_har_faatt(anlegg: Anlegg, hendelse_id: str, antall: int, *, besvart: bool = False) -> None:
    """Waits until every call-out is out by SMS and settled by e-mail (and answered and confirmed).

    Raises:
        AssertionError: it did not come so far; with how far it came, and what the program has said.
    """

    def ferdig(u: dict[str, Any]) -> bool:
        kalt = melding(u, "sms") in UTE and melding(u, "epost") in {"sendt", "uviss"}
        return kalt and (not besvart or melding(u, "sms", "bekreftelse") in UTE)

    async def alle() -> bool | None:
        naa = await utkallinger(anlegg, hendelse_id)
        return (len(naa) == antall and all(map(ferdig, naa))) or None

    try:
        await vent(alle, "alle er kalt", FERDIG_SEKUNDER)
    except IkkeSkjedd:
        naa = await utkallinger(anlegg, hendelse_id)
        stilling = Counter((m["kanal"], m["formaal"], m["status"]) for u in naa for m in u["meldinger"])
        raise AssertionError(f"{len(naa)} utkallinger: {stilling}\n{anlegg.logg()[-4000:]}") from None
    await anlegg.sim.vent_paa_ro(60)
