"""One hendelse on the desk: what is known about its call-outs, and what is decided about them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from contracts.event import ny_id
from contracts.frist import FristSlag
from contracts.hendelse import Hendelse
from contracts.melding import Bestilling
from contracts.mobilisering import Art, Kanal, RolleGrunn
from contracts.utkalling import Eskalering, Kvittering, UtkallingStatus

_KANALRANG = {s: nr for nr, s in enumerate(("feilet", "uviss", "bestilt", "sendt", "levert"))}


def utkalling_id(hendelse_id: UUID, person_id: UUID) -> UUID:
    """The id of a person's one call-out to a hendelse."""
    return ny_id(hendelse_id, f"utkalling/{person_id}")


@dataclass(frozen=True)
class Utkalling:
    """A call-out as it stands."""

    id: UUID
    person_id: UUID
    art: Art
    roller: tuple[RolleGrunn, ...]
    kanaler: tuple[Kanal, ...]
    opprettet: datetime
    nr: int
    """Its place among those opened at the same moment."""
    svarfrist: datetime | None = None
    vara_for: UUID | None = None
    kanalstatus: Mapping[str, str] = field(default_factory=dict)
    """The status of the call-out's own message on each channel."""
    svar: str | None = None
    svar_tid: datetime | None = None
    eta: datetime | None = None
    antall: int | None = None
    sen: bool = False
    eskalert: bool = False
    utloept: bool = False
    avlyst: bool = False
    gjelder: str = ""
    """What, where and when, in the words the person was last given."""

    @property
    def status(self) -> UtkallingStatus:
        """API §3: the newest answer over escalated/expired over the best channel; stood down over all."""
        if self.avlyst:
            return UtkallingStatus.AVLYST
        if self.svar:
            return UtkallingStatus(self.svar)
        if self.eskalert or self.utloept:
            return UtkallingStatus.ESKALERT if self.eskalert else UtkallingStatus.UTLOEPT
        return UtkallingStatus(self.beste_kanal or "planlagt")

    @property
    def beste_kanal(self) -> str | None:
        """The best that any channel has achieved; withdrawn counts as not ordered."""
        bestilte = (s for s in self.kanalstatus.values() if s != "trukket")
        return max(bestilte, key=_KANALRANG.__getitem__, default=None)

    @property
    def spurt(self) -> bool:
        return self.art == "foresporsel"

    @property
    def venter_svar(self) -> bool:
        """Asked, not answered, not stood down: may be reminded."""
        return self.spurt and not self.avlyst and self.svar is None

    @property
    def dekker(self) -> bool:
        """Counts as somebody for the role: has not declined, and has not turned out unreachable."""
        return (
            not self.avlyst and self.svar != "kommer_ikke" and not (self.svar is None and self.beste_kanal == "feilet")
        )

    @property
    def kommer(self) -> bool:
        return not self.avlyst and self.svar in {"kommer", "framme"}


@dataclass(frozen=True)
class Frist:
    id: UUID
    utkalling_id: UUID
    slag: FristSlag
    frist: datetime


@dataclass
class Vedtak:
    """What was decided in one turn: to be saved and told, all or nothing."""

    endret: dict[UUID, Utkalling] = field(default_factory=dict)
    felt: dict[UUID, set[str]] = field(default_factory=dict)
    """What of each of them is changed."""
    nye: list[UUID] = field(default_factory=list)
    ordre: list[Bestilling] = field(default_factory=list)
    trekk: list[UUID] = field(default_factory=list)
    """Call-outs whose messages that have not gone out must not go out."""
    frister: list[Frist] = field(default_factory=list)
    kvitteringer: list[Kvittering] = field(default_factory=list)
    purret: list[UUID] = field(default_factory=list)
    eskalert: list[Eskalering] = field(default_factory=list)
    utloept: list[UUID] = field(default_factory=list)
    avlyst: list[UUID] = field(default_factory=list)
    bemannet: int | None = None
    oppgaver: list[str] = field(default_factory=list)
    """What now waits for a person, a sentence each."""


@dataclass
class Sak:
    """The desk: loaded before a decision, thrown away after. No clock, no database."""

    hendelse_id: UUID
    hendelse: Hendelse
    aapen: bool
    bemannet: bool
    utkallinger: dict[UUID, Utkalling]
    vara: Mapping[UUID, tuple[Kanal, ...]]
    naa: datetime
    aarsak: UUID
    """The event that this turn is about: ids of what is decided hang on it."""
    stoppede: frozenset[UUID] = frozenset()
    """Persons who want no SMS."""
    sekretariat: tuple[UUID, ...] = ()
    vedtak: Vedtak = field(default_factory=Vedtak)

    def finn(self, person_id: UUID) -> Utkalling | None:
        """The person's call-out, if there is one: there is never more than one."""
        return self.utkallinger.get(utkalling_id(self.hendelse_id, person_id))

    def sett(self, utkalling: Utkalling, **felt: object) -> Utkalling:
        """Puts a changed call-out on the desk and notes the change."""
        ny = replace(utkalling, **felt)  # type: ignore[arg-type]
        self.utkallinger[ny.id] = self.vedtak.endret[ny.id] = ny
        self.vedtak.felt.setdefault(ny.id, set()).update(felt)
        return ny

    def kommer(self) -> int:
        """How many have said they come; a person may answer for several."""
        return sum(u.antall or 1 for u in self.utkallinger.values() if u.kommer)

    def i_rolle(self, grunn: RolleGrunn) -> Iterable[Utkalling]:
        """Everyone called in the same role and unit."""
        return (
            u
            for u in self.utkallinger.values()
            if any(r.rolle == grunn.rolle and r.enhet == grunn.enhet for r in u.roller)
        )
