"""A gateway that misbehaves: it hides what it took, lists late, tells twice, in disorder or never, and gives up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial

from infra.simulator.klient import vent
from tests.faults.drift import WEB, Drift
from tests.faults.feil import POSTGRESQL, Feil
from tests.faults.natt import Natt

RO_SEKUNDER = "14"
"""Longer than a call may last and a list may lag, together: as in production, where it is 30."""
ALLE = "*"
GIR_OPP = "#rc=0"
BESVART_SEKUNDER = 60.0


@dataclass(frozen=True)
class Uvane:
    """What the gateway does for a while."""

    navn: str
    telefoner: Mapping[str, object] = field(default_factory=dict)
    """How it takes every send: `infra.simulator.oppfoersel.Oppfoersel`."""
    innstillinger: Mapping[str, object] = field(default_factory=dict)
    """How it is otherwise: `infra.simulator.innstillinger.Innstillinger`."""
    sekunder: float = 2.0


TAUST_BRUDD: Mapping[str, object] = {"tidsavbrudd_etter_aksept": 0, "ingen_statuser": True, "antall": 8}
"""Taken, and nothing tells us: it can only be looked up."""
UVANER = (
    Uvane("tar imot, og svarer aldri", {"tidsavbrudd_etter_aksept": True, "antall": 4}),
    Uvane("tar imot, og bryter", {"tidsavbrudd_etter_aksept": 0, "antall": 8}),
    Uvane("tar imot, og svarer 503", {"status": 503, "etter_aksept": True, "antall": 8}),
    Uvane("tar imot, og svarer 201 uten sid", {"svar_mangler": "sid", "antall": 8}),
    Uvane("tar imot, og svarer med et halvt JSON", {"svar_mangler": "slutt", "antall": 8}),
    Uvane("tar imot først når vi har gitt opp", {"forsinkelse_ms": 8_000, "antall": 2}, sekunder=3.0),
    Uvane("tar ikke imot, og svarer 500", {"status": 500, "antall": 4}),
    Uvane("en storm av 429", {"status": 429, "antall": 60}, sekunder=3.0),
    Uvane("svarer dråpe for dråpe", {"drypp_ms": 1500, "antall": 8}),
    Uvane("svarer dråpe for dråpe, uten ende", {"drypp_ms": 20_000, "antall": 3}),
    Uvane("lister det som er tatt imot fem sekunder for sent", TAUST_BRUDD, {"liste_forsinket_ms": 5000}, sekunder=8.0),
    Uvane("lister ingenting på en stund", TAUST_BRUDD, {"liste_status": 503}, sekunder=5.0),
    Uvane("melder fra før den har svart oss", {}, {"latens_ms": 1200, "status_ms": 0}),
    Uvane("melder fra to ganger", {"doble_statuser": True}),
    Uvane("melder fra i feil rekkefølge", {"omvendt_rekkefolge": True}),
    Uvane("melder aldri fra", {"ingen_statuser": True}),
    Uvane("leverer hvert svar ti ganger", {}, {"svar_ganger": 10}, sekunder=4.0),
)


async def _oppsett(d: Drift, _: AsyncExitStack) -> None:
    d.innstillinger["SALTO_SMS_RO_SEKUNDER"] = RO_SEKUNDER


async def _har(uvane: Uvane, natt: Natt, _: random.Random, ganger: int) -> None:
    """The habit is there before anybody is called, and goes while they answer."""
    sim = natt.drift.sim
    for _gang in range(ganger):
        foer = await sim.still_inn()
        await sim.still_inn(**uvane.innstillinger)
        await sim.telefon(ALLE).oppfoersel(**uvane.telefoner)
        await natt.meld()
        await asyncio.sleep(uvane.sekunder)  # how long it lasts is the test: nothing is waited for
        await sim.telefon(ALLE).oppfoerer_seg()
        await sim.still_inn(**{navn: foer[navn] for navn in uvane.innstillinger})


async def _gir_opp(natt: Natt, _: random.Random, ganger: int) -> None:
    """Doors and room are away while people answer; each answer is tried once, and then it is ours to fetch."""
    d = natt.drift
    for _gang in range(ganger):
        foer = await d.sim.still_inn()
        await d.sim.still_inn(innkommende_url=f"{d.url}/webhooks/twilio/sms{GIR_OPP}")
        hendelse = await natt.meld()
        await vent(partial(_noen_er_spurt, natt, hendelse["kodeord"]), "noen er spurt", BESVART_SEKUNDER)
        await d.drep(WEB, "sms")
        kommet = int((await d.sim.tall())["innkommende"])
        await d.sim.telefon(natt.numre[0]).svarer(f"INFO {hendelse['kodeord']}")  # at least one comes in vain
        await vent(partial(_flere_enn, d, kommet), "noen har svart forgjeves", BESVART_SEKUNDER)
        await d.start_alle([WEB, "sms"])
        await d.sim.still_inn(innkommende_url=foer["innkommende_url"])


async def _noen_er_spurt(natt: Natt, kodeord: str) -> bool | None:
    return any(k == kodeord for _, k in natt.besvart) or None


async def _flere_enn(d: Drift, antall: int) -> bool | None:
    tall = await d.sim.tall()
    return int(tall["innkommende"]) > antall or None


GATEWAY = (
    *(
        Feil(f"gatewayen {uvane.navn}", partial(_har, uvane), ganger=2, kort=(POSTGRESQL,), oppsett=_oppsett)
        for uvane in UVANER
    ),
    Feil("gatewayen gir opp svarene mens vi er borte", _gir_opp, ganger=2, kort=(POSTGRESQL,), oppsett=_oppsett),
)
