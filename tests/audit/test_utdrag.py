"""A bundle of one hendelse: checked without us, silent about other hendelser, and broken by any change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.rules import Hode, Raa, Rad, kjed
from services.audit.rules_gjennomgang import Resultat
from services.audit.utdrag import IkkeUtdrag, kontroller_utdrag, skriv_utdrag
from tests.audit.arkivet import Arkivet, inntil
from tests.audit.historie import HENDELSE_ID, historien, stoey
from tests.audit.rader import en_id, hendelser, hodet, kjedet


def _skriv(rader: list[Rad]) -> list[str]:
    """A bundle made as the archive makes it, of rows that are at hand."""
    linjer: list[dict[str, Any]] = [
        {"format": "salto-audit-utdrag", "versjon": 1, "hendelse_id": str(HENDELSE_ID), "fra": _sted(Hode())}
    ]
    for r in rader:
        felles = {"epoke": r.epoke, "sekvens": r.sekvens, "tid": r.tid}
        if r.hendelse_id == HENDELSE_ID:
            linjer.append({**felles, "hash": r.hash.hex(), "subjekt": r.subjekt, "data": (r.data or b"").decode()})
        else:
            linjer.append({**felles, "digest": r.digest.hex()})
    linjer.append({"hode": _sted(hodet(rader)), "forseglet_til": None})
    return [json.dumps(linje) for linje in linjer]


def _sted(hode: Hode) -> dict[str, Any]:
    return {"epoke": hode.epoke, "sekvens": hode.sekvens, "hash": hode.hash.hex()}


RADER = kjedet(sorted([*historien(), *stoey()], key=lambda e: e.time))
UTDRAG = _skriv(RADER)


async def test_the_archive_writes_a_bundle_that_holds_and_tells_nothing_of_others(arkivet: Arkivet) -> None:
    await arkivet.start()
    await arkivet.skjer([*hendelser(3), *historien(), *stoey(), *hendelser(600, hendelse_id=en_id("en annen"))])
    await inntil(arkivet.har_alt)
    linjer = [linje async for linje in skriv_utdrag(arkivet.auditdb, HENDELSE_ID)]
    resultat = kontroller_utdrag(linjer)
    assert (resultat.hel, resultat.rader) == (True, len(linjer) - 2)
    assert "Noe helt annet" not in "".join(linjer)
    assert "kanal.stoppet" not in "".join(linje for linje in linjer if "digest" in linje)
    assert [json.loads(linje)["sekvens"] for linje in linjer[1:-1]] == list(range(4, 3 + len(linjer) - 1))


async def test_a_hendelse_without_rows_has_no_bundle(arkivet: Arkivet) -> None:
    assert [linje async for linje in skriv_utdrag(arkivet.auditdb, HENDELSE_ID)] == []


def test_bytes_that_are_no_text_are_kept_as_they_were() -> None:
    raa = Raa(RADER[-1].sekvens + 1, 0, f"salto.hendelse.meldt.{HENDELSE_ID}", b"\xff\x00")
    rader = [*RADER, *kjed(hodet(RADER), [raa], hull_sett=False)]
    linjer = _skriv(RADER)
    siste = rader[-1]
    rad = {"epoke": 1, "sekvens": siste.sekvens, "tid": 0, "hash": siste.hash.hex(), "subjekt": siste.subjekt}
    linjer[-1:] = [json.dumps({**rad, "base64": "/wA="}), json.dumps({"hode": _sted(hodet(rader))})]
    assert kontroller_utdrag(linjer).hel


def test_an_untouched_bundle_holds() -> None:
    assert kontroller_utdrag(UTDRAG) == Resultat(hel=True, rader=len(RADER))


@pytest.mark.parametrize(
    ("linjer", "foerste"),
    [
        ([*UTDRAG[:5], *UTDRAG[6:]], 9),  # another hendelse's line taken out: our next row tells
        ([*UTDRAG[:2], *UTDRAG[3:]], 2),  # our own taken out
        ([*UTDRAG[:5], UTDRAG[6], UTDRAG[5], *UTDRAG[7:]], 5),  # two change places
        (UTDRAG[:-1], len(RADER) + 1),  # the end cut off
        (UTDRAG[:4], 4),
        ([*UTDRAG[:3], "{ikke json", *UTDRAG[4:]], 3),
        ([*UTDRAG[:3], "[]", *UTDRAG[4:]], 3),
        ([*UTDRAG[:3], json.dumps({"epoke": 1, "sekvens": -1, "tid": 0, "digest": "00" * 32})], 3),
        ([*UTDRAG[:3], json.dumps({"epoke": 1, "sekvens": 3, "tid": 1e99, "digest": "00" * 32})], 3),
        ([*UTDRAG[:1], UTDRAG[1].replace("Markering", "Markerinq"), *UTDRAG[2:]], 1),
    ],
)
def test_a_changed_bundle_is_broken_at_the_row(linjer: list[str], foerste: int) -> None:
    feil = kontroller_utdrag(linjer).foerste_feil
    assert feil is not None
    assert feil.sekvens == foerste


@pytest.mark.parametrize("linjer", [[], ["{}"], ["PK"], ['{"format":"salto-audit-utdrag","versjon":2}']])
def test_a_file_that_is_no_bundle_is_not_called_broken(linjer: list[str]) -> None:
    with pytest.raises(IkkeUtdrag):
        kontroller_utdrag(linjer)


@settings(max_examples=300)
@given(st.data())
def test_any_single_character_that_is_changed_in_a_bundle_is_found(data: st.DataObject) -> None:
    nr = data.draw(st.integers(0, len(UTDRAG) - 1))
    linje = UTDRAG[nr]
    # Where the row before the first one stood is told for people; only its hash binds.
    bundet = ('"hash": "', '"digest": "', '"data": "') + (('"sekvens": ', '"tid": ', '"epoke": ') if nr else ())
    if nr == len(UTDRAG) - 1:  # the head: a new epoch that has no row yet differs from the old one by its number alone
        bundet = tuple(f for f in bundet if "epoke" not in f)
    felt = data.draw(st.sampled_from([f for f in bundet if f in linje]))
    start = linje.index(felt) + len(felt)
    slutt = min(i for i in (linje.find(c, start) for c in '",}\\') if i > 0)
    sted = data.draw(st.integers(start, slutt - 1)) if slutt > start else start
    ny = data.draw(st.sampled_from("0123456789abcdef").filter(lambda c: c != linje[sted]))
    endret = linje[:sted] + ny + linje[sted + 1 :]
    try:
        assert not kontroller_utdrag([*UTDRAG[:nr], endret, *UTDRAG[nr + 1 :]]).hel
    except IkkeUtdrag:
        assert nr == 0
