"""The hash chain: what a row's hash is made of, and which rows a batch of messages becomes.

    digest = SHA-256(subject ‖ 0x00 ‖ bytes)
    hash   = SHA-256(0x00 ‖ previous hash ‖ epoch ‖ sequence ‖ time ‖ digest)

Subject is UTF-8 and bytes are as received. Epoch and sequence are 8 bytes each, big-endian and unsigned; time is
8 bytes, big-endian and signed: microseconds since 1970-01-01T00:00:00Z. Hashes and digests are 32 bytes, so what is
hashed is always 89 bytes. The first row of all follows 32 zero bytes; a new epoch goes on from the last hash of
the old one. (architecture, Audit. The leading 0x00 keeps a row's hash apart from a later Merkle node's.)
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

ROT = bytes(32)
TYPE_MAKS = 120
_FAST = struct.Struct(">QQq")
_HODE_I_BYTES = re.compile(rb'\{"specversion":"1\.0","id":"([0-9a-f-]{36})","source":"[^"\\]*","type":"([^"\\]*)"')


@dataclass(frozen=True, slots=True)
class Hode:
    """Where the chain stands: the last row's place and hash."""

    epoke: int = 1
    sekvens: int = 0
    hash: bytes = ROT


@dataclass(frozen=True, slots=True)
class Raa:
    """A message of the journal, before it has a place in the chain. `tid` in microseconds since 1970."""

    sekvens: int
    tid: int
    subjekt: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Ledd:
    """One link: all that the chain needs of a row whose content is not at hand."""

    epoke: int
    sekvens: int
    tid: int
    digest: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Rad(Ledd):
    """A whole row: the link, the content it stands for, and what it can be looked up by."""

    subjekt: str
    data: bytes | None
    event_id: UUID | None
    type: str
    hendelse_id: UUID | None


def avtrykk(subjekt: str, data: bytes) -> bytes:
    """SHA-256(subject ‖ 0x00 ‖ bytes). A NATS subject has no 0x00, so nothing can be shifted from one to the other."""
    return hashlib.sha256(subjekt.encode() + b"\0" + data).digest()


def kjede(forrige: bytes, epoke: int, sekvens: int, tid: int, digest: bytes) -> bytes:
    """The hash of a row that follows `forrige`; the encoding stands at the top of this file.

    Raises:
        struct.error: a number that no honest row can have.
    """
    return hashlib.sha256(b"\0" + forrige + _FAST.pack(epoke, sekvens, tid) + digest).digest()


def peker(data: bytes) -> tuple[UUID | None, str]:
    """Event id and type as the bytes give them; (None, "") when they are no CloudEvent."""
    if treff := _HODE_I_BYTES.match(data):  # how our own events begin: no need to read 500 elements for two fields
        return _uuid(treff[1].decode()), _lagres(treff[2].decode(errors="replace"))
    try:
        event = json.loads(data)
        return _uuid(str(event["id"])), _lagres(str(event["type"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, ""


def hendelse_av(subjekt: str) -> UUID | None:
    """The hendelse a subject belongs to (`salto.<noun>.<participle>.<hendelse_id or ->`), or None."""
    return _uuid(subjekt.rpartition(".")[2])


def _uuid(tekst: str) -> UUID | None:
    try:
        return UUID(tekst)
    except ValueError:
        return None


def _lagres(tekst: str) -> str:
    """Text that every database takes: the archive must not stop at a message because its type is nonsense."""
    return tekst.encode(errors="replace").decode().replace("\0", "?")[:TYPE_MAKS]


def kjed(hode: Hode, meldinger: Sequence[Raa], *, hull_sett: bool) -> list[Rad]:
    """The rows that go after the head, in order. Stops before a jump in the sequences.

    Args:
        hode: the last row there is.
        meldinger: what the journal gave, in order, all after the head.
        hull_sett: the journal has given the jump right after the head twice: it is real, and is chained over.
    """
    rader: list[Rad] = []
    for m in meldinger:
        if m.sekvens != hode.sekvens + 1 and (rader or not hull_sett):
            break
        rad = _rad(hode, m)
        rader.append(rad)
        hode = replace(hode, sekvens=m.sekvens, hash=rad.hash)
    return rader


def _rad(hode: Hode, m: Raa) -> Rad:
    digest = avtrykk(m.subjekt, m.data)
    event_id, slag = peker(m.data)
    return Rad(
        epoke=hode.epoke,
        sekvens=m.sekvens,
        tid=m.tid,
        digest=digest,
        hash=kjede(hode.hash, hode.epoke, m.sekvens, m.tid, digest),
        subjekt=m.subjekt,
        data=m.data,
        event_id=event_id,
        type=slag,
        hendelse_id=hendelse_av(m.subjekt),
    )
