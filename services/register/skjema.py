"""The register's doors in and out as JSON: what is taken, what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.roller import Rolle, rolle_i_enhet
from contracts.spoersmaal import Feltfeil
from services.register.filer import les_rad
from services.register.rules_rader import Person, Rad, Radfeil, Verv

Tekst = Annotated[str, StringConstraints(max_length=300)]
PERSONFELT = ("person_id", "navn", "mobil", "epost")


class Inn(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RolleInn(Inn):
    """One role of a person; the fields and rules of the register file."""

    rolle: Tekst
    enhet: Tekst
    vara_for: Tekst | None = None
    kanaler: Tekst | None = None
    gyldig_fra: date | None = None
    gyldig_til: date | None = None


class PersonInn(Inn):
    """A whole person: the roles given replace those there are."""

    person_id: Tekst
    navn: Tekst
    mobil: Tekst | None = None
    epost: Tekst | None = None
    roller: list[RolleInn] = Field(min_length=1, max_length=100)

    def rader(self) -> tuple[list[Rad], list[Radfeil]]:
        """The person as rows of the register file, numbered from 1, and what is wrong with them."""
        person = {felt: getattr(self, felt) or "" for felt in PERSONFELT}
        rader, feil = [], []
        for nr, rolle in enumerate(self.roller, 1):
            celler = {felt: str(verdi or "") for felt, verdi in rolle.model_dump().items()}
            rad, radfeil = les_rad({**person, **celler}, nr)
            feil += radfeil
            rader += [rad] if rad else []
        return rader, feil


class FravaerInn(Inn):
    """Days a person is away, both included. Why is nobody's business, and is not asked."""

    person_id: Tekst
    fra: date
    til: date


class DagerInn(Inn):
    fra: date
    til: date


class RolleUt(BaseModel):
    id: UUID
    rolle: Rolle
    enhet: str
    navn: str
    vara_for: str | None
    kanaler: str
    gyldig_fra: date | None
    gyldig_til: date | None


class PersonUt(BaseModel):
    """`person_id` is the owner's key, `id` our own random id, the one that events carry."""

    id: UUID
    person_id: str
    navn: str
    mobil: str | None
    epost: str | None
    demo: bool
    roller: list[RolleUt]


class PersonsideUt(BaseModel):
    personer: list[PersonUt]
    neste: str | None
    """Give it as `etter` for the next page; null = no more."""


class FravaerUt(BaseModel):
    id: UUID
    person_id: str
    fra: date
    til: date


class FravaersideUt(BaseModel):
    fravaer: list[FravaerUt]
    neste: int | None
    """Give it as `hopp` for the next page; null = no more."""


class EnhetUt(BaseModel):
    enhet: str
    navn: str
    roller: list[Rolle]
    i_bruk: bool


class EnheterUt(BaseModel):
    enheter: list[EnhetUt]


class LinjeUt(BaseModel):
    linje: int
    felt: str
    tekst: str


class ImportUt(BaseModel):
    """What an import did, or would do: `nye`, `endret` and `uendret` rows add up to `rader`."""

    torrkjoering: bool
    rader: int
    nye: int
    endret: int
    uendret: int
    fjernet: int
    merknader: list[LinjeUt]


class MangelUt(BaseModel):
    rolle: Rolle
    enhet: str
    navn: str
    alvor: str
    aarsak: str
    fra: date
    til: date


class ManglerUt(BaseModel):
    fra: date
    til: date
    mangler: list[MangelUt]


def person_ut(person: Person, verv: list[tuple[Verv, str | None]]) -> PersonUt:
    """A person as the API shows it."""
    roller = [
        RolleUt(
            id=v.id,
            rolle=v.rolle,
            enhet=v.enhet,
            navn=rolle_i_enhet(v.rolle, v.enhet),
            vara_for=vara_for,
            kanaler="+".join(v.kanaler),
            gyldig_fra=v.gyldig_fra,
            gyldig_til=v.gyldig_til,
        )
        for v, vara_for in verv
    ]
    return PersonUt(
        id=person.person_id,
        person_id=person.noekkel,
        navn=person.navn,
        mobil=person.mobil,
        epost=person.epost,
        demo=person.demo,
        roller=roller,
    )


def som_feltfeil(feil: Iterable[Radfeil]) -> list[Feltfeil]:
    """Errors of a `PersonInn`'s rows by its own fields, each once."""
    sagt = {
        (f.felt if f.felt in PERSONFELT else f"roller.{f.linje - 1}.{f.felt}", f.tekst.replace("linje", "rolle nr."))
        for f in feil
    }
    return [Feltfeil(felt=felt, tekst=tekst) for felt, tekst in sorted(sagt)]
