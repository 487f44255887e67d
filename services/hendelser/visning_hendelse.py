"""What the event page shows of a hendelse: what one needs first, every field of it, and what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.hendelse import Alvorlighet, Hendelse, Sted
from contracts.roller import DRIFTSENHETER, enhetsnavn, rolle_i_enhet
from contracts.tavle import Svartall
from infra.web.norsk import tall as skriv_tall
from infra.web.norsk import tidspunkt
from infra.web.tilgang import Bruker
from services.hendelser import ord as ordene
from services.hendelser.rules_handlinger import ENDELIGE, mulige
from services.hendelser.rules_oppgaver import SER_SVAR

MELDINGER = {
    "sendt": "Hendelsen er sendt. De som skal kalles, får melding nå.",
    "utkast": "Utkastet er lagret. Ingen er kalt ut.",
    "endret": "Endringen er lagret.",
    "avlyst": "Hendelsen er avlyst.",
    "avsluttet": "Hendelsen er avsluttet.",
    "overfoert": "Hendelsen har fått ny eier.",
    "sentrum": "Valget om Oslo sentrum er lagret.",
    "vurdert": "Vurderingen er lagret.",
    "utvidet": "Utkallingen er utvidet.",
    "svar": "Svaret er registrert.",
    "avgjort": "Valget om meldingen er registrert.",
    "loest": "Oppgaven er ferdig behandlet.",
}
"""What was just done, by the code in `?ok=`."""
KNAPPER = {
    "endre": "Endre hendelsen",
    "utvid": "Kall ut flere",
    "vurdering": "Vurder sekretariatets rolle",
    "sentrum": "Avgjør om det er Oslo sentrum",
    "overfoer": "Overfør til ny eier",
    "avslutt": "Avslutt",
    "avlys": "Avlys",
}
JA_NEI = {True: "Ja", False: "Nei"}


@dataclass(frozen=True)
class Knapp:
    """A way to an action."""

    kode: str
    tekst: str
    sti: str


@dataclass(frozen=True)
class Handlinger:
    """What one may do: what can be changed back, and what cannot."""

    vanlige: tuple[Knapp, ...]
    endelige: tuple[Knapp, ...]


@dataclass(frozen=True)
class Teller:
    """A number and what it counts; `vis` is the filter of the call-outs that shows just those."""

    antall: int
    tekst: str
    vis: str = ""


@dataclass(frozen=True)
class Hode:
    """What somebody who is woken at two in the morning needs first."""

    id: UUID
    kodeord: str
    tittel: str
    type: str
    sted: str
    naar: str
    naermer_seg: str
    status: str
    akutt: bool
    eier: str
    oppmoete: str
    vakttelefon: str
    svarfrist: str
    grunn: str
    tall: Svartall | None
    tellere: tuple[Teller, ...]
    bemanning: str
    bemannet: bool
    utkast: bool
    lukket: bool


def hode(rad: Row[Any], h: Hendelse, tall: Svartall | None, naa: datetime) -> Hode:
    """The head of the page, from the hendelse as it is and its call-outs counted."""
    lukket = rad.status in {"avlyst", "avsluttet"}
    return Hode(
        id=rad.id,
        kodeord=h.kodeord,
        tittel=h.tittel,
        type=ordene.TYPER[h.type],
        sted=ordene.stedsnavn(h.sted),
        naar=ordene.tidsrom(h.start, h.slutt),
        naermer_seg=ordene.naermer_seg(h.start, h.slutt, naa) if rad.status != "avlyst" else "",
        status=rad.status,
        akutt=h.alvorlighet is Alvorlighet.AKUTT,
        eier=rolle_i_enhet(h.eier.rolle, h.eier.enhet),
        oppmoete=h.oppmoete,
        vakttelefon=h.vakttelefon or "",
        svarfrist=_svarfrist(h, naa) if rad.status == "aapen" else "",
        grunn=rad.grunn if lukket else "",
        tall=tall,
        tellere=tellere(tall, lukket=lukket) if tall else (),
        bemanning=_bemanning(h, tall) if rad.status == "aapen" else "",
        bemannet=h.bemanning is not None and tall is not None and tall.kommer >= h.bemanning.minst,
        utkast=rad.status == "utkast",
        lukket=lukket,
    )


def tellere(tall: Svartall, *, lukket: bool) -> tuple[Teller, ...]:
    """How those who are called stand, each counted once. When it is over, nobody has to look any more."""
    alle = [Teller(tall.kommer, "kommer", "kommer")]
    alle += [Teller(tall.venter, "svarte ikke", "venter")] if lukket else _venter_og_sviktet(tall)
    alle.append(Teller(tall.kommer_ikke, "kommer ikke", "kommer_ikke"))
    informert = [Teller(tall.orientert, "bare orientert")] if tall.orientert else []
    return (*(alle if tall.spurt else ()), *informert)


def _venter_og_sviktet(tall: Svartall) -> list[Teller]:
    sviktet = [Teller(tall.sviktet, "må ses på", "sviktet")] if tall.sviktet else []
    return [Teller(tall.venter - tall.sviktet, "venter på svar", "venter"), *sviktet]


def _svarfrist(h: Hendelse, naa: datetime) -> str:
    if h.svarfrist is None:
        return ""
    naar = ordene.relativ(h.svarfrist, naa)
    return f"{tidspunkt(h.svarfrist)} ({naar})" if h.svarfrist > naa else f"gikk ut {naar}"


def _bemanning(h: Hendelse, tall: Svartall | None) -> str:
    """«Bemannet: 7 kommer, og minst 6 trengs», «Mangler 2: 4 kommer, og minst 6 trengs»."""
    if h.bemanning is None or tall is None:
        return ""
    mangler = h.bemanning.minst - tall.kommer
    slik = f"{tall.kommer} kommer, og minst {h.bemanning.minst} trengs"
    return f"Mangler {mangler}: {slik}." if mangler > 0 else f"Bemannet: {slik}."


def handlinger(rad: Row[Any], h: Hendelse, bruker: Bruker) -> Handlinger:
    """The actions this user may take now."""
    alle = [
        Knapp(kode, _knappetekst(kode, rad.status), f"/hendelser/{rad.id}/{kode}")
        for kode in mulige(bruker.aktoer, h, rad.status)
    ]
    return Handlinger(tuple(k for k in alle if k.kode not in ENDELIGE), tuple(k for k in alle if k.kode in ENDELIGE))


def _knappetekst(kode: str, status: str) -> str:
    if status == "utkast":
        return {"endre": "Se over og send", "avlys": "Forkast utkastet"}[kode]
    return KNAPPER[kode]


def ser_ringeliste(bruker: Bruker, status: str) -> bool:
    """Whether the way to the numbers is shown: to those who may call, where somebody is called."""
    return bruker.rolle in SER_SVAR and status != "utkast"


def detaljer(rad: Row[Any], h: Hendelse) -> list[tuple[str, str]]:
    """Every field that says something, with its name."""
    felt = [
        ("Type", ordene.TYPER[h.type]),
        ("Alvorlighet", ordene.ALVORLIGHETER[h.alvorlighet]),
        ("Eier", rolle_i_enhet(h.eier.rolle, h.eier.enhet)),
        *_stedsfelt(h.sted),
        ("Oppmøte", h.oppmoete),
        ("Målgruppen", _maalgruppe(h)),
        ("Tema", ordene.ramse([ordene.TEMAER[t].lower() for t in h.tema]).capitalize()),
        ("Ungdom fra", ordene.bydelsnavn(h.hjembydeler)),
        ("Andre kommuner", ordene.ramse([enhetsnavn(f"kommune:{nr}") for nr in h.andre_kommuner]).capitalize()),
        ("Stor hendelse", "Ja" if h.stor else ""),
        ("Forventet antall", "" if h.forventet_antall is None else skriv_tall(h.forventet_antall)),
        ("Varslet på forhånd", JA_NEI[h.varslet]),
        ("Meldt av", ordene.KILDER[h.kilde]),
        ("Utvidet til", ordene.ramse([ordene.utvidelse(u) for u in h.utvidelser])),
        ("Bemanning", f"Minst {h.bemanning.minst}" if h.bemanning else ""),
        ("Svarfrist", tidspunkt(h.svarfrist)),
        ("Registrert", tidspunkt(rad.opprettet)),
    ]
    return [(navn, verdi) for navn, verdi in felt if verdi]


def _stedsfelt(sted: Sted | None) -> list[tuple[str, str]]:
    if sted is None:
        return [("Sted", "Ikke knyttet til et sted")]
    enhet = DRIFTSENHETER.get(sted.driftsenhet or "", "")
    andre = ordene.ramse([DRIFTSENHETER[d] for d in sted.medvarsles])
    return [
        ("Sted", ordene.stedsnavn(sted)),
        ("Bydel", ordene.bydelsnavn(sted.bydeler)),
        ("Skole", sted.skole or ""),
        ("Politiet", enhet.capitalize() + (f" ({andre} orienteres)" if andre else "")),
        ("Oslo sentrum", _sentrum(sted)),
        ("Utenfor Oslo", "Ja" if sted.utenfor_oslo else ""),
    ]


def _sentrum(sted: Sted) -> str:
    """Whether it counts as sentrum, and who says so (Oslostandarden 4.2, S:648)."""
    hvem = "bestemt av et menneske" if sted.sentrum_kilde == "person" else "foreslått av kartet"
    grunn = f". {sted.sentrum_grunn}" if sted.sentrum_grunn else ""
    return f"{JA_NEI[sted.sentrum]}, {hvem}{grunn}"


def _maalgruppe(h: Hendelse) -> str:
    svar = "Ikke kjent, og regnes som berørt" if h.maalgruppe is None else ("Berørt" if h.maalgruppe else "Ikke berørt")
    return f"{svar}. {h.maalgruppe_grunn}" if h.maalgruppe_grunn else svar
