"""Whether every role of the standard is manned, by the register as it is now."""

from __future__ import annotations

import asyncio
from datetime import date

from infra.room import Hus
from services.register import oppslag
from services.register.rules_mangler import Funn, mangler


async def finn_mangler(hus: Hus, fra: date, til: date) -> tuple[Funn, ...]:
    """Every role that is not manned as it ought to be on some day from `fra` to `til`."""
    async with hus.db.les() as tx:
        roller = await oppslag.alle_roller(tx)
        borte = [f for f, _ in await oppslag.fravaer(tx, fra=fra, til=til)]
    return await asyncio.to_thread(mangler, roller, borte, fra, til, demo_naas=_demo_naas(hus))


async def finn_mangler_i(hus: Hus, enhet: str, fra: date, til: date) -> tuple[Funn, ...]:
    """The same of one unit, by the few who have a role there."""
    async with hus.db.les() as tx:
        roller = await oppslag.roller_i_enhet(tx, enhet)
        borte = [f for f, _ in await oppslag.fravaer(tx, fra=fra, til=til, enheter=[enhet])]
    alle = mangler(roller, borte, fra, til, demo_naas=_demo_naas(hus))
    return tuple(funn for funn in alle if funn.enhet == enhet)


def _demo_naas(hus: Hus) -> bool:
    """The real gateway refuses persons flagged demo: with one configured they man nothing."""
    return hus.settings.simulator or not hus.settings.har_twilio
