"""The API's own description as a page: every door with what it takes and gives, read from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from infra.web.oekter import Oekter
from infra.web.skall import Skall
from infra.web.tilgang import KAPSEL

STI, JSON = "/api/docs", "/api/openapi.json"
SKJEMASTI = "#/components/schemas/"
STEDER = {"path": "i adressen", "query": "i spørringen", "header": "i hodet", "cookie": "i en kapsel"}
STATUSER = {
    "200": "Gikk bra",
    "201": "Laget",
    "204": "Gikk bra, uten innhold",
    "403": "Ikke lov",
    "404": "Finnes ikke",
    "410": "Utløpt",
    "413": "For stort",
    "422": "Noe i innsendingen må rettes",
    "429": "For mange forespørsler",
    "503": "Ikke bekreftet: prøv igjen",
}
SLAG = {
    "string": "tekst",
    "integer": "heltall",
    "number": "tall",
    "boolean": "true eller false",
    "null": "null",
    "object": "objekt",
}
FORMATER = {"date-time": "tidspunkt", "date": "dato", "uuid": "id (UUID)", "binary": "fil", "time": "klokkeslett"}
UTENFOR = frozenset({"HTTPValidationError", "ValidationError"})
"""FastAPI's own error; ours is problem+json."""


@dataclass(frozen=True)
class Slag:
    """What kind of value: words, and the schema that says the rest of it."""

    tekst: str
    skjema: str = ""


@dataclass(frozen=True)
class Felt:
    """A parameter or a field of a body."""

    navn: str
    slag: Slag
    paakrevd: bool
    sted: str = ""
    hjelp: str = ""


@dataclass(frozen=True)
class Kropp:
    """A body in one format; either its fields, or the schema they stand in."""

    format: str
    slag: Slag
    felt: Sequence[Felt] = ()


@dataclass(frozen=True)
class Svar:
    """One way the door may answer."""

    status: str
    tekst: str
    slag: Slag


@dataclass(frozen=True)
class Doer:
    """One method of one path."""

    metode: str
    sti: str
    tekst: str
    laast: bool
    parametre: Sequence[Felt]
    kropper: Sequence[Kropp]
    svar: Sequence[Svar]

    @property
    def kort(self) -> str:
        """The first sentence of what it does."""
        return self.tekst.partition("\n")[0].partition(". ")[0].removesuffix(".")

    @property
    def anker(self) -> str:
        """Its own address on the page."""
        return f"{self.metode}-{self.sti.strip('/')}".lower().translate(str.maketrans("/{}.", "----"))


@dataclass(frozen=True)
class Skjema:
    """A named shape: its fields, or the values it may have."""

    navn: str
    slag: Slag
    felt: Sequence[Felt]


class Apidok:
    """The OpenAPI document of an app, as the page tells it. Read once, when the page is first asked for."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    @cached_property
    def grupper(self) -> Mapping[str, Sequence[Doer]]:
        """The doors by tag, in the order they stand in the app."""
        ut: dict[str, list[Doer]] = {}
        for sti, metoder in self._app.openapi()["paths"].items():
            for metode, op in metoder.items():
                ut.setdefault(op.get("tags", ["annet"])[0], []).append(_doer(metode.upper(), sti, op))
        return ut

    @cached_property
    def skjemaer(self) -> Sequence[Skjema]:
        """Every named shape that a door speaks of."""
        alle = self._app.openapi().get("components", {}).get("schemas", {})
        return [Skjema(n, slag(s), list(_felt(s))) for n, s in sorted(alle.items()) if n not in UTENFOR]


def slag(skjema: Mapping[str, Any]) -> Slag:
    """A JSON Schema in a few words of bokmål."""
    if ref := skjema.get("$ref"):
        navn = str(ref).removeprefix(SKJEMASTI)
        return Slag(navn, navn)
    if "const" in skjema or "enum" in skjema:
        verdier = skjema.get("enum", [skjema.get("const")])
        return Slag(f"en av: {', '.join(map(str, verdier))}" if len(verdier) > 1 else str(verdier[0]))
    if valg := skjema.get("anyOf", skjema.get("oneOf", skjema.get("allOf"))):
        deler = [slag(s) for s in valg]
        return Slag(" eller ".join(d.tekst for d in deler), next((d.skjema for d in deler if d.skjema), ""))
    if skjema.get("type") == "array":
        av = slag(skjema.get("items", {}))
        return Slag(f"liste av {av.tekst}", av.skjema)
    return Slag(_enkelt(skjema))


def _enkelt(skjema: Mapping[str, Any]) -> str:
    type_ = str(skjema.get("type", ""))
    navn = FORMATER.get(str(skjema.get("format", "")), SLAG.get(type_, "hva som helst"))
    grenser = (
        ("minst", skjema.get("minimum", skjema.get("exclusiveMinimum"))),
        ("høyst", skjema.get("maximum", skjema.get("exclusiveMaximum"))),
        ("høyst", f"{skjema['maxLength']} tegn" if "maxLength" in skjema else None),
    )
    gitt = [f"{ord_} {verdi}" for ord_, verdi in grenser if verdi is not None]
    return f"{navn}, {', '.join(gitt)}" if gitt else navn


def _felt(skjema: Mapping[str, Any]) -> Iterator[Felt]:
    paakrevd = set(skjema.get("required", ()))
    for navn, s in skjema.get("properties", {}).items():
        yield Felt(navn, slag(s), navn in paakrevd, hjelp=s.get("description", ""))


def _doer(metode: str, sti: str, op: Mapping[str, Any]) -> Doer:
    return Doer(
        metode=metode,
        sti=sti,
        tekst=str(op.get("description") or op.get("summary") or ""),
        laast=bool(op.get("security")),
        parametre=[_parameter(p) for p in op.get("parameters", ())],
        kropper=[_kropp(f, i.get("schema", {})) for f, i in op.get("requestBody", {}).get("content", {}).items()],
        svar=[_svar(status, s) for status, s in sorted(op["responses"].items())],
    )


def _parameter(p: Mapping[str, Any]) -> Felt:
    sted = STEDER.get(p["in"], p["in"])
    return Felt(p["name"], slag(p.get("schema", {})), bool(p.get("required")), sted, p.get("description", ""))


def _kropp(format_: str, skjema: Mapping[str, Any]) -> Kropp:
    return Kropp(format_, slag(skjema), list(_felt(skjema)))


def _svar(status: str, svar: Mapping[str, Any]) -> Svar:
    innhold = svar.get("content", {})
    skjema: Mapping[str, Any] = next((i.get("schema", {}) for f, i in innhold.items() if f == "application/json"), {})
    navn = slag(skjema) if skjema and status.startswith("2") else Slag("" if status.startswith("2") else "problem+json")
    if innhold and not skjema:
        navn = Slag(", ".join(innhold))
    return Svar(status, STATUSER.get(status, str(svar.get("description", ""))), navn)


def ruter(skall: Skall, oekter: Oekter, app: FastAPI) -> APIRouter:
    """`/api/docs`, open to all; needs no JavaScript and fetches nothing from elsewhere."""
    r, dok = APIRouter(include_in_schema=False), Apidok(app)

    @r.get(STI)
    async def apidok(request: Request) -> Response:
        kapsel = request.cookies.get(KAPSEL, "")
        bruker = await oekter.bruker(kapsel) if kapsel else None
        felt: dict[str, Any] = {
            "grupper": dok.grupper,
            "skjemaer": dok.skjemaer,
            "url": skall.settings.public_url,
            "json": JSON,
        }
        return await skall.tegn(request, bruker, "skall/apidok.html", **felt)

    return r
