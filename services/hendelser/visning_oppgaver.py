"""What the pages show of a task: what it is, about whom, how long it has waited, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
RING_OPP = "Ring"
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
    "uviss": "Ingenting sendes på nytt av seg selv. Ring og spør, eller avgjør om den skal sendes på nytt.",
    "taus": "Fristen gikk ut, og det er ingen vara å kalle. Ring.",
    "stoppet": "E-post går fortsatt. Finn en annen vei til mobilen.",
}


@dataclass(frozen=True)
class Vei:
    """A link to where something is done."""

    tekst: str
    sti: str


@dataclass(frozen=True)
class Sak:
    """A hendelse that a task is about, and where an answer about it is registered."""

    id: UUID
    kodeord: str
    tittel: str
    oevelse: bool
    svarsti: str


@dataclass(frozen=True)
class Oppgavelinje:
    """One task as a person reads it. An unclear answer may be about several hendelser: that is one task."""

    id: UUID
    slag: str
    hva: str
    forklaring: str
    ventet: str
    haster: bool
    saker: tuple[Sak, ...]
    veier: tuple[Vei, ...]
    svar_id: UUID | None
    kan_lukkes: bool

    @property
    def anker(self) -> UUID:
        """What it is found by on the page: the same for all tasks about one answer."""
        return self.svar_id or self.id

    @property
    def hendelse_id(self) -> UUID | None:
        """The hendelse it is about; of several, the one that has waited longest."""
        return self.saker[0].id if self.saker else None

    @property
    def kodeord(self) -> str:
        """The kodeord of that hendelse, empty for none."""
        return self.saker[0].kodeord if self.saker else ""


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
    """The tasks in words, in the order they came; those about the same answer are one."""
    ut: dict[UUID, Oppgavelinje] = {}
    for rad in rader:
        en = _linje(rad, bruker, roller, naa)
        foer = ut.get(rad.svar_id or rad.id)
        ut[rad.svar_id or rad.id] = _slaa_sammen(foer, en) if foer else en
    return tuple(ut.values())


def _slaa_sammen(foer: Oppgavelinje, en: Oppgavelinje) -> Oppgavelinje:
    """One task about both hendelser: the person can be rung from either, but an answer is registered for each."""
    return replace(foer, saker=foer.saker + en.saker, veier=tuple(v for v in foer.veier if v.tekst == RING_OPP))


def grupper(alle: Sequence[Oppgavelinje]) -> list[Gruppe]:
    """What is urgent together and first, answers before all (a cry for help), and the rest by what is to be done."""
    haster = sorted((en for en in alle if en.haster), key=lambda en: en.slag != "uklart_svar")
    andre = [Gruppe(navn, tuple(en for en in alle if not en.haster and gruppe(en.slag) == navn)) for navn in GRUPPER]
    return [g for g in (Gruppe("Haster", tuple(haster)), *andre) if g.linjer]


def _linje(rad: Row[Any], bruker: Bruker, roller: Mapping[UUID, str], naa: datetime) -> Oppgavelinje:
    hvem = roller.get(rad.gjelder) or roller.get(rad.person_id) or NOEN
    er_utkalling = rad.gjelder in roller
    svarsti = _svarsti(rad, bruker) if er_utkalling else ""
    return Oppgavelinje(
        id=rad.id,
        slag=rad.slag,
        hva=_hva(rad, hvem),
        forklaring=_forklaring(rad),
        ventet=relativ(rad.opprettet, naa),
        haster=rad.haster,
        saker=_saker(rad, svarsti),
        veier=_veier(rad, bruker, svarsti, "utkalling" if er_utkalling else "uviss"),
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


def _saker(rad: Row[Any], svarsti: str) -> tuple[Sak, ...]:
    felt = rad.hendelse
    if not felt:
        return ()
    return (Sak(rad.hendelse_id, felt["kodeord"], felt["tittel"], bool(felt.get("oevelse")), svarsti),)


def _veier(rad: Row[Any], bruker: Bruker, svarsti: str, anker: str) -> tuple[Vei, ...]:
    """Where it is done, for one who may; the most useful first. `anker`: what it is about has this on the page."""
    sti = f"/hendelser/{rad.hendelse_id}"
    if rad.hendelse_id is None or bruker.rolle not in MELDERE:
        return ()
    if rad.slag == "vurdering":
        return (Vei("Vurder", f"{sti}/vurdering"),) if bruker.rolle == "sekretariat" else ()
    skal_ringes = rad.slag in RING or (rad.slag == "uklart_svar" and rad.haster)
    ring = (Vei(RING_OPP, f"{sti}/ringeliste"),) if skal_ringes and bruker.rolle in SER_SVAR else ()
    svar = (Vei("Ta imot svar", svarsti),) if svarsti else ()
    avgjoer = (Vei("Avgjør", f"{sti}#{anker}-{rad.gjelder}"),) if rad.slag == "uviss" else ()
    return (*ring, *svar, *avgjoer)


def _svarsti(rad: Row[Any], bruker: Bruker) -> str:
    """The form of an answer, for those who may take any; for others the call-outs, where their own can be taken."""
    if bruker.rolle not in MELDERE or rad.hendelse_id is None:
        return ""
    if bruker.rolle in SER_SVAR:
        return f"/utkallinger/{rad.gjelder}/svar"
    return f"/hendelser/{rad.hendelse_id}#utkalling-{rad.gjelder}"


def _stor(tekst: str) -> str:
    return tekst[:1].upper() + tekst[1:]
