"""What the other rooms tell `utkalling` in the property test: the life of a hendelse, decisions, answers, outcomes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from contracts.event import Aktoer, AnyEvent, ny_id
from contracts.hendelse import (
    AvsluttetData,
    EndretData,
    GrunnData,
    Hendelse,
    HendelseAvlyst,
    HendelseAvsluttet,
    HendelseEndret,
    HendelseMeldt,
    MeldtData,
    SentrumBestemt,
    SentrumData,
)
from contracts.kanal import KanalData, KanalStartet, KanalStoppet
from contracts.lesning import Betydning, Lesning
from contracts.melding import (
    Bestilling,
    Feil,
    MeldingFeilet,
    MeldingLevert,
    MeldingSendt,
    MeldingUviss,
    Utfall,
    UtfallData,
)
from contracts.mobilisering import BesluttetData, MobiliseringBesluttet, Mottaker, Vara
from contracts.svar import Innkommet, MottattData, SvarMottatt
from tests.utkalling.bord import hendelse, mottaker, person, rolle

AV = Aktoer(rolle="sekretariat")
SEKRETAER = 90
KODEORD = ("ELG", "HEGRE")
VARAER = (
    Vara(person_id=person(50), kanaler=("sms", "epost")),
    Vara(person_id=person(51), kanaler=("epost",)),
    Vara(person_id=person(52), kanaler=("sms",)),
)
FOLK: dict[int, Mottaker] = {
    1: mottaker(1, rolle("bydel:05", vara=[50, 51])),
    2: mottaker(2, rolle("bydel:04", vara=[50]), rolle("bydel:03"), kanaler=("sms",)),
    3: mottaker(3, rolle("bydel:05")),
    4: mottaker(4, rolle("bydel:01"), art="orientering"),
    44: mottaker(4, rolle("bydel:01", vara=[52])),
    50: mottaker(50, rolle("bydel:06", vara=[52])),
}
"""Whom a decision may call, by an entry of the register; person 4 is informed at one time and asked at another."""
PERSONER = (1, 2, 3, 4, 50, 51, 52)
Ord = Literal["sendt", "levert", "feilet", "uviss", "trukket"]
_SIER: dict[Ord, Any] = {
    "sendt": MeldingSendt,
    "levert": MeldingLevert,
    "feilet": MeldingFeilet,
    "uviss": MeldingUviss,
    "trukket": MeldingFeilet,
}


@dataclass
class Hendelsen:
    """One hendelse as `hendelser` and `routing` know it."""

    nr: int
    h: Hendelse
    aarsaker: list[tuple[UUID, int, Hendelse]] = field(default_factory=list)
    """Its events that routing has yet to decide about."""
    besluttet: dict[int, set[UUID]] = field(default_factory=dict)
    """Whom each decision calls, by the sequence of what caused it."""
    lukket: int = 0
    avlyst: bool = False

    @property
    def id(self) -> UUID:
        return UUID(int=1 + self.nr)


def ny(nr: int, **felt: Any) -> Hendelsen:
    return Hendelsen(nr, hendelse(kodeord=KODEORD[nr], **felt))


def meldt(x: Hendelsen, naa: datetime, event_id: UUID) -> AnyEvent:
    return HendelseMeldt.ny(MeldtData(hendelse=x.h, av=AV), naa=naa, hendelse_id=x.id, event_id=event_id)


def endret(x: Hendelsen, naa: datetime, event_id: UUID, felt: Collection[str]) -> AnyEvent:
    data = EndretData(hendelse=x.h, av=AV, felt=tuple(felt))
    return HendelseEndret.ny(data, naa=naa, hendelse_id=x.id, event_id=event_id)


def sentrum(x: Hendelsen, naa: datetime, event_id: UUID) -> AnyEvent:
    data = SentrumData(hendelse=x.h, av=AV, grunn="Ligger utenfor", sentrum=False)
    return SentrumBestemt.ny(data, naa=naa, hendelse_id=x.id, event_id=event_id)


def lukket(x: Hendelsen, naa: datetime, event_id: UUID, *, avlyst: bool) -> AnyEvent:
    if avlyst:
        grunn = GrunnData(hendelse=x.h, av=AV, grunn="Ble ikke noe av")
        return HendelseAvlyst.ny(grunn, naa=naa, hendelse_id=x.id, event_id=event_id)
    ferdig = AvsluttetData(hendelse=x.h, av=AV, oppsummering="Over")
    return HendelseAvsluttet.ny(ferdig, naa=naa, hendelse_id=x.id, event_id=event_id)


def beslutning(x: Hendelsen, naa: datetime, valgte: Sequence[int], delt_etter: int, nr: int = 0) -> list[AnyEvent]:
    """Routing's decision about its oldest undecided cause, in one chunk or two; it passes over `nr` older causes."""
    aarsak, sekvens, h = x.aarsaker[nr]
    del x.aarsaker[: nr + 1]
    kalles = [FOLK[i] for i in valgte]
    naa_med = {m.person_id for m in kalles}
    ute = set().union(*x.besluttet.values()) - naa_med if x.besluttet else set()
    x.besluttet[sekvens] = naa_med
    deler = [kalles[:delt_etter], kalles[delt_etter:]] if 0 < delt_etter < len(kalles) else [kalles]
    return [
        MobiliseringBesluttet.ny(
            BesluttetData(
                beslutning_id=ny_id(aarsak, "beslutning"),
                utloest_av=aarsak,
                utloest_sekvens=sekvens,
                del_nr=del_nr,
                deler=len(deler),
                regelsett="prøve",
                register_sekvens=1,
                hendelse=h,
                mottakere=tuple(del_),
                vara=VARAER,
                ikke_lenger=tuple(sorted(ute)) if del_nr == 1 else (),
                i_andre_deler=tuple(sorted(naa_med - {m.person_id for m in del_})) if del_nr == 1 and ute else (),
                sekretariat=(person(SEKRETAER),),
            ),
            naa=naa,
            hendelse_id=x.id,
            aarsak=aarsak,
            nokkel=str(del_nr),
        )
        for del_nr, del_ in enumerate(deler, 1)
    ]


