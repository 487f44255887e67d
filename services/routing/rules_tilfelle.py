"""What a rule may know about one hendelse: its facts, whether a condition holds, and which units are meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contracts.hendelse import Alvorlighet, Eier, Hendelse, HendelseType, Sted, Tema, Utvidelse
from contracts.roller import EGNE_BYDELER, Rolle
from contracts.spoersmaal import Stedsspoersmaal
from services.routing.rules_regelsett import FLAGG, LISTER, Kall, Maalgruppe, Regelsett, Vilkaar

SENTRUM, MARKA = "16", "17"
SKOLE_UKJENT = "skole:(ikke oppgitt)"
"""The theme is school, but no school is named: a shortfall that a person must fill."""

Par = tuple[Rolle, str]


@dataclass(frozen=True, slots=True)
class Tilfelle:
    """The facts of one hendelse, in the words of the rules."""

    type: HendelseType
    sted: Sted | None
    stor: bool
    maalgruppe: Maalgruppe
    utvidelser: tuple[Utvidelse, ...] = ()
    utvidede: tuple[str, ...] = ()
    """Bydeler that a person widened to as legs, region by region."""
    tema: tuple[Tema, ...] = ()
    alvorlighet: Alvorlighet = Alvorlighet.MIDDELS
    varslet: bool = False
    hjem: tuple[str, ...] = ()
    kommuner: tuple[str, ...] = ()
    eier: Eier | None = None

    @property
    def bydeler(self) -> tuple[str, ...]:
        """The legs of the place itself, the leading one first."""
        if self.sted is None:
            return ()
        egen = self.sted.ansvarlig or self.sted.bydel
        return self.sted.bydeler or ((egen,) if egen else ())

    @property
    def flagg(self) -> dict[str, bool]:
        """Every yes/no word of the vocabulary with its answer."""
        sted = self.sted
        return {
            "stor": self.stor,
            "varslet": self.varslet,
            "uten_sted": sted is None,
            "har_bydel": bool(sted and sted.ansvarlig),
            "sentrum": bool(sted and sted.sentrum),
            "sentrum_valgt": bool(sted and sted.sentrum and sted.sentrum_kilde == "person"),
            "marka": bool(sted and sted.bydel == MARKA),
            "utenfor_oslo": bool(sted and sted.utenfor_oslo),
            "flere_bydeler": len({*self.bydeler, *self.utvidede}) > 1,
            "byomfattende": any(utvidelse.byomfattende for utvidelse in self.utvidelser),
            "utvidet": bool(self.utvidelser),
            "utvidet_til_sentrum": SENTRUM in self.utvidede,
            "skole": bool(sted and sted.skole) or Tema.SKOLE in self.tema,
            "skolested": bool(sted and sted.skole),
            "andre_kommuner": bool(self.kommuner),
            "hjembydeler": bool(self.hjem),
        }


def av_hendelse(hendelse: Hendelse, regelsett: Regelsett) -> Tilfelle:
    """The facts of a whole hendelse."""
    return Tilfelle(
        type=hendelse.type,
        sted=hendelse.sted,
        stor=hendelse.stor,
        maalgruppe=_maalgruppe(hendelse.maalgruppe, hendelse.tema, regelsett),
        utvidelser=hendelse.utvidelser,
        utvidede=_utvidede(hendelse.utvidelser, regelsett),
        tema=hendelse.tema,
        alvorlighet=hendelse.alvorlighet,
        varslet=hendelse.varslet,
        hjem=hendelse.hjembydeler,
        kommuner=hendelse.andre_kommuner,
        eier=hendelse.eier,
    )


def av_spoersmaal(spoersmaal: Stedsspoersmaal, sted: Sted | None, regelsett: Regelsett) -> Tilfelle:
    """The facts the door knows before there is an owner."""
    return Tilfelle(
        type=spoersmaal.type,
        sted=sted,
        stor=spoersmaal.stor,
        maalgruppe=_maalgruppe(spoersmaal.maalgruppe, spoersmaal.tema, regelsett),
        utvidelser=spoersmaal.utvidelser,
        utvidede=_utvidede(spoersmaal.utvidelser, regelsett),
    )


def _maalgruppe(svar: bool | None, tema: tuple[Tema, ...], regelsett: Regelsett) -> Maalgruppe:
    if svar is None:
        return "ukjent"
    if svar:
        return "ja"
    # «Age ignored» (table O row 6): for these themes «not the age group» is no reason to leave people uncalled.
    return "aldersuavhengig" if set(tema) & set(regelsett.aldersuavhengige_tema) else "nei"


def _bydeler_i(utvidelse: Utvidelse, regelsett: Regelsett) -> tuple[str, ...]:
    region = (utvidelse.region or "").casefold()
    return (*utvidelse.bydeler, *regelsett.regioner.get(region, ()))


def _utvidede(utvidelser: Iterable[Utvidelse], regelsett: Regelsett) -> tuple[str, ...]:
    bein = [_bydeler_i(utvidelse, regelsett) for utvidelse in utvidelser if utvidelse.rolle is None]
    return tuple(dict.fromkeys(nummer for bydeler in bein for nummer in bydeler))


def holder(vilkaar: Vilkaar, tilfelle: Tilfelle) -> bool:
    """Whether every field given in the condition holds."""
    return _holder(vilkaar, tilfelle, tilfelle.flagg)


def _holder(vilkaar: Vilkaar, tilfelle: Tilfelle, flagg: dict[str, bool]) -> bool:
    return (
        all(getattr(vilkaar, navn) in (None, flagg[navn]) for navn in FLAGG)
        and all(_i_listen(getattr(vilkaar, navn), getattr(tilfelle, navn)) for navn in LISTER)
        and all(_holder(del_, tilfelle, flagg) for del_ in vilkaar.alle)
        and (not vilkaar.en_av or any(_holder(del_, tilfelle, flagg) for del_ in vilkaar.en_av))
        and (vilkaar.ikke is None or not _holder(vilkaar.ikke, tilfelle, flagg))
    )


def _i_listen(lovlige: tuple[object, ...], verdi: object) -> bool:
    verdier = verdi if isinstance(verdi, tuple) else (verdi,)
    return not lovlige or any(en in lovlige for en in verdier)


Velger = Callable[[Tilfelle, Regelsett], tuple[str, ...]]


def _enheter(slag: str, navn: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{slag}:{ett}" for ett in navn))


def _bydelsenheter(numre: Iterable[str]) -> tuple[str, ...]:
    """The units of those that have a SaLTo-koordinator of their own: 16 and 17 have none (domene M7)."""
    return _enheter("bydel", (nummer for nummer in numre if nummer in EGNE_BYDELER))


def _politikontakter(numre: Iterable[str], regelsett: Regelsett) -> tuple[str, ...]:
    """Sentrum (16) uses the politikontakt of the bydel named in the rule set (API §7: 04)."""
    return _bydelsenheter(regelsett.sentrum_politikontakt if nummer == SENTRUM else nummer for nummer in numre)


def _stedets_bydel(tilfelle: Tilfelle, _: Regelsett) -> tuple[str, ...]:
    ansvarlig = tilfelle.sted.ansvarlig if tilfelle.sted else None
    return _bydelsenheter((ansvarlig,) if ansvarlig else ())


def _stedets_driftsenhet(tilfelle: Tilfelle, _: Regelsett) -> tuple[str, ...]:
    enhet = tilfelle.sted.driftsenhet if tilfelle.sted else None
    return _enheter("driftsenhet", (enhet,) if enhet else ())


def _driftsenhetene(tilfelle: Tilfelle, regelsett: Regelsett) -> tuple[str, ...]:
    """The police unit of every leg. The place's own may differ from its bydel's (Majorstuen)."""
    andre = (
        enhet
        for nummer in tilfelle.bydeler[1:]
        for enhet, bydeler in regelsett.driftsenheter.items()
        if nummer in bydeler
    )
    return tuple(dict.fromkeys((*_stedets_driftsenhet(tilfelle, regelsett), *_enheter("driftsenhet", andre))))


def _skole(tilfelle: Tilfelle, _: Regelsett) -> tuple[str, ...]:
    navn = tilfelle.sted.skole if tilfelle.sted else None
    return (f"skole:{navn}",) if navn else (SKOLE_UKJENT,)


VELGERE: dict[str, Velger] = {
    "stedets_bydel": _stedets_bydel,
    "stedets_politikontakt": lambda t, r: _politikontakter(t.bydeler[:1], r),
    "stedets_driftsenhet": _stedets_driftsenhet,
    "medvarslede_driftsenheter": lambda t, _: _enheter("driftsenhet", t.sted.medvarsles if t.sted else ()),
    "hver_bydel_i_stedet": lambda t, _: _bydelsenheter(t.bydeler),
    "hver_politikontakt_i_stedet": lambda t, r: _politikontakter(t.bydeler, r),
    "hver_driftsenhet_i_stedet": _driftsenhetene,
    "utvidelsens_bydeler": lambda t, _: _bydelsenheter(t.utvidede),
    "utvidelsens_politikontakter": lambda t, r: _politikontakter(t.utvidede, r),
    "sentrumsbydelene": lambda _, r: _bydelsenheter(r.sentrumsbydelene),
    "alle_bydeler": lambda _t, _r: _bydelsenheter(EGNE_BYDELER),
    "alle_driftsenheter": lambda _, r: _enheter("driftsenhet", sorted(r.driftsenheter)),
    "hjembydelene": lambda t, _: _bydelsenheter(t.hjem),
    "andre_kommuner": lambda t, _: _enheter("kommune", t.kommuner),
    "skole": _skole,
}
"""Selectors a rule may use in `enhet`, beside fixed units and «byens»."""

BYENS = "byens"
"""The selector for roles the city has one of."""


def par(kall: Kall, tilfelle: Tilfelle, regelsett: Regelsett) -> tuple[Par, ...]:
    """Every role and unit that one call of a rule means in this case."""
    if kall.rolle == "eier":
        return ((tilfelle.eier.rolle, tilfelle.eier.enhet),) if tilfelle.eier else ()
    if kall.rolle == "utvidelsen":
        return tuple(par for utvidelse in tilfelle.utvidelser for par in _utvidelsens_par(utvidelse, regelsett))
    return tuple((kall.rolle, enhet) for enhet in enheter(kall.rolle, kall.enhet, tilfelle, regelsett))


def enheter(rolle: Rolle, velger: str, tilfelle: Tilfelle, regelsett: Regelsett) -> tuple[str, ...]:
    """The units a selector means in this case; a fixed unit means itself."""
    if velger == BYENS:
        return (regelsett.byens_roller[rolle],)
    funksjon = VELGERE.get(velger)
    return funksjon(tilfelle, regelsett) if funksjon else (velger,)


def _utvidelsens_par(utvidelse: Utvidelse, regelsett: Regelsett) -> tuple[Par, ...]:
    """The single role a person widened to. An unknown region is a unit nobody holds: it shows as a shortfall."""
    rolle = utvidelse.rolle or Rolle.SALTO_KOORDINATOR
    ukjent = utvidelse.region and utvidelse.region.casefold() not in regelsett.regioner
    enheter = (f"region:{utvidelse.region}",) if ukjent else ()
    if utvidelse.rolle:
        enheter = (*enheter, *_bydelsenheter(_bydeler_i(utvidelse, regelsett)))
        enheter = (utvidelse.enhet, *enheter) if utvidelse.enhet else enheter
    return tuple((rolle, enhet) for enhet in enheter)
