"""What waits for a person: gathered from what every room says, gone when it is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from contracts.event import AnyEvent, ny_id
from contracts.hendelse import (
    HendelseAvlyst,
    HendelseAvsluttet,
    HendelseEndret,
    HendelseMeldt,
    HendelseOverfoert,
    HendelseSendt,
    HendelseUtvidet,
    HendelseVurdert,
    SentrumBestemt,
)
from contracts.kanal import KanalStartet, KanalStoppet
from contracts.melding import MeldingAvgjort, MeldingFeilet, MeldingLevert, MeldingSendt, MeldingUviss
from contracts.mobilisering import MobiliseringBesluttet
from contracts.oppgave import OppgaveLoest
from contracts.roller import rolle_i_enhet
from contracts.svar import SvarUklart
from contracts.utkalling import UtkallingEskalert, UtkallingKvittert, UtkallingUtloept
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from infra.journal.mottak import Handler
from services.hendelser import store
from services.hendelser.fold import fold

Rad = dict[str, Any]
E = TypeVar("E", bound=AnyEvent)
LIVSLOEP: tuple[type[AnyEvent], ...] = (
    HendelseMeldt, HendelseSendt, HendelseEndret, HendelseAvlyst, HendelseAvsluttet,
    HendelseUtvidet, HendelseOverfoert, HendelseVurdert, SentrumBestemt,
)  # fmt: skip
AVKLARES_AV_SVAR = ("uklart_svar", "taus", "uviss", "feilet")
"""What any clear answer about the same call-out settles."""
IKKE_KALT = {"nei": "svarte nei", "stille": "svarte ikke", "feilet": "kunne ikke nås", "stoppet": "har stoppet SMS"}


class Oppgaver:
    """The consumer of `hendelser`: its own life cycle, and everything that needs a person."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def handlers(self) -> Mapping[type[AnyEvent], Handler]:
        """The table of contents."""
        return {
            **dict.fromkeys(LIVSLOEP, self.on_livsloep),
            MobiliseringBesluttet: self.on_besluttet,
            SvarUklart: self.on_uklart,
            MeldingUviss: self.on_uviss,
            MeldingAvgjort: self.on_avgjort,
            MeldingSendt: self.on_kjent,
            MeldingLevert: self.on_kjent,
            MeldingFeilet: self.on_feilet,
            UtkallingEskalert: self.on_eskalert,
            UtkallingUtloept: self.on_utloept,
            UtkallingKvittert: self.on_kvittert,
            KanalStoppet: self.on_stoppet,
            KanalStartet: self.on_startet,
            OppgaveLoest: self.on_loest,
        }

    async def on_livsloep(self, t: Transaksjon, leveringer: Sequence[Levering[AnyEvent]]) -> None:
        for lev in leveringer:
            await fold(t.tx, lev)

    async def on_besluttet(self, t: Transaksjon, leveringer: Sequence[Levering[MobiliseringBesluttet]]) -> None:
        """Shortfalls of the newest decision, and the sekretariat's assessment (Oslostandarden S:757-761)."""
        for lev in await _aapne(t, leveringer):
            data, e = lev.event.data, lev.event
            rader = [
                _rad(e, "mangel", f"Mangler {rolle_i_enhet(m.rolle, m.enhet)}: {m.aarsak}",
                     nokkel=f"{m.rolle}/{m.enhet}", enhet=m.enhet)
                for m in data.mangler
            ]  # fmt: skip
            if data.vurdering_kreves:
                tekst = "Varslet hendelse: er det nødvendig at sekretariatet tar en sentral rolle?"
                rader.append(_rad(e, "vurdering", tekst, enhet="velferdsetaten"))
            if data.del_nr == 1 and e.hendelseid:
                mangler = [rad["id"] for rad in rader if rad["slag"] == "mangel"]
                await store.bare_disse_manglene(t.tx, e.hendelseid, mangler, e.time)
            await store.nye_oppgaver(t.tx, rader)

    async def on_uklart(self, t: Transaksjon, leveringer: Sequence[Levering[SvarUklart]]) -> None:
        rader = [
            _rad(
                lev.event,
                "uklart_svar",
                f"Uklart svar: {lev.event.data.grunn}",
                gjelder=next(iter(lev.event.data.utkallinger), lev.event.data.svar_id),
                nokkel=str(lev.event.data.svar_id),
                haster=lev.event.data.haster,
                svar_id=lev.event.data.svar_id,
                person_id=lev.event.data.person_id,
            )
            for lev in leveringer
        ]
        await store.nye_oppgaver(t.tx, rader)

    async def on_uviss(self, t: Transaksjon, leveringer: Sequence[Levering[MeldingUviss]]) -> None:
        rader = [
            _rad(lev.event, "uviss", "Vi vet ikke om meldingen gikk ut. Ring, eller avgjør om den skal sendes på nytt.",
                 gjelder=m.utkalling_id or m.melding_id, nokkel=str(m.forsoek), om=m.melding_id)
            for lev in leveringer for m in lev.event.data.meldinger
        ]  # fmt: skip
        await store.nye_oppgaver(t.tx, rader)

    async def on_avgjort(self, t: Transaksjon, leveringer: Sequence[Levering[MeldingAvgjort]]) -> None:
        """A person has decided about the message: that one, and that doubt, waits no more."""
        for lev in leveringer:
            d = lev.event.data
            await store.loes_en(t.tx, _oppgave_id(d.melding_id, "uviss", str(d.forsoek)), lev.event.time)

    async def on_kjent(
        self, t: Transaksjon, leveringer: Sequence[Levering[MeldingSendt | MeldingLevert | MeldingFeilet]]
    ) -> None:
        """What became of a message is found after all: no person has to decide about that doubt."""
        ider = [
            _oppgave_id(m.melding_id, "uviss", str(m.forsoek)) for lev in leveringer for m in lev.event.data.meldinger
        ]
        await store.loes_disse(t.tx, ider, self._clock.now())

    async def on_feilet(self, t: Transaksjon, leveringer: Sequence[Levering[MeldingFeilet]]) -> None:
        rader = [
            _rad(lev.event, "feilet", f"Melding på {m.kanal} kom ikke fram: {m.feil.tekst}",
                 gjelder=m.utkalling_id, nokkel=str(m.melding_id))
            for lev in leveringer for m in lev.event.data.meldinger
            if m.utkalling_id and m.feil and m.feil.kode != "trukket"
        ]  # fmt: skip
        await self.on_kjent(t, leveringer)
        await store.nye_oppgaver(t.tx, rader)

    async def on_eskalert(self, t: Transaksjon, leveringer: Sequence[Levering[UtkallingEskalert]]) -> None:
        """Somebody is missing and no deputy is left."""
        rader = [
            _rad(lev.event, "mangel", f"Den som ble spurt {IKKE_KALT[e.grunn]}, og det er ingen vara igjen å kalle.",
                 gjelder=e.utkalling_id, nokkel=str(e.utkalling_id))
            for lev in await _aapne(t, leveringer) for e in lev.event.data.utkallinger if not e.vara
        ]  # fmt: skip
        for rad in rader:
            await store.gjenaapne(t.tx, [rad["id"]], rad["opprettet"])
        await store.nye_oppgaver(t.tx, rader)

    async def on_utloept(self, t: Transaksjon, leveringer: Sequence[Levering[UtkallingUtloept]]) -> None:
        rader = [
            _rad(lev.event, "taus", "Fristen gikk ut uten svar, og det er ingen vara å kalle. Ring.",
                 gjelder=i, nokkel=str(i), haster=True)
            for lev in await _aapne(t, leveringer) for i in lev.event.data.utkallinger
        ]  # fmt: skip
        await store.nye_oppgaver(t.tx, rader)

    async def on_kvittert(self, t: Transaksjon, leveringer: Sequence[Levering[UtkallingKvittert]]) -> None:
        """A clear answer settles what was unclear, silent or in doubt about the same call-out."""
        svar = [k for lev in leveringer for k in lev.event.data.kvitteringer]
        naa = self._clock.now()
        await store.loes(t.tx, naa, gjelder=[k.utkalling_id for k in svar], slag=AVKLARES_AV_SVAR)
        # NEI is clear, too, but whoever is missing is missing still.
        kommer = [k.utkalling_id for k in svar if k.svar != "kommer_ikke"]
        await store.loes(t.tx, naa, gjelder=kommer, slag=["mangel"])

    async def on_stoppet(self, t: Transaksjon, leveringer: Sequence[Levering[KanalStoppet]]) -> None:
        """The sekretariat is told at once."""
        tekst = "En mottaker har stoppet SMS. E-post går fortsatt; finn en annen vei til mobilen."
        rader = [
            _rad(lev.event, "stoppet", tekst, gjelder=lev.event.data.person_id, haster=True,
                 person_id=lev.event.data.person_id)
            for lev in leveringer
        ]  # fmt: skip
        await store.nye_oppgaver(t.tx, rader)

    async def on_startet(self, t: Transaksjon, leveringer: Sequence[Levering[KanalStartet]]) -> None:
        """The phone is open again: nothing to find a way around."""
        personer = [lev.event.data.person_id for lev in leveringer]
        await store.loes(t.tx, self._clock.now(), gjelder=personer, slag=["stoppet"])

    async def on_loest(self, t: Transaksjon, leveringer: Sequence[Levering[OppgaveLoest]]) -> None:
        """A person has dealt with it: the door has noted that already, but not in a rebuild."""
        for lev in leveringer:
            await store.loes_en(t.tx, lev.event.data.oppgave, lev.event.time)


