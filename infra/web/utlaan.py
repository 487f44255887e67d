"""What rooms lend each other's pages, by name: counted call-outs, the map, the search for places."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from contracts.hendelse import Hendelse
from contracts.tavle import Svartall
from infra.web.skall import Laan


@dataclass(frozen=True)
class Kartfelt:
    """How one bydel is drawn. `status`: ingen | venter | delvis | dekket | mangler; `tekst` is read aloud with it."""

    status: str
    tekst: str


@dataclass(frozen=True)
class Stedstreff:
    """A place somebody may mean: its name, and where that is («Sentrum, enhet sentrum»)."""

    navn: str
    hvor: str


@dataclass(frozen=True)
class Eiergrunn:
    """Why somebody owns a hendelse: a sentence, and «Grunnlag i Oslostandarden»."""

    grunn: str
    hjemmel: str


SVARTALL: Laan[Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, Svartall]]]] = Laan("svartall")
"""By `utkalling`: how the call-outs of these hendelser stand. A hendelse with none is left out."""
BYDELSTALL: Laan[Callable[[], Awaitable[Mapping[str, Svartall]]]] = Laan("bydelstall")
"""By `utkalling`: how the call-outs of all open hendelser stand, by the bydel (`05`) of the role."""
BYDELSSVAR: Laan[Callable[[str], Awaitable[Mapping[UUID, Svartall]]]] = Laan("bydelssvar")
"""By `utkalling`: how the call-outs of one bydel stand, by open hendelse."""
BYDELSKART: Laan[Callable[[Mapping[str, Kartfelt]], Markup]] = Laan("bydelskart")
"""By `routing`: Oslo as an SVG with a link for each bydel, drawn as told."""
NABOER: Laan[Callable[[str], Sequence[str]]] = Laan("naboer")
"""By `routing`: the bydeler that share a border with this one, by number."""
STEDSOEK: Laan[Callable[[str, int], Sequence[Stedstreff]]] = Laan("stedsoek")
"""By `routing`: known places whose name begins with, or is near, what was written; at most so many."""
ROLLER: Laan[Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, str]]]] = Laan("roller")
"""By `utkalling`: the role of these call-outs or persons («SaLTo-koordinator Frogner»), never a name."""
KALTE: Laan[Callable[[UUID], Awaitable[Sequence[UUID]]]] = Laan("kalte")
"""By `utkalling`: the persons called for a hendelse, in the order they were called; used by the simulator's page."""
SVARTEKSTER: Laan[Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, str]]]] = Laan("svartekster")
"""By `sms`: the words of these answers, but for those that are erased. Whoever shows them says so (`innsyn.gitt`)."""
EIERGRUNN: Laan[Callable[[Hendelse], Eiergrunn | None]] = Laan("eiergrunn")
"""By `routing`: why a hendelse has its owner; None when it was handed over."""
REGIONER: Laan[Sequence[str]] = Laan("regioner")
"""By `routing`: the names of the regions of the rule set, as `utvid` takes them."""
