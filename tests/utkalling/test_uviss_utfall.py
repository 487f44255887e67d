"""What the channel says of a message that a person has decided about: only a new doubt is a doubt."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from contracts.event import AnyEvent, Event
from contracts.melding import MeldingLevert, MeldingSendt, MeldingUviss, Utfall, UtfallData, Valg
from infra.journal import Levering
from infra.journal.forteller import Transaksjon
from services.utkalling import store_uviss
from services.utkalling.rules_uviss import status_etter
from services.utkalling.store import MELDING
from services.utkalling.utfall import Kanaler
from tests.utkalling.bord import NAA
from tests.utkalling.rommet import Rommet

ID = UUID(int=77)


async def _sier(rommet: Rommet, klasse: type[Event[UtfallData]], forsoek: int) -> None:
    """The channel says it, in an event of its own."""
    data = UtfallData(meldinger=(Utfall(melding_id=ID, kanal="sms", tid=NAA, forsoek=forsoek),))
    event: AnyEvent = klasse.ny(data, naa=NAA, event_id=uuid4())
    async with rommet.db.skriv() as tx:
        handler = cast("Any", Kanaler(rommet.klokke).handlers()[klasse])
        await handler(Transaksjon(tx), [Levering(event, 1, NAA)])


async def _rad(rommet: Rommet) -> Any:
    async with rommet.db.les() as tx:
        return (await tx.execute(select(MELDING).where(MELDING.c.id == ID))).one()


async def _avgjort(rommet: Rommet, valg: Valg) -> None:
    """A message in doubt after its third attempt, that a person has decided about."""
    rad = {"id": ID, "kanal": "sms", "formaal": "bekreftelse", "segmenter": 1, "status": "bestilt", "tider": {}}
    async with rommet.db.skriv() as tx:
        await tx.execute(insert(MELDING).values(**rad))
    await _sier(rommet, MeldingUviss, 3)
    assert ((await _rad(rommet)).status, (await _rad(rommet)).uviss_forsoek) == ("uviss", 3)
    async with rommet.db.skriv() as tx:
        await store_uviss.noter(tx, ID, status_etter(valg), {"forsoek": 3, "valg": valg})


@pytest.mark.parametrize(
    ("klasse", "forsoek", "status", "uviss_forsoek"),
    [
        (MeldingUviss, 3, "bestilt", 3),  # told again: that doubt is decided about
        (MeldingUviss, 4, "uviss", 4),
        (MeldingSendt, 4, "sendt", 3),
        (MeldingLevert, 3, "levert", 3),
    ],
)
async def test_after_sent_again_only_a_new_doubt_is_a_doubt(
    rommet: Rommet, klasse: type[Event[UtfallData]], forsoek: int, status: str, uviss_forsoek: int
) -> None:
    await _avgjort(rommet, "send_igjen")
    await _sier(rommet, klasse, forsoek)
    rad = await _rad(rommet)
    assert (rad.status, rad.uviss_forsoek) == (status, uviss_forsoek)


async def test_regarded_as_sent_it_is_in_doubt_until_the_channel_says_that_it_is_sent(rommet: Rommet) -> None:
    await _avgjort(rommet, "regn_som_sendt")
    assert (await _rad(rommet)).status == "uviss"
    await _sier(rommet, MeldingSendt, 3)
    assert (await _rad(rommet)).status == "sendt"
