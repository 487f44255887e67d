"""The log as people read it: lines by day, newest first; a burst of messages within a minute is one line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from contracts.event import Aktoer, AnyEvent
from contracts.melding import MeldingBestilt
from services.audit.logg import hva, loggrad, omfang
from services.audit.rapport import ord as ordene
from services.audit.rapport.fortelling import Fortelling, Innslag, les_en
from services.audit.rapport.logglinjer import Sagt, Sending, Slag, sagt
from services.audit.rapport.personer import Personer
from services.audit.rules import Rad
from services.audit.tid import dato, klokka, tidspunkt

HASH_TEGN = 12
DATA_MAKS = 3000
"""So many characters of a row's data are shown; the API has it all."""
AVKORTET = "Det kan være flere i samme minutt, lenger bak i loggen."
_HVEM_MAKS = 12
_SORT: dict[str, tuple[str, Slag]] = {
    "bestilt": ("bestilt", "teknisk"),
    "sendt": ("sendt", ""),
    "levert": ("levert", ""),
    "feilet": ("kom ikke fram", "feil"),
    "uviss": ("kan ha gått ut, men ingen vet det sikkert", "feil"),
    "trukket": ("trukket før sending", ""),
}


@dataclass(frozen=True)
class Raarad:
    """A row as the chain has it."""

    sekvens: int
    type: str
    hash: str
    tid: str
    data: str = ""


@dataclass
class Logglinje:
    """One thing that happened, and the rows that say so."""

    tid: datetime
    hva: str = ""
    av: str = ""
    detaljer: Sequence[str] = ()
    slag: Slag = ""
    hendelse_id: UUID | None = None
    rader: list[Raarad] = field(default_factory=list)
    sendinger: list[Sending] = field(default_factory=list)

    @property
    def klokka(self) -> str:
        """«14.03.07»."""
        return klokka(self.tid)

    @property
    def id(self) -> str:
        """The same as long as it is made of the same rows."""
        return f"rad-{self.rader[0].sekvens}-{len(self.rader)}"


@dataclass(frozen=True)
class Dag:
    """The lines of one day in Oslo."""

    dato: str
    linjer: Sequence[Logglinje]


def personer_av(rader: Iterable[Rad], hendelse_id: UUID) -> Personer:
    """What people are called, from the rows that name them: decisions and call-outs."""
    lest = [(rad.sekvens, les_en(rad)) for rad in rader]
    return Personer(Fortelling(hendelse_id, tuple(Innslag(nr, event) for nr, event in lest if event), 0))


def linjer(rader: Sequence[Rad], personer: Personer, *, mer: bool, data: bool = False) -> list[Logglinje]:
    """The rows of one hendelse (newest first) as lines, newest first.

    Args:
        rader: the rows.
        personer: what people are called.
        mer: there are older rows: a burst may have begun among them.
        data: take with what each row says.
    """
    lest = [(rad, les_en(rad)) for rad in rader]
    formaal = _formaal(event for _, event in lest if event)
    ut: dict[object, Logglinje] = {}
    for rad, event in lest:
        innhold = sagt(event, personer, formaal) if event else Sagt(hva(rad.type), slag="teknisk")
        if isinstance(innhold, Sagt):
            s, raa = innhold, [_raa(rad, data=data)]
            ut[rad.epoke, rad.sekvens] = Logglinje(tidspunkt(rad.tid), s.hva, s.av, s.detaljer, s.slag, rader=raa)
        else:
            _samle(ut, rad, innhold, data=data)
    for linje in ut.values():
        if linje.sendinger:
            _fortell(linje, avkortet=mer and _minutt(linje.tid) == _minutt(tidspunkt(rader[-1].tid)))
    return list(ut.values())


def _minutt(tid: datetime) -> datetime:
    return tid.replace(second=0, microsecond=0)


def _formaal(events: Iterable[AnyEvent]) -> dict[UUID, str]:
    return {b.id: ordene.FORMAAL[b.formaal] for e in events if isinstance(e, MeldingBestilt) for b in e.data.meldinger}


