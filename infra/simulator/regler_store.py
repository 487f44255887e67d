"""Settings, misbehaviours and stopped numbers, kept across restarts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import TypeVar

from infra.simulator.database import Database, Setning
from infra.simulator.innstillinger import Innstillinger, Oppstart
from infra.simulator.oppfoersel import INGEN, INGEN_EPOST, Bok, EpostOppfoersel, Oppfoersel

_R = TypeVar("_R", Oppfoersel, EpostOppfoersel)
_SETT = "INSERT OR REPLACE INTO innstilling (navn, verdi) VALUES (?, ?)"
_REGEL = "INSERT OR REPLACE INTO oppfoersel (slag, hvem, regel) VALUES (?, ?, ?)"
_STOPPORD = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_STARTORD = frozenset({"START", "YES", "UNSTOP"})


class Regler:
    """In memory for speed; every change is on disk before it is answered for."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.telefoner: Bok[Oppfoersel] = Bok(self._les("sms", Oppfoersel), INGEN)
        self.epost: Bok[EpostOppfoersel] = Bok(self._les("epost", EpostOppfoersel), INGEN_EPOST)
        self.stoppet = {str(r["nummer"]) for r in database.les("SELECT nummer FROM stoppet")}
        lagret = self._innstilling("innstillinger")
        self.innstillinger = Innstillinger.model_validate_json(lagret) if lagret else Innstillinger()
        self.token = ""

    async def start(self, oppstart: Oppstart) -> None:
        """What the command line says wins over what is stored; the token is made once."""
        self.token = oppstart.token or self._innstilling("token") or secrets.token_hex(16)
        await self._db.skriv((_SETT, ("token", self.token)))
        await self.still_inn(dict(oppstart.endringer))

    async def still_inn(self, endringer: Mapping[str, object]) -> Innstillinger:
        """Changes the settings named; raises pydantic.ValidationError."""
        self.innstillinger = Innstillinger.model_validate(self.innstillinger.model_dump() | dict(endringer))
        await self._db.skriv((_SETT, ("innstillinger", self.innstillinger.model_dump_json())))
        return self.innstillinger

    async def sett_telefon(self, hvem: str, regel: Oppfoersel | None) -> None:
        """A number's (or `*`'s) misbehaviour from now on."""
        self.telefoner.sett(hvem, regel)
        await self._db.skriv(self._setning("sms", hvem, regel))

    async def sett_epost(self, hvem: str, regel: EpostOppfoersel | None) -> None:
        """An address' (or `*`'s) misbehaviour from now on."""
        self.epost.sett(hvem, regel)
        await self._db.skriv(self._setning("epost", hvem, regel))

    def bruk_telefon(self, nummer: str) -> tuple[Oppfoersel, list[Setning]]:
        """The rule for one attempt, and what must be written with it."""
        regel, brukt = self.telefoner.bruk(nummer)
        return regel, [] if brukt is None else [self._setning("sms", brukt, self.telefoner.alle().get(brukt))]

    def bruk_epost(self, adresse: str) -> tuple[EpostOppfoersel, list[Setning]]:
        """The rule for one recipient, and what must be written with it."""
        regel, brukt = self.epost.bruk(adresse)
        return regel, [] if brukt is None else [self._setning("epost", brukt, self.epost.alle().get(brukt))]

    def stopp_eller_start(self, nummer: str, tekst: str) -> list[Setning]:
        """Twilio's own default words, alone in a message, stop or start a number."""
        ord_ = tekst.strip().upper()
        if ord_ in _STOPPORD:
            self.stoppet.add(nummer)
            return [("INSERT OR IGNORE INTO stoppet (nummer) VALUES (?)", (nummer,))]
        if ord_ in _STARTORD:
            self.stoppet.discard(nummer)
            return [("DELETE FROM stoppet WHERE nummer = ?", (nummer,))]
        return []

    async def toem(self) -> None:
        """Everybody behaves again; the settings stay."""
        self.telefoner.toem()
        self.epost.toem()
        self.stoppet.clear()
        await self._db.skriv(("DELETE FROM oppfoersel", ()), ("DELETE FROM stoppet", ()))

    def _les(self, slag: str, modell: type[_R]) -> dict[str, _R]:
        rader = self._db.les("SELECT hvem, regel FROM oppfoersel WHERE slag = ?", (slag,))
        return {str(r["hvem"]): modell.model_validate_json(r["regel"]) for r in rader}

    def _innstilling(self, navn: str) -> str | None:
        rader = self._db.les("SELECT verdi FROM innstilling WHERE navn = ?", (navn,))
        return str(rader[0]["verdi"]) if rader else None

    @staticmethod
    def _setning(slag: str, hvem: str, regel: Oppfoersel | EpostOppfoersel | None) -> Setning:
        if regel is None:
            return "DELETE FROM oppfoersel WHERE slag = ? AND hvem = ?", (slag, hvem)
        return _REGEL, (slag, hvem, json.dumps(regel.model_dump(mode="json", exclude_defaults=True)))
