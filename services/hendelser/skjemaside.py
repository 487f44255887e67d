"""The page with the form of a hendelse: what a browser sent, and how the form is drawn with its preview beside it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from contracts.hendelse import Hendelse
from contracts.roller import BYDELER
from infra.clock import Clock
from infra.journal.feil import JournalNede
from infra.web.bruker import Bruker
from infra.web.problem import Problem
from infra.web.skall import INGEN_LAGRING, Sider
from infra.web.utlaan import EIERGRUNN, STEDSOEK
from services.hendelser import skjemavalg, visning_ny
from services.hendelser.forhaandsvisning import Forhaandsvisning
from services.hendelser.skjema_ny import Skjema, bare_stedet, kropp
from services.hendelser.skjemafeil import Skjemafeil, i_skjemaet
from services.hendelser.visning_endre import Felt, Forskjell
from services.hendelser.visning_ny import Visning

_NOEKKEL = re.compile(r"[\w-]{1,64}", re.ASCII)
FORSLAG = 6
"""How many places are suggested at once."""


@dataclass(frozen=True)
class Innsending:
    """A form as a browser sent it."""

    skjema: Skjema
    handling: str
    """`vis` | `send` | `utkast` | `lagre` | `naa`"""
    noekkel: str
    """The same for every try at sending one and the same form."""
    avtrykk: str
    """What the sender has seen of who is called."""
    bekreftet: bool
    versjon: int

    def fylt_ut(self, naa: datetime) -> Innsending:
        """The form with what a button in it fills in: «Nå» is a start at this moment."""
        return replace(self, skjema=self.skjema.starter(naa)) if self.handling == "naa" else self


async def les(request: Request) -> Innsending:
    """The form; a suggested place that was pressed is filled in."""
    async with request.form(max_fields=300, max_files=0) as form:
        felt = {n: str(form.get(n) or "") for n in ("handling", "noekkel", "avtrykk", "bekreft", "versjon")}
        skjema = Skjema.les(form)
        if sted := str(form.get("velg_sted") or ""):
            skjema = skjema.med(sted=sted)
        if bydel := str(form.get("velg_bydel") or ""):
            skjema = skjema.med(sted="", bydeler=tuple(dict.fromkeys((*skjema.bydeler, bydel))))
    return Innsending(
        skjema,
        felt["handling"] if not (sted or bydel) else "vis",
        gyldig(felt["noekkel"]) or ny_noekkel(),
        felt["avtrykk"],
        felt["bekreft"] == "ja",
        int(felt["versjon"]) if felt["versjon"].isdecimal() and len(felt["versjon"]) < 19 else 0,
    )


def gyldig(noekkel: str) -> str:
    """The key, if it looks like one of ours; empty otherwise."""
    return noekkel if _NOEKKEL.fullmatch(noekkel) else ""


def ny_noekkel() -> str:
    """A key for one fresh form."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Varsel:
    """Something that is told above the form."""

    slag: str
    tittel: str
    tekst: str = ""
    lenke: str = ""
    lenketekst: str = ""


@dataclass(frozen=True)
class Bilde:
    """Everything the page shows."""

    skjema: Skjema
    modus: str = "ny"
    """`ny` | `utkast` | `aapen`"""
    sti: str = "/hendelser/ny"
    noekkel: str = ""
    versjon: int = 0
    kodeord: str = ""
    feil: Mapping[str, str] = field(default_factory=dict)
    visning: Visning | None = None
    forskjell: Forskjell | None = None
    endret: bool = False
    """Whether the form says anything else than the hendelse."""
    varsel: Varsel | None = None
    hentet: Sequence[Felt] = ()
    begge: Sequence[Felt] = ()
    gjenopprettes: bool = True
    """Whether a browser that comes back may fill in what was written here before."""

    def rolig(self) -> Bilde:
        """The same without what is wrong: somebody is still writing."""
        return replace(self, feil={})


class Skjemaside:
    """Draws the form whole, or only its preview for htmx."""

    def __init__(self, sider: Sider, forhaandsvisning: Forhaandsvisning, clock: Clock) -> None:
        self._sider = sider
        self.clock = clock
        self.forhaandsvisning = forhaandsvisning

    async def tegn(self, request: Request, bruker: Bruker, bilde: Bilde, status: int = 200) -> HTMLResponse:
        """The whole page."""
        return await self._sider.tegn(
            request,
            bruker,
            "ny.html" if bilde.modus == "ny" else "endre.html",
            status,
            b=bilde,
            skjema=bilde.skjema,
            feil=bilde.feil,
            valg=skjemavalg.VALG,
            aapne=skjemavalg.aapne(bilde.skjema, bilde.feil),
            stedsvalg=self.stedsvalg(bilde),
            oevelse=bool(bilde.skjema.oevelse),
            **_forhaandsvist(bilde, levende=False),
        )

    def brikke(
        self, request: Request, bruker: Bruker, bilde: Bilde, hoder: Mapping[str, str] | None = None
    ) -> HTMLResponse:
        """The preview alone. What is missing is said quietly: somebody is still writing.

        503 when nobody could be asked: then the page keeps the preview it has, and says that it may be old.
        """
        felt = _forhaandsvist(bilde, levende=True)
        brikke = self._sider.brikke(request, bruker, "forhaandsvisning.html", b=bilde, **felt)
        return HTMLResponse(brikke, 503 if bilde.varsel else 200, headers={**INGEN_LAGRING, **(hoder or {})})

    async def stedsfeil(self, skjema: Skjema) -> Mapping[str, str]:
        """What is wrong with the place, for a form that has other errors too: all are told at once."""
        try:
            await self.forhaandsvisning.hendelse(kropp(bare_stedet(skjema)))
        except Skjemafeil as galt:
            return galt.feil
        except Problem as galt:
            return i_skjemaet(galt.feil)
        except JournalNede:
            return {}  # nobody to ask: the place is asked about again when the rest is right
        return {}

    def vis(self, vist: Mapping[str, Any], hendelse: Hendelse, skjema: Skjema) -> Visning:
        """The preview of a hendelse as people read it, from the preview the API gives."""
        eiergrunn = self._sider.skall.laan(EIERGRUNN)
        return visning_ny.av(vist, hendelse, skjema, eiergrunn(hendelse) if eiergrunn else None, self.clock.now())

    def steder(self, skrevet: str, antall: int = FORSLAG) -> Sequence[tuple[str, str]]:
        """Known places for what is being written: name, and where that is."""
        soek = self._sider.skall.laan(STEDSOEK)
        return [(t.navn, t.hvor) for t in soek(skrevet[:120], antall)] if soek else []

    def stedsvalg(self, bilde: Bilde) -> Sequence[tuple[str, str, str, str]]:
        """Buttons for a place that was not understood: field, value, name, where."""
        skrevet = bilde.skjema.sted
        if "sted" not in bilde.feil or not skrevet:
            return []
        bydeler = [(nr, navn) for nr, navn in BYDELER.items() if navn.casefold() in skrevet.casefold() and nr != "17"]
        return [
            *(("velg_bydel", nr, f"Hele bydel {navn}", "") for nr, navn in bydeler),
            *(("velg_sted", navn, navn, hvor) for navn, hvor in self.steder(skrevet) if hvor != "utenfor Oslo"),
        ]


def _forhaandsvist(bilde: Bilde, *, levende: bool) -> dict[str, Any]:
    return {
        "levende": levende,
        "v": bilde.visning,
        "synlige_enheter": visning_ny.SYNLIGE_ENHETER,
        "synlige_tekster": visning_ny.SYNLIGE_TEKSTER,
    }
