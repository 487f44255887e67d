"""Puts the report together from the rows of one hendelse: the same rows give the same report."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from contracts.hendelse import HendelseAvlyst, HendelseAvsluttet
from services.audit.rapport import beslutninger as besluttet
from services.audit.rapport import ord as ordene
from services.audit.rapport import tidslinje as linjene
from services.audit.rapport import utkallinger as kalt
from services.audit.rapport.avgjort import avgjort
from services.audit.rapport.fortelling import Fortelling, les
from services.audit.rapport.meldinger import Ordre, meldinger, ordrene, tvil
from services.audit.rapport.modell import Avgjoerelse, Hode, Kilde, Linje, Rapport
from services.audit.rapport.personer import Personer
from services.audit.rapport.tall import tall
from services.audit.rapport.uklare import uklare
from services.audit.rules import Rad


def bygg_rapport(rader: Sequence[Rad], hendelse_id: UUID) -> Rapport:
    """The report of a hendelse, from its rows in order.

    Raises:
        IngenHendelse: the rows do not have the hendelse's own life cycle.
    """
    fortelling = les(rader, hendelse_id)
    personer = Personer(fortelling)
    ordre = ordrene(fortelling, personer)
    spurte = kalt.spurte(fortelling, ordre, personer)
    svartider = kalt.svartider(spurte)
    uavklart = uklare(fortelling, personer)
    eskalert = kalt.eskaleringer(fortelling, personer)
    mangler = besluttet.mangler(fortelling)
    return Rapport(
        hode=_hode(fortelling),
        avgjoerelser=_avgjoerelser(fortelling, personer),
        beslutninger=besluttet.beslutninger(fortelling),
        aapne_vurderinger=besluttet.aapne_vurderinger(fortelling),
        spurt=spurte,
        ikke_spurt=besluttet.ikke_spurt(fortelling, personer),
        mangler=mangler,
        svartider=svartider,
        aldri_svart=kalt.aldri_svart(spurte),
        uklare=uavklart,
        eskaleringer=eskalert,
        tvil=tvil(ordre, personer),
        tidslinje=linjene.tidslinje(_linjer(fortelling, ordre, personer)),
        meldinger=meldinger(ordre, personer),
        tall=tall(fortelling, spurte, list(ordre.values()), svartider, (mangler, uavklart, eskalert)),
        kilde=_kilde(rader, fortelling),
    )


def _linjer(fortelling: Fortelling, ordre: dict[UUID, Ordre], personer: Personer) -> list[Linje]:
    return [
        *linjene.avgjoerelseslinjer(_avgjoerelser(fortelling, personer)),
        *linjene.beslutningslinjer(besluttet.beslutninger(fortelling)),
        *linjene.eskaleringslinjer(kalt.eskaleringer(fortelling, personer)),
        *linjene.utkallingslinjer(fortelling, personer),
        *linjene.svarlinjer(fortelling, personer),
        *linjene.uklarlinjer(uklare(fortelling, personer)),
        *linjene.meldingslinjer(ordre.values(), personer),
        *linjene.tvilslinjer(tvil(ordre, personer)),
    ]


def _avgjoerelser(fortelling: Fortelling, personer: Personer) -> tuple[Avgjoerelse, ...]:
    """What people decided, about the hendelse and about messages nobody knew about, in order."""
    alle = (*besluttet.avgjoerelser(fortelling), *avgjort(fortelling, personer))
    return tuple(sorted(alle, key=lambda a: a.tid))


def _hode(fortelling: Fortelling) -> Hode:
    h = fortelling.hendelse
    return Hode(
        hendelse_id=fortelling.hendelse_id,
        type=ordene.TYPE[h.type],
        tittel=h.tittel,
        sted=ordene.sted(h.sted),
        sentrum=ordene.sentrum(h.sted),
        start=h.start,
        slutt=h.slutt,
        kodeord=h.kodeord,
        status=_status(fortelling),
        aapen=fortelling.aapen,
        eier=ordene.rolle(h.eier.rolle, h.eier.enhet),
        varslet=h.varslet,
        oevelse=h.oevelse,
        stor=h.stor,
        alvorlighet=ordene.ALVORLIGHET[h.alvorlighet],
        maalgruppe=ordene.maalgruppe(h),
        tema=tuple(h.tema),
        svarfrist=h.svarfrist,
        meldt=fortelling.livsloep()[0].tid,
        beskrivelse=h.beskrivelse,
        oppsummering=next((i.event.data.oppsummering for i in fortelling.av(HendelseAvsluttet)), ""),
    )


def _status(fortelling: Fortelling) -> str:
    if any(fortelling.av(HendelseAvlyst)):
        return "avlyst"
    if any(fortelling.av(HendelseAvsluttet)):
        return "avsluttet"
    return "utkast" if fortelling.hendelse.utkast else "åpen"


def _kilde(rader: Sequence[Rad], fortelling: Fortelling) -> Kilde:
    egne = [r for r in rader if r.hendelse_id == fortelling.hendelse_id]
    return Kilde(
        rader=len(egne),
        uleste=fortelling.uleste,
        fra_sekvens=egne[0].sekvens,
        til_sekvens=egne[-1].sekvens,
        siste_tid=fortelling.innslag[-1].tid,
        siste_hash=egne[-1].hash.hex(),
    )
