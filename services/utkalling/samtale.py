"""The conversation: what an answer means for which call-out, and what is said back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row

from contracts.event import AnyEvent, ny_id
from contracts.hendelse import Hendelse
from contracts.lesning import Betydning, Lesning
from contracts.melding import BestiltData, Formaal, MeldingBestilt
from contracts.roller import ROLLENAVN
from contracts.svar import Innkommet, SvarMottatt, SvarUklart, UklartData
from contracts.utkalling import Kvittering, Svar
from infra.clock import Clock
from infra.journal.forteller import Transaksjon
from infra.journal.levering import Levering
from infra.journal.mottak import Handler
from services.utkalling import rules, rules_vara, store, tekster, telling
from services.utkalling.ordre import bestill_oppgavebrev, svar_paa_sms
from services.utkalling.sak import Sak, Utkalling
from services.utkalling.tolkning import Aapen, Tolkning, Utfall, Venter, tolk

SVARENE = frozenset({Betydning.KOMMER, Betydning.KOMMER_IKKE, Betydning.FRAMME, Betydning.FERDIG})


@dataclass(frozen=True)
class Runde:
    """One inbound answer on its way through: who, what, and what it may be about."""

    t: Transaksjon
    aarsak: UUID
    svar: Innkommet
    person_id: UUID
    aapne: Mapping[UUID, Row[Any]]


class Samtale:
    """Answers, folded into call-outs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def handlers(self) -> Mapping[type[AnyEvent], Handler]:
        """The table of contents."""
        return {SvarMottatt: self.on_svar_mottatt}

    async def on_svar_mottatt(self, t: Transaksjon, leveringer: Sequence[Levering[SvarMottatt]]) -> None:
        """Unknown senders are the channel's alone; everybody else is understood, asked back, or shown to a person."""
        for lev in leveringer:
            for svar in lev.event.data.svar:
                if svar.person_id is not None:
                    await self._ta_imot(t, lev.event.id, svar, svar.person_id)

    async def _ta_imot(self, t: Transaksjon, aarsak: UUID, svar: Innkommet, person_id: UUID) -> None:
        rader = await store.aapne_for_person(t.tx, person_id, self._clock.now())
        spurte = [r for r in rader if r.art == "foresporsel"]
        # What one is only informed about is not what a JA or NEI is about, unless there is nothing else.
        runde = Runde(t, aarsak, svar, person_id, {r.id: r for r in (spurte or rader)})
        tolkning = await self._tolk(runde)
        await self._virk(runde, tolkning)

    async def _tolk(self, r: Runde) -> Tolkning:
        lesning = r.svar.lesning
        if r.svar.utkalling_id is not None:  # an answer link knows what it is about
            if r.svar.utkalling_id not in r.aapne:
                return Tolkning(Betydning.UKLART, utfall=Utfall.LUKKET)
            return Tolkning(lesning.svar or Betydning.UKLART, (r.svar.utkalling_id,), lesning.eta_minutter)
        samtale = await store.samtale(r.t.tx, r.person_id)
        venter = None
        if samtale and samtale.venter:
            venter = Venter(Lesning.model_validate(samtale.venter), samtale.venter_siden)
        aapne = [Aapen(rad.id, rad.kodeord, Betydning(rad.svar) if rad.svar else None) for rad in r.aapne.values()]
        lukkede = await store.lukkede_kodeord(r.t.tx, r.person_id)
        return tolk(lesning, aapne, venter, r.svar.mottatt, lukkede=lukkede)

    async def _virk(self, r: Runde, tolkning: Tolkning) -> None:
        if tolkning.betydning is not Betydning.SPOER:
            await store.glem_venter(r.t.tx, r.person_id)
        match tolkning.betydning:
            case Betydning.STOPP:
                await store.sett_samtale(r.t.tx, r.person_id, sms_stoppet=True)
                await self._kvitter(r, tolkning, Betydning.KOMMER_IKKE, bekreft=False)
            case Betydning.START:
                await store.sett_samtale(r.t.tx, r.person_id, sms_stoppet=False)
                await self._svar(r, "bekreftelse", tekster.STARTET)
            case Betydning.SPOER:
                await self._spoer(r, tolkning)
            case Betydning.INFO:
                await self._info(r, tolkning)
            case Betydning.HJELP:
                await self._svar(r, "hjelp", tekster.HJELP)
            case svar if svar in SVARENE and tolkning.gjelder:
                await self._kvitter(r, tolkning, svar, bekreft=r.svar.kanal == "sms")
            case _:
                await self._uklart(r, tolkning)

    async def _kvitter(self, r: Runde, tolkning: Tolkning, svar: Betydning, *, bekreft: bool) -> None:
        for utkalling_id in tolkning.gjelder:
            rad = await store.laas(r.t.tx, r.aapne[utkalling_id].hendelse_id)
            assert rad is not None
            sak = await self._sak(r, rad, utkalling_id)
            u = sak.utkallinger[utkalling_id]
            kvittering = _kvittering(r.svar, u, svar, tolkning.eta_minutter)
            rules.kvitter(sak, u, kvittering)
            if tolkning.betydning is Betydning.STOPP:
                sak.vedtak.oppgaver.append(
                    f"{rules_vara.hvem(u)} har stoppet SMS. E-post går fortsatt; finn en annen vei."
                )
            if bekreft:
                tekst = tekster.bekreftelse(sak.hendelse, kvittering.svar, kvittering.eta)
                sak.vedtak.ordre.append(self._ordre(r, "bekreftelse", [tekst], sak=sak, u=u))
            sak.vedtak.ordre += bestill_oppgavebrev(sak)
            await store.lagre(r.t.tx, sak)
            r.t.fortell(*telling.events(sak, nokkel=f"{r.svar.id}/{utkalling_id}/"))

    async def _sak(self, r: Runde, rad: Row[Any], utkalling_id: UUID) -> Sak:
        """The desk with this call-out, its deputies and its holder; with everybody when the count matters."""
        h, egen = rad.hendelse, r.aapne[utkalling_id]
        alle = h.get("bemanning") and not rad.bemannet
        vara = {p for rolle in egen.roller for p in rolle.get("vara", ())}
        bare = {utkalling_id, *(ny_id(rad.hendelse_id, f"utkalling/{p}") for p in vara)}
        bare |= {egen.vara_for} if egen.vara_for else set()
        return await store.aapne_sak(r.t.tx, rad, naa=self._clock.now(), aarsak=r.aarsak, bare=None if alle else bare)

    async def _spoer(self, r: Runde, tolkning: Tolkning) -> None:
        hendelser = [_hendelse(rad) for rad in r.aapne.values()]
        ny = r.svar.lesning
        if tolkning.utfall is not Utfall.HVILKEN or len(hendelser) < 2:
            tall = tolkning.utfall is Utfall.HVILKET_TALL
            await self._svar(r, "spoersmaal", tekster.HVILKET_TALL if tall else tekster.BARE_KODEORD)
            return
        if ny.svar is not None:
            await store.sett_samtale(
                r.t.tx, r.person_id, venter=ny.model_dump(mode="json"), venter_siden=r.svar.mottatt
            )
        siste = hendelser[-4:]
        await self._svar(r, "spoersmaal", *(tekster.hvilken(siste, maks) for maks in tekster.STEDSLENGDER))

    async def _info(self, r: Runde, tolkning: Tolkning) -> None:
        for utkalling_id in tolkning.gjelder:
            rad = await store.laas(r.t.tx, r.aapne[utkalling_id].hendelse_id)
            assert rad is not None
            sak = await store.aapne_sak(r.t.tx, rad, naa=self._clock.now(), aarsak=r.aarsak)
            kommer = _kommer_per_rolle(sak)
            utkast = [tekster.info(sak.hendelse, kommer, sak.naa, trinn) for trinn in (0, 1)]
            await self._svar(r, "info", *utkast, sak=sak)

    async def _uklart(self, r: Runde, tolkning: Tolkning) -> None:
        """Not guessed: a person sees it, and the sender is told so. Auto-replies are not answered."""
        lesning = r.svar.lesning
        if tolkning.utfall is Utfall.LUKKET:
            for kodeord in lesning.kodeord[:1]:  # an answer link has none: its page has said what there is to say
                await self._svar(r, "lukket", tekster.lukket(kodeord))
            return
        if not r.aapne and not lesning.haster:
            if not lesning.autosvar:
                await self._svar(r, "uklart", tekster.INGEN_AAPNE)
            return
        gjelder = tolkning.gjelder or tuple(r.aapne)
        hendelser = list(dict.fromkeys(r.aapne[i].hendelse_id for i in gjelder if i in r.aapne))
        grunn = tolkning.grunn or "Svaret kan ikke tolkes sikkert."
        for hendelse_id in hendelser:
            await self._si_fra(r, hendelse_id, grunn)
        for hendelse_id in hendelser or [None]:
            r.t.fortell(self._uklart_event(r, hendelse_id, gjelder, grunn))
        if not lesning.autosvar:
            await self._svar(r, "uklart", tekster.UKLART_HASTER if lesning.haster else tekster.UKLART)

    def _uklart_event(self, r: Runde, hendelse_id: UUID | None, gjelder: Sequence[UUID], grunn: str) -> SvarUklart:
        """One for each hendelse it may be about, with that hendelse's call-outs alone: each has its own owner."""
        data = UklartData(
            svar_id=r.svar.id,
            person_id=r.person_id,
            utkallinger=tuple(i for i in gjelder if i in r.aapne and r.aapne[i].hendelse_id == hendelse_id),
            grunn=grunn,
            haster=r.svar.lesning.haster,
        )
        return SvarUklart.ny(
            data,
            naa=self._clock.now(),
            hendelse_id=hendelse_id,
            aarsak=r.aarsak,
            nokkel=f"{r.svar.id}/{hendelse_id}",
        )

    async def _si_fra(self, r: Runde, hendelse_id: UUID, grunn: str) -> None:
        """The sekretariat is told by e-mail of an answer that nobody has understood."""
        rad = await store.laas(r.t.tx, hendelse_id)
        assert rad is not None
        sak = await store.aapne_sak(r.t.tx, rad, naa=self._clock.now(), aarsak=r.svar.id, bare=r.aapne)
        fra = ", ".join(rules_vara.hvem(u) for u in sak.utkallinger.values())
        sak.vedtak.oppgaver.append(f"Svaret fra {fra} er uklart: {grunn}")
        sak.vedtak.ordre += bestill_oppgavebrev(sak)
        await store.lagre(r.t.tx, sak)
        r.t.fortell(*telling.events(sak, nokkel=f"uklart/{hendelse_id}/"))

    async def _svar(self, r: Runde, formaal: Formaal, *utkast: str, sak: Sak | None = None) -> None:
        """An answer back, by the channel it came on: the first draft that fits. The answer page speaks for itself."""
        if r.svar.kanal != "sms":
            return
        oevelse = sak.hendelse.oevelse if sak else _bare_oevelser(r)
        ordre = self._ordre(r, formaal, [tekster.merk(tekst, oevelse=oevelse) for tekst in utkast], sak=sak)
        await store.noter_ordre(r.t.tx, [ordre], self._clock.now())
        r.t.fortell(
            MeldingBestilt.ny(
                BestiltData(meldinger=(ordre,)),
                naa=self._clock.now(),
                hendelse_id=sak.hendelse_id if sak else _eneste_hendelse(r),
                aarsak=r.aarsak,
                nokkel=f"{formaal}/{ordre.id}",
            )
        )

    def _ordre(
        self, r: Runde, formaal: Formaal, utkast: Sequence[str], *, sak: Sak | None, u: Utkalling | None = None
    ) -> Any:
        return svar_paa_sms(
            hendelse_id=sak.hendelse_id if sak else None,
            u=u,
            person_id=r.person_id,
            formaal=formaal,
            utkast=utkast,
            aarsak=ny_id(r.svar.id, str(sak.hendelse_id if sak else "")),
            naa=self._clock.now(),
            oevelse=sak.hendelse.oevelse if sak else _bare_oevelser(r),
        )


