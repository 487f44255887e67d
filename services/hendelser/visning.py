"""How hendelser and tasks look from outside."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row


def hendelse(rad: Row[Any]) -> dict[str, Any]:
    """The whole hendelse, with id, status, version, owner and links."""
    sti = f"/api/v1/hendelser/{rad.id}"
    felt = {k: v for k, v in rad.hendelse.items() if k != "utkast"}
    return {
        "id": rad.id,
        "status": rad.status,
        "versjon": rad.versjon,
        **felt,
        "utkast": rad.status == "utkast",
        "opprettet": rad.opprettet,
        "grunn": rad.grunn,
        "lenker": {
            "selv": sti,
            "utkallinger": f"{sti}/utkallinger",
            "logg": f"{sti}/logg",
            "rapport": f"{sti}/rapport",
        },
    }


def oppgave(rad: Row[Any]) -> dict[str, Any]:
    """A task, with the kodeord of the hendelse it is about."""
    felt = {
        "id": rad.id,
        "slag": rad.slag,
        "tekst": rad.tekst,
        "haster": rad.haster,
        "hendelse_id": rad.hendelse_id,
        "kodeord": (rad.hendelse or {}).get("kodeord"),
        "gjelder": rad.gjelder,
        "enhet": rad.enhet,
        "opprettet": rad.opprettet,
    }
    return {k: v for k, v in felt.items() if v is not None}
