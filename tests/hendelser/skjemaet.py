"""The form of a hendelse as somebody fills it in, sees who is called, and sends it."""

from __future__ import annotations

from typing import Any

from infra.clock import OSLO
from tests.harness.by import By
from tests.harness.nettleser import Nettleser, Side

NY = "/hendelser/ny"


def utfylt(by: By, **felt: Any) -> dict[str, Any]:
    """An announced demonstration on Eidsvolls plass in a week, unless told otherwise; None leaves a field out."""
    start = by.om(days=7).astimezone(OSLO)
    grunn: dict[str, Any] = {
        "type": "demonstrasjon",
        "tittel": "Markering foran Stortinget",
        "sted": "Eidsvolls plass",
        "start_dato": f"{start:%Y-%m-%d}",
        "start_tid": "14:00",
        "slutt_tid": "17:00",
        "alvorlighet": "middels",
        "varslet": "ja",
        "kilde": "politi",
    }
    return {k: v for k, v in {**grunn, **felt}.items() if v is not None}


def lokalt(by: By, bydel: str = "05", **felt: Any) -> dict[str, Any]:
    """A small hendelse in one bydel."""
    return utfylt(by, **{"type": "hendelse", "sted": None, "bydeler": [bydel], "varslet": None, **felt})


def skjulte(side: Side) -> dict[str, str]:
    """What the page would send back by itself."""
    return {n: side.skjult[n] for n in ("noekkel", "versjon", "avtrykk") if n in side.skjult}


async def ser_hvem(n: Nettleser, felt: dict[str, Any], sti: str = NY) -> Side:
    """Fills the form in and looks at who would be called."""
    tomt = await n.hent(sti)
    return await n.send(sti, **{**skjulte(tomt), **felt, "handling": "vis"})


async def sender(n: Nettleser, sett: Side, felt: dict[str, Any], sti: str = NY, **annet: Any) -> Side:
    """Ticks the box and sends what was seen."""
    return await n.send(sti, **{**skjulte(sett), **felt, "bekreft": "ja", "handling": "send", **annet})
