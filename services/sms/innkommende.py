"""Answers in: the words kept where they can be erased, the event without them, both before anybody is told yes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from contracts.event import ny_id
from contracts.kanal import KanalData, KanalStartet, KanalStoppet
from contracts.lesning import Betydning, Lesning
from contracts.register import Kontakt
from contracts.svar import Innkommet, MottattData, SvarMottatt
from infra.journal.forteller import Forteller, Transaksjon
from infra.samler import Samler
from services.sms import store, store_svar
from services.sms.kontakt import Kontakter
from services.sms.lesning import les
from services.sms.rules_svar import UKJENT_TEKST, Sms, hmac_av, kan_svares, referanse

logg = structlog.get_logger("sms")
SVARTID = timedelta(hours=1)


class Innkommende:
    """Takes answers in, in groups."""

    def __init__(self, forteller: Forteller, kontakter: Kontakter, vaart_nummer: str) -> None:
        self._forteller = forteller
        self._kontakter = kontakter
        self._nummer = vaart_nummer
        self._samler = Samler(self._lagre)
        self.etter_svar = lambda: None
        """Called when a reply to an unknown sender waits to be sent."""

    async def ta_imot(self, sms: Sms) -> None:
        """Returns when the answer is durable, in our tables and in the journal.

        Raises:
            JournalNede: the journal or the register did not answer; trying again is safe.
        """
        await self._samler.legg(sms)

    async def gi_tilbake_ordene(self, alle: Sequence[Sms]) -> None:
        """Answers that were told before, and whose words were lost with a backup: kept again, and nothing is told."""
        if not alle:
            return
        async with self._forteller.db.skriv() as tx:
            for sms in sorted(alle, key=lambda s: s.mottatt):
                await store_svar.fyll_inn(tx, sms.svar_id, sms.tekst)
                if (svar := _les(sms).svar) in {Betydning.STOPP, Betydning.START}:
                    stoppet, nummer = svar is Betydning.STOPP, self._kontakter.avtrykk(sms.fra)
                    await store_svar.sett_stopp(tx, nummer, None, stoppet=stoppet, sagt=sms.mottatt)
        logg.warning("sms_ord_hentet_tilbake", antall=len(alle))

    async def _lagre(self, alle: Sequence[Sms]) -> None:
        unike = {sms.svar_id: sms for sms in alle}
        async with self._forteller.db.les() as tx:
            kjente = await store_svar.kjente(tx, list(unike))
        nye = [sms for svar_id, sms in unike.items() if svar_id not in kjente]
        tatt_inn = 0
        if nye:
            kontakter = await self._kontakter.for_numre(sms.fra for sms in nye)
            async with self._forteller.transaksjon(maa_fortelles=True) as t:
                tatt_inn = await self._ta_inn(t, nye, kontakter)
        if tatt_inn < len(unike):
            # Known to us, or to another process of ours, but perhaps not to the journal: yes means both.
            await self._forteller.fortell_alt()

    async def _ta_inn(self, t: Transaksjon, nye: Sequence[Sms], kontakter: Mapping[str, Kontakt]) -> int:
        """Returns how many were new: what another process took in meanwhile, it tells, with its own key."""
        rader = [_innhold(sms) for sms in nye]
        lagt = await store_svar.legg_innhold(t.tx, rader)
        for sms, rad in zip(nye, rader, strict=True):
            if sms.svar_id not in lagt:
                continue
            kontakt = kontakter.get(sms.fra)
            lesning = _les(sms)
            event = _event(sms, lesning, kontakt, rad["noekkel"])
            t.fortell(event)
            await self._stopp_eller_start(t, event, sms, kontakt)
            if kontakt is None and kan_svares(sms, lesning, self._nummer):
                await self._svar_ukjent(t, event, sms)
        return len(lagt)

    async def _stopp_eller_start(self, t: Transaksjon, event: SvarMottatt, sms: Sms, kontakt: Kontakt | None) -> None:
        svar = event.data.svar[0].lesning.svar
        if svar not in {Betydning.STOPP, Betydning.START}:
            return
        stoppet = svar is Betydning.STOPP
        person_id = kontakt.person_id if kontakt else None
        nummer = self._kontakter.avtrykk(sms.fra)
        endret = await store_svar.sett_stopp(t.tx, nummer, person_id, stoppet=stoppet, sagt=sms.mottatt)
        # START is told every time: the person may have said STOPP from another number.
        if person_id and (endret or (endret is False and not stoppet)):
            klasse = KanalStoppet if stoppet else KanalStartet
            data = KanalData(person_id=person_id, grunn=svar.value)
            t.fortell(klasse.ny(data, naa=sms.mottatt, aarsak=event.id))

    async def _svar_ukjent(self, t: Transaksjon, event: SvarMottatt, sms: Sms) -> None:
        naa = self._forteller.clock.now()
        fersk = naa - sms.mottatt <= SVARTID
        if fersk and await store_svar.skal_svares(t.tx, self._kontakter.avtrykk(sms.fra), naa):
            melding_id = ny_id(event.id, "ukjent")
            ref = referanse(melding_id)
            rad = {
                "id": melding_id,
                "til_direkte": sms.fra,
                "aarsak": event.id,
                "formaal": "ukjent",
                "tekst": f"{UKJENT_TEKST} #{ref}",
                "ref": ref,
                "segmenter": 1,
                "prioritet": 3,
                "bestilt": naa,
                "send_foer": naa + SVARTID,
                "neste": naa,
            }
            await store.legg_til(t.tx, [store.NY | rad])
            t.etter_commit(self.etter_svar)


def _innhold(sms: Sms) -> dict[str, Any]:
    return {
        "svar_id": sms.svar_id,
        "message_sid": sms.sid,
        "tekst": sms.tekst,
        "noekkel": secrets.token_bytes(32),
        "mottatt": sms.mottatt,
    }


def _les(sms: Sms) -> Lesning:
    try:
        return les(sms.tekst, sms.mottatt)
    except Exception as feil:  # noqa: BLE001 - an answer that cannot be read is unclear, never lost
        logg.error("svar_kunne_ikke_leses", svar_id=str(sms.svar_id), feil=type(feil).__name__)
        return Lesning(svar=Betydning.UKLART, grunn="kunne ikke leses")


def _event(sms: Sms, lesning: Lesning, kontakt: Kontakt | None, noekkel: bytes) -> SvarMottatt:
    innkommet = Innkommet(
        id=sms.svar_id,
        kanal="sms",
        person_id=kontakt.person_id if kontakt else None,
        lesning=lesning,
        innhold_hmac=hmac_av(noekkel, sms.tekst),
        mottatt=sms.mottatt,
        leverandoer_id=sms.sid,
    )
    return SvarMottatt.ny(MottattData(svar=(innkommet,)), naa=sms.mottatt, event_id=sms.svar_id)
