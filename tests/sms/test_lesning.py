"""Replies read on their own: the grammar of API §4, its traps, and what must hold for any text at all."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.lesning import Betydning, Lesning
from services.sms.lesning import les

OSLO = ZoneInfo("Europe/Oslo")
KVELD = datetime(2026, 11, 21, 18, 0, tzinfo=OSLO)
UTKALLING = (
    "SaLTo ELG: Demonstrasjon, Eidsvolls plass lør 28.11 kl 14. Kan du stille som SaLTo-koordinator Frogner "
    "(sentrumsbydel)? Svar JA eller NEI innen fre 27.11 kl 12. #7K2QX"
)
HASTER = (
    "SaLTo ELG HASTER: Hendelse, Jernbanetorget nå. Kan du komme som SaLTo-sentrum? Svar JA 20 (framme om 20 min) "
    "eller NEI innen kl 02.25. Spørsmål: +4790000001. Fare for liv: 112. #M4T8B"
)
HANDLER = {Betydning.KOMMER, Betydning.KOMMER_IKKE, Betydning.FRAMME, Betydning.FERDIG, Betydning.STOPP}
HANDLER |= {Betydning.START}


@pytest.mark.parametrize(
    ("svar", "betydning", "eta"),
    [
        *(
            (t, "kommer", None)
            for t in ("ja", "ok", "kommer", "eg kjem", "jeg stiller", "på vei", "ja elg", "elg ja", "👍")
        ),
        *((t, "kommer", 20) for t in ("ja 20", "kommer om 20", "framme om 20", "20 min")),
        ("ja elg om 1 time", "kommer", 60),
        ("kommer ikke før om 30 min", "kommer", 30),
        ("kjem kl 19", "kommer", 60),
        *((t, "kommer_ikke", None) for t in ("nei", "kan ikke", "ok men kan ikke", "kommer ikke", "opptatt")),
        *((t, "framme", None) for t in ("framme", "fremme", "framme no", "på plass")),
        *((t, "ferdig", None) for t in ("ferdig", "hjemme", "heime")),
        *((t, "info", None) for t in ("info", "status", "hva gjelder dette")),
        *((t, "hjelp", None) for t in ("hjelp", "?")),
        *((t, "uklart", None) for t in ("trenger hjelp", "hjelp oss", "Hjelp!!")),
        *((t, "stopp", None) for t in ("stopp", "stop")),
        ("start", "start", None),
    ],
)
def test_the_table_of_the_contract_is_read_as_it_says(svar: str, betydning: str, eta: int | None) -> None:
    lesning = les(svar, KVELD)
    assert (lesning.svar, lesning.eta_minutter) == (betydning, eta)


@pytest.mark.parametrize("svar", ["trenger hjelp", "hjelp oss", "Hjelp!!", "ja men trenger hjelp", "🆘", "ring 112"])
def test_a_cry_for_help_is_urgent(svar: str) -> None:
    assert les(svar, KVELD).haster


@pytest.mark.parametrize("svar", ["hjelp", "?", "ja", "nei", "kanskje", "trenger ikke info"])
def test_what_is_no_cry_for_help_is_not_urgent(svar: str) -> None:
    assert not les(svar, KVELD).haster


@pytest.mark.parametrize("svar", ["ja 3", "2", "om 4", "ja elg 2", "ja to"])
def test_a_bare_number_under_five_is_asked_about(svar: str) -> None:
    lesning = les(svar, KVELD)
    assert lesning.svar is Betydning.SPOER
    assert lesning.antall_uklart


@pytest.mark.parametrize(
    ("svar", "naa", "eta"),
    [
        ("kjem kl 19", "18:00", 60),
        ("kjem kl 19", "18:59", 1),
        ("kjem kl 19", "19:00", 0),
        ("kommer kl 06", "18:00", 720),
        ("kommer kl 07", "18:00", None),
        ("kommer kl 17", "18:00", None),
        ("kommer kl 00.30", "23:30", 60),
        ("ja 19:30", "18:00", 90),
        ("kommer halv åtte", "06:00", 90),
        ("kommer halv åtte", "18:00", 90),
    ],
)
def test_a_clock_time_is_minutes_from_now_and_none_more_than_twelve_hours_ahead(
    svar: str, naa: str, eta: int | None
) -> None:
    time, minutt = naa.split(":")
    lesning = les(svar, KVELD.replace(hour=int(time), minute=int(minutt)))
    assert (lesning.svar, lesning.eta_minutter) == (Betydning.KOMMER, eta)


@pytest.mark.parametrize(
    ("dag", "eta"),
    [(datetime(2026, 10, 25, 1, 0, tzinfo=OSLO), 180), (datetime(2027, 3, 28, 1, 0, tzinfo=OSLO), 60)],
)
def test_a_clock_time_over_a_change_of_the_clock_counts_real_minutes(dag: datetime, eta: int) -> None:
    assert les("kommer kl 03", dag).eta_minutter == eta


def test_a_clock_time_is_in_oslo_wherever_the_moment_was_taken() -> None:
    assert les("kommer kl 19", KVELD.astimezone(ZoneInfo("UTC"))).eta_minutter == 60


@pytest.mark.parametrize(
    ("svar", "betydning"),
    [
        (f"{UTKALLING}\nJa", Betydning.KOMMER),
        (f"nei\n\n{UTKALLING}", Betydning.KOMMER_IKKE),
        (f"> {UTKALLING}\n\nJa", Betydning.KOMMER),
        (f"«{HASTER}» nei", Betydning.KOMMER_IKKE),
        (f"ja\n\n-----Opprinnelig melding-----\nFra: SaLTo\nSendt: i går\n{HASTER}", Betydning.KOMMER),
        (f"ØVELSE {UTKALLING} ja", Betydning.KOMMER),
        (UTKALLING, Betydning.UKLART),
        (f"Likte «{UTKALLING}»", Betydning.UKLART),
        (f"👍 to “{UTKALLING}”", Betydning.UKLART),
        ("Svar JA eller NEI innen fre 27.11 kl 12.", Betydning.UKLART),
    ],
)
def test_a_copy_of_our_own_text_is_not_the_answer(svar: str, betydning: Betydning) -> None:
    lesning = les(svar, KVELD)
    assert lesning.svar is betydning
    assert lesning.kodeord == ()


@pytest.mark.parametrize(
    "svar",
    [
        "Jeg kjører bil med Ikke forstyrr aktivert. Jeg ser meldingen din når jeg kommer frem.",
        "I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get where I'm going.",
        "Automatisk svar: jeg er på ferie til mandag",
        "Fraværende til 1. desember",
        "Out of office",
    ],
)
def test_a_machine_is_not_guessed_and_not_answered(svar: str) -> None:
    lesning = les(svar, KVELD)
    assert lesning.svar is Betydning.UKLART
    assert lesning.autosvar


@pytest.mark.parametrize(
    ("svar", "kodeord", "naer", "kreves"),
    [
        ("ja elg", ("ELG",), (), False),
        ("ELG: nei", ("ELG",), (), False),
        ("ja til kråke", ("KRÅKE",), (), False),
        ("ja kraake", ("KRÅKE",), (), False),
        ("jaelg", ("ELG",), (), False),
        ("ja hegra", (), ("HEGRE",), True),
        ("nei hegra", (), ("HEGRE",), False),
        ("elg hegre ja", ("ELG", "HEGRE"), (), False),
        ("ja", (), (), False),
    ],
)
def test_the_kodeord_are_found(svar: str, kodeord: tuple[str, ...], naer: tuple[str, ...], kreves: bool) -> None:
    lesning = les(svar, KVELD)
    assert (lesning.kodeord, lesning.kodeord_naer, lesning.naer_kreves) == (kodeord, naer, kreves)


def test_a_kodeord_alone_is_no_answer() -> None:
    assert les("Elg!", KVELD) == Lesning(svar=None, kodeord=("ELG",))


def test_a_text_too_long_to_read_is_not_acted_on() -> None:
    assert les("ja" + " " * 2000 + "nei", KVELD).svar is Betydning.UKLART


def test_a_reading_stored_by_a_later_version_still_parses() -> None:
    assert Lesning.model_validate_json('{"svar": "kommer", "ukjent_felt": 1}') == Lesning(svar=Betydning.KOMMER)


def _valg(tekst: str) -> st.SearchStrategy[str]:
    """One of the texts between the bars."""
    return st.sampled_from(tekst.split("|"))


_JA = _valg("ja|JA!|jepp|jau|kommer|eg kjem|jeg stiller|på vei|ja takk|ja 20|ja elg|selvfølgelig")
_NEI = _valg("nei|NEI|kan ikke|kan dessverre ikke|kommer ikke|kjem ikkje|opptatt|har ikke tid|rekker ikke")
_FORBEHOLD = _valg(
    "hvis jeg får fri|kanskje|dersom bussen går|om jeg rekker det|tror jeg|hvor?|når er det|?|Kari kommer|"
    "vi sender en annen|min kollega stiller|det kommer an på|trenger hjelp|vet ikke"
)
_BINDELEDD = st.sampled_from([" ", ", ", ". ", "\n", " men ", " og ", " - ", "! "])


@given(_JA, _NEI, _BINDELEDD, st.booleans())
def test_a_text_that_says_yes_and_no_is_never_acted_on(ja: str, nei: str, ledd: str, snudd: bool) -> None:
    tekst = f"{nei}{ledd}{ja}" if snudd else f"{ja}{ledd}{nei}"
    assert les(tekst, KVELD).svar not in HANDLER, tekst


@given(st.one_of(_JA, _NEI), _FORBEHOLD, _BINDELEDD, st.booleans())
def test_a_condition_a_question_and_somebody_else_are_never_acted_on(
    svar: str, forbehold: str, ledd: str, snudd: bool
) -> None:
    tekst = f"{forbehold}{ledd}{svar}" if snudd else f"{svar}{ledd}{forbehold}"
    assert les(tekst, KVELD).svar not in HANDLER, tekst


_VANLIG = _valg(
    "ja|nei|ja 20|kommer om 20|kan ikke|framme|ferdig|info|stopp|ja elg|på vei|kjem kl 19|nei, barna er syke|"
    "kommer ikke før om 30 min|kanskje|ja nei|ja 3|jeg kjører bil|gjerne|heime no"
)


@given(_VANLIG, st.sampled_from([str.upper, str.title, str.swapcase, str.casefold]))
def test_case_does_not_matter(svar: str, skrevet: Callable[[str], str]) -> None:
    assert les(skrevet(svar), KVELD) == les(svar, KVELD)


@given(_VANLIG, st.text(" \t\n\u00a0\u3000", max_size=5), st.sampled_from(["", ".", "...", "!", ",", " ☺️", " ."]))
def test_spaces_around_punctuation_after_and_emoji_do_not_matter(svar: str, rom: str, tegn: str) -> None:
    assert les(f"{rom}{svar}{tegn}{rom}", KVELD) == les(svar, KVELD)


@given(_VANLIG)
def test_full_width_letters_and_spelt_out_norwegian_letters_do_not_matter(svar: str) -> None:
    bred = "".join(chr(ord(t) + 0xFEE0) if "!" <= t <= "~" else t for t in svar)
    ascii_ = svar.replace("å", "aa").replace("ø", "oe").replace("æ", "ae")
    assert les(bred, KVELD) == les(ascii_, KVELD) == les(svar, KVELD)


_ORD = _valg(
    "ja|nei|ikke|kan|kommer|om|20|kl|19|elg|hegra|før|men|#7K2QX|salto elg:|en|halv|time|kvart|på|og|«|»|>|"
    "hilsen|\n|?|!|.|1,5|24|99|½"
)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(_ORD, max_size=30).map(" ".join)))
def test_any_text_at_all_is_read_without_an_error(tekst: str) -> None:
    lesning = les(tekst, KVELD)
    assert lesning.svar is not Betydning.UKLART or lesning.grunn
    assert lesning.eta_minutter is None or 0 <= lesning.eta_minutter <= 12 * 60
    assert lesning.svar is Betydning.KOMMER or lesning.eta_minutter is None
