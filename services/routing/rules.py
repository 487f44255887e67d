"""Who must be mobilised and why, and who owns: decisions as pure functions of facts, roles, absence and a rule set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from uuid import UUID

from contracts.event import Fakta
from contracts.hendelse import Eier, Hendelse, Sted
from contracts.mobilisering import Art, IkkeValgt, Kanal, Mangel, Mottaker, RolleGrunn, Vara
from contracts.register import Fravaer, RolleRad
from contracts.roller import Rolle, enhetsnavn
from contracts.spoersmaal import Stedsspoersmaal
from services.routing.rules_innehavere import Besetning, Innehavere, Plass
from services.routing.rules_regelsett import Eierregel, Kall, Regel, Regelsett
from services.routing.rules_tilfelle import Par, Tilfelle, av_hendelse, av_spoersmaal, enheter, holder, par

_VARA = "Vara: kalles bare hvis innehaveren svarer nei eller er stille."
_KANALER: tuple[Kanal, ...] = ("sms", "epost")


class Beslutning(Fakta):
    """A whole decision: one recipient per person, everybody considered, every role that could not be filled."""

    eier: Eier
    mottakere: tuple[Mottaker, ...] = ()
    vara: tuple[Vara, ...] = ()
    ikke_valgt: tuple[IkkeValgt, ...] = ()
    mangler: tuple[Mangel, ...] = ()
    vurdering_kreves: bool = False


@dataclass(frozen=True, slots=True)
class _Kalt:
    """One role in one unit that the rules call, with the reason that counts."""

    rolle: Rolle
    enhet: str
    regel: str
    hjemmel: str
    grunn: str
    kort: str
    art: Art

    def som_grunn(self, enhet: str, plass: Plass | None = None) -> RolleGrunn:
        # Who is only informed is never chased: there is nothing for a deputy to take over.
        vara = plass.vara if plass and self.art == "foresporsel" else ()
        return RolleGrunn(
            rolle=self.rolle,
            enhet=enhet,
            regel=self.regel,
            hjemmel=self.hjemmel,
            grunn=f"{self.grunn} {plass.i_stedet}" if plass and plass.i_stedet else self.grunn,
            kort=self.kort,
            art=self.art,
            vara=tuple(rad.person_id for rad in vara),
        )


Besatt = Sequence[tuple[_Kalt, Besetning]]


def eier(spoersmaal: Stedsspoersmaal, sted: Sted | None, regelsett: Regelsett) -> Eier:
    """The one owner of a hendelse like this at this place (table O; for the owner row 2 beats row 1, API §7).

    The last owner rule holds always and names a fixed unit, so there is exactly one owner in every case.
    """
    return _eier(av_spoersmaal(spoersmaal, sted, regelsett), regelsett)[0]


def eierregel(hendelse: Hendelse, regelsett: Regelsett) -> Eierregel | None:
    """Why this hendelse has the owner it has; None when it was handed over to somebody else than the rules say."""
    regelens, regel = _eier(av_hendelse(hendelse, regelsett), regelsett)
    return regel if regelens == hendelse.eier else None


def _eier(tilfelle: Tilfelle, regelsett: Regelsett) -> tuple[Eier, Eierregel]:
    for regel in regelsett.eier:
        valgte = enheter(regel.rolle, regel.enhet, tilfelle, regelsett)
        if valgte and holder(regel.naar, tilfelle):
            return Eier(rolle=regel.rolle, enhet=valgte[0]), regel
    raise AssertionError("regelsettet har ingen eierregel som alltid gjelder")


def beslutt(
    hendelse: Hendelse,
    rader: Iterable[RolleRad],
    fravaer: Iterable[Fravaer],
    regelsett: Regelsett,
    *,
    dato: date,
) -> Beslutning:
    """Everyone to mobilise for this hendelse, with rule, source and reason, and everyone considered but not called.

    The same hendelse, roles, absence, rule set and date give the same decision, whatever order the roles come in.

    Args:
        hendelse: as the door accepted it, place and owner included. Whether it is a draft does not matter here.
        rader: every role row of the register; the order means nothing.
        fravaer: every absence known.
        regelsett: the rules.
        dato: the day on which roles must be valid and people present, in Oslo.
    """
    tilfelle = av_hendelse(hendelse, regelsett)
    vurdering = holder(regelsett.vurdering_kreves.naar, tilfelle)
    if holder(regelsett.ingen_kalles.naar, tilfelle):
        vurderte = tuple(_vurderte(tilfelle, regelsett, set(), regelsett.ingen_kalles.grunn))
        return Beslutning(eier=hendelse.eier, ikke_valgt=vurderte, vurdering_kreves=vurdering)
    kalte = _kalte(tilfelle, regelsett)
    innehavere = Innehavere(rader, fravaer, frozenset(regelsett.byens_roller), dato)
    besatt = [(kalt, innehavere.besett(kalt.rolle, kalt.enhet)) for kalt in kalte]
    mottakere = _mottakere(besatt)
    return Beslutning(
        eier=hendelse.eier,
        mottakere=mottakere,
        vara=_vara(besatt),
        ikke_valgt=_ikke_valgt(tilfelle, regelsett, besatt, {en.person_id for en in mottakere}),
        mangler=tuple(_mangler(besatt)),
        vurdering_kreves=vurdering,
    )


def _kalte(tilfelle: Tilfelle, regelsett: Regelsett) -> list[_Kalt]:
    """Each role and unit once: the first rule gives the reason, unless a later one asks where it only informs."""
    kalte: dict[Par, _Kalt] = {}
    bare_orientering = holder(regelsett.bare_orientering.naar, tilfelle)
    for ny in _kall(tilfelle, regelsett):
        kalt = replace(ny, art="orientering") if bare_orientering else ny
        foer = kalte.setdefault((kalt.rolle, kalt.enhet.casefold()), kalt)
        if (foer.art, kalt.art) == ("orientering", "foresporsel"):
            kalte[kalt.rolle, kalt.enhet.casefold()] = kalt
    eiers = tilfelle.eier
    # Asked before informed, the owner before all: who is called first gets the message first.
    return sorted(
        kalte.values(),
        key=lambda kalt: (kalt.art, eiers is None or (kalt.rolle, kalt.enhet) != (eiers.rolle, eiers.enhet)),
    )


def _kall(tilfelle: Tilfelle, regelsett: Regelsett) -> Iterator[_Kalt]:
    for regel in regelsett.regler:
        if holder(regel.naar, tilfelle):
            for kall in regel.kaller:
                for rolle, enhet in par(kall, tilfelle, regelsett):
                    yield _kalt(regel, kall, rolle, regelsett.byens_roller.get(rolle, enhet))


def _kalt(regel: Regel, kall: Kall, rolle: Rolle, enhet: str) -> _Kalt:
    grunn = (kall.grunn or regel.grunn).replace("{enhet}", enhetsnavn(enhet))
    return _Kalt(rolle, enhet, regel.id, kall.hjemmel or regel.hjemmel, grunn, kall.kort, kall.art)


def _mottakere(besatt: Besatt) -> tuple[Mottaker, ...]:
    """One recipient per person, however many roles call: asked if any role asks, on every channel any role has."""
    roller: dict[UUID, list[tuple[RolleGrunn, RolleRad]]] = {}
    for kalt, besetning in besatt:
        felles: dict[str, RolleGrunn] = {}
        for plass in besetning.plasser:
            rad = plass.rad
            if plass.vara or plass.i_stedet:
                grunn = kalt.som_grunn(rad.enhet, plass)
            else:
                grunn = felles.get(rad.enhet) or felles.setdefault(rad.enhet, kalt.som_grunn(rad.enhet))
            roller.setdefault(rad.person_id, []).append((grunn, rad))
    return tuple(_mottaker(person, grunner) for person, grunner in roller.items())


def _mottaker(person: UUID, grunner: Sequence[tuple[RolleGrunn, RolleRad]]) -> Mottaker:
    return Mottaker(
        person_id=person,
        art=grunner[0][0].art,
        kanaler=_kanaler(tuple([rad.har for _, rad in grunner])),
        roller=tuple([grunn for grunn, _ in grunner]),
        demo=True in [rad.demo for _, rad in grunner],
    )


@cache
def _kanaler(har: tuple[tuple[Kanal, ...], ...]) -> tuple[Kanal, ...]:
    """The channels of several rows in one order. Cached: there are few combinations and thousands of people."""
    return tuple(kanal for kanal in _KANALER if any(kanal in rad for rad in har))


def _varaer(besatt: Besatt) -> Iterator[tuple[_Kalt, RolleRad]]:
    for kalt, besetning in besatt:
        if kalt.art == "foresporsel":
            for plass in besetning.plasser:
                for rad in plass.vara:
                    yield kalt, rad


def _vara(besatt: Besatt) -> tuple[Vara, ...]:
    rader: dict[UUID, list[RolleRad]] = {}
    for _, rad in _varaer(besatt):
        rader.setdefault(rad.person_id, []).append(rad)
    return tuple(
        Vara(person_id=person, kanaler=_kanaler(tuple([rad.har for rad in egne])), demo=any(rad.demo for rad in egne))
        for person, egne in rader.items()
    )


def _ikke_valgt(tilfelle: Tilfelle, regelsett: Regelsett, besatt: Besatt, valgte: set[UUID]) -> tuple[IkkeValgt, ...]:
    """Persons that stand over in a called role, then roles that no rule called. Nobody who is called is among them."""
    utelatt = [
        IkkeValgt(person_id=person, rolle=kalt.rolle, enhet=kalt.enhet, grunn=grunn)
        for kalt, besetning in besatt
        for person, grunn in besetning.utelatt
    ]
    vara = [
        IkkeValgt(person_id=rad.person_id, rolle=kalt.rolle, enhet=rad.enhet, grunn=_VARA)
        for kalt, rad in _varaer(besatt)
    ]
    kalte = {(kalt.rolle, kalt.enhet.casefold()) for kalt, _ in besatt}
    alle = (*utelatt, *vara, *_vurderte(tilfelle, regelsett, kalte))
    en_gang = {(en.person_id, en.rolle, en.enhet): en for en in reversed(alle) if en.person_id not in valgte}
    return tuple(reversed(en_gang.values()))


def _vurderte(
    tilfelle: Tilfelle, regelsett: Regelsett, kalte: set[Par], grunn: str | None = None
) -> Iterator[IkkeValgt]:
    """Roles that are considered every time, with the first reason that fits for not calling them."""
    sett = set(kalte)
    for vurdert in regelsett.vurderes:
        if holder(vurdert.naar, tilfelle):
            for enhet in enheter(vurdert.rolle, vurdert.enhet, tilfelle, regelsett):
                if (vurdert.rolle, enhet.casefold()) not in sett:
                    sett.add((vurdert.rolle, enhet.casefold()))
                    yield IkkeValgt(rolle=vurdert.rolle, enhet=enhet, grunn=grunn or vurdert.grunn)


def _mangler(besatt: Besatt) -> Iterator[Mangel]:
    for kalt, besetning in besatt:
        if not besetning.plasser:
            yield Mangel(rolle=kalt.rolle, enhet=kalt.enhet, aarsak=besetning.aarsak, hjemmel=kalt.hjemmel)


def sekretariat(rader: Iterable[RolleRad], fravaer: Iterable[Fravaer], dato: date) -> tuple[UUID, ...]:
    """Who in the sekretariat can be told of tasks by e-mail on a day: in the role, present, with an address."""
    borte = {f.person_id for f in fravaer if f.fra <= dato <= f.til}
    return tuple(
        sorted(
            {
                r.person_id
                for r in rader
                if r.rolle is Rolle.SEKRETARIAT
                and "epost" in r.har
                and r.person_id not in borte
                and (r.gyldig_fra or dato) <= dato <= (r.gyldig_til or dato)
            }
        )
    )
