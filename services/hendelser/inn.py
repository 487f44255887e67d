"""What the doors take in: bodies, bounded and checked, with errors in bokmål that name the field."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from contracts.hendelse import Alvorlighet, Bemanning, HendelseType, Kilde, Tema
from contracts.roller import BYDELER, DRIFTSENHETER, EGNE_BYDELER, SENTRALE_ENHETER, Rolle
from infra.web.personvern import Fritekst, e164

_ENHET = re.compile(
    rf"bydel:({'|'.join(EGNE_BYDELER)})|driftsenhet:({'|'.join(DRIFTSENHETER)})|kommune:\d{{4}}|skole:.{{1,80}}"
    rf"|{'|'.join(SENTRALE_ENHETER)}"
)
"""The units of the directory (API §7)."""


def _ikke_tom(tekst: str) -> str:
    if not tekst.strip():
        raise ValueError("kan ikke være tom")
    return tekst


def _bydel(nummer: str) -> str:
    if nummer not in BYDELER:
        raise ValueError("må være et bydelsnummer fra 01 til 17")
    return nummer


def _egen_bydel(nummer: str) -> str:
    if nummer not in EGNE_BYDELER:
        raise ValueError("må være et bydelsnummer fra 01 til 15")
    return nummer


def _enhet(enhet: str) -> str:
    if not _ENHET.fullmatch(enhet):
        raise ValueError(
            "er ikke en enhet: skriv for eksempel bydel:05, driftsenhet:vest, sentrum eller velferdsetaten"
        )
    return enhet


def _tid_som_tekst(verdi: Any) -> Any:
    if isinstance(verdi, int | float):
        raise ValueError("må være et tidspunkt med tidssone (RFC 3339)")  # noqa: TRY004 - pydantic wants ValueError
    return verdi


Enhet = Annotated[Fritekst, AfterValidator(_enhet)]
Bydel = Annotated[str, AfterValidator(_bydel)]
Tidspunkt = Annotated[AwareDatetime, BeforeValidator(_tid_som_tekst)]
Begrunnelse = Annotated[Fritekst, AfterValidator(_ikke_tom), Field(max_length=1000)]


class Kropp(BaseModel):
    """A request body: unknown fields are errors, so that a misspelt field is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StedKropp(Kropp):
    navn: Fritekst | None = Field(default=None, max_length=120)
    lat: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    lon: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)
    bydeler: tuple[Bydel, ...] = Field(default=(), max_length=17)
    sentrum: bool | None = None

    @model_validator(mode="after")
    def _noe(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat og lon må oppgis sammen")
        if not self.navn and self.lat is None and not self.bydeler:
            raise ValueError("må ha navn, koordinater eller bydeler")
        return self


class HendelseKropp(Kropp):
    """`POST /hendelser`, API §3."""

    type: HendelseType
    tittel: Annotated[Fritekst, AfterValidator(_ikke_tom)] = Field(max_length=200)
    beskrivelse: Fritekst = Field(default="", max_length=4000)
    kilde: Kilde = "annen"
    sted: StedKropp | None = None
    oppmoete: Fritekst = Field(default="", max_length=120)
    vakttelefon: str | None = Field(default=None, max_length=30)
    start: Tidspunkt | None = None
    slutt: Tidspunkt | None = None
    varslet: bool = False
    alvorlighet: Alvorlighet = Alvorlighet.MIDDELS
    stor: bool = False
    forventet_antall: int | None = Field(default=None, ge=0, le=2_000_000)
    tema: tuple[Tema, ...] = Field(default=(), max_length=6)
    maalgruppe: bool | None = None
    maalgruppe_grunn: Fritekst = Field(default="", max_length=1000)
    hjembydeler: tuple[Annotated[str, AfterValidator(_egen_bydel)], ...] = Field(default=(), max_length=15)
    andre_kommuner: tuple[Annotated[str, Field(pattern=r"^\d{4}$")], ...] = Field(default=(), max_length=20)
    bemanning: Bemanning | None = None
    svarfrist: Tidspunkt | None = None
    utkast: bool = False
    oevelse: bool = False

    @field_validator("vakttelefon")
    @classmethod
    def _telefon(cls, nummer: str | None) -> str | None:
        if not nummer:
            return None
        if (ferdig := e164(nummer)) is None:
            raise ValueError("er ikke et gyldig telefonnummer")
        return ferdig

    @field_validator("sted")
    @classmethod
    def _sted_trengs(cls, sted: StedKropp | None, info: ValidationInfo) -> StedKropp | None:
        if sted is None and info.data.get("type") not in {HendelseType.UTVIKLINGSTREKK, None}:
            raise ValueError("må fylles ut")
        return sted

    @field_validator("start")
    @classmethod
    def _start_trengs(cls, start: Any, info: ValidationInfo) -> Any:
        if start is None and info.data.get("type") not in {HendelseType.UTVIKLINGSTREKK, None}:
            raise ValueError("må fylles ut")
        return start

    @field_validator("slutt")
    @classmethod
    def _slutt_etter_start(cls, slutt: Any, info: ValidationInfo) -> Any:
        start = info.data.get("start")
        if slutt and start and slutt <= start:
            raise ValueError("må være etter start")
        return slutt

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class GrunnKropp(Kropp):
    grunn: Begrunnelse


class AvsluttKropp(Kropp):
    oppsummering: Fritekst = Field(default="", max_length=4000)


class EierKropp(Kropp):
    rolle: Rolle
    enhet: Enhet


class OverfoerKropp(GrunnKropp):
    til: EierKropp


class SentrumKropp(GrunnKropp):
    sentrum: bool


class VurderingKropp(GrunnKropp):
    sentral_rolle: bool


class UtvidKropp(Kropp):
    bydeler: tuple[Annotated[str, AfterValidator(_egen_bydel)], ...] = Field(default=(), max_length=15)
    region: Fritekst | None = Field(default=None, max_length=40)
    byomfattende: bool = False
    enhet: Enhet | None = None
    rolle: Rolle | None = None
    grunn: Fritekst = Field(default="", max_length=1000)

    @model_validator(mode="after")
    def _en_vei(self) -> Self:
        maater = [bool(self.bydeler), bool(self.region), self.byomfattende, bool(self.enhet)]
        if sum(maater) != 1:
            raise ValueError("må ha nettopp én av bydeler, region, byomfattende eller enhet med rolle")
        if self.enhet and self.rolle is None:
            raise ValueError("rolle må fylles ut sammen med enhet")
        return self
