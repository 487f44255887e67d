"""How outcomes are written and told: one event for each kind and hendelse, in lists of at most 500."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from contracts.event import ELEMENTER_MAKS
from contracts.melding import MeldingFeilet, MeldingSendt, MeldingUviss, Utfall, UtfallData
from infra.journal.forteller import Transaksjon
from services.epost import store
from services.epost.maalinger import UTFALL
from services.epost.rules import STATUS, Oppdrag, Resultat, Slag, neste_gang

Klasse = type[MeldingSendt] | type[MeldingFeilet] | type[MeldingUviss]
FORTELLES: dict[Slag, Klasse] = {
    Slag.SENDT: MeldingSendt,
    Slag.FEILET: MeldingFeilet,
    Slag.TRUKKET: MeldingFeilet,
    Slag.UVISS: MeldingUviss,
}
"""What is tried again is not told: it is not an outcome yet."""


async def noter(t: Transaksjon, par: Sequence[tuple[Oppdrag, Resultat]], naa: datetime, domene: str) -> None:
    """Writes down what became of these orders, which the transaction holds, and tells it once it is committed."""
    await store.noter(t.tx, [_rad(oppdrag, resultat, naa) for oppdrag, resultat in par])
    fortell(t, par, naa, domene=domene)


def _rad(oppdrag: Oppdrag, resultat: Resultat, naa: datetime) -> dict[str, object]:
    return {
        "id": oppdrag.id,
        "status": STATUS[resultat.slag],
        "neste": neste_gang(resultat, oppdrag, naa),
        "feilkode": resultat.feil.kode if resultat.feil else None,
        "fratrekk": int(resultat.slag is Slag.TILBAKE),
    }


def fortell(
    t: Transaksjon,
    par: Iterable[tuple[Oppdrag, Resultat]],
    naa: datetime,
    *,
    domene: str = "",
    aarsak: UUID | None = None,
) -> None:
    """Tells what became of these orders once the transaction is committed.

    Args:
        t: the transaction that wrote them down.
        par: each order with what became of it.
        naa: when.
        domene: of our Message-IDs, which is the id that a mail server's own log knows the message by.
        aarsak: the event that caused it; without one each telling has its own id, kept until it is confirmed.
    """
    kjente = [(FORTELLES[r.slag], o, r) for o, r in par if r.slag in FORTELLES]
    kjente.sort(key=lambda k: (k[0].emne, str(k[1].hendelse_id)))
    for (klasse, hendelse_id), gruppe in groupby(kjente, key=lambda k: (k[0], k[1].hendelse_id)):
        utfall = [_utfall(o, r, naa, domene) for _, o, r in gruppe]
        for nr in range(0, len(utfall), ELEMENTER_MAKS):
            data = UtfallData(meldinger=tuple(utfall[nr : nr + ELEMENTER_MAKS]))
            nokkel = f"epost/{hendelse_id}/{nr}"
            t.fortell(klasse.ny(data, naa=naa, hendelse_id=hendelse_id, aarsak=aarsak, nokkel=nokkel))
        UTFALL.labels(klasse.emne.split(".")[1]).inc(len(utfall))


def _utfall(oppdrag: Oppdrag, resultat: Resultat, naa: datetime, domene: str) -> Utfall:
    sendt = resultat.slag in {Slag.SENDT, Slag.UVISS}
    return Utfall(
        melding_id=oppdrag.id,
        utkalling_id=oppdrag.utkalling_id,
        kanal="epost",
        tid=naa,
        leverandoer_id=f"<{oppdrag.id}@{domene}>" if sendt and domene else None,
        forsoek=oppdrag.forsoek,
        feil=resultat.feil,
    )
