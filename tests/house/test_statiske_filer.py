"""What browsers fetch is ours to serve, is there, is licensed and is small; pages carry no inline script or style."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from contracts.hendelse import Status
from contracts.utkalling import UtkallingStatus

ROT = Path(__file__).parent.parent.parent
WEB = ROT / "infra" / "web"
STATISK = WEB / "static"
VENDOR = WEB / "vendor"
SKALL = WEB / "templates"
SKRIFT = STATISK / "skrift" / "source-sans-3-latin.woff2"
UTENFOR_SKALLET = ("services/epost/", "services/audit/templates/rapport.html")
"""Answer pages and the report file: one file each, opened from a mail or a folder, with headers of their own."""
BUDSJETT_BYTES, HTML_BYTES = 200_000, 20_000
XMLNS = "http://www.w3.org/2000/svg"


def _les(fil: Path) -> str:
    return fil.read_text(encoding="utf-8")


def _maler() -> list[Path]:
    alle = [*SKALL.glob("*.html"), *(ROT / "services").glob("*/templates/**/*.html")]
    return sorted(fil for fil in alle if not str(fil.relative_to(ROT)).startswith(UTENFOR_SKALLET))


def _tekstfiler() -> list[Path]:
    return sorted(fil for fil in STATISK.rglob("*") if fil.suffix in {".css", ".js", ".svg", ".webmanifest"})


@pytest.mark.parametrize("fil", _tekstfiler(), ids=lambda f: f.name)
def test_no_static_file_names_an_address(fil: Path) -> None:
    tekst = _les(fil).replace(XMLNS, "")
    assert re.findall(r"""https?://[^\s"']+|@import[^;]+|sourceMappingURL\S+|["'(]//\w[^"')]*""", tekst) == []


def test_what_the_style_sheets_point_at_is_here() -> None:
    pekere = {
        (fil.name, peker.strip("\"'").partition("?")[0])
        for fil in STATISK.glob("*.css")
        for peker in re.findall(r"url\(([^)]+)\)", _les(fil))
    }
    assert pekere
    assert {p for p in pekere if not (STATISK / p[1]).is_file()} == set()


def test_what_the_pages_ask_for_is_here() -> None:
    navn = {treff for mal in _maler() for treff in re.findall(r"""statisk\(["']([^"']+)["']\)""", _les(mal))}
    assert navn >= {"salto.css", "salto.js", "htmx.min.js", "punkt.min.css", "ikoner.svg"}
    assert {n for n in navn if not (STATISK / n).is_file()} == set()


def test_the_font_that_is_fetched_early_is_the_one_the_style_sheet_names() -> None:
    [tidlig] = re.findall(r'rel="preload" href="/static/([^"]+)"', _les(SKALL / "side.html"))
    assert f"url({tidlig})" in _les(STATISK / "salto.css")


@pytest.mark.parametrize("mal", _maler(), ids=lambda f: f"{f.parent.parent.name}/{f.name}")
def test_no_page_carries_inline_script_or_style(mal: Path) -> None:
    tekst = _les(mal)
    attributter = re.findall(r"""<[^>{%]*\s(style|on[a-z]+)\s*=""", tekst)
    innhold = re.findall(r"<(?:script|style)\b(?![^>]*\bsrc=)[^>]*>", tekst)
    assert attributter + innhold == []


def test_the_first_page_load_is_within_its_budget() -> None:
    """Style, script, icons and the Latin font as gzip sends them, and room for a large page."""
    rammen = _les(SKALL / "side.html")
    filer = [STATISK / navn for navn in re.findall(r"statisk\('([^']+)'\)", rammen)]
    tekst = sum(len(gzip.compress(fil.read_bytes(), 6)) for fil in {*filer, STATISK / "ikoner.svg"})
    assert tekst + SKRIFT.stat().st_size + HTML_BYTES < BUDSJETT_BYTES


@pytest.mark.parametrize("status", [*UtkallingStatus, *Status], ids=str)
def test_every_status_has_words_and_a_sign(status: str) -> None:
    treff = re.search(rf'"{status}": \("(.+?)", "(\w+)"\)', _les(SKALL / "komponenter.html"))
    assert treff, f"{status} is missing in STATUSER"
    assert f'id="{treff[2]}"' in _les(STATISK / "ikoner.svg")


def test_every_sign_that_is_used_is_drawn() -> None:
    tegnet = set(re.findall(r'id="(\w+)"', _les(STATISK / "ikoner.svg")))
    brukt = {
        navn for mal in _maler() for navn in re.findall(r"""ikon\(["'](\w+)["']\)|ikoner\.svg'\) }}#(\w+)""", _les(mal))
    }
    assert {a or b for a, b in brukt} <= tegnet


def test_what_others_made_is_pinned_without_addresses_and_comes_with_its_licence() -> None:
    laas = _les(VENDOR / "package-lock.json")
    krav: dict[str, str] = json.loads(_les(VENDOR / "package.json"))["dependencies"]
    assert "://" not in laas + _les(VENDOR / "package.json")
    assert {fil.stem for fil in (STATISK / "lisenser").iterdir()} == {"punkt-css", "source-sans-3", "htmx"}
    assert len(krav) == len(list((STATISK / "lisenser").iterdir()))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", versjon) for versjon in krav.values())


def test_neither_oslos_font_nor_its_logo_is_here() -> None:
    """Both are licensed to Oslo kommune alone; an installation may add them."""
    navn = {fil.name.lower() for fil in STATISK.rglob("*")}
    assert {n for n in navn if "oslosans" in n or "oslo-sans" in n or "logo" in n} == set()
    assert "Oslo Sans" not in _les(STATISK / "punkt.min.css")
