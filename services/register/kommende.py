"""Which roles each coming hendelse would lack, asked of the same preview that everybody sees (API §3, §8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from infra.clock import OSLO
from infra.web.klient import Klient

HENDELSESFELT = (
    "type",
    "tittel",
    "kilde",
    "start",
    "slutt",
    "varslet",
    "alvorlighet",
    "stor",
    "tema",
    "maalgruppe",
    "hjembydeler",
    "andre_kommuner",
    "oevelse",
)
"""What a decision about people rests on."""
STEDSFELT = ("navn", "lat", "lon", "bydeler", "sentrum")


def kommende(klient: Klient, naa: datetime, til: str | None) -> list[dict[str, Any]]:
    """Every open hendelse from now on, until the end of the day `til`, that somebody is missing for; soonest first.

    A widening is not part of a preview: what it lacks stands among the tasks of the hendelse.
    """
    svar = klient.get("/hendelser", status="aapen", fra=naa.isoformat()).json()
    hendelser = sorted((h for h in svar["hendelser"] if _i_tide(h, til)), key=lambda h: str(h["start"]))
    alle = (
        {
            "id": h["id"],
            "kodeord": h["kodeord"],
            "start": h["start"],
            "mangler": klient.post("/hendelser/forhaandsvis", json=_kropp(h)).json()["mangler"],
        }
        for h in hendelser
    )
    return [en for en in alle if en["mangler"]]


def _i_tide(hendelse: dict[str, Any], til: str | None) -> bool:
    if not hendelse.get("start"):
        return False
    return til is None or datetime.fromisoformat(hendelse["start"]).astimezone(OSLO).date().isoformat() <= til


def _kropp(hendelse: dict[str, Any]) -> dict[str, Any]:
    kropp = {felt: hendelse[felt] for felt in HENDELSESFELT if hendelse.get(felt) is not None}
    sted = hendelse.get("sted") or {}
    return {**kropp, "sted": {felt: sted[felt] for felt in STEDSFELT if sted.get(felt) is not None}}
