"""The dead-letter queue: what could not be handled, with bytes, error and room, until somebody hands it over again."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from nats.js.errors import NotFoundError
from pydantic import BaseModel

from infra.journal.feil import JournalNede
from infra.journal.journal import NEDE_FEIL, Journal
from infra.journal.maalinger import FEILKOE_LAGT
from infra.journal.topologi import FEILKOE

logg = structlog.get_logger("mottak")
LISTE_MAKS = 500
DYBDE_MAKS = 30
"""What is told is five levels deep."""


class Omkjoering(BaseModel):
    """A dead letter on its way back to the room that failed."""

    data: str
    sekvens: int
    tid: datetime


class Omkjoert(BaseModel):
    """How it went. `feil` says what and where, never the text of an error."""

    ok: bool
    feil: str = ""


@dataclass(frozen=True)
class Feilbrev:
    """One dead letter."""

    id: int
    tid: datetime
    rom: str
    subjekt: str
    sekvens: int
    feil: str
    data: bytes

    def kort(self) -> dict[str, Any]:
        """Everything but the bytes."""
        return {k: v for k, v in vars(self).items() if k != "data"}

    def helt(self) -> dict[str, Any]:
        """With what the message says, as JSON when it is JSON."""
        return {**self.kort(), "innhold": _innhold(self.data)}


def _innhold(data: bytes) -> Any:
    """The JSON that it is; the bytes when it is none, or none that can be shown again."""
    try:
        innhold = json.loads(data)
        json.dumps(innhold, allow_nan=False, ensure_ascii=False).encode()  # neither NaN nor half a character
        if not _dypere_enn(DYBDE_MAKS, innhold):
            return innhold
    except (ValueError, RecursionError):
        pass
    return {"base64": base64.b64encode(data).decode()}


def _dypere_enn(nivaaer: int, verdi: Any) -> bool:
    barn = verdi.values() if isinstance(verdi, dict) else verdi if isinstance(verdi, list) else ()
    return nivaaer == 0 or any(_dypere_enn(nivaaer - 1, b) for b in barn)


def sporsmaal(rom: str) -> str:
    """The subject a room answers on when a dead letter is handed to it again."""
    return f"feilkoe-kjoer.{rom}"


async def legg_bort(journal: Journal, rom: str, subjekt: str, sekvens: int, data: bytes, feil: Exception) -> str:
    """Sets a message aside with bytes, error and room; gives the error as the letter names it.

    Raises:
        JournalNede: it is not confirmed, and so not done.
    """
    hode = {
        "Nats-Msg-Id": f"feilkoe:{rom}:{sekvens}",
        "salto-rom": rom,
        "salto-subjekt": subjekt,
        "salto-sekvens": str(sekvens),
        "salto-feil": f"{type(feil).__name__} {stedet(feil)}".strip()[:300],
    }
    await journal.feilkoe(f"feilkoe.{rom}", data, hode)
    FEILKOE_LAGT.labels(rom).inc()
    logg.error("lagt_i_feilkoe", sekvens=sekvens, feil=hode["salto-feil"])
    return hode["salto-feil"]


def stedet(feil: Exception) -> str:
    """Where it went wrong: file and line, never the text of the error, which may quote data."""
    spor = traceback.extract_tb(feil.__traceback__)
    return f"{'/'.join(spor[-1].filename.split('/')[-2:])}:{spor[-1].lineno}" if spor else ""


class Feilkoe:
    """Reads the queue, and hands letters back."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def liste(self) -> Sequence[Feilbrev]:
        """The oldest letters first, at most 500."""
        try:
            tilstand = (await self._journal.js.stream_info(FEILKOE)).state
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil
        brev: list[Feilbrev] = []
        for nr in range(max(1, tilstand.first_seq), tilstand.last_seq + 1):  # a queue never used begins at 0
            if (ett := await self.finn(nr)) and len(brev) < LISTE_MAKS:
                brev.append(ett)
        return brev

    async def finn(self, nr: int) -> Feilbrev | None:
        """One letter, or None when it is handled or was never there."""
        try:
            raa = await self._journal.js.get_msg(FEILKOE, seq=nr, direct=True)
        except NotFoundError:
            return None
        except NEDE_FEIL as feil:
            raise JournalNede(type(feil).__name__) from feil
        hode = raa.headers or {}
        return Feilbrev(
            id=nr,
            tid=raa.time or datetime.fromtimestamp(0, UTC),
            rom=hode.get("salto-rom", ""),
            subjekt=hode.get("salto-subjekt", ""),
            sekvens=int(hode.get("salto-sekvens", "0")),
            feil=hode.get("salto-feil", ""),
            data=raa.data or b"",
        )

    async def kjoer(self, brev: Feilbrev) -> Omkjoert:
        """Hands the bytes to the failed room alone; gone from the queue when it went well."""
        innhold = Omkjoering(data=base64.b64encode(brev.data).decode(), sekvens=brev.sekvens, tid=brev.tid)
        svar = await self._journal.spoer(sporsmaal(brev.rom), innhold, Omkjoert, frist=10, igjen=False)
        if svar.ok:
            await self._journal.js.delete_msg(FEILKOE, brev.id)
        return svar
