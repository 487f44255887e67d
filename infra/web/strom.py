"""What just happened, to every open board: the journal's newest events as Server-Sent Events (API §3)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event

from infra.journal.journal import Journal, Melding
from infra.oppgave import avslutt
from infra.web.problem import Problem
from infra.web.tilgang import Bruker, Innlogget, baerer, innlogget

logg = structlog.get_logger("strom")
PULS_SEKUNDER = 10.0
"""How often a stream says that it is alive, and asks whether its session is."""
KOE_MAKS = 500
PER_BRUKER, I_ALT = 20, 500
Koe = asyncio.Queue["Melding | None"]


@dataclass(frozen=True)
class _Leser:
    hendelse_id: str | None
    koe: Koe

    def gi(self, melding: Melding) -> None:
        if self.hendelse_id is None or melding.subjekt.endswith(f".{self.hendelse_id}"):
            if self.koe.full():  # a slow reader is told that there was more, and reads the whole anew
                while not self.koe.empty():
                    self.koe.get_nowait()
            self.koe.put_nowait(melding)


class Strom:
    """One follower of the journal per process, from the first reader on; each reader has a queue of its own."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.lesere: set[_Leser] = set()
        """The streams that are open."""
        self._per_bruker: Counter[str] = Counter()
        self._foelger: asyncio.Task[None] | None = None
        self._laas = asyncio.Lock()
        self._stoppet = False

    @property
    def antall_lesere(self) -> int:
        """How many streams are open."""
        return len(self.lesere)

    async def aapne(self) -> None:
        """Begins to follow, from now on; raises JournalNede when the journal does not answer."""
        async with self._laas:
            if self._foelger is None and not self._stoppet:
                siste = await self._journal.siste_sekvens()
                self._foelger = asyncio.create_task(self._foelg(siste + 1))

    def krev_plass(self, bruker: Bruker) -> None:
        """Raises Problem 429 when somebody has too many streams open, or all of us have."""
        if self._per_bruker[bruker.id] >= PER_BRUKER or len(self.lesere) >= I_ALT:
            raise Problem(429, "For mange åpne sider", "Lukk noen faner, og prøv igjen.")

    @contextmanager
    def leser(self, bruker: Bruker, hendelse_id: UUID | None) -> Iterator[Koe]:
        """A queue of what comes; None in it is the end."""
        leser = _Leser(str(hendelse_id) if hendelse_id else None, asyncio.Queue(KOE_MAKS))
        self.lesere.add(leser)
        self._per_bruker[bruker.id] += 1
        try:
            yield leser.koe
        finally:
            self.lesere.discard(leser)
            self._per_bruker[bruker.id] -= 1

    async def stopp(self) -> None:
        """Ends every stream: nobody is kept waiting by a page that is only open."""
        self._stoppet = True
        for leser in list(self.lesere):
            while leser.koe.full():
                leser.koe.get_nowait()
            leser.koe.put_nowait(None)
        if self._foelger:
            await avslutt(self._foelger)

    async def _foelg(self, fra: int) -> None:
        async for batch in self._journal.les_fra(fra):
            for leser in self.lesere:
                for melding in batch:
                    leser.gi(melding)


def ruter(strom: Strom) -> APIRouter:
    """`GET /strom`."""
    r = APIRouter(prefix="/api/v1", tags=["strøm"])

    @r.get("/strom", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    async def strommen(
        request: Request,
        bruker: Innlogget,
        hendelse: UUID | None = None,
        data: Annotated[bool, Query(description="Ta med hele hendelsen fra loggen")] = False,
    ) -> StreamingResponse:
        """Det som skjer, idet det skjer: én melding per hendelse i loggen, og «puls» når det er stille."""
        strom.krev_plass(bruker)
        await strom.aapne()
        hoder = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        innhold = _innhold(strom, request, bruker, hendelse, med_data=data)
        return StreamingResponse(innhold, media_type="text/event-stream", headers=hoder)

    return r


async def _innhold(
    strom: Strom, request: Request, bruker: Bruker, hendelse_id: UUID | None, *, med_data: bool
) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    with strom.leser(bruker, hendelse_id) as koe:
        yield format_sse_event(event="puls", data_str="", retry=1000)
        neste_puls = loop.time() + PULS_SEKUNDER
        while True:
            try:
                async with asyncio.timeout_at(neste_puls):
                    melding = await koe.get()
            except TimeoutError:  # also when something comes all the time: a busy night must not keep a login alive
                if not await _fortsatt_inne(request):
                    return
                yield format_sse_event(event="puls", data_str="")
                neste_puls = loop.time() + PULS_SEKUNDER
                continue
            if melding is None:
                return
            yield format_sse_event(data_str=_som_json(melding, med_data=med_data), id=str(melding.sekvens))


async def _fortsatt_inne(request: Request) -> bool:
    """Whether the session or token still holds: a stream must not outlive its login."""
    try:
        await innlogget(request, await baerer(request))
    except Problem:
        return False
    return True


def _som_json(melding: Melding, *, med_data: bool) -> str:
    _, substantiv, partisipp, hendelse_id = melding.subjekt.split(".", 3)
    felt = {
        "sekvens": melding.sekvens,
        "type": f"no.oslo.salto.{substantiv}.{partisipp}.v1",
        "tid": melding.tid.isoformat(),
        "hendelse_id": None if hendelse_id == "-" else hendelse_id,
    }
    if med_data:
        felt["data"] = json.loads(melding.data)["data"]
    return json.dumps(felt, ensure_ascii=False)
