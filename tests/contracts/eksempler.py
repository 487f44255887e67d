"""One fictitious message of every kind, as it looked when it was first told: written once, then frozen in git.

`python -m tests.contracts.eksempler` writes the samples that are missing. It never changes one that is there: what was
told years ago cannot be told otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import contracts
from contracts import audit, frist, hendelse, kanal, melding, mobilisering, oppgave, register, svar, utkalling
from contracts.event import Aktoer, AnyEvent, Fakta
from contracts.katalog import HENDELSER
from contracts.lesning import Betydning, Lesning
from contracts.roller import Rolle

MAPPE = Path(contracts.__file__).parent / "samples"
TID = datetime(2026, 11, 21, 17, 0, 0, 250000, tzinfo=UTC)
FRIST = TID + timedelta(hours=24)


def nr(tall: int) -> UUID:
    """An id anybody can see is made up."""
    return UUID(f"00000000-0000-4000-8000-{tall:012}")


HENDELSE_ID, UTKALLING, VARA, PERSON, VARAPERSON, MELDING, BREV = (nr(n) for n in range(1, 8))
SEKRETARIATET = Aktoer(rolle="sekretariat", id="0123456789ab")
SENTRUM = hendelse.Eier(rolle=Rolle.SALTO_SENTRUM, enhet="sentrum")
FROGNER = hendelse.Eier(rolle=Rolle.SALTO_KOORDINATOR, enhet="bydel:05")
STEDET = hendelse.Sted(
    navn="Eidsvolls plass",
    lat=59.91332,
    lon=10.73893,
    bydel="16",
    bydeler=("16", "04"),
    driftsenhet="sentrum",
    medvarsles=("vest",),
    sentrum=True,
    sentrum_grunn="Stedet ligger i Sentrum (16).",
    presisjon_m=10,
)
UTVIDELSE = hendelse.Utvidelse(bydeler=("12",))
HENDELSEN = hendelse.Hendelse(
    type=hendelse.HendelseType.DEMONSTRASJON,
    tittel="Oppdiktet markering foran Stortinget",
    beskrivelse="Et eksempel: ingenting av dette har skjedd.",
    kilde="politi",
    sted=STEDET,
    oppmoete="Ved løven",
    vakttelefon="+4790000099",
    start=TID + timedelta(days=7),
    slutt=TID + timedelta(days=7, hours=3),
    varslet=True,
    alvorlighet=hendelse.Alvorlighet.MIDDELS,
    stor=True,
    forventet_antall=500,
    tema=(hendelse.Tema.HATKRIMINALITET,),
    maalgruppe=True,
    maalgruppe_grunn="Det ventes ungdom.",
    hjembydeler=("12",),
    andre_kommuner=("3201",),
    bemanning=hendelse.Bemanning(minst=6),
    svarfrist=FRIST,
    kodeord="ELG",
    eier=SENTRUM,
    utvidelser=(UTVIDELSE,),
)
FELLES = {"hendelse": HENDELSEN, "av": SEKRETARIATET}
GRUNN = mobilisering.RolleGrunn(
    rolle=Rolle.SALTO_KOORDINATOR,
    enhet="bydel:05",
    regel="R2-sentrum",
    hjemmel="Oslostandarden 4.2 (S:664-672)",
    grunn="Hendelsen er i Oslo sentrum, og Frogner er en av sentrumsbydelene.",
    kort="sentrumsbydel",
    vara=(VARAPERSON,),
)
SMS = melding.Bestilling(
    id=MELDING,
    utkalling_id=UTKALLING,
    person_id=PERSON,
    kanal="sms",
    formaal="utkalling",
    tekst="SaLTo ELG: Demonstrasjon, Eidsvolls plass lør 28.11 kl 18. Kan du stille som SaLTo-koordinator Frogner "
    "(sentrumsbydel)? Svar JA eller NEI innen søn 22.11 kl 18. #7K2QX",
    ref="7K2QX",
    segmenter=2,
    send_foer=TID + timedelta(days=7),
)
EPOST = melding.Bestilling(
    id=BREV,
    utkalling_id=UTKALLING,
    person_id=PERSON,
    kanal="epost",
    formaal="utkalling",
    emne="SaLTo ELG: Demonstrasjon, Eidsvolls plass lør 28.11 kl 18",
    tekst="Kan du stille som SaLTo-koordinator Frogner?",
    koding="",
    send_foer=TID + timedelta(days=7),
    svarlenke=True,
)
RAD = register.RolleRad(
    id=nr(20),
    person_id=VARAPERSON,
    rolle=Rolle.SALTO_KOORDINATOR,
    enhet="bydel:05",
    vara_for=PERSON,
    har=("sms", "epost"),
    gyldig_fra=date(2026, 1, 1),
    gyldig_til=date(2027, 12, 31),
    demo=True,
)


def _utfall(feil: melding.Feil | None = None) -> melding.UtfallData:
    ett = melding.Utfall(
        melding_id=MELDING,
        utkalling_id=UTKALLING,
        kanal="sms",
        tid=TID,
        leverandoer_id="SM" + "0" * 32,
        forsoek=1,
        feil=feil,
    )
    return melding.UtfallData(meldinger=(ett,))


def _kvittering() -> utkalling.Kvittering:
    return utkalling.Kvittering(
        utkalling_id=UTKALLING,
        svar="kommer",
        eta=TID + timedelta(minutes=20),
        antall=2,
        kanal="sms",
        mottatt=TID,
        sen=True,
        svar_id=nr(30),
        av=SEKRETARIATET,
        nivaa="utoevende",
        gjelder=nr(31),
    )


DATA: Mapping[type[AnyEvent], Fakta] = {
    hendelse.HendelseMeldt: hendelse.MeldtData(**FELLES, foresporsel="0" * 64),
    hendelse.HendelseSendt: hendelse.Tilstand(**FELLES),
    hendelse.HendelseEndret: hendelse.EndretData(**FELLES, felt=("sted", "start")),
    hendelse.HendelseAvlyst: hendelse.GrunnData(**FELLES, grunn="Arrangøren har trukket søknaden"),
    hendelse.HendelseAvsluttet: hendelse.AvsluttetData(**FELLES, oppsummering="Rolig og oversiktlig"),
    hendelse.HendelseUtvidet: hendelse.UtvidetData(**FELLES, grunn="Ungdom fra Alna", utvidelse=UTVIDELSE),
    hendelse.HendelseOverfoert: hendelse.OverfoertData(**FELLES, grunn="Frogner tar over", fra=SENTRUM, til=FROGNER),
    hendelse.HendelseVurdert: hendelse.VurdertData(**FELLES, grunn="Stort omfang", sentral_rolle=True),
    hendelse.SentrumBestemt: hendelse.SentrumData(**FELLES, grunn="Ved et knutepunkt", sentrum=True),
    mobilisering.MobiliseringBesluttet: mobilisering.BesluttetData(
        beslutning_id=nr(10),
        utloest_av=nr(11),
        utloest_sekvens=41,
        del_nr=1,
        deler=1,
        regelsett="Oslostandarden 2023, tabell O 1",
        register_sekvens=7,
        hendelse=HENDELSEN,
        mottakere=(
            mobilisering.Mottaker(
                person_id=PERSON, art="foresporsel", kanaler=("sms", "epost"), roller=(GRUNN,), demo=True
            ),
        ),
        vara=(mobilisering.Vara(person_id=VARAPERSON, kanaler=("sms",), demo=True),),
        ikke_valgt=(
            mobilisering.IkkeValgt(
                person_id=VARAPERSON, rolle=Rolle.SALTO_KOORDINATOR, enhet="bydel:05", grunn="Vara: kalles ved nei."
            ),
        ),
        mangler=(
            mobilisering.Mangel(
                rolle=Rolle.FF, enhet="politi:ff", aarsak="Ingen har rollen.", hjemmel="Oslostandarden 4.5"
            ),
        ),
        ikke_lenger=(nr(12),),
        sekretariat=(nr(13),),
        vurdering_kreves=True,
    ),
    utkalling.UtkallingOpprettet: utkalling.OpprettetData(
        utkallinger=(
            utkalling.NyUtkalling(
                id=VARA,
                person_id=VARAPERSON,
                art="foresporsel",
                roller=(GRUNN,),
                svarfrist=FRIST,
                vara_for=UTKALLING,
                avlyst=True,
            ),
        )
    ),
    utkalling.UtkallingKvittert: utkalling.KvittertData(kvitteringer=(_kvittering(),)),
    utkalling.UtkallingPurret: utkalling.UtkallingerData(utkallinger=(UTKALLING,)),
    utkalling.UtkallingEskalert: utkalling.EskalertData(
        utkallinger=(utkalling.Eskalering(utkalling_id=UTKALLING, vara=(VARA,), grunn="nei"),)
    ),
    utkalling.UtkallingUtloept: utkalling.UtkallingerData(utkallinger=(UTKALLING,)),
    utkalling.UtkallingAvlyst: utkalling.UtkallingerData(utkallinger=(UTKALLING,), grunn="Avlyst"),
    utkalling.UtkallingBemannet: utkalling.BemannetData(kommer=6, minst=6),
    melding.MeldingBestilt: melding.BestiltData(meldinger=(SMS, EPOST)),
    melding.MeldingTrukket: melding.TrukketData(meldinger=(MELDING,)),
    melding.MeldingSendt: _utfall(),
    melding.MeldingLevert: _utfall(),
    melding.MeldingFeilet: _utfall(melding.Feil(kode="21614", tekst="Nummeret er ikke en mobiltelefon")),
    melding.MeldingUviss: _utfall(melding.Feil(kode="uviss", tekst="Vi vet ikke om den gikk ut", permanent=False)),
    melding.MeldingAvgjort: melding.AvgjortData(
        melding_id=MELDING,
        utkalling_id=UTKALLING,
        kanal="sms",
        forsoek=3,
        valg="send_igjen",
        av=SEKRETARIATET,
        grunn="Vedkommende svarer ikke på telefon",
    ),
    svar.SvarMottatt: svar.MottattData(
        svar=(
            svar.Innkommet(
                id=nr(31),
                kanal="sms",
                person_id=PERSON,
                utkalling_id=UTKALLING,
                lesning=Lesning(
                    svar=Betydning.UKLART,
                    eta_minutter=20,
                    kodeord=("ELG",),
                    kodeord_naer=("HEGRE",),
                    naer_kreves=True,
                    antall_uklart=True,
                    haster=True,
                    autosvar=True,
                    grunn="Svaret sier to ting.",
                ),
                innhold_hmac="0" * 64,
                mottatt=TID,
                leverandoer_id="SM" + "1" * 32,
            ),
        )
    ),
    svar.SvarUklart: svar.UklartData(
        svar_id=nr(31), person_id=PERSON, utkallinger=(UTKALLING,), grunn="Svaret sier to ting.", haster=True
    ),
    frist.FristNaadd: frist.NaaddData(
        frister=(frist.Naadd(id=nr(40), slag="svarfrist", utkalling_id=UTKALLING, frist=FRIST),)
    ),
    kanal.KanalStoppet: kanal.KanalData(person_id=PERSON, kanal="sms", grunn="stopp"),
    kanal.KanalStartet: kanal.KanalData(person_id=PERSON, kanal="sms", grunn="start"),
    register.RegisterEndret: register.RegisterData(
        roller=(RAD,),
        fjernet=(nr(21),),
        fravaer=(register.Fravaer(id=nr(22), person_id=PERSON, fra=date(2026, 12, 20), til=date(2027, 1, 3)),),
        fravaer_fjernet=(nr(23),),
        av=SEKRETARIATET,
    ),
    audit.WebhookAvvist: audit.AvvistData(doer="sms", grunn="feil signatur"),
    audit.FeilkoeKjoert: audit.FeilkoeData(feilkoe_id=3, rom_navn="sms", utfall="behandlet"),
    audit.InnsynGitt: audit.InnsynData(av=SEKRETARIATET, gjelder="utkallinger", antall=12),
    audit.EpokeAapnet: audit.EpokeData(epoke=2, fra_sekvens=100, grunn="Journalen ble gjenopprettet", av=SEKRETARIATET),
    oppgave.OppgaveLoest: oppgave.LoestData(oppgave=nr(50), slag="mangel", av=SEKRETARIATET),
}


def fil(klasse: type[AnyEvent]) -> Path:
    """Where the sample of a kind of event is."""
    return MAPPE / f"{klasse.emne}.v{klasse.versjon}.json"


def eksempel(klasse: type[AnyEvent]) -> AnyEvent:
    """The sample as an event: its id, time and salt are as made up as the rest."""
    event = klasse.ny(DATA[klasse], naa=TID, hendelse_id=HENDELSE_ID, aarsak=nr(99), nokkel="1", event_id=nr(100))
    return event.model_copy(update={"salt": "0123456789abcdef"})


def skriv_nye() -> list[Path]:
    """Writes the samples that are missing; one that is there is left as it is."""
    nye = [klasse for klasse in HENDELSER if not fil(klasse).exists()]
    MAPPE.mkdir(exist_ok=True)
    for klasse in nye:
        innhold = json.loads(eksempel(klasse).til_bytes())
        fil(klasse).write_text(json.dumps(innhold, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [fil(klasse) for klasse in nye]


if __name__ == "__main__":
    for sti in skriv_nye():
        print(sti.relative_to(MAPPE.parent.parent))  # noqa: T201 - a command for developers
