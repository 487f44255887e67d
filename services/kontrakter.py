"""Writes what the contracts say of themselves: JSON Schema per event and an AsyncAPI 3 document; `check` diffs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from faststream import FastStream
from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI

from contracts.katalog import HENDELSER

MAPPE = Path(__file__).parent.parent / "contracts"


def dokumenter() -> dict[Path, str]:
    """Every generated file with the content it should have."""
    ut = {MAPPE / "schemas" / f"{h.emne}.v{h.versjon}.json": _json(h.model_json_schema()) for h in HENDELSER}
    ut[MAPPE / "asyncapi" / "asyncapi.json"] = _json(asyncapi())
    return ut


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3 of the journal, made by FastStream from the catalogue."""
    broker = NatsBroker("nats://journal.example:4222")
    for h in HENDELSER:
        broker.publisher(h.filter(), schema=h, title=h.emne, description=(h.__doc__ or "").strip().splitlines()[0])
    spesifikasjon = AsyncAPI(title="SaLTo journal", version="1", schema_version="3.0.0")
    app = FastStream(broker, specification=spesifikasjon)
    dokument: dict[str, Any] = app.schema.to_specification().to_jsonable()
    return dokument


def skriv() -> list[Path]:
    """Writes what differs; returns the files that did."""
    endret = []
    for sti, innhold in dokumenter().items():
        if not sti.exists() or sti.read_text(encoding="utf-8") != innhold:
            sti.parent.mkdir(parents=True, exist_ok=True)
            sti.write_text(innhold, encoding="utf-8")
            endret.append(sti)
    return endret


def foreldede() -> list[str]:
    """Generated files that are not what the code says, or that nothing generates any more."""
    riktige = dokumenter()
    finnes = {*(MAPPE / "schemas").glob("*.json"), *(MAPPE / "asyncapi").glob("*.json")}
    feil = {s for s, innhold in riktige.items() if not s.exists() or s.read_text(encoding="utf-8") != innhold}
    return sorted(str(s.relative_to(MAPPE.parent)) for s in feil | (finnes - set(riktige)))


def _json(verdi: Any) -> str:
    return json.dumps(verdi, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
