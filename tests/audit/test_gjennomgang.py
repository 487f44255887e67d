"""What a walk along the chain finds: every row that was changed, taken out, put in or moved, by its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.rules import Hode, Rad, avtrykk, kjed
from services.audit.rules_gjennomgang import Hull, verifiser
from tests.audit.rader import en_id, hendelser, hodet, kjedet, raa

RADER = kjedet([*hendelser(6), *hendelser(3, hendelse_id=en_id("demo"))])
HODET = hodet(RADER)
Inngrep = Callable[[list[Rad]], list[Rad]]


def _endre(nr: int, **felt: Any) -> Inngrep:
    return lambda rader: [replace(r, **felt) if r.sekvens == nr else r for r in rader]


def _uten(sekvens: int) -> Inngrep:
    return lambda rader: [r for r in rader if r.sekvens != sekvens]


def _bytt(en: int, to: int) -> Inngrep:
    """Two rows change places, and with them their numbers."""
    nummer = {en: to, to: en}
    return lambda rader: sorted(
        (replace(r, sekvens=nummer.get(r.sekvens, r.sekvens)) for r in rader), key=lambda r: r.sekvens
    )


def _doblet(sekvens: int) -> Inngrep:
    return lambda rader: sorted([*rader, rader[sekvens - 1]], key=lambda r: r.sekvens)


def _fusket(rader: list[Rad]) -> list[Rad]:
    """Content and digest changed together, the rest left as it was."""
    data = b"{}"
    return [
        replace(r, data=data, digest=avtrykk(r.subjekt, data), event_id=None, type="") if r.sekvens == 4 else r
        for r in rader
    ]


def test_an_untouched_chain_is_whole() -> None:
    assert verifiser(RADER, HODET) == verifiser(iter(RADER), HODET)
    assert verifiser(RADER, HODET).hel
    assert verifiser(RADER, HODET).rader == 9
    assert verifiser([], Hode()).hel


@pytest.mark.parametrize(
    ("inngrep", "foerste", "ord_"),
    [
        (_endre(4, data=b"{}"), 4, "innholdet er endret"),
        (_endre(4, data=None), 4, "borte"),
        (_endre(4, subjekt="salto.kanal.startet.-"), 4, "innholdet er endret"),
        (_endre(4, tid=0), 4, "kjeden er brutt"),
        (_endre(4, digest=bytes(32)), 4, "innholdet er endret"),
        (_endre(4, hash=bytes(32)), 4, "kjeden er brutt"),
        (_endre(4, sekvens=-1), -1, "rekkefølge"),
        (_endre(8, hendelse_id=None), 8, "oppslagskolonnene"),
        (_endre(8, event_id=None), 8, "oppslagskolonnene"),
        (_endre(8, type="no.oslo.salto.innsyn.gitt.v1"), 8, "oppslagskolonnene"),
        (_endre(9, epoke=2), 9, "kjeden er brutt"),
        (_fusket, 4, "kjeden er brutt"),
        (_uten(1), 1, "mangler"),
        (_uten(5), 5, "mangler"),
        (_uten(9), 9, "mangler"),
        (_bytt(4, 5), 4, "kjeden er brutt"),
        (_doblet(4), 4, "rekkefølge"),
    ],
)
def test_whatever_is_done_to_a_row_the_first_bad_one_is_named(inngrep: Inngrep, foerste: int, ord_: str) -> None:
    resultat = verifiser(inngrep(RADER), HODET)
    assert not resultat.hel
    assert resultat.foerste_feil is not None
    assert resultat.foerste_feil.sekvens == foerste
    assert ord_ in resultat.foerste_feil.grunn


def test_a_row_after_the_head_is_outside_the_chain() -> None:
    feil = verifiser(RADER, hodet(RADER[:-1])).foerste_feil
    assert feil is not None
    assert (feil.sekvens, "utenfor" in feil.grunn) == (9, True)


def test_a_head_that_was_changed_does_not_fit() -> None:
    feil = verifiser(RADER, replace(HODET, hash=bytes(32))).foerste_feil
    assert feil is not None
    assert "hodet" in feil.grunn


def test_messages_that_the_journal_never_gave_are_told_as_a_gap_in_a_whole_chain() -> None:
    foerst = kjed(Hode(), raa(hendelser(2)), hull_sett=False)
    rader = [*foerst, *kjed(hodet(foerst), raa(hendelser(2), fra=6), hull_sett=True)]
    resultat = verifiser(rader, hodet(rader))
    assert resultat.hel
    assert resultat.hull == (Hull(epoke=1, fra=3, til=5),)


def test_a_new_epoch_goes_on_from_the_last_hash_and_may_use_old_sequences() -> None:
    aapnet = Hode(2, 0, HODET.hash)
    assert verifiser(RADER, aapnet).hel
    rader = [*RADER, *kjed(aapnet, raa(hendelser(2)), hull_sett=False)]
    resultat = verifiser(rader, hodet(rader))
    assert (resultat.hel, resultat.rader, resultat.epoker) == (True, 11, 2)
    uten_skjoeten = [r for r in rader if (r.epoke, r.sekvens) != (2, 1)]
    assert not verifiser(uten_skjoeten, hodet(rader)).hel


def _annerledes(verdi: object, hvor: int, maske: int) -> object:
    """The value with one byte changed."""
    match verdi:
        case bytes():
            sted = hvor % len(verdi)
            return verdi[:sted] + bytes([verdi[sted] ^ maske]) + verdi[sted + 1 :]
        case str():
            sted = hvor % len(verdi)
            return verdi[:sted] + chr(ord(verdi[sted]) ^ maske) + verdi[sted + 1 :]
        case UUID():
            return UUID(bytes=bytes(_annerledes(verdi.bytes, hvor, maske)))  # type: ignore[call-overload]
        case int():
            return verdi ^ (maske << (8 * (hvor % 7)))
        case _:
            return en_id("noe der det ikke var noe")


@settings(max_examples=300)
@given(
    rad=st.integers(0, len(RADER) - 1),
    felt=st.sampled_from(
        ["epoke", "sekvens", "tid", "digest", "hash", "subjekt", "data", "event_id", "type", "hendelse_id"]
    ),
    hvor=st.integers(0, 500),
    maske=st.integers(1, 127),
)
def test_any_single_byte_that_is_changed_anywhere_is_found(rad: int, felt: str, hvor: int, maske: int) -> None:
    endret = replace(RADER[rad], **{felt: _annerledes(getattr(RADER[rad], felt), hvor, maske)})  # type: ignore[arg-type]
    assert not verifiser([*RADER[:rad], endret, *RADER[rad + 1 :]], HODET).hel
