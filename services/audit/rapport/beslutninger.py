"""What was decided: by people with a reason, and by the rules with theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.event import AnyEvent
from contracts.hendelse import (
    HendelseAvlyst,
    HendelseAvsluttet,
    HendelseEndret,
    HendelseMeldt,
    HendelseOverfoert,
    HendelseSendt,
    HendelseUtvidet,
    HendelseVurdert,
    SentrumBestemt,
)
from contracts.mobilisering import BesluttetData, MobiliseringBesluttet
from services.audit.rapport import ord as ordene
from services.audit.rapport.fortelling import Fortelling, Livsloep
from services.audit.rapport.modell import Avgjoerelse, Beslutning, IkkeSpurt, Mangel
from services.audit.rapport.personer import Personer

_FELT = {
    "sted": "sted",
    "start": "start",
    "slutt": "slutt",
    "oppmoete": "oppmøte",
    "vakttelefon": "vakttelefon",
    "alvorlighet": "alvorlighet",
    "stor": "større arrangement",
    "forventet_antall": "forventet antall",
    "tema": "tema",
    "maalgruppe": "målgruppe",
    "bemanning": "bemanning",
    "svarfrist": "svarfrist",
    "tittel": "tittel",
    "beskrivelse": "beskrivelse",
    "varslet": "varslet",
}


def avgjoerelser(fortelling: Fortelling) -> tuple[Avgjoerelse, ...]:
    """Every decision a person took about the hendelse, with who and why."""
    return tuple(
        Avgjoerelse(
            tid=i.tid, hva=hva(i.event), hvem=ordene.aktoer(i.event.data.av), grunn=getattr(i.event.data, "grunn", "")
        )
        for i in fortelling.livsloep()
    )


def hva(event: Livsloep) -> str:
    """What a person did, as a sentence that begins with the verb."""
    match event:
        case HendelseMeldt(data=d):
            return "Lagret et utkast" if d.hendelse.utkast else "Meldte hendelsen"
        case HendelseSendt():
            return "Sendte ut utkastet"
        case HendelseEndret(data=d):
            return "Endret " + (ordene.liste([_FELT.get(f, f) for f in d.felt]) or "hendelsen")
        case HendelseAvlyst():
            return "Avlyste hendelsen"
        case HendelseAvsluttet():
            return "Avsluttet hendelsen"
        case HendelseOverfoert(data=d):
            fra, til = (ordene.rolle(e.rolle, e.enhet) for e in (d.fra, d.til))
            return f"Overførte eierskapet fra {fra} til {til}"
        case SentrumBestemt(data=d):
            return f"Bestemte at stedet {'regnes' if d.sentrum else 'ikke regnes'} som Oslo sentrum"
        case HendelseVurdert(data=d):
            return f"Vurderte at sekretariatet {'tar' if d.sentral_rolle else 'ikke tar'} en sentral rolle"
        case HendelseUtvidet(data=d):
            return f"Utvidet til {ordene.utvidelse(d.utvidelse)}"


@dataclass(frozen=True)
class Samlet:
    """All chunks of one decision."""

    nr: int
    tid: datetime
    deler: tuple[BesluttetData, ...]

    @property
    def foerste(self) -> BesluttetData:
        return self.deler[0]


def samle(fortelling: Fortelling) -> list[Samlet]:
    """The decisions of the rules, each whole, in order."""
    deler: dict[UUID, dict[int, BesluttetData]] = {}
    tider: dict[UUID, datetime] = {}
    for i in fortelling.av(MobiliseringBesluttet):
        d = i.event.data
        deler.setdefault(d.beslutning_id, {}).setdefault(d.del_nr, d)
        tider.setdefault(d.beslutning_id, i.tid)
    return [
        Samlet(nr, tider[beslutning_id], tuple(av_en[k] for k in sorted(av_en)))
        for nr, (beslutning_id, av_en) in enumerate(deler.items(), 1)
    ]


def beslutninger(fortelling: Fortelling) -> tuple[Beslutning, ...]:
    """The decisions as the report shows them: with rule-set and register version."""
    arsaker: dict[UUID, AnyEvent] = {i.event.id: i.event for i in fortelling.innslag}
    return tuple(
        Beslutning(
            nr=s.nr,
            tid=s.tid,
            utloest_av=_aarsak(arsaker.get(s.foerste.utloest_av)),
            regelsett=s.foerste.regelsett,
            register_sekvens=s.foerste.register_sekvens,
            mottakere=sum(len(d.mottakere) for d in s.deler),
            ikke_valgt=sum(len(d.ikke_valgt) for d in s.deler),
            mangler=sum(len(d.mangler) for d in s.deler),
            hel=len(s.deler) == s.foerste.deler,
        )
        for s in samle(fortelling)
    )


def _aarsak(event: AnyEvent | None) -> str:
    return hva(event) if isinstance(event, Livsloep) else "endring i registeret eller annet"


def ikke_spurt(fortelling: Fortelling, personer: Personer) -> tuple[IkkeSpurt, ...]:
    """Those who were considered and never called, each reason once, with the first decision that gave it."""
    ut: dict[tuple[object, ...], IkkeSpurt] = {}
    for s in samle(fortelling):
        for ikke in (i for d in s.deler for i in d.ikke_valgt):
            if ikke.person_id and personer.kjent(ikke.person_id):
                continue  # called later on: a deputy, or when the scope was widened
            hvem = personer.person(ikke.person_id) if ikke.person_id else ordene.rolle(ikke.rolle, ikke.enhet)
            rad = IkkeSpurt(hvem=hvem, grunn=ikke.grunn, beslutning=s.nr)
            ut.setdefault((ikke.person_id, hvem, ikke.grunn), rad)
    return tuple(ut.values())


def mangler(fortelling: Fortelling) -> tuple[Mangel, ...]:
    """Roles the rules call that nobody reachable held, each once."""
    ut: dict[tuple[object, ...], Mangel] = {}
    for s in samle(fortelling):
        for m in (m for d in s.deler for m in d.mangler):
            rad = Mangel(rolle=ordene.rolle(m.rolle, m.enhet), aarsak=m.aarsak, grunnlag=m.hjemmel, beslutning=s.nr)
            ut.setdefault((m.rolle, m.enhet, m.aarsak), rad)
    return tuple(ut.values())


def aapne_vurderinger(fortelling: Fortelling) -> tuple[str, ...]:
    """What the standard leaves to a person, that no person has decided (architecture law 7)."""
    krevd = any(d.vurdering_kreves for s in samle(fortelling) for d in s.deler)
    if not krevd or any(fortelling.av(HendelseVurdert)):
        return ()
    return ("Sekretariatets rolle ved den varslede hendelsen er ikke vurdert av noen (Oslostandarden 4.4).",)
