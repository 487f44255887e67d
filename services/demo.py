"""`salto demo`: demo Oslo is loaded, one announced demonstration is played through, and the house stays up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import typer

from infra.clock import OSLO
from infra.room import Hus
from infra.settings import Settings
from infra.simulator.klient import Simulator, Telefon, vent
from infra.web.klient import token_i
from infra.web.oekter import ny_bruker
from infra.web.tilgang import nytt_token
from services.oppe import hele_huset, la_programmet_ligge, til_signal
from services.program import Program
from services.register.demo import last_demo

KOORDINATOR_FROGNER, VARA_FROGNER, SALTO_SENTRUM = "+4790000005", "+4790000020", "+4790000030"
NOKKEL = "demo-demonstrasjon"
DEMOBRUKERE = (
    ("demo-sekretariat", "sekretariat", None),
    ("demo-sentrum", "salto_sentrum", None),
    ("demo-frogner", "salto_koordinator", "bydel:05"),
    ("demo-alna", "salto_koordinator", "bydel:12"),
    ("demo-politi", "politi", "driftsenhet:sentrum"),
    ("demo-linjeleder", "linjeleder", "bydel:05"),
    ("demo-gransker", "gransker", None),
)


async def kjoer(settings: Settings, *, demo: bool) -> None:
    """The whole house until Ctrl-C; with `demo`, the story first."""
    async with hele_huset(settings.model_copy(update={"demo": demo})) as program:
        la_programmet_ligge()
        token = await _cli_token(program)
        if not demo:
            typer.echo(f"SaLTo er oppe på {program.hus.settings.public_url}. Ctrl-C stopper.")
            await til_signal()
            return
        rom = next(r for r in program.rom if r.navn == "register")
        await last_demo(program.hus, rom.forteller)
        await demobrukere(program.hus)
        await til_signal(lambda: _fortell(program.hus, token))
    typer.echo("Stoppet.")


async def demobrukere(hus: Hus) -> None:
    """The portal's demo accounts: one of each role, without a password, and only a demo lets them in."""
    for brukernavn, rolle, enhet in DEMOBRUKERE:
        await ny_bruker(
            hus.db, brukernavn=brukernavn, passord=None, rolle=rolle, enhet=enhet, naa=hus.clock.now(), demo=True
        )


async def _cli_token(program: Program) -> str:
    """A sekretariat token for the CLI on this machine, kept beside the data and readable by its owner alone."""
    fil: Path = token_i(program.hus.settings.data_dir)
    if not fil.exists():
        token = await nytt_token(
            program.hus.db, rolle="sekretariat", navn="CLI", enhet=None, naa=program.hus.clock.now()
        )
        fil.touch(mode=0o600)
        fil.write_text(token)
    return fil.read_text().strip()


class Historie:
    """The story, told line by line while it happens on the real parts."""

    def __init__(self, http: httpx2.AsyncClient, sim: Simulator, naa: datetime) -> None:
        self._http = http
        self._sim = sim
        self._naa = naa

    async def spill(self) -> None:
        """Posted, routed, asked, answered, one deputy called."""
        hendelse = await self._meld()
        await self._koordinator_sier_nei()
        await self._vara_kommer()
        await self._sentrum_kommer()
        await self._oppsummer(hendelse)

    async def _meld(self) -> dict[str, Any]:
        _si("Sekretariatet melder en varslet demonstrasjon på Eidsvolls plass, lørdag kl. 14.")
        kropp = demonstrasjon(self._naa)
        svar = await self._http.post("/hendelser", json=kropp, headers={"Idempotency-Key": NOKKEL})
        h: dict[str, Any] = svar.raise_for_status().json()
        _si(f"Kodeordet er {h['kodeord']}. Eier: SaLTo-sentrum. Kartet foreslår at stedet er Oslo sentrum.")
        utkallinger = await self._utkallinger(h["id"], lambda us: us or None)
        roller = sorted({f"{r['rolle']} {r['enhet']}" for u in utkallinger for r in u["roller"]})
        _si(f"{len(utkallinger)} blir kalt ut, hver med sin begrunnelse: {', '.join(roller)}.")
        return h

    async def _koordinator_sier_nei(self) -> None:
        telefon = self._sim.telefon(KOORDINATOR_FROGNER)
        _si(f"SaLTo-koordinatoren på Frogner får SMS:\n      «{await _sms(telefon)}»")
        await telefon.svarer("Nei, er på ferie")
        _si("… og svarer «Nei, er på ferie». Vara blir kalt med en gang. Grunnen vises ikke til noen.")

    async def _vara_kommer(self) -> None:
        telefon = self._sim.telefon(VARA_FROGNER)
        _si(f"Vara får SMS:\n      «{await _sms(telefon)}»")
        await telefon.svarer("Ja, eg stiller")
        _si(f"… og svarer «Ja, eg stiller». Bekreftelsen:\n      «{await _sms(telefon, 'Takk')}»")

    async def _sentrum_kommer(self) -> None:
        telefon = self._sim.telefon(SALTO_SENTRUM)
        await _sms(telefon)
        await telefon.svarer("eg kjem 👍")
        _si(f"SaLTo-sentrum svarer «eg kjem 👍»:\n      «{await _sms(telefon, 'Takk')}»")

    async def _oppsummer(self, hendelse: dict[str, Any]) -> None:
        utkallinger = await self._utkallinger(
            hendelse["id"], lambda us: us if sum(u["status"] == "kommer" for u in us) >= 2 else None
        )
        antall: dict[str, int] = {}
        for u in utkallinger:
            antall[u["status"]] = antall.get(u["status"], 0) + 1
        _si("Slik står det: " + ", ".join(f"{n} {s}" for s, n in sorted(antall.items())) + ".")
        logg = (await self._http.get(f"/hendelser/{hendelse['id']}/logg")).raise_for_status().json()
        rader = logg["logg"] if isinstance(logg, dict) else logg
        _si(f"Alt står i hendelsesloggen: {len(rader)} hendelser i kjede.")

    async def _utkallinger(self, hendelse_id: str, ferdig: Callable[[list[Any]], list[Any] | None]) -> list[Any]:
        async def spoer() -> list[Any] | None:
            svar = await self._http.get(f"/hendelser/{hendelse_id}/utkallinger")
            return ferdig(svar.json()["utkallinger"]) if svar.status_code == 200 else None

        return await vent(spoer, "utkallingene", 20)


