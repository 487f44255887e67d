"""What the register is made of, as frozen values: rows as owners write them, persons, and their roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from contracts.mobilisering import Kanal
from contracts.register import RolleRad
from contracts.roller import Rolle


class Omfang(StrEnum):
    """What the rows are the whole truth about; the rest of the register is left alone."""

    RADER = "rader"
    """Each person in the role and unit of a row (an import)."""
    PERSONER = "personer"
    """Every role of the persons named (one person saved in the portal)."""
    ALT = "alt"
    """The whole register (`--erstatt`)."""


@dataclass(frozen=True)
class Rad:
    """One person in one role as the owner writes it: by the owner's keys, already normalised."""

    linje: int
    noekkel: str
    navn: str
    mobil: str | None
    epost: str | None
    demo: bool | None
    """None = the row does not say."""
    rolle: Rolle
    enhet: str
    vara_for: str | None
    kanaler: tuple[Kanal, ...]
    """() = both that exist."""
    gyldig_fra: date | None
    gyldig_til: date | None

    @property
    def plass(self) -> tuple[str, Rolle, str]:
        """Who, in which role, where."""
        return self.noekkel, self.rolle, self.enhet


@dataclass(frozen=True)
class Radfeil:
    """What is wrong (or worth knowing) about one field of one line, in bokmål, never with the value itself."""

    linje: int
    felt: str
    tekst: str


@dataclass(frozen=True)
class Person:
    person_id: UUID
    noekkel: str
    navn: str
    mobil: str | None
    epost: str | None
    demo: bool


@dataclass(frozen=True)
class Verv:
    """One person in one role; with the person's channels it becomes a `RolleRad`."""

    id: UUID
    person_id: UUID
    rolle: Rolle
    enhet: str
    vara_for: UUID | None
    kanaler: tuple[Kanal, ...]
    gyldig_fra: date | None
    gyldig_til: date | None


@dataclass(frozen=True)
class Register:
    """The part of the register that a change can touch, before it."""

    personer: Mapping[str, Person] = field(default_factory=dict)
    verv: tuple[Verv, ...] = ()


def verv_id(person_id: UUID, rolle: Rolle, enhet: str, vara_for: UUID | None) -> UUID:
    """The id that the same person in the same role always has."""
    return uuid5(person_id, f"{rolle}/{enhet}/{vara_for or ''}")


def har_kanaler(oenskede: Sequence[Kanal], person: Person) -> tuple[Kanal, ...]:
    """The channels a person can be reached on in a role: those asked for, or both, as far as they exist."""
    finnes: dict[Kanal, bool] = {"sms": person.mobil is not None, "epost": person.epost is not None}
    return tuple(kanal for kanal, finnes_den in finnes.items() if finnes_den and (not oenskede or kanal in oenskede))


def rolle_rad(verv: Verv, person: Person) -> RolleRad:
    """A role as the other rooms may know it."""
    return RolleRad(
        id=verv.id,
        person_id=verv.person_id,
        rolle=verv.rolle,
        enhet=verv.enhet,
        vara_for=verv.vara_for,
        har=har_kanaler(verv.kanaler, person),
        gyldig_fra=verv.gyldig_fra,
        gyldig_til=verv.gyldig_til,
        demo=person.demo,
    )


def personer_i(rader: Iterable[Rad], foer: Mapping[str, Person], ny_id: Callable[[], UUID]) -> dict[str, Person]:
    """The persons of the rows: what one row leaves blank another may fill; the id stays, or is made."""
    ut: dict[str, Person] = {}
    for rad in rader:
        gammel = foer.get(rad.noekkel)
        p = ut.get(rad.noekkel) or Person(
            gammel.person_id if gammel else ny_id(), rad.noekkel, "", None, None, gammel.demo if gammel else False
        )
        ut[rad.noekkel] = replace(
            p,
            navn=p.navn or rad.navn,
            mobil=p.mobil or rad.mobil,
            epost=p.epost or rad.epost,
            demo=p.demo if rad.demo is None else rad.demo,
        )
    return ut


def verv_i(rader: Iterable[Rad], personer: Mapping[str, Person]) -> dict[UUID, Verv]:
    """The roles of the rows by id. A `vara_for` that nobody has is left out: the agreement check names it."""
    ut = {}
    for rad in rader:
        person = personer[rad.noekkel].person_id
        innehaver = personer.get(rad.vara_for or "")
        vara = innehaver.person_id if innehaver else None
        id_ = verv_id(person, rad.rolle, rad.enhet, vara)
        ut[id_] = Verv(id_, person, rad.rolle, rad.enhet, vara, rad.kanaler, rad.gyldig_fra, rad.gyldig_til)
    return ut


def bevart(verv: Iterable[Verv], rader: Sequence[Rad], personer: Mapping[str, Person], omfang: Omfang) -> list[Verv]:
    """The register's roles that the rows say nothing about."""
    match omfang:
        case Omfang.ALT:
            return []
        case Omfang.PERSONER:
            navngitt = {personer[rad.noekkel].person_id for rad in rader}
            return [v for v in verv if v.person_id not in navngitt]
        case Omfang.RADER:
            plasser = {(personer[n].person_id, rolle, enhet) for n, rolle, enhet in (rad.plass for rad in rader)}
            return [v for v in verv if (v.person_id, v.rolle, v.enhet) not in plasser]
