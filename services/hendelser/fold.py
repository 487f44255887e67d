"""The one fold of a hendelse's own events: the door applies it after the PubAck, the consumer when it comes round."""

from __future__ import annotations

from typing import Any

from contracts.event import AnyEvent
from contracts.hendelse import HendelseAvlyst, HendelseAvsluttet, HendelseMeldt, HendelseVurdert, Status
from infra.db import Tx
from infra.journal.levering import Levering
from services.hendelser import store


async def fold(tx: Tx, lev: Levering[Any]) -> None:
    """Applies one event. Twice is the same as once, and order does not matter."""
    event, hendelse_id = lev.event, lev.event.hendelseid
    await store.sett(
        tx,
        hendelse_id,
        event.data.hendelse,
        status=status_etter(event),
        versjon=lev.sekvens,
        naa=event.time,
        grunn=getattr(event.data, "grunn", "") or getattr(event.data, "oppsummering", ""),
    )
    if isinstance(event, HendelseMeldt):  # the door has reserved it, but not in a rebuild
        await store.behold_kodeord(tx, event.data.hendelse.kodeord, hendelse_id, event.time)
    # A door that died between PubAck and here left no key: the event's own id is what a second try is known by.
    await store.noter_nokkel(tx, str(event.id), getattr(event.data, "foresporsel", ""), hendelse_id, event.time)
    if isinstance(event, HendelseAvlyst | HendelseAvsluttet):
        await store.frigi_kodeord(tx, hendelse_id, event.time)
        await store.loes(tx, event.time, hendelse_id=hendelse_id)
    if isinstance(event, HendelseVurdert):
        await store.loes(tx, event.time, hendelse_id=hendelse_id, slag=["vurdering"])


def status_etter(event: AnyEvent) -> Status:
    """Where a hendelse is after one of its events."""
    if isinstance(event, HendelseAvlyst):
        return Status.AVLYST
    if isinstance(event, HendelseAvsluttet):
        return Status.AVSLUTTET
    return Status.UTKAST if event.data.hendelse.utkast else Status.AAPEN
