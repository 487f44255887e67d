"""Changes to a hendelse: who may, what it becomes, and the event that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4, uuid5

from pydantic import ValidationError
from sqlalchemy import Row

from contracts.event import NAVNEROM, Event
from contracts.hendelse import (
    AvsluttetData,
    EndretData,
    GrunnData,
    Hendelse,
    HendelseAvlyst,
    HendelseAvsluttet,
    HendelseEndret,
    HendelseOverfoert,
    HendelseSendt,
    HendelseUtvidet,
    HendelseVurdert,
    OverfoertData,
    SentrumBestemt,
    SentrumData,
    Status,
    Tilstand,
    Utvidelse,
    UtvidetData,
    VurdertData,
)
from contracts.roller import Rolle
from contracts.spoersmaal import StedInn, Stedsspoersmaal, Stedssvar
from infra.clock import Clock
from infra.web.problem import Problem, fra_pydantic
from infra.web.tilgang import Bruker
from services.hendelser import rules
from services.hendelser.doer import Doer
from services.hendelser.inn import (
    AvsluttKropp,
    GrunnKropp,
    HendelseKropp,
    OverfoerKropp,
    SentrumKropp,
    UtvidKropp,
    VurderingKropp,
)

LUKKET = {Status.AVLYST, Status.AVSLUTTET}
SEKRETARIATET = Utvidelse(enhet="velferdsetaten", rolle=Rolle.SEKRETARIAT)
IKKE_I_PATCH = {"utkast", "oevelse"}


class Endringer:
    """Every change after the first telling. A closed hendelse takes none of them (409)."""

    def __init__(self, doer: Doer, clock: Clock) -> None:
        self._doer = doer
        self._clock = clock

    async def send(self, hendelse_id: UUID, bruker: Bruker) -> Row[Any]:
        """A draft becomes open. Sending one that is open already changes nothing."""
        rad = await self._tillatt(hendelse_id, bruker)
        if rad.status != Status.UTKAST:
            return rad

        def bygg(h: Hendelse) -> Event[Any]:
            frist = h.svarfrist or rules.svarfrist(h.start, h.alvorlighet, self._clock.now())
            aapen = h.model_copy(update={"utkast": False, "svarfrist": frist})
            return self._ny(HendelseSendt, hendelse_id, Tilstand(hendelse=aapen, av=bruker.aktoer), None)

        return await self._doer.endre(hendelse_id, bygg, versjon=rad.versjon)

    async def endre(self, hendelse_id: UUID, felt: dict[str, Any], bruker: Bruker, versjon: int) -> Row[Any]:
        """Fields are merged into the hendelse, and the whole is checked as if it were new."""
        rad = await self._tillatt(hendelse_id, bruker)
        foer = Hendelse.model_validate(rad.hendelse)
        kropp = _flett(foer, felt)
        svar = await self._doer.stedfest(kropp) if "sted" in felt else Stedssvar(sted=foer.sted, eier=foer.eier)
        uendret = {"utvidelser": foer.utvidelser, "utkast": foer.utkast, "oevelse": foer.oevelse}
        etter = self._doer.bygg(kropp, svar, foer.kodeord).model_copy(update=uendret)
        endret = rules.endrede_felt(foer, etter)

        def bygg(_: Hendelse) -> Event[Any]:
            data = EndretData(hendelse=etter, av=bruker.aktoer, felt=endret)
            return self._ny(HendelseEndret, hendelse_id, data, None)

        return await self._doer.endre(hendelse_id, bygg, versjon=versjon)

    async def avlys(self, hendelse_id: UUID, kropp: GrunnKropp, bruker: Bruker, noekkel: str | None) -> Row[Any]:
        return await self._handle(
            HendelseAvlyst,
            hendelse_id,
            bruker,
            noekkel,
            lambda h: GrunnData(hendelse=h, av=bruker.aktoer, grunn=kropp.grunn),
        )

    async def avslutt(self, hendelse_id: UUID, kropp: AvsluttKropp, bruker: Bruker, noekkel: str | None) -> Row[Any]:
        return await self._handle(
            HendelseAvsluttet,
            hendelse_id,
            bruker,
            noekkel,
            lambda h: AvsluttetData(hendelse=h, av=bruker.aktoer, oppsummering=kropp.oppsummering),
        )

    async def overfoer(self, hendelse_id: UUID, kropp: OverfoerKropp, bruker: Bruker, noekkel: str | None) -> Row[Any]:
        """The new owner is one role in one unit; there is always exactly one (DOMAIN.md L123)."""

        def data(h: Hendelse) -> OverfoertData:
            ny = h.model_copy(update={"eier": kropp.til})
            return OverfoertData(hendelse=ny, av=bruker.aktoer, grunn=kropp.grunn, fra=h.eier, til=kropp.til)

        return await self._handle(HendelseOverfoert, hendelse_id, bruker, noekkel, data)

    async def sentrum(self, hendelse_id: UUID, kropp: SentrumKropp, bruker: Bruker, noekkel: str | None) -> Row[Any]:
        """«skjønnsmessig» (Oslostandarden 4.2, S:648): a person decides, and the owner follows unless handed over."""
        if bruker.rolle not in rules.OVERALT:
            raise _ikke_tilgang("Bare sekretariatet og SaLTo-sentrum avgjør om et sted regnes som Oslo sentrum.")
        h = Hendelse.model_validate((await self._tillatt(hendelse_id, bruker)).hendelse)
        if h.sted is None:
            raise Problem.felt("sentrum", "hendelsen har ikke noe sted")
        foer, etter = await self._stedfest(h, h.sted.sentrum), await self._stedfest(h, kropp.sentrum)
        eier = etter.eier if foer.eier == h.eier else h.eier

        def data(naa: Hendelse) -> SentrumData:
            sted = naa.sted and naa.sted.model_copy(
                update={"sentrum": kropp.sentrum, "sentrum_kilde": "person", "sentrum_grunn": kropp.grunn}
            )
            ny = naa.model_copy(update={"sted": sted, "eier": eier})
            return SentrumData(hendelse=ny, av=bruker.aktoer, grunn=kropp.grunn, sentrum=kropp.sentrum)

        return await self._handle(SentrumBestemt, hendelse_id, bruker, noekkel, data)

    async def vurder(self, hendelse_id: UUID, kropp: VurderingKropp, bruker: Bruker, noekkel: str | None) -> Row[Any]:
        """«når dette anses nødvendig» (Oslostandarden 4.4, S:757-761): only the sekretariat answers.

        Yes adds the sekretariat to those who are called; the owner stays.
        """
        if bruker.rolle != "sekretariat":
            raise _ikke_tilgang("Bare sekretariatet vurderer sin egen rolle.")
        return await self._handle(
            HendelseVurdert,
            hendelse_id,
            bruker,
            noekkel,
            lambda h: VurdertData(hendelse=h, av=bruker.aktoer, grunn=kropp.grunn, sentral_rolle=kropp.sentral_rolle),
        )

    async def utvid(self, hendelse_id: UUID, kropp: UtvidKropp, bruker: Bruker, noekkel: str | None) -> Row[Any]:
        if not rules.kan_utvide(bruker.aktoer, kropp.enhet, kropp.rolle):
            raise _ikke_tilgang("Du kan bare kalle de utøvende i egen bydel.")
        utvidelse = Utvidelse.model_validate(kropp.model_dump(exclude={"grunn"}))

        def data(h: Hendelse) -> UtvidetData:
            ny = h.model_copy(update={"utvidelser": (*h.utvidelser, utvidelse)})
            return UtvidetData(hendelse=ny, av=bruker.aktoer, grunn=kropp.grunn, utvidelse=utvidelse)

        return await self._handle(HendelseUtvidet, hendelse_id, bruker, noekkel, data, sjekk=False)

    async def _handle(
        self,
        klasse: type[Event[Any]],
        hendelse_id: UUID,
        bruker: Bruker,
        noekkel: str | None,
        data: Callable[[Hendelse], Tilstand],
        *,
        sjekk: bool = True,
    ) -> Row[Any]:
        event_id = uuid5(NAVNEROM, f"{bruker.id}/{klasse.emne}/{hendelse_id}/{noekkel}") if noekkel else None
        if event_id and await self._doer.har_brukt(event_id):
            return await self._doer.finn(hendelse_id)
        await self._tillatt(hendelse_id, bruker, sjekk=sjekk)
        return await self._doer.endre(hendelse_id, lambda h: self._ny(klasse, hendelse_id, data(h), event_id))

    def _ny(self, klasse: type[Event[Any]], hendelse_id: UUID, data: Tilstand, event_id: UUID | None) -> Event[Any]:
        return klasse.ny(data, naa=self._clock.now(), hendelse_id=hendelse_id, event_id=event_id or uuid4())

    async def _tillatt(self, hendelse_id: UUID, bruker: Bruker, *, sjekk: bool = True) -> Row[Any]:
        rad = await self._doer.finn(hendelse_id)
        if sjekk and not rules.kan_handle(bruker.aktoer, Hendelse.model_validate(rad.hendelse)):
            raise _ikke_tilgang("Hendelsen hører til en annen enhet enn din.")
        if rad.status in LUKKET:
            raise Problem(409, "Hendelsen er lukket", f"Status er {rad.status}: den kan ikke endres mer.")
        return rad

    async def _stedfest(self, h: Hendelse, sentrum: bool) -> Stedssvar:
        assert h.sted is not None
        sted = StedInn(**{**_sted_inn(h), "sentrum": sentrum})
        return await self._doer.spoer_sted(
            Stedsspoersmaal(
                type=h.type, sted=sted, stor=h.stor, maalgruppe=h.maalgruppe, tema=h.tema, utvidelser=h.utvidelser
            )
        )


def _sted_inn(h: Hendelse) -> dict[str, Any]:
    """The place as it was written, from the place as it was resolved."""
    if h.sted is None:
        return {}
    felt: dict[str, Any] = {"navn": h.sted.navn, "lat": h.sted.lat, "lon": h.sted.lon}
    if h.sted.lat is None and not h.sted.navn:
        felt["bydeler"] = h.sted.bydeler
    if h.sted.sentrum_kilde == "person":
        felt["sentrum"] = h.sted.sentrum
    return felt


def _flett(foer: Hendelse, felt: dict[str, Any]) -> HendelseKropp:
    """The hendelse with the fields merged in, checked whole; raises Problem naming the wrong ones."""
    for navn in IKKE_I_PATCH & set(felt):
        raise Problem.felt(navn, "kan ikke endres etter at hendelsen er meldt")
    naa = foer.model_dump(mode="json", exclude={"kodeord", "eier", "utvidelser", "sted"})
    sted = {"sted": _sted_inn(foer)} if foer.sted else {}
    try:
        return HendelseKropp.model_validate({**naa, **sted, **felt})
    except ValidationError as feil:
        raise Problem.feltfeil(fra_pydantic(feil.errors())) from feil


def _ikke_tilgang(detalj: str) -> Problem:
    return Problem(403, "Du har ikke tilgang til dette", detalj)
