"""The simulator's own API under `/simulator`: phones, mailboxes, counts, misbehaviour, settings."""

from __future__ import annotations

import json
from sqlite3 import Row
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.simulator import oversikt, telling
from infra.simulator.database import Database
from infra.simulator.deler import Deler
from infra.simulator.epost_store import EpostStore, adresse
from infra.simulator.innkommende import Telefonnett
from infra.simulator.nummer import ALLE, e164
from infra.simulator.oppfoersel import EpostOppfoersel, Oppfoersel

_M = TypeVar("_M", bound=BaseModel)
_ANTALL_MAKS, _SPURT_MAKS = 2000, 50
_BREV = ("til", "fra", "emne", "tekst", "html", "message_id", "mottatt")


class _Svar(BaseModel):
    model_config = ConfigDict(extra="forbid")
    tekst: str = Field(min_length=1, max_length=1600)


def _json(innhold: object, status: int = 200) -> Response:
    return Response(json.dumps(innhold, ensure_ascii=False), status, media_type="application/json")


async def ugyldig(request: Request, feil: Exception) -> Response:
    """The answer to a request that cannot be understood."""
    if isinstance(feil, ValidationError):
        return Response(feil.json(include_url=False, include_context=False), 422, media_type="application/json")
    return _json({"feil": f"Ugyldig nummer: {feil}"}, 422)


class Admin:
    """For tests, the demo and `salto simulator`; never part of what Twilio has."""

    def __init__(self, database: Database, deler: Deler, epost: EpostStore, telefonnett: Telefonnett) -> None:
        self._db = database
        self._deler = deler
        self._epost = epost
        self._telefonnett = telefonnett

    def ruter(self) -> list[Route]:
        """Everything under `/simulator`."""
        sms, epost = "/telefoner/{nummer}", "/epost/{adresse}"
        veier = (
            ("", self._nullstill, ["DELETE"]),
            ("/helse", self._helse, ["GET"]),
            ("/tall", self._tall, ["GET"]),
            ("/innstillinger", self._innstillinger, ["GET"]),
            ("/innstillinger", self._still_inn, ["PUT"]),
            ("/telefoner", self._telefoner, ["GET"]),
            (sms, self._samtale, ["GET"]),
            (f"{sms}/svar", self._svar, ["POST"]),
            (f"{sms}/oppfoersel", self._sett_telefon, ["PUT", "DELETE"]),
            ("/oversikt", self._oversikt, ["GET"]),
            ("/samtaler", self._samtaler, ["GET"]),
            ("/epost", self._post, ["GET"]),
            (epost, self._post, ["GET"]),
            (f"{epost}/oppfoersel", self._sett_epost, ["PUT", "DELETE"]),
        )
        return [Route(f"/simulator{sti}", svarer, methods=metoder) for sti, svarer, metoder in veier]

    async def _helse(self, _: Request) -> Response:
        return _json({"klar": True, "sms_mottatt": self._deler.sms.mottatt})

    async def _tall(self, _: Request) -> Response:
        return _json(telling.tall(self._db))

    async def _innstillinger(self, _: Request) -> Response:
        return _json(self._deler.regler.innstillinger.model_dump(mode="json"))

    async def _still_inn(self, request: Request) -> Response:
        endringer = _Frie.model_validate_json(await request.body()).model_dump()
        return _json((await self._deler.regler.still_inn(endringer)).model_dump(mode="json"))

    async def _telefoner(self, _: Request) -> Response:
        regler = {h: _regel(r) for h, r in self._deler.regler.telefoner.alle().items()}
        return _json(
            {
                "telefoner": telling.telefoner(self._db),
                "oppfoersel": regler,
                "stoppet": sorted(self._deler.regler.stoppet),
            }
        )

    async def _samtale(self, request: Request) -> Response:
        nummer = e164(request.path_params["nummer"])
        return _json({"nummer": nummer, "meldinger": [_melding(r) for r in self._deler.sms.samtale(nummer)]})

    async def _oversikt(self, request: Request) -> Response:
        """The phones and mailboxes used last, and who misbehaves how (with `*`: everybody who has no rule)."""
        antall, regler = _antall(request), self._deler.regler
        return _json(
            {
                "telefoner": oversikt.telefoner(self._db, antall),
                "postkasser": oversikt.postkasser(self._db, antall),
                "oppfoersel": {h: _regel(r) for h, r in regler.telefoner.alle().items()},
                "epostoppfoersel": {h: _regel(r) for h, r in regler.epost.alle().items()},
            }
        )

    async def _samtaler(self, request: Request) -> Response:
        """The newest of some phones and mailboxes: `?nummer=…&adresse=…&antall=`."""
        numre = [e164(n) for n in request.query_params.getlist("nummer")[:_SPURT_MAKS]]
        adresser = [adresse(a) for a in request.query_params.getlist("adresse")[:_SPURT_MAKS]]
        antall = _antall(request)
        return _json(
            {
                "samtaler": oversikt.samtaler(self._db, numre, antall),
                "brev": oversikt.brev(self._db, adresser, antall),
            }
        )

    async def _svar(self, request: Request) -> Response:
        svar = await _les(request, _Svar)
        sid = await self._telefonnett.svar(e164(request.path_params["nummer"]), svar.tekst)
        return _json({"sid": sid}, 201)

    async def _sett_telefon(self, request: Request) -> Response:
        hvem = request.path_params["nummer"]
        hvem = hvem if hvem == ALLE else e164(hvem)
        regel = await _les(request, Oppfoersel) if request.method == "PUT" else None
        await self._deler.regler.sett_telefon(hvem, regel)
        return Response(status_code=204)

    async def _post(self, request: Request) -> Response:
        til = request.path_params.get("adresse")
        rader = self._epost.brev(adresse(til) if til else None)
        return _json({"brev": [{felt: r[felt] for felt in _BREV} for r in rader]})

    async def _sett_epost(self, request: Request) -> Response:
        regel = await _les(request, EpostOppfoersel) if request.method == "PUT" else None
        await self._deler.regler.sett_epost(adresse(request.path_params["adresse"]), regel)
        return Response(status_code=204)

    async def _nullstill(self, _: Request) -> Response:
        await self._deler.bakgrunn.stopp()  # or what was under way would answer and report after the reset
        await self._deler.regler.toem()
        await self._deler.sms.toem()
        return Response(status_code=204)


class _Frie(BaseModel):
    """Any object; the settings themselves say what is allowed in it."""

    model_config = ConfigDict(extra="allow")


async def _les(request: Request, modell: type[_M]) -> _M:
    return modell.model_validate_json(await request.body())


def _regel(regel: BaseModel) -> dict[str, object]:
    return regel.model_dump(mode="json", exclude_defaults=True)


def _antall(request: Request) -> int:
    oensket = request.query_params.get("antall", "")
    return min(int(oensket), _ANTALL_MAKS) if oensket.isascii() and oensket.isdigit() else _ANTALL_MAKS


def _melding(rad: Row) -> dict[str, object]:
    return {
        "sid": rad["sid"],
        "retning": rad["retning"],
        "tekst": rad["tekst"],
        "tid": rad["opprettet"],
        "status": rad["status"],
        "feilkode": rad["feilkode"],
        "fra": rad["fra"],
        "til": rad["til"],
    }
