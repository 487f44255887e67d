"""One transaction's worth of messages that move: saved in one statement, told in lists."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import structlog

from contracts.event import ELEMENTER_MAKS, AnyEvent, Event
from contracts.melding import MeldingFeilet, MeldingLevert, MeldingSendt, MeldingUviss, Utfall, UtfallData
from infra.journal.forteller import Transaksjon
from services.sms import store
from services.sms.maalinger import DOBLE, UTFALL
from services.sms.rules import Faktum, FaktumSlag, Rad, Steg, dobbel

logg = structlog.get_logger("sms")
_KLASSER: dict[FaktumSlag, type[Event[UtfallData]]] = {
    "sendt": MeldingSendt,
    "levert": MeldingLevert,
    "feilet": MeldingFeilet,
    "uviss": MeldingUviss,
}
_REKKEFOELGE = tuple(_KLASSER)
_PAA_VEI = frozenset({"sender", "tvil"})
_AVGJORT = frozenset({"sendt", "levert", "feilet", "trukket", "antatt"})


class Bok:
    """The rows of one transaction. Each step builds on the one before; `lagre` writes what has changed, once."""

    def __init__(self, rader: Mapping[UUID, Rad]) -> None:
        self._foer = dict(rader)
        self._utfall: dict[UUID, str] = {}
        self.rader = dict(rader)
        self.fakta: list[Faktum] = []

    def steg(self, steg: Steg, utfall: str | None = None) -> Rad:
        """Takes one step; returns the row as it is now. `utfall` says what the attempt came to, if the row does not."""
        rad, fakta = steg
        self.rader[rad.id] = rad
        self.fakta += fakta
        if utfall:
            self._utfall[rad.id] = utfall
        return rad

    def se_etter_dobbel(self, rad: Rad, sid: str | None) -> None:
        """Raises the voice when the provider has another copy than the one we know."""
        if sid and dobbel(rad, sid):
            DOBLE.inc()
            logg.error("sms_sendt_dobbelt", melding_id=str(rad.id), sid=sid, kjent_sid=rad.sid)

    async def lagre(self, t: Transaksjon, naa: datetime) -> None:
        """Writes the changed rows, closes their attempts, forgets the numbers of settled ones, and tells."""
        endret = [rad for rad in self.rader.values() if rad != self._foer[rad.id]]
        await store.lagre(t.tx, endret)
        for utfall, ider in self._lukkede(endret).items():
            await store.lukk_forsoek(t.tx, ider, utfall, naa)
        await store.glem_numre(t.tx, [rad.id for rad in endret if self._har_flere_numre(rad)])
        t.fortell(*hendelser(self.fakta, naa))
        t.etter_commit(self._tell)

    def _lukkede(self, endret: Iterable[Rad]) -> dict[str, list[UUID]]:
        """The messages whose attempt is over with this change, by what it came to."""
        ut: dict[str, list[UUID]] = {}
        for rad in endret:
            foer = self._foer[rad.id]
            if foer.forsoek and foer.status in _PAA_VEI and rad.status not in _PAA_VEI:
                ut.setdefault(self._utfall_av(foer, rad), []).append(rad.id)
        return ut

    def _har_flere_numre(self, rad: Rad) -> bool:
        """Whether a settled message may have numbers left at attempts that were closed before."""
        return rad.status in _AVGJORT and (rad.forsoek > 1 or self._foer[rad.id].status == "uviss")

    def _utfall_av(self, foer: Rad, rad: Rad) -> str:
        if rad.sid:
            return "sendt"
        if rad.ikke_funnet > foer.ikke_funnet:
            return store.IKKE_FUNNET
        lett_etter = foer.status == "tvil" and rad.status == "klar"
        return self._utfall.get(rad.id, store.IKKE_FUNNET if lett_etter else rad.status)

    def _tell(self) -> None:
        for faktum in self.fakta:
            UTFALL.labels(faktum.slag, "ja" if faktum.rad.oevelse else "nei").inc()


def hendelser(fakta: Iterable[Faktum], naa: datetime) -> list[AnyEvent]:
    """Facts as events: lists of at most 500 about one hendelse; sent before delivered."""

    def gruppe(faktum: Faktum) -> tuple[int, str]:
        return _REKKEFOELGE.index(faktum.slag), str(faktum.rad.hendelse_id or "")

    ut: list[AnyEvent] = []
    for _, like in itertools.groupby(sorted(fakta, key=gruppe), key=gruppe):
        alle = list(like)
        ut += [_en(alle[i : i + ELEMENTER_MAKS], naa) for i in range(0, len(alle), ELEMENTER_MAKS)]
    return ut


def _en(fakta: list[Faktum], naa: datetime) -> AnyEvent:
    foerst = fakta[0]
    kode = f"/{foerst.feil.kode}" if foerst.feil else ""
    return _KLASSER[foerst.slag].ny(
        UtfallData(meldinger=tuple(_utfall(faktum, naa) for faktum in fakta)),
        naa=naa,
        hendelse_id=foerst.rad.hendelse_id,
        aarsak=foerst.rad.aarsak,
        nokkel=f"{foerst.rad.id}/{foerst.rad.forsoek}{kode}",
    )


def _utfall(faktum: Faktum, naa: datetime) -> Utfall:
    rad = faktum.rad
    return Utfall(
        melding_id=rad.id,
        utkalling_id=rad.utkalling_id,
        kanal="sms",
        tid=naa,
        leverandoer_id=rad.sid,
        forsoek=rad.forsoek,
        feil=faktum.feil,
    )
