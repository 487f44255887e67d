"""Changes to a hendelse: who may, what it becomes, and the event that says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from sqlalchemy import Row

from contracts.event import Event
from contracts.hendelse import (
    AvsluttetData,
    Eier,
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
from contracts.spoersmaal import StedInn, Stedsspoersmaal, Stedssvar
from infra.clock import Clock
from infra.web.problem import Problem, fra_pydantic
from infra.web.tilgang import Bruker
from services.hendelser import rules
from services.hendelser.doer import Doer, Nokkel, krev_aapen
from services.hendelser.inn import (
    AvsluttKropp,
    GrunnKropp,
    HendelseKropp,
    OverfoerKropp,
    SentrumKropp,
    UtvidKropp,
    VurderingKropp,
)

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

        async def bygg(h: Hendelse) -> Event[Any]:
            return self._ny(HendelseSendt, hendelse_id, Tilstand(hendelse=self.sendt(h), av=bruker.aktoer), None)

        return await self._doer.endre(hendelse_id, bygg, versjon=rad.versjon)

    async def endre(self, hendelse_id: UUID, felt: dict[str, Any], bruker: Bruker, versjon: int) -> Row[Any]:
        """Fields are merged into the hendelse, and the whole is checked as if it were new."""
        rad = await self._tillatt(hendelse_id, bruker)
        foer = Hendelse.model_validate(rad.hendelse)
        etter = await self.endret(foer, felt)
        endret = rules.endrede_felt(foer, etter)

        async def bygg(_: Hendelse) -> Event[Any]:
            data = EndretData(hendelse=etter, av=bruker.aktoer, felt=endret)
            return self._ny(HendelseEndret, hendelse_id, data, None)

        return await self._doer.endre(hendelse_id, bygg, versjon=versjon)

    async def endret(self, foer: Hendelse, felt: dict[str, Any]) -> Hendelse:
        """What a hendelse becomes with these fields merged in; nothing is told. Raises Problem naming wrong ones."""
        kropp = _flett(foer, felt)
        sted = (await self._doer.stedfest(kropp)).sted if "sted" in felt else foer.sted
        uendret = {"utvidelser": foer.utvidelser, "utkast": foer.utkast, "oevelse": foer.oevelse}
        samme_eier = Stedssvar(sted=sted, eier=foer.eier)
        return await self._med_eier(foer, self._doer.bygg(kropp, samme_eier, foer.kodeord).model_copy(update=uendret))

    def sendt(self, utkast: Hendelse) -> Hendelse:
        """What a draft becomes when it is sent now."""
        frist = utkast.svarfrist or rules.svarfrist(utkast.start, utkast.alvorlighet, self._clock.now())
        return utkast.model_copy(update={"utkast": False, "svarfrist": frist})

    async def avlys(self, hendelse_id: UUID, kropp: GrunnKropp, bruker: Bruker, nokkel: Nokkel) -> Row[Any]:
        async def data(h: Hendelse) -> GrunnData:
            return GrunnData(hendelse=h, av=bruker.aktoer, grunn=kropp.grunn)

        return await self._handle(HendelseAvlyst, hendelse_id, bruker, nokkel, data)

    async def avslutt(self, hendelse_id: UUID, kropp: AvsluttKropp, bruker: Bruker, nokkel: Nokkel) -> Row[Any]:
        async def data(h: Hendelse) -> AvsluttetData:
            return AvsluttetData(hendelse=h, av=bruker.aktoer, oppsummering=kropp.oppsummering)

        return await self._handle(HendelseAvsluttet, hendelse_id, bruker, nokkel, data)

    async def overfoer(self, hendelse_id: UUID, kropp: OverfoerKropp, bruker: Bruker, nokkel: Nokkel) -> Row[Any]:
        """The new owner is one role in one unit; there is always exactly one (domene L123)."""
        til = Eier(rolle=kropp.til.rolle, enhet=kropp.til.enhet)

        async def data(h: Hendelse) -> OverfoertData:
            ny = h.model_copy(update={"eier": til})
            return OverfoertData(hendelse=ny, av=bruker.aktoer, grunn=kropp.grunn, fra=h.eier, til=til)

        return await self._handle(HendelseOverfoert, hendelse_id, bruker, nokkel, data)

    async def sentrum(self, hendelse_id: UUID, kropp: SentrumKropp, bruker: Bruker, nokkel: Nokkel) -> Row[Any]:
        """«skjønnsmessig» (Oslostandarden 4.2, S:648): a person decides, and the owner follows unless handed over."""
        if bruker.rolle not in rules.OVERALT:
            raise _ikke_tilgang("Bare sekretariatet og SaLTo-sentrum avgjør om et sted regnes som Oslo sentrum.")
        valg = {"sentrum": kropp.sentrum, "sentrum_kilde": "person", "sentrum_grunn": kropp.grunn}

        async def data(h: Hendelse) -> SentrumData:
            if h.sted is None:
                raise Problem.felt("sentrum", "hendelsen har ikke noe sted")
            ny = await self._med_eier(h, h.model_copy(update={"sted": h.sted.model_copy(update=valg)}))
            return SentrumData(hendelse=ny, av=bruker.aktoer, grunn=kropp.grunn, sentrum=kropp.sentrum)

        return await self._handle(SentrumBestemt, hendelse_id, bruker, nokkel, data)

    async def vurder(self, hendelse_id: UUID, kropp: VurderingKropp, bruker: Bruker, nokkel: Nokkel) -> Row[Any]:
        """«når dette anses nødvendig» (Oslostandarden 4.4, S:757-761): only the sekretariat answers.

        Yes adds the sekretariat to those who are called; the owner stays.
        """
        if bruker.rolle != "sekretariat":
            raise _ikke_tilgang("Bare sekretariatet vurderer sin egen rolle.")

        async def data(h: Hendelse) -> VurdertData:
            ny = rules.med_sekretariatet(h) if kropp.sentral_rolle else rules.uten_sekretariatet(h)
            return VurdertData(hendelse=ny, av=bruker.aktoer, grunn=kropp.grunn, sentral_rolle=kropp.sentral_rolle)

        return await self._handle(HendelseVurdert, hendelse_id, bruker, nokkel, data)

    async def utvid(self, hendelse_id: UUID, kropp: UtvidKropp, bruker: Bruker, nokkel: Nokkel) -> Row[Any]:
        """Widens. What is city-wide is the sekretariat's (Oslostandarden 4.4, S:743), unless handed over."""
        if not rules.kan_utvide(bruker.aktoer, kropp.enhet, kropp.rolle):
            raise _ikke_tilgang("Du kan bare kalle de utøvende i egen bydel.")
        utvidelse = Utvidelse.model_validate(kropp.model_dump(exclude={"grunn"}))

        async def data(h: Hendelse) -> UtvidetData:
            ny = await self._med_eier(h, rules.utvidet(h, utvidelse))
            return UtvidetData(hendelse=ny, av=bruker.aktoer, grunn=kropp.grunn, utvidelse=utvidelse)

        return await self._handle(HendelseUtvidet, hendelse_id, bruker, nokkel, data, egen=False)

    async def _handle(
        self,
        klasse: type[Event[Any]],
        hendelse_id: UUID,
        bruker: Bruker,
        nokkel: Nokkel,
        data: Callable[[Hendelse], Awaitable[Tilstand]],
        *,
        egen: bool = True,
    ) -> Row[Any]:
        if gammel := await self._doer.sett_foer(nokkel):
            return gammel
        await self._tillatt(hendelse_id, bruker, egen=egen)
        event_id = nokkel.event_id

        async def bygg(h: Hendelse) -> Event[Any]:
            return self._ny(klasse, hendelse_id, await data(h), event_id)

        return await self._doer.endre(hendelse_id, bygg, nokkel=nokkel)

    def _ny(self, klasse: type[Event[Any]], hendelse_id: UUID, data: Tilstand, event_id: UUID | None) -> Event[Any]:
        return klasse.ny(data, naa=self._clock.now(), hendelse_id=hendelse_id, event_id=event_id or uuid4())

    async def _tillatt(self, hendelse_id: UUID, bruker: Bruker, *, egen: bool = True) -> Row[Any]:
        """The row, for who may act. `egen`: only on the own; a draft is nobody else's in any case."""
        rad = await self._doer.finn(hendelse_id)
        if (egen or rad.status == Status.UTKAST) and not rules.kan_handle(
            bruker.aktoer, Hendelse.model_validate(rad.hendelse)
        ):
            raise _ikke_tilgang("Hendelsen hører til en annen enhet enn din.")
        krev_aapen(rad)
        return rad

    async def _med_eier(self, foer: Hendelse, etter: Hendelse) -> Hendelse:
        """`etter` with its owner: the rules' own, unless `foer` was handed over to somebody else than the rules say."""
        if await self._regelens_eier(foer) != foer.eier:
            return etter.model_copy(update={"eier": foer.eier})
        return etter.model_copy(update={"eier": await self._regelens_eier(etter)})

    async def _regelens_eier(self, h: Hendelse) -> Eier | None:
        sporsmaal = Stedsspoersmaal(
            type=h.type,
            sted=StedInn(**_sted_inn(h)) if h.sted else None,
            stor=h.stor,
            maalgruppe=h.maalgruppe,
            tema=h.tema,
            utvidelser=h.utvidelser,
        )
        return (await self._doer.spoer_sted(sporsmaal)).eier


def _sted_inn(h: Hendelse) -> dict[str, Any]:
    """The place as it was written, from the place as it was resolved."""
    if h.sted is None:
        return {}
    felt: dict[str, Any] = {"navn": h.sted.navn, "lat": h.sted.lat, "lon": h.sted.lon}
    if h.sted.lat is None:
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
        kropp = HendelseKropp.model_validate({**naa, **sted, **felt})
    except ValidationError as feil:
        raise Problem.feltfeil(fra_pydantic(feil.errors())) from feil
    if "svarfrist" in felt or rules.frist_gjelder_fortsatt(kropp.svarfrist, foer.start, kropp.start):
        return kropp
    return kropp.model_copy(update={"svarfrist": None})  # and the door gives it the default, as if it were new


def _ikke_tilgang(detalj: str) -> Problem:
    return Problem(403, "Du har ikke tilgang til dette", detalj)
