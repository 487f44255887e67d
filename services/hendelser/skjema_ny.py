"""The form of a hendelse: what somebody wrote in it, and the body of the API it becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from contracts.hendelse import Hendelse, HendelseType
from infra.clock import OSLO
from infra.web.problem import fra_pydantic
from services.hendelser.inn import HendelseKropp
from services.hendelser.skjema_tid import tidsfeil
from services.hendelser.skjemafeil import Skjemafeil, i_skjemaet

_KOORDINATER = re.compile(r"\s*(-?\d{1,3}\.\d+)\s*[,; ]\s*(-?\d{1,3}\.\d+)\s*")
_DATO = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_KLOKKE = re.compile(r"(\d{1,2})(?:[.:]?(\d{2}))?(?::\d{2})?")
JA, NEI = "ja", "nei"
_SVAR = {JA: True, NEI: False}


@dataclass(frozen=True)
class Skjema:
    """The form as it was filled in, field by field; names are those of the form. Empty is not filled in."""

    type: str = ""
    tittel: str = ""
    sted: str = ""
    bydeler: tuple[str, ...] = ()
    start_dato: str = ""
    start_tid: str = ""
    slutt_dato: str = ""
    slutt_tid: str = ""
    alvorlighet: str = "middels"
    varslet: str = ""
    stor: str = ""
    forventet_antall: str = ""
    tema: tuple[str, ...] = ()
    maalgruppe: str = ""
    maalgruppe_grunn: str = ""
    hjembydeler: tuple[str, ...] = ()
    andre_kommuner: str = ""
    oppmoete: str = ""
    vakttelefon: str = ""
    minst: str = ""
    svarfrist_dato: str = ""
    svarfrist_tid: str = ""
    kilde: str = "annen"
    sentrum: str = ""
    beskrivelse: str = ""
    oevelse: str = ""

    @classmethod
    def les(cls, form: FormData) -> Skjema:
        """What a browser sent; what is not text is not read. Lines end alike, by a form's own way or by htmx's."""
        felt: dict[str, Any] = {}
        for f in fields(cls):
            verdier = [_linjer(v.strip()) for v in form.getlist(f.name) if isinstance(v, str)]
            felt[f.name] = tuple(verdier) if isinstance(f.default, tuple) else "".join(verdier[-1:])
        return cls(**felt)

    @classmethod
    def av_hendelse(cls, h: Hendelse) -> Skjema:
        """The form as it would have been filled in for this hendelse."""
        return cls(
            **_sted_i_skjemaet(h),
            **_delt("start", h.start),
            **_delt("slutt", h.slutt),
            **_delt("svarfrist", h.svarfrist),
            type=h.type,
            tittel=h.tittel,
            beskrivelse=_linjer(h.beskrivelse),
            kilde=h.kilde,
            oppmoete=h.oppmoete,
            vakttelefon=h.vakttelefon or "",
            varslet=JA if h.varslet else "",
            alvorlighet=h.alvorlighet,
            stor=JA if h.stor else "",
            forventet_antall="" if h.forventet_antall is None else str(h.forventet_antall),
            tema=tuple(map(str, h.tema)),
            maalgruppe="" if h.maalgruppe is None else (JA if h.maalgruppe else NEI),
            maalgruppe_grunn=h.maalgruppe_grunn,
            hjembydeler=h.hjembydeler,
            andre_kommuner=", ".join(h.andre_kommuner),
            minst=str(h.bemanning.minst) if h.bemanning else "",
            oevelse=JA if h.oevelse else "",
        )

    def med(self, **felt: Any) -> Skjema:
        """The same form with some fields filled in otherwise."""
        return replace(self, **felt)

    def starter(self, tid: datetime) -> Skjema:
        """The same form with its start at this moment, to the minute, in Oslo."""
        return self.med(**_delt("start", tid))

    def innhold(self) -> dict[str, Any]:
        """The body of `POST /hendelser` without its times; what is not filled in is left out."""
        felt: dict[str, Any] = {
            "type": self.type,
            "tittel": self.tittel,
            "beskrivelse": self.beskrivelse,
            "kilde": self.kilde,
            "sted": self._sted(),
            "oppmoete": self.oppmoete,
            "vakttelefon": self.vakttelefon,
            "varslet": self.varslet == JA,
            "alvorlighet": self.alvorlighet,
            "stor": self.stor == JA,
            "forventet_antall": "".join(self.forventet_antall.split()),
            "tema": self.tema,
            "maalgruppe": _SVAR.get(self.maalgruppe),
            "maalgruppe_grunn": self.maalgruppe_grunn,
            "hjembydeler": self.hjembydeler,
            "andre_kommuner": tuple(filter(None, re.split(r"[\s,;]+", self.andre_kommuner))),
            "bemanning": {"minst": self.minst} if self.minst else None,
            "oevelse": self.oevelse == JA,
        }
        return {navn: verdi for navn, verdi in felt.items() if verdi not in ("", None)}

    def _sted(self) -> dict[str, Any] | None:
        sted: dict[str, Any] = {}
        if punkt := _KOORDINATER.fullmatch(self.sted):
            sted = {"lat": float(punkt[1]), "lon": float(punkt[2])}
        elif self.sted:
            sted = {"navn": self.sted}
        if self.bydeler:
            sted["bydeler"] = self.bydeler
        if self.sentrum in _SVAR:
            sted["sentrum"] = _SVAR[self.sentrum]
        return sted or None


def kropp(
    skjema: Skjema, *, utkast: bool = False, naa: datetime | None = None, foer: Skjema | None = None
) -> HendelseKropp:
    """The body the API takes, checked as the API checks it. Raises Skjemafeil with every field that is wrong.

    With `naa`, times that only the form refuses are wrong too, unless they stand as they did in `foer`.
    """
    tider, feil = _tider(skjema)
    if naa:
        feil = tidsfeil(tider, _tider(foer)[0] if foer else {}, naa) | feil
    if not skjema.type:
        feil = {"type": "Velg hva slags hendelse det er.", **feil}
    felt = {**skjema.innhold(), **tider, "utkast": utkast}
    felt.setdefault("type", HendelseType.HENDELSE.value)  # so that what else is missing is told at once
    try:
        ferdig = HendelseKropp.model_validate(felt)
    except ValidationError as galt:
        doerens = i_skjemaet(fra_pydantic(galt.errors()))
        halve = {f"{navn.rpartition('_')[0]}_dato" for navn in feil}  # half a time is told once, where it is wrong
        raise Skjemafeil({n: t for n, t in doerens.items() if n not in halve} | feil) from galt
    if feil:
        raise Skjemafeil(feil)
    return ferdig


def _tider(s: Skjema) -> tuple[dict[str, datetime], dict[str, str]]:
    tider: dict[str, datetime] = {}
    feil: dict[str, str] = {}
    # An end without a date is the same day, or the night after.
    slutt_dato = s.slutt_dato or (s.start_dato if s.slutt_tid else "")
    for navn, etikett, dag, klokka in (
        ("start", "Start", s.start_dato, s.start_tid),
        ("slutt", "Slutt", slutt_dato, s.slutt_tid),
        ("svarfrist", "Svarfrist", s.svarfrist_dato, s.svarfrist_tid),
    ):
        try:
            if tid := _tidspunkt(etikett, navn, dag, klokka):
                tider[navn] = tid
        except Skjemafeil as galt:
            feil |= galt.feil
    start, slutt = tider.get("start"), tider.get("slutt")
    if start and slutt and slutt <= start and not s.slutt_dato:
        neste = (slutt.astimezone(OSLO) + timedelta(days=1)).date()
        tider["slutt"] = datetime.combine(neste, slutt.astimezone(OSLO).time(), OSLO)
    return tider, feil


def _tidspunkt(etikett: str, navn: str, dag: str, klokka: str) -> datetime | None:
    """A day and an hour in Oslo as one moment; None when neither is filled in."""
    if not dag and not klokka:
        return None
    if not dag:
        raise Skjemafeil({f"{navn}_dato": f"{etikett} mangler dato."})
    if not klokka:
        raise Skjemafeil({f"{navn}_tid": f"{etikett} mangler klokkeslett."})
    if (datoen := _dato(dag)) is None:
        raise Skjemafeil({f"{navn}_dato": f"{etikett} har en dato som ikke finnes. Skriv for eksempel 28.11.2026."})
    if (tiden := _klokke(klokka)) is None:
        raise Skjemafeil({f"{navn}_tid": f"{etikett} har et klokkeslett som ikke finnes. Skriv for eksempel 14.00."})
    her = datetime.combine(datoen, tiden, OSLO)
    if datetime.fromtimestamp(her.timestamp(), OSLO).replace(fold=0) != her.replace(fold=0):
        raise Skjemafeil({f"{navn}_tid": f"{etikett} faller i timen som stilles fram den natten. Velg en annen tid."})
    return her


def _dato(tekst: str) -> date | None:
    try:
        skrevet = _DATO.fullmatch(tekst)
        dag = date(*(int(skrevet[i]) for i in (3, 2, 1))) if skrevet else date.fromisoformat(tekst)
    except ValueError:
        return None
    return dag if date.min.year < dag.year < date.max.year else None  # at the edges Oslo's time cannot be counted


def _klokke(tekst: str) -> time | None:
    treff = _KLOKKE.fullmatch(tekst)
    if treff is None or int(treff[1]) > 23 or int(treff[2] or 0) > 59:
        return None
    return time(int(treff[1]), int(treff[2] or 0))


def _delt(navn: str, tid: datetime | None) -> dict[str, Any]:
    her = tid.astimezone(OSLO) if tid else None
    return {
        f"{navn}_dato": f"{her:%Y-%m-%d}" if her else "",
        f"{navn}_tid": f"{her:%H:%M}" if her else "",
    }


def _linjer(tekst: str) -> str:
    return tekst.replace("\r\n", "\n")


def _sted_i_skjemaet(h: Hendelse) -> dict[str, Any]:
    if h.sted is None:
        return {}
    punkt = f"{h.sted.lat}, {h.sted.lon}" if h.sted.lat is not None else ""
    valgt = JA if h.sted.sentrum else NEI
    return {
        "sted": h.sted.navn or punkt,
        "bydeler": () if h.sted.lat is not None else h.sted.bydeler,
        "sentrum": valgt if h.sted.sentrum_kilde == "person" else "",
    }


def avvik(en: Skjema, annen: Skjema) -> frozenset[str]:
    """Names of the fields that are filled in differently."""
    return frozenset(f.name for f in fields(Skjema) if getattr(en, f.name) != getattr(annen, f.name))


def bare_stedet(skjema: Skjema) -> Skjema:
    """A form that is right but for its place: what can be wrong in it is the place alone."""
    sted = {navn: getattr(skjema, navn) for navn in ("sted", "bydeler", "sentrum")}
    return Skjema(type=HendelseType.UTVIKLINGSTREKK.value, tittel="Sted", **sted)