def demonstrasjon(naa: datetime) -> dict[str, Any]:
    """The next Saturday at 14, Oslo time."""
    lokal = naa.astimezone(OSLO)
    dager = (5 - lokal.weekday()) % 7 or 7
    start = (lokal + timedelta(days=dager)).replace(hour=14, minute=0, second=0, microsecond=0)
    return {
        "type": "demonstrasjon",
        "tittel": "Markering foran Stortinget",
        "kilde": "politi",
        "sted": {"navn": "Eidsvolls plass"},
        "oppmoete": "Ved løvene foran Stortinget",
        "start": start.isoformat(),
        "slutt": (start + timedelta(hours=3)).isoformat(),
        "varslet": True,
        "forventet_antall": 500,
        "tema": ["kriminalitet"],
    }


async def _fortell(hus: Hus, token: str) -> None:
    s = hus.settings
    hode = {"Authorization": f"Bearer {token}"}
    typer.echo(f"\nSaLTo demo er oppe på {s.public_url}. Menneskene er oppdiktet, bydelene er ekte.\n")
    async with (
        httpx2.AsyncClient(base_url=f"{s.public_url}/api/v1", headers=hode, timeout=30) as http,
        Simulator(s.twilio_base_url) as sim,
    ):
        if (await http.get("/hendelser")).json()["hendelser"]:
            typer.echo("  Historien er spilt før på disse dataene, og alt står der det sto.")
        else:
            await Historie(http, sim, hus.clock.now()).spill()
    typer.echo(_videre(s, token))


def _videre(s: Settings, token: str) -> str:
    return f"""
Åpne {s.public_url} i nettleseren og velg hvem du vil være: ingen passord i demoen.
Der kan du melde en hendelse, se hvem som blir kalt ut før noe sendes, svare på telefonene
i simulatoren ({s.public_url}/simulator) og se tavlen flytte seg.

Eller i et annet vindu:{_her(s)}
  ./salto hendelse liste                                 alle hendelser
  ./salto hendelse vis ID                                hvem som er kalt, og hva de svarte
  ./salto simulator telefon +4790000005 --svar "Ja likevel"   svar på en telefon
  ./salto logg --foelg                                   hendelsesloggen, direkte
  ./salto audit verifiser                                bevis at den er hel
  {s.public_url}/api/docs           API-et (token: {token})

Ctrl-C stopper alt. Neste start kommer opp på de samme dataene."""


def _her(s: Settings) -> str:
    """What the command line must know when the demo is not where it looks by itself."""
    utgangspunkt = Settings.model_fields
    if s.public_url == utgangspunkt["url"].default and s.data_dir == utgangspunkt["data_dir"].default.resolve():
        return ""
    return f"\n  export SALTO_URL={s.public_url} SALTO_DATA_DIR={s.data_dir.resolve()}"


async def _sms(telefon: Telefon, inneholder: str = "SaLTo") -> str:
    return str((await telefon.forventer(inneholder, innen_sekunder=20))["tekst"])


def _si(linje: str) -> None:
    typer.echo(f"  • {linje}")
