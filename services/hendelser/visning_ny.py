"""What the preview shows: who is asked and informed, grouped by role and reason, the words, and what it costs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from contracts.hendelse import Hendelse
from contracts.roller import BYDELER, DRIFTSENHETER, ROLLENAVN, Rolle, enhetsnavn, rolle_i_enhet
from infra.clock import OSLO
from infra.web.norsk import dato, klokka
from infra.web.utlaan import Eiergrunn
from services.hendelser.skjema_ny import Skjema

SYNLIGE_ENHETER = 6
"""How many units of a role are named before the rest is folded."""
SYNLIGE_TEKSTER = 2
_REFERANSE = re.compile(r" #\w{5}$")
_NAA = re.compile(r"\bnå\b")
_KANALNAVN = {("sms", "epost"): "SMS og e-post", ("sms",): "SMS", ("epost",): "e-post", (): "ingen kanal"}


@dataclass(frozen=True)
class Gruppe:
    """One role that is called for one reason, in one unit or in several."""

    rolle: str
    personer: int
    enheter: tuple[str, ...]
    """The names of the units when there are several; none for one, whose name stands in `rolle`."""
    kanaler: str
    grunn: str
    hjemmel: str


@dataclass(frozen=True)
class Tekst:
    """One wording, as the first of those who get it would read it."""

    hvem: str
    antall: int
    tekst: str
    segmenter: int


@dataclass(frozen=True)
class Vurdert:
    """A role that is not called, with the units it was considered for."""

    rolle: str
    enheter: tuple[str, ...]
    grunn: str


@dataclass(frozen=True)
class Visning:
    """The whole preview."""

    eier: str
    eiergrunn: Eiergrunn | None
    sted: str
    omraader: str
    politi: str
    sentrum: str
    sentrum_grunn: str
    tid: str
    begynt: str
    """That it has begun, and what the texts then say; empty for what is ahead."""
    svarfrist: str
    spoerres: tuple[Gruppe, ...]
    orienteres: tuple[Gruppe, ...]
    antall_spoerres: int
    antall_orienteres: int
    ikke_valgt: tuple[Vurdert, ...]
    mangler: tuple[tuple[str, str], ...]
    sms: tuple[Tekst, ...]
    epost: tuple[Tekst, ...]
    antall_sms: int
    antall_epost: int
    segmenter: int
    kroner: float
    vurdering_kreves: bool
    regelsett: str
    avtrykk: str

    @property
    def antall(self) -> int:
        return self.antall_spoerres + self.antall_orienteres


def av(
    vist: Mapping[str, Any], hendelse: Hendelse, skjema: Skjema, eiergrunn: Eiergrunn | None, naa: datetime
) -> Visning:
    """The preview of API §8 as people read it, seen from `naa`."""
    mottakere, meldinger = vist["mottakere"], vist["meldinger"]
    spurt = [m for m in mottakere if m["art"] == "foresporsel"]
    andre = [m for m in mottakere if m["art"] != "foresporsel"]
    sms, epost = ([m for m in meldinger if m["kanal"] == kanal] for kanal in ("sms", "epost"))
    return Visning(
        **_stedet(hendelse),
        eier=_rolle(vist["eier"]),
        eiergrunn=eiergrunn,
        tid=tidsrom(hendelse.start, hendelse.slutt, naa),
        begynt=begynt(hendelse.start, (m["tekst"] for m in sms), naa),
        svarfrist=tidsrom(vist["svarfrist"], None, naa),
        spoerres=grupper(spurt),
        orienteres=grupper(andre),
        antall_spoerres=personer(spurt),
        antall_orienteres=personer(andre),
        ikke_valgt=_ikke_valgt(vist["ikke_valgt"]),
        mangler=tuple((stor(_rolle(m)), m["aarsak"]) for m in vist["mangler"]),
        sms=_tekster(sms, mottakere),
        epost=_tekster(epost, mottakere),
        antall_sms=len(sms),
        antall_epost=len(epost),
        segmenter=vist["sum"]["segmenter"],
        kroner=float(vist["sum"]["kroner"]),
        vurdering_kreves=vist["vurdering_kreves"],
        regelsett=vist["regelsett"],
        avtrykk=avtrykk(skjema, vist),
    )


def tidsrom(start: datetime | None, slutt: datetime | None, naa: datetime) -> str:
    """«lør 28.11. kl. 14.00 til 17.00», with the year when it is not this one: «fre 1.1.2027 kl. 14.00»."""
    if start is None:
        return ""
    if slutt is None:
        return f"{_dag(start, naa)} kl. {klokka(start)}"
    samme_dag = start.astimezone(OSLO).date() == slutt.astimezone(OSLO).date()
    til = klokka(slutt) if samme_dag else tidsrom(slutt, None, naa)
    return f"{tidsrom(start, None, naa)} til {til}"


def _dag(tid: datetime, naa: datetime) -> str:
    aar = tid.astimezone(OSLO).year
    return dato(tid) if aar == naa.astimezone(OSLO).year else f"{dato(tid)}{aar}"


def begynt(start: datetime | None, sms: Iterable[str], naa: datetime) -> str:
    """«Har begynt: SMS-en sier «nå»», when that is what it says; empty for what has not begun."""
    if start is None or start > naa:
        return ""
    return "Har begynt: SMS-en sier «nå»" if any(map(_NAA.search, sms)) else "Har begynt"


def avtrykk(skjema: Skjema, vist: Mapping[str, Any]) -> str:
    """What was seen, as a digest: the form as it was filled in, and who it calls. Times that move by themselves not."""
    hvem = sorted([str(m["person"]), m["rolle"], m["enhet"], m["art"]] for m in vist["mottakere"])
    mangler = sorted([m["rolle"], m["enhet"]] for m in vist["mangler"])
    sett = [asdict(skjema), _rolle(vist["eier"]), hvem, mangler]
    return hashlib.sha256(json.dumps(sett, sort_keys=True).encode()).hexdigest()


def grupper(mottakere: Iterable[Mapping[str, Any]]) -> tuple[Gruppe, ...]:
    """Recipients by role and reason, in the order they are called; a reason that names the unit is one for all."""
    samlet: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for m in mottakere:
        felles = _felles_grunn(m["grunn"], m["enhet"])
        samlet.setdefault((m["rolle"], felles, m["hjemmel"]), []).append(m)
    return tuple(_gruppe(felles, gruppe) for (_, felles, _), gruppe in samlet.items())


def _gruppe(felles: str, gruppe: Sequence[Mapping[str, Any]]) -> Gruppe:
    foerste, enheter = gruppe[0], tuple(dict.fromkeys(m["enhet"] for m in gruppe))
    flere = len(enheter) > 1
    return Gruppe(
        rolle=stor(ROLLENAVN[Rolle(foerste["rolle"])] if flere else _rolle(foerste)),
        personer=personer(gruppe),
        enheter=tuple(map(enhetsnavn, enheter)) if flere else (),
        kanaler=_kanaler({tuple(m["kanaler"]) for m in gruppe}),
        grunn=felles if flere else foerste["grunn"],
        hjemmel=foerste["hjemmel"],
    )


def _kanaler(ulike: AbstractSet[tuple[str, ...]]) -> str:
    return _KANALNAVN[next(iter(ulike))] if len(ulike) == 1 else "SMS eller e-post, noen begge deler"


def _felles_grunn(grunn: str, enhet: str) -> str:
    """The reason without the name of the unit: «… og bydelen er en av sentrumsbydelene»."""
    navn = enhetsnavn(enhet)
    allment = "bydelen" if enhet.startswith("bydel:") else "enheten"
    return grunn.replace(f" ({navn})", "").replace(navn, allment)


def _ikke_valgt(rader: Iterable[Mapping[str, Any]]) -> tuple[Vurdert, ...]:
    samlet: dict[tuple[str, str], list[str]] = {}
    for rad in rader:
        samlet.setdefault((rad["rolle"], rad["grunn"]), []).append(rad["enhet"])
    return tuple(_vurdert(rolle, grunn, tuple(dict.fromkeys(e))) for (rolle, grunn), e in samlet.items())


def _vurdert(rolle: str, grunn: str, enheter: tuple[str, ...]) -> Vurdert:
    if len(enheter) == 1:
        return Vurdert(stor(rolle_i_enhet(Rolle(rolle), enheter[0])), (), grunn)
    return Vurdert(stor(ROLLENAVN[Rolle(rolle)]), tuple(map(enhetsnavn, enheter)), grunn)


def _tekster(meldinger: Sequence[Mapping[str, Any]], mottakere: Iterable[Mapping[str, Any]]) -> tuple[Tekst, ...]:
    """One example per wording: the reference and the names of units are what differs between people."""
    roller: dict[str, list[Mapping[str, Any]]] = {}
    for m in mottakere:
        roller.setdefault(str(m["person"]), []).append(m)
    samlet: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for melding in meldinger:
        egne = roller.get(str(melding["person"]), [])
        noekkel = (_uten_enheter(melding["tekst"], egne), melding["koding"], melding["segmenter"])
        samlet.setdefault(noekkel, []).append(melding)
    return tuple(_tekst(like, roller.get(str(like[0]["person"]), [])) for like in samlet.values())


def _uten_enheter(tekst: str, roller: Iterable[Mapping[str, Any]]) -> str:
    kort = _REFERANSE.sub("", tekst)
    for m in roller:
        kort = kort.replace(enhetsnavn(m["enhet"]), "…")
    return kort


def _tekst(like: Sequence[Mapping[str, Any]], roller: Sequence[Mapping[str, Any]]) -> Tekst:
    m = like[0]
    hvem = " og ".join(dict.fromkeys(stor(_rolle(r)) if i == 0 else _rolle(r) for i, r in enumerate(roller)))
    return Tekst(hvem, len(like), m["tekst"], m["segmenter"])


def _stedet(h: Hendelse) -> dict[str, str]:
    if h.sted is None:
        tomt = dict.fromkeys(("omraader", "politi", "sentrum", "sentrum_grunn"), "")
        return {"sted": "Uten sted", **tomt}
    s = h.sted
    politi = [DRIFTSENHETER[e] for e in (s.driftsenhet, *s.medvarsles) if e]
    hvem = "Bestemt av en person" if s.sentrum_kilde == "person" else "Foreslått av kartet"
    bydeler = [BYDELER.get(b, b) for b in dict.fromkeys(filter(None, (s.bydel, *s.bydeler)))]
    punkt = f"{s.lat:.5f}, {s.lon:.5f}" if s.lat is not None and s.lon is not None else ""
    return {
        "sted": s.navn or punkt or ("Hele bydelen" if len(bydeler) == 1 else f"{len(bydeler)} bydeler"),
        "omraader": ", ".join(bydeler),
        "politi": " og ".join(politi),
        "sentrum": "Regnes som Oslo sentrum" if s.sentrum else "Regnes ikke som Oslo sentrum",
        "sentrum_grunn": f"{hvem}: {s.sentrum_grunn}" if s.sentrum_grunn else hvem,
    }


def personer(mottakere: Iterable[Mapping[str, Any]]) -> int:
    """How many people they are: one may be called in several roles."""
    return len({str(m["person"]) for m in mottakere})


def _rolle(rad: Mapping[str, Any]) -> str:
    return rolle_i_enhet(Rolle(rad["rolle"]), rad["enhet"])


def stor(tekst: str) -> str:
    """The text with a capital first."""
    return tekst[:1].upper() + tekst[1:]
