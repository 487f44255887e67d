"""Poison for every subject: what no publisher of ours would say, as bytes in the journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4, uuid5

import contracts
from contracts.event import NAVNEROM, AnyEvent

PROEVER = Path(contracts.__file__).parent / "samples"
Forgift = Callable[[Any], Any]


def utvid(verdi: Any, bytt: Callable[[Any], Any]) -> Any:
    """The same, with every leaf changed."""
    if isinstance(verdi, dict):
        return {k: utvid(v, bytt) for k, v in verdi.items()}
    if isinstance(verdi, list):
        return [utvid(v, bytt) for v in verdi]
    return bytt(verdi)


def _tid(til: str) -> Forgift:
    return lambda v: til if isinstance(v, str) and len(v) >= 20 and v[4:5] == "-" and "T" in v else v


def _tekst(v: Any) -> Any:
    """NUL in everything that is free text: what is an id, a time or a fixed word stays what it is."""
    return f"{v}\x00" if isinstance(v, str) and " " in v else v


def _tall(v: Any) -> Any:
    return 2**70 if isinstance(v, int) and not isinstance(v, bool) else v


def _id(v: Any) -> Any:
    """Other ids: nothing here exists."""
    er_id = isinstance(v, str) and len(v) == 36 and v.count("-") == 4
    return str(uuid4()) if er_id else v


FORGIFT: dict[str, Forgift] = {
    "ukjente ider": lambda d: utvid(d, _id),
    "året 9999": lambda d: utvid(d, _tid("9999-12-31T23:59:59.999999Z")),
    "året 1": lambda d: utvid(d, _tid("0001-01-01T00:00:00Z")),
    "NUL i tekst": lambda d: utvid(d, _tekst),
    "over 64 bit": lambda d: utvid(d, _tall),
    "enorm": lambda d: utvid(d, lambda v: v * 300 if isinstance(v, str) and " " in v else v),
    "feil skjema": lambda d: dict.fromkeys(d, 7),
    "tomme data": lambda d: {},
    "dyp": lambda d: json.loads("[" * 900 + "]" * 900),
}
ULESELIG = {"ikke json", "ingenting", "feil skjema", "dyp"}
"""What no room can make anything of: each sets it aside."""


def giften(klasse: type[AnyEvent]) -> Iterator[tuple[str, bytes]]:
    """Every poison for one kind of event, by name: each name is the life of one absurd hendelse."""
    navn = f"{klasse.emne}.v{klasse.versjon}"
    proeve = json.loads((PROEVER / f"{navn}.json").read_text())
    yield "ikke json", b"{" + navn.encode()
    yield "ingenting", b""
    for slag, forgift in FORGIFT.items():
        hele = {**proeve, "id": str(uuid4()), "hendelseid": str(uuid5(NAVNEROM, slag)), "data": forgift(proeve["data"])}
        yield slag, json.dumps(hele).encode()