def _samle(ut: dict[object, Logglinje], rad: Rad, sendinger: Sequence[Sending], *, data: bool) -> None:
    """Puts messages on the line of their kind, purpose and minute."""
    tid = tidspunkt(rad.tid)
    for s in sendinger:
        med_formaal = s.formaal if s.slag in {"bestilt", "sendt"} else ""
        linje = ut.setdefault((s.slag, med_formaal, _minutt(tid)), Logglinje(tid))
        linje.sendinger.append(s)
        if not linje.rader or linje.rader[-1].sekvens != rad.sekvens:
            linje.rader.append(_raa(rad, data=data))


def _fortell(linje: Logglinje, *, avkortet: bool) -> None:
    """Makes a sentence of the messages: «Utkalling sendt til 12», «120 SMS levert»."""
    alle = linje.sendinger
    ord_, linje.slag = _SORT[alle[0].slag]
    mengde = _mengde(alle)
    mottakere = list(dict.fromkeys(s.til for s in alle if s.til))
    til = ""
    if mottakere:
        til = f" til {mottakere[0] if len(mottakere) == 1 else len(mottakere)}"
    detaljer = []
    if alle[0].formaal and alle[0].slag in {"bestilt", "sendt"}:
        linje.hva = f"{ordene.stor(alle[0].formaal)} {ord_}{til}"
        detaljer.append(mengde)
    else:
        linje.hva = f"{mengde}{til if len(mottakere) == 1 else ''} {ord_}"
    feil = dict.fromkeys(f"{s.til}: {s.feil}" if s.til else s.feil for s in alle if s.feil)
    detaljer += [*list(feil)[:_HVEM_MAKS], *ordene.resten(len(feil), _HVEM_MAKS)]
    linje.detaljer = [*detaljer, *([AVKORTET] if avkortet else [])]


def _mengde(alle: Sequence[Sending]) -> str:
    """«12 SMS og 11 e-poster»."""
    ord_ = {"sms": ("SMS", "SMS"), "epost": ("e-post", "e-poster"), "": ("melding", "meldinger")}
    return ordene.liste([ordene.antall(n, *ord_[kanal]) for kanal, n in Counter(s.kanal for s in alle).items()])


def alle_rader(rader: Iterable[Rad]) -> list[Logglinje]:
    """Rows of every hendelse and of none, each a line of its own: what, how many, and who did it."""
    return [_en_rad(rad) for rad in rader]


def _en_rad(rad: Rad) -> Logglinje:
    innhold = loggrad(rad)["data"]
    return Logglinje(
        tidspunkt(rad.tid),
        hva(rad.type) + omfang(innhold),
        _av(innhold),
        hendelse_id=rad.hendelse_id,
        rader=[_raa(rad, data=True)],
    )


def _av(innhold: Any) -> str:
    """Who did it, by role, when the event says so."""
    event_av = innhold.get("av") if isinstance(innhold, dict) else None
    if not isinstance(event_av, dict) or "rolle" not in event_av:
        return ""
    return ordene.aktoer(Aktoer.model_validate(event_av))


def _raa(rad: Rad, *, data: bool) -> Raarad:
    slag = rad.type.removeprefix("no.oslo.salto.") or "ulesbar"
    tekst = json.dumps(loggrad(rad)["data"], ensure_ascii=False, indent=1) if data else ""
    if len(tekst) > DATA_MAKS:
        tekst = f"{tekst[:DATA_MAKS]}\n… og {len(tekst) - DATA_MAKS} tegn til"
    return Raarad(rad.sekvens, slag, rad.hash.hex()[:HASH_TEGN], klokka(tidspunkt(rad.tid)), tekst)


def dager(alle: Iterable[Logglinje]) -> list[Dag]:
    """The lines by day, in the order they came."""
    return [Dag(dag, list(gruppe)) for dag, gruppe in groupby(alle, key=lambda linje: dato(linje.tid))]
