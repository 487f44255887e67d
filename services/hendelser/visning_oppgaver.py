"""What the pages show of a task: what it is, about whom, how long it has waited, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.event import Aktoer
from contracts.hendelse import Hendelse
from infra.web.tilgang import Bruker
from services.hendelser.ord import relativ
from services.hendelser.rules_handlinger import MELDERE
from services.hendelser.rules_oppgaver import GRUPPER, SER_SVAR, gruppe, kan_lukkes, ser

NOEN = "en som er kalt"
RING = frozenset({"taus", "uviss", "feilet"})
OVERSKRIFT = {
    "vurdering": "Skal sekretariatet ta en sentral rolle?",
    "uklart_svar": "Uklart svar fra {hvem}",
    "uviss": "Uvisst om meldingen til {hvem} kom fram",
    "taus": "{hvem} har ikke svart",
    "feilet": "Meldingen til {hvem} kom ikke fram",
    "stoppet": "{hvem} har stoppet SMS",
}
FORKLARING = {
    "vurdering": "Hendelsen er varslet på forhånd. Da skal sekretariatet vurdere sin egen rolle.",
    "uviss": "Ingenting sendes på nytt av seg selv. Ring og spør.",
    "taus": "Fristen gikk ut, og det er ingen vara å kalle. Ring.",
    "stoppet": "E-post går fortsatt. Finn en annen vei til mobilen.",
}


@dataclass(frozen=True)
class Vei:
    """A link to where something is done."""

    tekst: str
    sti: str


@dataclass(frozen=True)
class Oppgavelinje:
    """One task as a person reads it."""

    id: UUID
    slag: str
    hva: str
    forklaring: str
    ventet: str
    haster: bool
    hendelse_id: UUID | None
    kodeord: str
    tittel: str
    oevelse: bool
    veier: tuple[Vei, ...]
    svar_id: UUID | None
    kan_lukkes: bool


@dataclass(frozen=True)
class Gruppe:
    """Tasks about which the same is to be done."""

    navn: str
    linjer: tuple[Oppgavelinje, ...]


def hendelsen(rad: Row[Any]) -> Hendelse | None:
    """The hendelse a task belongs to, if it belongs to one."""
    return Hendelse.model_validate(rad.hendelse) if rad.hendelse else None


def synlige(rader: Sequence[Row[Any]], av: Aktoer) -> list[Row[Any]]:
    """Those of the tasks that somebody sees."""
    return [rad for rad in rader if ser(av, rad.enhet, hendelsen(rad))]


def gjelder(rader: Iterable[Row[Any]]) -> list[UUID]:
    """The call-outs and persons whose roles these tasks name."""
    return list({i for rad in rader for i in (rad.gjelder, rad.person_id) if i})


def linjer(
    rader: Sequence[Row[Any]], bruker: Bruker, roller: Mapping[UUID, str], naa: datetime
) -> tuple[Oppgavelinje, ...]:
    """The tasks in words, in the order they came."""
    return tuple(_linje(rad, bruker, roller, naa) for rad in rader)


def grupper(alle: Sequence[Oppgavelinje]) -> list[Gruppe]:
    """What is urgent together and first, answers before all (a cry for help), and the rest by what is to be done."""
    haster = sorted((en for en in alle if en.haster), key=lambda en: en.slag != "uklart_svar")
    andre = [Gruppe(navn, tuple(en for en in alle if not en.haster and gruppe(en.slag) == navn)) for navn in GRUPPER]
    return [g for g in (Gruppe("Haster", tuple(haster)), *andre) if g.linjer]


def _linje(rad: Row[Any], bruker: Bruker, roller: Mapping[UUID, str], naa: datetime) -> Oppgavelinje:
    hvem = roller.get(rad.gjelder) or roller.get(rad.person_id) or NOEN
    felt = rad.hendelse or {}
    return Oppgavelinje(
        id=rad.id,
        slag=rad.slag,
        hva=_hva(rad, hvem),
        forklaring=_forklaring(rad),
        ventet=relativ(rad.opprettet, naa),
        haster=rad.haster,
        hendelse_id=rad.hendelse_id,
        kodeord=felt.get("kodeord", ""),
        tittel=felt.get("tittel", ""),
        oevelse=bool(felt.get("oevelse")),
        veier=_veier(rad, bruker, kjent=rad.gjelder in roller),
        svar_id=rad.svar_id,
        kan_lukkes=bruker.rolle in SER_SVAR and kan_lukkes(rad.slag),
    )


def _hva(rad: Row[Any], hvem: str) -> str:
    if rad.slag == "mangel":
        return f"Ingen vara igjen for {hvem}" if rad.gjelder else rad.tekst.partition(": ")[0]
    if rad.slag == "uklart_svar" and rad.haster:
        return f"{_stor(hvem)} kan trenge hjelp"
    return _stor(OVERSKRIFT[rad.slag].format(hvem=hvem))


def _forklaring(rad: Row[Any]) -> str:
    """What is not in the heading: the reason the room gave, or what to do."""
    if rad.slag in FORKLARING:
        return FORKLARING[rad.slag]
    tekst = str(rad.tekst) if rad.slag == "mangel" and rad.gjelder else str(rad.tekst).partition(": ")[2]
    return _stor(tekst or rad.tekst)


def _veier(rad: Row[Any], bruker: Bruker, *, kjent: bool) -> tuple[Vei, ...]:
    """Where it is done, for one who may; the most useful first. `kjent`: it is about a call-out that can be answered."""
    sti = f"/hendelser/{rad.hendelse_id}"
    if rad.hendelse_id is None or bruker.rolle not in MELDERE:
        return ()
    if rad.slag == "vurdering":
        return (Vei("Vurder", f"{sti}/vurdering"),) if bruker.rolle == "sekretariat" else ()
    ring = (Vei("Ring", f"{sti}/ringeliste"),) if rad.slag in RING and bruker.rolle in SER_SVAR else ()
    svar = (Vei("Registrer svar", _svarsti(rad, bruker)),) if kjent else ()
    return ring + svar


def _svarsti(rad: Row[Any], bruker: Bruker) -> str:
    """The form of an answer, for those who may take any; for others the call-outs, where their own can be taken."""
    if bruker.rolle in SER_SVAR:
        return f"/utkallinger/{rad.gjelder}/svar"
    return f"/hendelser/{rad.hendelse_id}#utkalling-{rad.gjelder}"


def _stor(tekst: str) -> str:
    return tekst[:1].upper() + tekst[1:]
