"""What a set of rows would do to the register: decided whole, before anything is written or told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar
from uuid import UUID

from contracts.event import ELEMENTER_MAKS, Aktoer
from contracts.register import RegisterData, RolleRad
from services.register import rules_samsvar as samsvar
from services.register.rules_rader import (
    Omfang,
    Person,
    Rad,
    Radfeil,
    Register,
    Verv,
    bevart,
    personer_i,
    rolle_rad,
    verv_i,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Endring:
    """What is to be written, and which role rows are to be told. Empty when nothing changed."""

    nye_personer: tuple[Person, ...] = ()
    endrede_personer: tuple[Person, ...] = ()
    fjernede_personer: tuple[UUID, ...] = ()
    nye_verv: tuple[Verv, ...] = ()
    endrede_verv: tuple[Verv, ...] = ()
    fjernede_verv: tuple[UUID, ...] = ()
    fortelles: tuple[RolleRad, ...] = ()

    @property
    def tom(self) -> bool:
        """Whether the register already is as the rows say."""
        return self == Endring()


@dataclass(frozen=True)
class Plan:
    """What the rows would do; with an error nothing of it is done."""

    feil: tuple[Radfeil, ...]
    merknader: tuple[Radfeil, ...]
    endring: Endring
    nye: int
    endret: int
    uendret: int
    """Rows: the three add up to the rows given."""

    @property
    def fjernet(self) -> int:
        """Roles that the register has now and will not have afterwards."""
        return len(self.endring.fjernede_verv)


@dataclass(frozen=True)
class Bilde:
    """The register as it would be afterwards."""

    nevnte: Mapping[str, Person]
    """The persons of the rows, by key."""
    personer: Mapping[str, Person]
    """Those, and the ones the rows leave alone."""
    beholdt: tuple[Verv, ...]
    """Roles of the register that the rows say nothing about."""
    verv: Mapping[UUID, Verv]


def planlegg(
    rader: Sequence[Rad],
    register: Register,
    omfang: Omfang,
    ny_id: Callable[[], UUID],
    uleste: Collection[str] = (),
) -> Plan:
    """What `rader` would do to `register`, or every reason why they cannot.

    Args:
        rader: the rows, each with its line.
        register: at least every person with a key or number of the rows, and every role these have or are deputised in.
        omfang: what the rows are the whole truth about.
        ny_id: makes the random id of a person who is new.
        uleste: keys of rows that could not be read; a deputy for one of them is not an error of its own.
    """
    bilde = _bilde(rader, register, omfang, ny_id)
    endring = _endring(register, bilde)
    nye, endret = _tell(endring, verv_i(rader, bilde.personer))
    return Plan(
        feil=_feil(rader, bilde, uleste),
        merknader=tuple(samsvar.halve_kanaler(rader, bilde.nevnte)),
        endring=endring,
        nye=nye,
        endret=endret,
        uendret=len(rader) - nye - endret,
    )


def _bilde(rader: Sequence[Rad], register: Register, omfang: Omfang, ny_id: Callable[[], UUID]) -> Bilde:
    nevnte = personer_i(rader, register.personer, ny_id)
    personer = nevnte if omfang is Omfang.ALT else {**register.personer, **nevnte}
    beholdt = bevart(register.verv, rader, nevnte, omfang)
    return Bilde(nevnte, personer, tuple(beholdt), {**{v.id: v for v in beholdt}, **verv_i(rader, personer)})


def _feil(rader: Sequence[Rad], bilde: Bilde, uleste: Collection[str]) -> tuple[Radfeil, ...]:
    andre = [p for noekkel, p in bilde.personer.items() if noekkel not in bilde.nevnte]
    etter = bilde.verv.values()
    alle: Iterator[Radfeil] = chain(
        samsvar.uenige_rader(rader),
        samsvar.gjentatte_rader(rader),
        samsvar.ufullstendige_personer(rader, bilde.nevnte, uleste),
        samsvar.delte_mobiler(rader, bilde.nevnte, andre),
        samsvar.umulige_kanaler(rader, bilde.nevnte),
        samsvar.uten_innehaver(rader, bilde.personer, etter, uleste),
        samsvar.forlatte_varaer(rader, bilde.nevnte, bilde.beholdt, etter),
    )
    return tuple(sorted(alle, key=lambda f: f.linje))


def _endring(register: Register, bilde: Bilde) -> Endring:
    foer = {v.id: v for v in register.verv}
    foer_personer = {p.person_id: p for p in register.personer.values()}
    personer = {p.person_id: p for p in bilde.personer.values()}
    endrede_personer = {i: p for i, p in personer.items() if i in foer_personer and p != foer_personer[i]}
    nye = tuple(v for i, v in bilde.verv.items() if i not in foer)
    endrede = tuple(v for i, v in bilde.verv.items() if i in foer and v != foer[i])
    roert = {v.id for v in (*nye, *endrede)}
    fortelles = (v for v in bilde.verv.values() if v.id in roert or v.person_id in endrede_personer)
    uten_verv = {v.person_id for v in register.verv} - {v.person_id for v in bilde.verv.values()}
    return Endring(
        nye_personer=tuple(p for i, p in personer.items() if i not in foer_personer),
        endrede_personer=tuple(endrede_personer.values()),
        fjernede_personer=tuple(i for i in foer_personer if i in uten_verv),
        nye_verv=nye,
        endrede_verv=endrede,
        fjernede_verv=tuple(i for i in foer if i not in bilde.verv),
        fortelles=tuple(rolle_rad(v, personer[v.person_id]) for v in fortelles),
    )


def _tell(endring: Endring, fra_rader: Mapping[UUID, Verv]) -> tuple[int, int]:
    """How many rows are new, and how many change a role or its person."""
    nye = {v.id for v in endring.nye_verv}
    personer = {p.person_id for p in endring.endrede_personer}
    endret = {v.id for v in endring.endrede_verv} | {i for i, v in fra_rader.items() if v.person_id in personer}
    return len(fra_rader.keys() & nye), len((fra_rader.keys() & endret) - nye)


def som_data(endring: Endring, fravaer_fjernet: Sequence[UUID], av: Aktoer) -> list[RegisterData]:
    """The change as others are told of it, in chunks; holders before deputies, and removals last.

    A reader between two chunks then knows too many rather than too few.
    """
    roller = sorted(endring.fortelles, key=lambda r: r.vara_for is not None)
    return [
        *(RegisterData(roller=bit, av=av) for bit in biter(roller)),
        *(RegisterData(fjernet=bit, av=av) for bit in biter(endring.fjernede_verv)),
        *(RegisterData(fravaer_fjernet=bit, av=av) for bit in biter(fravaer_fjernet)),
    ]


def biter(alle: Sequence[T], stoerrelse: int = ELEMENTER_MAKS) -> Iterator[tuple[T, ...]]:
    """The sequence in pieces of at most `stoerrelse`."""
    for fra in range(0, len(alle), stoerrelse):
        yield tuple(alle[fra : fra + stoerrelse])
