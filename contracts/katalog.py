"""Every event there is: the catalogue that schemas, AsyncAPI and readers are made from."""

from __future__ import annotations

from contracts.audit import EpokeAapnet, FeilkoeKjoert, InnsynGitt, WebhookAvvist
from contracts.event import AnyEvent
from contracts.frist import FristNaadd
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
from contracts.melding import (
    MeldingAvgjort,
    MeldingBestilt,
    MeldingFeilet,
    MeldingLevert,
    MeldingSendt,
    MeldingTrukket,
    MeldingUviss,
)
from contracts.mobilisering import MobiliseringBesluttet
from contracts.oppgave import OppgaveLoest
from contracts.register import RegisterEndret
from contracts.svar import SvarMottatt, SvarUklart
from contracts.utkalling import (
    UtkallingAvlyst,
    UtkallingBemannet,
    UtkallingEskalert,
    UtkallingKvittert,
    UtkallingOpprettet,
    UtkallingPurret,
    UtkallingUtloept,
)

HENDELSER: tuple[type[AnyEvent], ...] = (
    HendelseMeldt,
    HendelseSendt,
    HendelseEndret,
    HendelseAvlyst,
    HendelseAvsluttet,
    HendelseUtvidet,
    HendelseOverfoert,
    HendelseVurdert,
    SentrumBestemt,
    MobiliseringBesluttet,
    UtkallingOpprettet,
    UtkallingKvittert,
    UtkallingPurret,
    UtkallingEskalert,
    UtkallingUtloept,
    UtkallingAvlyst,
    UtkallingBemannet,
    MeldingBestilt,
    MeldingTrukket,
    MeldingSendt,
    MeldingLevert,
    MeldingFeilet,
    MeldingUviss,
    MeldingAvgjort,
    SvarMottatt,
    SvarUklart,
    FristNaadd,
    KanalStoppet,
    KanalStartet,
    RegisterEndret,
    WebhookAvvist,
    FeilkoeKjoert,
    InnsynGitt,
    EpokeAapnet,
    OppgaveLoest,
)

HENDELSESLOEPET: tuple[type[AnyEvent], ...] = HENDELSER[:9]
"""The life cycle of a hendelse, said by `hendelser` alone; `versjon` is the sequence of its last."""
