"""`python3 -m tests.compose [SERVICE…]`: call-outs through a running stack while its containers are killed.

For each service: some hendelser are posted, the service is killed while messages are under way, and comes back. Then
the count is made from outside: what the simulator received against what the API says, an answer by phone, the archive.
Needs `docker compose up -d` with the simulator as gateway, and the right to kill the containers' processes (root).
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

from tests.compose.stabel import api, compose, drep, friske, salto, simulator, vent

OFRE = ("ingen", "sms", "utkalling", "nats", "postgres")
DEMO = "services/register/data/demo.csv"
HENDELSER = 5
TREGT = {"latens_ms": 4000, "status_ms": 2000}
"""How long the gateway keeps its answer and each status back: whoever is killed then has messages out, not booked."""


def main() -> None:
    """One line for each service killed; raises when anything was lost or doubled."""
    leser = argparse.ArgumentParser(prog="python3 -m tests.compose", description=__doc__)
    leser.add_argument("tjenester", nargs="*", default=OFRE, help=f"hvem som drepes (vanlig: {' '.join(OFRE)})")
    leser.add_argument("--to", action="store_true", help="med to av sms og utkalling")
    gitt = leser.parse_args()
    if gitt.to:
        compose("up", "-d", "--no-build", "--no-recreate", "--scale", "sms=2", "--scale", "utkalling=2")
    friske()
    salto("web", "register", "importer", DEMO)
    simulator("PUT", "/innstillinger", TREGT)
    _si("drept", "SMS", "underveis", "tapt", "doble", "uviss", "sekunder")
    for offer in gitt.tjenester:
        _runde(offer)


def _runde(offer: str) -> None:
    foer, start = simulator("GET", "/tall")["sms_mottatt"], time.monotonic()
    hendelser = [api("POST", "/hendelser", _hendelse(), str(uuid4())) for _ in range(HENDELSER)]
    if offer != "utkalling":  # that one at once: decisions are just being folded
        _noen_har_faatt(foer + 1)
    underveis = HENDELSER - sum(_ferdige(h["id"]) is not None for h in hendelser)
    if offer != "ingen":
        assert underveis, "alt var ferdig før noen ble drept"
        drep(offer)
    meldinger = [
        m
        for h in hendelser
        for m in vent(lambda h=h: _ferdige(h["id"]), "alle meldinger er ferdige")  # type: ignore[misc]
    ]
    sekunder = time.monotonic() - start
    _svar_fra_en_telefon(hendelser[0])
    friske()
    doble = simulator("GET", "/tall")["dobbelt"]
    tapt = len(meldinger) - len(_hos_gatewayen() & {m["leverandoer_id"] for m in meldinger})
    uviss = sum(m["status"] == "uviss" for m in meldinger)
    _si(offer, len(meldinger), underveis, tapt, len(doble), uviss, round(sekunder))
    assert (tapt, doble, uviss) == (0, [], 0), "noe ble borte, doblet eller uvisst"
    vent(_arkivet_er_helt, "arkivet er helt")


def _si(hvem: str, *tall: object) -> None:
    print(f"{hvem:10}" + "".join(f"{t:>10}" for t in tall), flush=True)  # noqa: T201


def _hos_gatewayen() -> set[str]:
    """What the gateway has accepted, by its own ids."""
    samtaler = (simulator("GET", f"/telefoner/{_i_adresse(t)}") for t in simulator("GET", "/telefoner")["telefoner"])
    return {m["sid"] for s in samtaler for m in s["meldinger"] if m["retning"] == "ut"}


def _i_adresse(telefon: dict[str, Any]) -> str:
    return str(telefon["nummer"]).replace("+", "%2B")


def _hendelse() -> dict[str, Any]:
    start = datetime.now(timezone(timedelta(hours=1))).replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    return {
        "type": "demonstrasjon",
        "tittel": "Markering foran Stortinget",
        "kilde": "politi",
        "sted": {"navn": "Eidsvolls plass"},
        "start": start.isoformat(),
        "slutt": (start + timedelta(hours=3)).isoformat(),
        "varslet": True,
        "stor": True,
        "tema": ["kriminalitet"],
    }


def _noen_har_faatt(antall: int) -> None:
    vent(lambda: simulator("GET", "/helse")["sms_mottatt"] >= antall or None, "første SMS er hos gatewayen", pause=0.05)


def _ferdige(hendelse_id: str) -> list[dict[str, Any]] | None:
    """The hendelse's SMSes once everybody has one, and none is under way any more."""
    utkallinger = api("GET", f"/hendelser/{hendelse_id}/utkallinger")["utkallinger"]
    sms = [m for u in utkallinger for m in u["meldinger"] if m["kanal"] == "sms"]
    under_veis = {"planlagt", "bestilt", "sendt"} & {m["status"] for m in sms}
    return sms if sms and not under_veis and all(u["meldinger"] for u in utkallinger) else None


def _svar_fra_en_telefon(hendelse: dict[str, Any]) -> None:
    """A phone that was asked says JA with the kodeord, and the API shows it."""
    for telefon in simulator("GET", "/telefoner")["telefoner"]:
        nummer = _i_adresse(telefon)
        meldinger = simulator("GET", f"/telefoner/{nummer}")["meldinger"]
        if any(f"SaLTo {hendelse['kodeord']}" in m["tekst"] and "JA" in m["tekst"] for m in meldinger):
            break
    else:
        raise AssertionError("ingen telefon er spurt")
    simulator("POST", f"/telefoner/{nummer}/svar", {"tekst": f"Ja {hendelse['kodeord']}"})

    def kommer() -> bool | None:
        utkallinger = api("GET", f"/hendelser/{hendelse['id']}/utkallinger")["utkallinger"]
        return any(k["svar"] == "kommer" for u in utkallinger for k in u["kvitteringer"]) or None

    vent(kommer, "svaret er registrert")


def _arkivet_er_helt() -> bool | None:
    return json.loads(salto("audit", "audit", "verifiser", "--json"))["hel"] or None


if __name__ == "__main__":
    main()