async def _aapne(t: Transaksjon, leveringer: Sequence[Levering[E]]) -> list[Levering[E]]:
    """Those about a hendelse that is not closed: who is missing there is nobody's task, however late it is told."""
    lukkede = await store.lukkede(t.tx, {lev.event.hendelseid for lev in leveringer if lev.event.hendelseid})
    return [lev for lev in leveringer if lev.event.hendelseid not in lukkede]


def _rad(
    event: AnyEvent,
    slag: str,
    tekst: str,
    *,
    gjelder: UUID | None = None,
    nokkel: str = "",
    om: UUID | None = None,
    enhet: str | None = None,
    haster: bool = False,
    svar_id: UUID | None = None,
    person_id: UUID | None = None,
) -> Rad:
    opprettet: datetime = event.time
    grunnlag = event.hendelseid if slag in {"mangel", "vurdering"} and event.hendelseid else event.id
    return {
        "id": _oppgave_id(om or grunnlag, slag, nokkel),
        "slag": slag,
        "hendelse_id": event.hendelseid,
        "gjelder": gjelder,
        "svar_id": svar_id,
        "person_id": person_id,
        "enhet": enhet,
        "tekst": tekst,
        "haster": haster,
        "opprettet": opprettet,
    }


def _oppgave_id(om: UUID, slag: str, nokkel: str) -> UUID:
    return ny_id(om, f"oppgave/{slag}/{nokkel}")
