"""`python3 -m tests.compose [SERVICE…]`: call-outs through a running stack while its containers are killed.

For each service: a hendelse is posted, the service is killed in the middle of the call-out, and comes back. Then the
count is made from outside: what the simulator received against what the API says, an answer by phone, and the archive.
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
FERDIG = {"levert"}
DEMO = "services/register/data/demo.csv"
TREGT_MS = 1000
"""How long the gateway keeps an answer back: whoever is killed then has messages accepted and not booked."""


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
    simulator("PUT", "/innstillinger", {"latens_ms": TREGT_MS})
    print("drept        SMS  tapt  doble  uviss  sekunder", flush=True)  # noqa: T201
    for offer in gitt.tjenester:
        _runde(offer)


def _runde(offer: str) -> None:
    foer, start = simulator("GET", "/tall"), time.monotonic()
    hendelse = api("POST", "/hendelser", _hendelse(), str(uuid4()))
    if offer == "utkalling":
        drep(offer)  # at once: the decision is just being folded
    _noen_har_faatt(foer["sms_mottatt"] + 1)
    if offer not in {"ingen", "utkalling"}:
        drep(offer)
    meldinger = vent(lambda: _alle_ferdige(hendelse["id"]), "alle meldinger er levert")
    sekunder = time.monotonic() - start
    _svar_fra_en_telefon(hendelse)
    friske()
    tall = simulator("GET", "/tall")
    tapt = len(meldinger) - len({m["leverandoer_id"] for m in meldinger})
    uviss = sum(m["status"] == "uviss" for m in meldinger)
    print(  # noqa: T201
        f"{offer:12} {len(meldinger):3}  {tapt:4}  {len(tall['dobbelt']):5}  {uviss:5}  {sekunder:8.0f}", flush=True
    )
    assert tapt == uviss == 0, "noe ble borte"
    assert tall["dobbelt"] == [], tall["dobbelt"]
    vent(_arkivet_er_helt, "arkivet er helt")


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


def _alle_ferdige(hendelse_id: str) -> list[dict[str, Any]] | None:
    """The hendelse's SMSes once everybody has one, and none is under way any more."""
    utkallinger = api("GET", f"/hendelser/{hendelse_id}/utkallinger")["utkallinger"]
    sms = [m for u in utkallinger for m in u["meldinger"] if m["kanal"] == "sms"]
    under_veis = {"planlagt", "bestilt", "sendt"} & {m["status"] for m in sms}
    return sms if sms and not under_veis and all(u["meldinger"] for u in utkallinger) else None


def _svar_fra_en_telefon(hendelse: dict[str, Any]) -> None:
    """A phone that was asked says JA with the kodeord, and the API shows it."""
    for telefon in simulator("GET", "/telefoner")["telefoner"]:
        nummer = telefon["nummer"].replace("+", "%2B")
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