def _kvittering(svar: Innkommet, u: Utkalling, betydning: Betydning, eta_minutter: int | None) -> Kvittering:
    return Kvittering(
        utkalling_id=u.id,
        svar=cast("Svar", betydning.value),
        eta=svar.mottatt + timedelta(minutes=eta_minutter) if eta_minutter else None,
        kanal=svar.kanal,
        mottatt=svar.mottatt,
        sen=rules.er_sen(u, svar.mottatt),
        svar_id=ny_id(svar.id, str(u.id)),
        gjelder=svar.id,
    )


def _eneste_hendelse(r: Runde) -> UUID | None:
    """The hendelse the exchange is about, when it can be about one alone: then it stands in that one's log."""
    mulige = {rad.hendelse_id for rad in r.aapne.values()}
    return mulige.pop() if len(mulige) == 1 else None


def _bare_oevelser(r: Runde) -> bool:
    """Whether all the answer can be about are drills."""
    return bool(r.aapne) and all(rad.hendelse.get("oevelse") for rad in r.aapne.values())


def _hendelse(rad: Row[Any]) -> Hendelse:
    return Hendelse.model_validate(rad.hendelse)


def _kommer_per_rolle(sak: Sak) -> list[tuple[str, int]]:
    roller = Counter(ROLLENAVN[u.roller[0].rolle] for u in sak.utkallinger.values() if u.kommer and u.roller)
    return sorted(roller.items())
