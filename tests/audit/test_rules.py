"""The chain's encoding, by hand, and which messages become rows."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest

from services.audit.rules import ROT, Hode, Raa, avtrykk, hendelse_av, kjed, kjede, peker
from tests.audit.rader import hendelser, raa

EN = UUID("11111111-1111-4111-8111-111111111111")


def test_the_hash_is_sha256_of_the_89_bytes_that_the_design_names() -> None:
    digest = hashlib.sha256(b"salto.hendelse.meldt.-" + b"\x00" + b'{"a":1}').digest()
    hashet = (
        b"\x00"
        + b"\x00" * 32
        + b"\x00\x00\x00\x00\x00\x00\x00\x02"
        + b"\x00\x00\x00\x00\x00\x00\x01\x00"
        + b"\x00\x06\x44\x18\xf1\x23\x40\x00"
        + digest
    )
    assert len(hashet) == 89
    assert avtrykk("salto.hendelse.meldt.-", b'{"a":1}') == digest
    assert kjede(ROT, 2, 256, 0x00064418F1234000, digest) == hashlib.sha256(hashet).digest()


@pytest.mark.parametrize(
    ("data", "ventet"),
    [
        (
            b'{"specversion":"1.0","id":"%s","source":"/salto/x","type":"no.a.v1","time":"x"}' % str(EN).encode(),
            (EN, "no.a.v1"),
        ),
        (b'{"type":"no.a.v1","id":"%s"}' % str(EN).encode(), (EN, "no.a.v1")),  # another writer's order of fields
        (b'{"id":"ikke en uuid","type":"no.a.v1"}', (None, "no.a.v1")),
        (b'{"id":"x"}', (None, "")),
        (b"[]", (None, "")),
        (b"3", (None, "")),
        (b"", (None, "")),
        (b"\xff\xfe", (None, "")),
        (b"[" * 100_000, (None, "")),
        (b'{"id":"x","type":"\\u0000\\ud800"}', (None, "??")),  # no database takes these as text
        (b'{"id":"x","type":"%s"}' % (b"a" * 999), (None, "a" * 120)),
    ],
)
def test_id_and_type_are_read_from_any_bytes_and_never_raise(data: bytes, ventet: tuple[UUID | None, str]) -> None:
    assert peker(data) == ventet


def test_our_own_events_are_pointed_to_without_reading_all_of_them() -> None:
    [event] = hendelser(1)
    assert peker(event.til_bytes()) == (event.id, event.type)


def test_the_subject_says_which_hendelse_a_row_belongs_to() -> None:
    assert hendelse_av(f"salto.hendelse.meldt.{EN}") == EN
    assert hendelse_av("salto.register.endret.-") is None


def test_a_batch_is_chained_in_order_from_the_head() -> None:
    rader = kjed(Hode(), raa(hendelser(3)), hull_sett=False)
    assert [r.sekvens for r in rader] == [1, 2, 3]
    assert rader[1].hash == kjede(rader[0].hash, 1, 2, rader[1].tid, rader[1].digest)


def _med_sekvens(*sekvenser: int) -> list[Raa]:
    return [Raa(s, 0, "salto.x.y.-", b"{}") for s in sekvenser]


@pytest.mark.parametrize(
    ("sekvenser", "hull_sett", "ventet"),
    [
        ((6, 7), False, [6, 7]),
        ((6, 9, 10), False, [6]),  # the jump must be read again before it counts
        ((9, 10), False, []),
        ((9, 10), True, [9, 10]),
        ((9, 12), True, [9]),  # only the jump at the head has been seen twice
        ((), False, []),
    ],
)
def test_a_jump_is_chained_over_only_when_it_was_seen_twice(
    sekvenser: tuple[int, ...], *, hull_sett: bool, ventet: list[int]
) -> None:
    rader = kjed(Hode(sekvens=5), _med_sekvens(*sekvenser), hull_sett=hull_sett)
    assert [r.sekvens for r in rader] == ventet