def svar(
    svar_id: UUID,
    naa: datetime,
    nr: int,
    betydning: Betydning,
    *,
    kodeord: Sequence[str] = (),
    eta: int | None = None,
    utkalling_id: UUID | None = None,
    forsinket: timedelta = timedelta(),
) -> AnyEvent:
    """An answer by SMS, or by the link of an e-mail when the call-out is given."""
    inn = Innkommet(
        id=svar_id,
        kanal="epost" if utkalling_id else "sms",
        person_id=person(nr),
        utkalling_id=utkalling_id,
        lesning=Lesning(svar=betydning, kodeord=tuple(kodeord), eta_minutter=eta, grunn="Uklart."),
        mottatt=naa - forsinket,
    )
    return SvarMottatt.ny(MottattData(svar=(inn,)), naa=naa, aarsak=svar_id, nokkel="svar")


def kanal(nr: int, naa: datetime, event_id: UUID, *, stoppet: bool) -> AnyEvent:
    klasse = KanalStoppet if stoppet else KanalStartet
    return klasse.ny(KanalData(person_id=person(nr), grunn="21610"), naa=naa, event_id=event_id)


def utfall(
    o: Bestilling, hendelse_id: UUID | None, naa: datetime, ord_: Ord, event_id: UUID, forsoek: int = 1
) -> AnyEvent:
    """The channel's word about one message, after so many attempts."""
    feil = {"feilet": Feil(kode="30005", tekst="Ukjent"), "trukket": Feil(kode="trukket", tekst="Trukket")}.get(ord_)
    gikk_ut = ord_ in {"sendt", "levert"}
    en = Utfall(
        melding_id=o.id,
        utkalling_id=o.utkalling_id,
        kanal=o.kanal,
        tid=naa,
        leverandoer_id=f"SM{o.id.hex}" if gikk_ut else None,
        forsoek=forsoek,
        feil=feil,
    )
    return _SIER[ord_].ny(UtfallData(meldinger=(en,)), naa=naa, hendelse_id=hendelse_id, event_id=event_id)  # type: ignore[no-any-return]
