"""The dead-letter queue: what could not be handled, with bytes, error and room, until somebody hands it over again."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nats.js.errors import NotFoundError
from pydantic import BaseModel

from infra.journal.feil import JournalNede
from infra.journal.journal import NEDE_FEIL, Journal
from infra.journal.topologi import FEILKOE

LISTE_MAKS = 500


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
        try:
            innhold: Any = json.loads(self.data)
        except ValueError:
            innhold = {"base64": base64.b64encode(self.data).decode()}
        return {**self.kort(), "innhold": innhold}


def sporsmaal(rom: str) -> str:
    """The subject a room answers on when a dead letter is handed to it again."""
    return f"feilkoe-kjoer.{rom}"


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
        svar = await self._journal.spoer(sporsmaal(brev.rom), innhold, Omkjoert, frist=10)
        if svar.ok:
            await self._journal.js.delete_msg(FEILKOE, brev.id)
        return svar
