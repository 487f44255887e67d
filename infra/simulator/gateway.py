"""Twilio's Messages resource over HTTP: accept, misbehave as told, list, fetch, cancel, redact, delete."""

from __future__ import annotations

import asyncio
import base64
import hmac
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.simulator import twilio
from infra.simulator.deler import Deler
from infra.simulator.feil import Feil, feil, feil_for_status
from infra.simulator.levering import Gang, Levering
from infra.simulator.oppfoersel import Oppfoersel
from infra.simulator.plan import legg_plan
from infra.simulator.segmenter import segmenter
from infra.simulator.sms_store import NySms
from infra.simulator.svarmaate import aksept, svar

_MAKS_FELT = 100
_IKKE_SENDT = frozenset({"accepted", "queued", "scheduled"})
_UNDERVEIS = _IKKE_SENDT | {"sending"}
Svarer = Callable[[Request], Awaitable[Response]]


def _avslag(grunn: Feil) -> Response:
    return svar(grunn.json(), grunn.status)


class Gateway:
    """Twilio as the `sms` room sees it."""

    def __init__(self, deler: Deler, levering: Levering) -> None:
        self._deler = deler
        self._levering = levering
        nokkel = base64.b64encode(f"{deler.konto}:{deler.regler.token}".encode()).decode()
        self._adgang = f"Basic {nokkel}"

    def ruter(self) -> list[Route]:
        """Twilio's own paths."""
        alle = f"/{twilio.VERSJON}/Accounts/{{konto}}/Messages.json"
        en = f"/{twilio.VERSJON}/Accounts/{{konto}}/Messages/{{sid}}.json"
        return [
            Route(alle, self._vakt(self._opprett), methods=["POST"]),
            Route(alle, self._vakt(self._list), methods=["GET"]),
            Route(en, self._vakt(self._hent), methods=["GET"]),
            Route(en, self._vakt(self._endre), methods=["POST"]),
            Route(en, self._vakt(self._slett), methods=["DELETE"]),
        ]

    def _vakt(self, inni: Svarer) -> Svarer:
        async def svarer(request: Request) -> Response:
            gitt = request.headers.get("authorization", "")
            if not hmac.compare_digest(gitt.encode(), self._adgang.encode()):
                return _avslag(feil(20003))
            if request.path_params["konto"] != self._deler.konto:
                return _avslag(feil(20404))
            try:
                return await inni(request)
            except asyncio.CancelledError:  # the simulator stops: whoever still waits gets no answer
                request.state.forbindelse.abort()
                return Response(status_code=503)

        return svarer

    async def _opprett(self, request: Request) -> Response:
        frist = asyncio.get_running_loop().time() + self._deler.regler.innstillinger.latens_ms / 1000
        bestilling = twilio.les_bestilling(await _skjema(request))
        fikk = _avslag(bestilling) if isinstance(bestilling, Feil) else await self._ta_imot(bestilling, request)
        await asyncio.sleep(max(0.0, frist - asyncio.get_running_loop().time()))
        return fikk

    async def _ta_imot(self, bestilling: twilio.Bestilling, request: Request) -> Response:
        regel, brukt = self._deler.regler.bruk_telefon(bestilling.til)
        await asyncio.sleep(regel.forsinkelse_ms / 1000)
        grunn = self._avvist(bestilling, regel)
        if grunn is not None:
            await self._deler.sms.bare(*brukt)
            return _avslag(grunn)
        ny, gang = self._ny(bestilling, regel)
        await self._deler.sms.legg_til(ny, *brukt)
        self._levering.start(gang)
        if regel.tidsavbrudd_etter_aksept is not None:
            await _svar_aldri(request, regel.tidsavbrudd_etter_aksept)
        if regel.status is not None:
            return _avslag(feil_for_status(regel.status))
        return aksept(twilio.melding(ny.rad(), self._deler.konto), regel)

    def _avvist(self, bestilling: twilio.Bestilling, regel: Oppfoersel) -> Feil | None:
        if regel.status is not None and not regel.etter_aksept:
            return feil_for_status(regel.status)
        if regel.avvis is not None:
            return feil(regel.avvis, bestilling.til)
        return feil(21610) if bestilling.til in self._deler.regler.stoppet else None

    def _ny(self, bestilling: twilio.Bestilling, regel: Oppfoersel) -> tuple[NySms, Gang]:
        plan = legg_plan(
            bestilling.tekst, regel, self._deler.regler.innstillinger, med_varsel=bestilling.url is not None
        )
        hvem = (bestilling.til, bestilling.fra, bestilling.tjeneste)
        gang = Gang(f"SM{uuid.uuid4().hex}", *hvem, bestilling.url, plan)
        ny = NySms(
            gang.sid,
            "ut",
            *hvem,
            bestilling.tekst,
            segmenter(bestilling.tekst),
            status="queued" if bestilling.fra else "accepted",
            opprettet=self._deler.naa(),
            url=bestilling.url,
            plan=plan.til_json(),
            aapen=gang.aapen,
        )
        return ny, gang

    async def _list(self, request: Request) -> Response:
        liste = twilio.les_liste(request.query_params)
        if isinstance(liste, Feil):
            return _avslag(liste)
        if status := self._deler.regler.innstillinger.liste_status:
            return _avslag(feil_for_status(status))
        utvalg = replace(liste.utvalg, opprettet_til=self._synlig_til())
        rader = self._deler.sms.finn_alle(utvalg, liste.stoerrelse + 1, liste.hopp)
        flere = len(rader) > liste.stoerrelse
        side = twilio.side(rader[: liste.stoerrelse], request.url.path, liste, self._deler.konto, flere=flere)
        return svar(side)

    def _synlig_til(self) -> str | None:
        """When the newest message that lists have heard of was accepted; None: they have heard of all."""
        forsinket = self._deler.regler.innstillinger.liste_forsinket_ms
        return self._deler.naa(siden=timedelta(milliseconds=forsinket)) if forsinket else None

    async def _hent(self, request: Request) -> Response:
        rad = self._deler.sms.finn(request.path_params["sid"])
        return _avslag(feil(20404)) if rad is None else svar(twilio.melding(rad, self._deler.konto))

    async def _endre(self, request: Request) -> Response:
        sid, naa = request.path_params["sid"], self._deler.naa()
        rad, skjema = self._deler.sms.finn(sid), await _skjema(request)
        if rad is None:
            return _avslag(feil(20404))
        if skjema.get("Status") == "canceled":
            if rad["status"] not in _IKKE_SENDT:
                return _avslag(feil(30409))
            await self._deler.sms.avbryt(sid, naa)
        elif skjema.get("Body") == "":
            await self._deler.sms.rediger_bort(sid, naa)
        else:
            return _avslag(feil(20422))
        return await self._hent(request)

    async def _slett(self, request: Request) -> Response:
        sid = request.path_params["sid"]
        rad = self._deler.sms.finn(sid)
        if rad is None:
            return _avslag(feil(20404))
        if rad["status"] in _UNDERVEIS:
            return _avslag(feil(20009))
        await self._deler.sms.slett(sid, self._deler.naa())
        return Response(status_code=204)


async def _skjema(request: Request) -> dict[str, str]:
    kropp = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(kropp, keep_blank_values=True, max_num_fields=_MAKS_FELT))
    except ValueError:  # too many fields: as good as none
        return {}


async def _svar_aldri(request: Request, sekunder: float) -> None:
    """Keeps the caller waiting until it hangs up, or drops the connection when the time is up.

    `True` counts as for ever.
    """
    try:
        async with asyncio.timeout(None if sekunder is True else sekunder):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        request.state.forbindelse.abort()
        await request.receive()  # until the server, too, knows that nobody is there
