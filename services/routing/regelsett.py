"""How a rule set is read from YAML and gets its version."""

from __future__ import annotations

import json
from collections.abc import Hashable
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from services.routing.regelfeil import SETT, Regelfeil, RegelsettFeil, formfeil, innholdsfeil
from services.routing.rules_regelsett import Regelsett

__all__ = ["STANDARD", "Regelfeil", "Regelsett", "RegelsettFeil", "les_regelsett", "tolk_regelsett"]

STANDARD = Path(__file__).with_name("data") / "regler.yaml"
"""The rule set that follows the Oslostandard as DOMAIN table O reads it."""


def les_regelsett(fil: Path = STANDARD) -> Regelsett:
    """The rule set of a file, checked and with its version. Raises RegelsettFeil; OSError when it cannot be read."""
    return tolk_regelsett(fil.read_text(encoding="utf-8"))


def tolk_regelsett(tekst: str) -> Regelsett:
    """The rule set that a YAML text says, checked and with its version. Raises RegelsettFeil."""
    raa = _yaml(tekst)
    try:
        regelsett = Regelsett.model_validate(raa)
    except ValidationError as feil:
        raise RegelsettFeil(formfeil(feil, raa)) from feil
    if galt := tuple(innholdsfeil(regelsett)):
        raise RegelsettFeil(galt)
    return regelsett.model_copy(update={"versjon": _versjon(regelsett)})


def _versjon(regelsett: Regelsett) -> str:
    # Defaults are left out, so that a new word in the vocabulary does not change the version of an old file.
    innhold = regelsett.model_dump(mode="json", exclude={"versjon"}, exclude_defaults=True)
    return sha256(json.dumps(innhold, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


class _Leser(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """YAML where a key given twice is an error: the last one would win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        sett = set()
        for noekkel, _ in node.value:
            if noekkel.value in sett:
                raise yaml.MarkedYAMLError(
                    problem=f"«{noekkel.value}» er gitt to ganger", problem_mark=noekkel.start_mark
                )
            sett.add(noekkel.value)
        return dict(super().construct_mapping(node, deep))


def _yaml(tekst: str) -> dict[str, Any]:
    try:
        raa = yaml.load(tekst, Loader=_Leser)  # noqa: S506 - a safe loader, only stricter
    except yaml.YAMLError as feil:
        merke = getattr(feil, "problem_mark", None)
        linje = f"linje {merke.line + 1}" if merke else "ukjent linje"
        raise RegelsettFeil([Regelfeil(SETT, linje, f"ikke gyldig YAML: {getattr(feil, 'problem', feil)}")]) from feil
    if not isinstance(raa, dict):
        raise RegelsettFeil([Regelfeil(SETT, "alt", "filen må være en tabell med felter")])
    return raa
