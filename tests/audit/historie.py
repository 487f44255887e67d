"""One whole hendelse, told by hand: a demonstration in Frogner, with silence, doubt, an unclear answer and a deputy."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from contracts.event import Aktoer, AnyEvent, Event, Fakta
from contracts.hendelse import (
    AvsluttetData,
    Eier,
    Hendelse,
    HendelseAvsluttet,
    HendelseMeldt,
    HendelseType,
    MeldtData,
    SentrumBestemt,
    SentrumData,
    Sted,
)
from contracts.kanal import KanalData, KanalStoppet
from contracts.melding import (
    Bestilling,
    BestiltData,
    Feil,
    Formaal,
    MeldingBestilt,
    MeldingFeilet,
    MeldingLevert,
    MeldingSendt,
    MeldingUviss,
    Utfall,
    UtfallData,
)
from contracts.mobilisering import (
    Art,
    BesluttetData,
    IkkeValgt,
    Mangel,
    MobiliseringBesluttet,
    Mottaker,
    RolleGrunn,
)
from contracts.roller import Rolle
from contracts.svar import SvarUklart, UklartData
from contracts.utkalling import (
    BemannetData,
    Eskalering,
    EskalertData,
    Kvittering,
    KvittertData,
    NyUtkalling,
    OpprettetData,
    UtkallingAvlyst,
    UtkallingBemannet,
    UtkallingerData,
    UtkallingEskalert,
    UtkallingKvittert,
    UtkallingOpprettet,
    UtkallingPurret,
)
from infra.clock import OSLO
from tests.audit.rader import en_id

D = TypeVar("D", bound=Fakta)
HENDELSE_ID = en_id("hendelsen")
ANNEN_ID = en_id("en annen hendelse")
START = datetime(2026, 11, 28, 14, 0, tzinfo=OSLO)
MELDT = datetime(2026, 11, 28, 12, 0, tzinfo=OSLO)
POLITI = Aktoer(rolle="politi", enhet="driftsenhet:vest", id="t1")
SEKRETARIAT = Aktoer(rolle="sekretariat", id="t2")
KOORDINATOR = "SaLTo-koordinator Frogner"
TEKST = "SaLTo ELG: Demonstrasjon, Frognerparken lør 28.11 kl 14. Kan du stille? Svar JA eller NEI innen kl 12.30. #"


def om(minutter: float) -> datetime:
    """So many minutes after it was posted."""
    return MELDT + timedelta(minutes=minutter)


def hendelsen(**felt: object) -> Hendelse:
    grunn: dict[str, object] = {
        "type": HendelseType.DEMONSTRASJON,
        "tittel": "Markering mot <nedleggelse> & «kutt»",
        "sted": Sted(navn="Frognerparken", bydel="05", bydeler=("05",), ansvarlig="05"),
        "start": START,
        "varslet": True,
        "kodeord": "ELG",
        "eier": Eier(rolle=Rolle.SALTO_KOORDINATOR, enhet="bydel:05"),
        "svarfrist": om(30),
    }
    return Hendelse.model_validate({**grunn, **felt})


def _sagt(klasse: type[Event[D]], data: D, minutter: float, *, egen: bool = True) -> Event[D]:
    return klasse.ny(data, naa=om(minutter), hendelse_id=HENDELSE_ID if egen else None)


def grunn(rolle: Rolle = Rolle.SALTO_KOORDINATOR, enhet: str = "bydel:05") -> RolleGrunn:
    return RolleGrunn(
        rolle=rolle, enhet=enhet, regel="bydel.koordinator", hjemmel="Oslostandarden 4.1", grunn="Stedet er i Frogner"
    )


def utkalling(navn: str, rolle: RolleGrunn, art: Art = "foresporsel", vara_for: str | None = None) -> NyUtkalling:
    return NyUtkalling(
        id=en_id(f"utkalling {navn}"),
        person_id=en_id(navn),
        art=art,
        roller=(rolle,),
        svarfrist=om(30),
        vara_for=en_id(f"utkalling {vara_for}") if vara_for else None,
    )


def melding(navn: str, formaal: Formaal = "utkalling", tekst: str = TEKST) -> Bestilling:
    return Bestilling(
        id=en_id(f"melding {navn} {formaal}"),
        utkalling_id=en_id(f"utkalling {navn}"),
        person_id=en_id(navn),
        kanal="sms",
        formaal=formaal,
        tekst=f"{tekst}{navn[:3].upper()}{formaal[:2].upper()}",
        segmenter=1,
        send_foer=om(300),
    )


def utfall(navn: str, minutter: float, formaal: Formaal = "utkalling", feil: Feil | None = None) -> Utfall:
    return Utfall(
        melding_id=en_id(f"melding {navn} {formaal}"),
        utkalling_id=en_id(f"utkalling {navn}"),
        kanal="sms",
        tid=om(minutter),
        feil=feil,
    )


def svar(navn: str, hva: str, minutter: float, **felt: object) -> Kvittering:
    grunnlag: dict[str, object] = {
        "utkalling_id": en_id(f"utkalling {navn}"),
        "svar": hva,
        "kanal": "sms",
        "mottatt": om(minutter),
    }
    return Kvittering.model_validate({**grunnlag, **felt})


def uklart(navn: str, svar_id: UUID) -> UklartData:
    return UklartData(
        svar_id=svar_id, person_id=en_id(navn), utkallinger=(en_id(f"utkalling {navn}"),), grunn="sier to ting"
    )


def spurt_tilbake() -> AnyEvent:
    """The answer to an unclear answer: which hendelse it is about, only its cause says."""
    ordre = melding("bo", "uklart", "Vi forsto ikke svaret ditt. #").model_copy(update={"utkalling_id": None})
    return MeldingBestilt.ny(BestiltData(meldinger=(ordre,)), naa=om(6.1), aarsak=en_id("svar"))


UTEN = grunn(Rolle.POLITIKONTAKT)
FEIL = Feil(kode="30003", tekst="Telefonen er av")


def historien(**felt: object) -> list[AnyEvent]:
    """Everything that is told, in order; `felt` changes the hendelse."""
    h = hendelsen(**felt)
    kalt = [
        utkalling("anne", grunn()),
        utkalling("bo", grunn()),
        utkalling("cai", UTEN),
        utkalling("dag", grunn(Rolle.SEKRETARIAT, "velferdsetaten"), "orientering"),
    ]
    besluttet = BesluttetData(
        beslutning_id=en_id("beslutning"),
        utloest_av=en_id("meldt"),
        utloest_sekvens=1,
        del_nr=1,
        deler=1,
        regelsett="2026-11-01.1",
        register_sekvens=42,
        hendelse=h,
        mottakere=tuple(Mottaker(person_id=u.person_id, art=u.art, kanaler=("sms",), roller=u.roller) for u in kalt),
        ikke_valgt=(
            IkkeValgt(person_id=en_id("eva"), rolle=Rolle.SALTO_KOORDINATOR, enhet="bydel:05", grunn="Har fravær"),
            IkkeValgt(rolle=Rolle.REKTOR, enhet="skole:Eksempel skole", grunn="Ikke en skolehendelse"),
        ),
        mangler=(Mangel(rolle=Rolle.FOREBYGGENDE, enhet="driftsenhet:vest", aarsak="Ingen i rollen", hjemmel="4.3"),),
        vurdering_kreves=True,
    )
    meldt = HendelseMeldt.ny(
        MeldtData(hendelse=h, av=POLITI), naa=om(0), hendelse_id=HENDELSE_ID, event_id=en_id("meldt")
    )
    return [
        meldt,
        _sagt(MobiliseringBesluttet, besluttet, 0.01),
        _sagt(UtkallingOpprettet, OpprettetData(utkallinger=tuple(kalt)), 0.02),
        _sagt(MeldingBestilt, BestiltData(meldinger=tuple(melding(n) for n in ("anne", "bo", "cai", "dag"))), 0.03),
        # The channel groups outcomes over hendelser, and does not say which.
        _sagt(MeldingSendt, UtfallData(meldinger=(utfall("anne", 0.1), utfall("bo", 0.2))), 0.3, egen=False),
        _sagt(MeldingUviss, UtfallData(meldinger=(utfall("cai", 0.4),)), 0.5, egen=False),
        _sagt(MeldingLevert, UtfallData(meldinger=(utfall("anne", 0.6),)), 0.6, egen=False),
        _sagt(SentrumBestemt, SentrumData(hendelse=h, av=POLITI, sentrum=False, grunn="Langt fra sentrum"), 1),
        _sagt(UtkallingKvittert, KvittertData(kvitteringer=(svar("anne", "kommer", 4.1, eta=om(24), antall=2),)), 4.2),
        _sagt(SvarUklart, uklart("bo", en_id("svar")), 6, egen=False),
        spurt_tilbake(),
        _sagt(
            UtkallingKvittert,
            KvittertData(
                kvitteringer=(svar("bo", "kommer_ikke", 9, av=SEKRETARIAT, svar_id=en_id("svar"), kanal="telefon"),)
            ),
            9,
        ),
        _sagt(
            UtkallingEskalert,
            EskalertData(
                utkallinger=(
                    Eskalering(utkalling_id=en_id("utkalling bo"), vara=(en_id("utkalling fia"),), grunn="nei"),
                    Eskalering(utkalling_id=en_id("utkalling cai"), grunn="stille"),
                )
            ),
            9.1,
        ),
        _sagt(UtkallingOpprettet, OpprettetData(utkallinger=(utkalling("fia", grunn(), vara_for="bo"),)), 9.2),
        _sagt(MeldingBestilt, BestiltData(meldinger=(melding("fia"),)), 9.2),
        _sagt(MeldingFeilet, UtfallData(meldinger=(utfall("fia", 9.4, feil=FEIL),)), 9.5, egen=False),
        _sagt(UtkallingPurret, UtkallingerData(utkallinger=(en_id("utkalling cai"),)), 15),
        _sagt(MeldingBestilt, BestiltData(meldinger=(melding("cai", "purring"),)), 15),
        _sagt(KanalStoppet, KanalData(person_id=en_id("fia"), grunn="STOPP"), 16, egen=False),
        _sagt(UtkallingBemannet, BemannetData(kommer=2, minst=2), 17),
        _sagt(UtkallingAvlyst, UtkallingerData(utkallinger=(en_id("utkalling fia"),), grunn="Nok folk"), 20),
        _sagt(HendelseAvsluttet, AvsluttetData(hendelse=h, av=SEKRETARIAT, oppsummering="Rolig."), 300),
    ]


def stoey() -> list[AnyEvent]:
    """What happens elsewhere at the same time, and must not be in the report."""
    annen = MeldtData(hendelse=hendelsen(tittel="Noe helt annet"), av=POLITI)
    fremmed = KanalData(person_id=en_id("en fremmed"))
    uvedkommende = melding("bo", "lukket", "HEGRE er lukket. #").model_copy(update={"utkalling_id": None})
    return [
        HendelseMeldt.ny(annen, naa=om(0.5), hendelse_id=ANNEN_ID),
        KanalStoppet.ny(fremmed, naa=om(1)),
        MeldingBestilt.ny(BestiltData(meldinger=(uvedkommende,)), naa=om(1), aarsak=en_id("et annet svar")),
        SvarUklart.ny(uklart("en fremmed", en_id("x")), naa=om(2)),
        MeldingFeilet.ny(UtfallData(meldinger=(utfall("en fremmed", 2, feil=FEIL),)), naa=om(2)),
    ]
