"""The rules of the house as code: each says in its failure which file and line is not as we agreed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROT = Path(__file__).parent.parent.parent
KODE = ("contracts", "infra", "services")
KLOKKA = ROT / "infra" / "clock.py"
KLOKKER = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")} | {
    ("time", navn) for navn in ("time", "time_ns", "localtime", "gmtime")
}
FORBUDTE_NAVN = {"common", "core", "utils", "util", "helpers", "helper", "misc", "base", "shared", "manager"}
LINJER_MAKS, FUNKSJONSLINJER_MAKS = 300, 45
ROM = sorted(sti.parent for sti in (ROT / "services").glob("*/app.py") if sti.parent.name != "cli")
DOERER = {"app", "handlers", "routes", "deadlines", "cli"}
"""What may be in a room besides its rules, its store and its nouns; `cli` and `app` wire, the others are doors."""


@cache
def _filer() -> tuple[Path, ...]:
    """Every module of ours that is no test and no migration."""
    alle = (fil for mappe in KODE for fil in sorted((ROT / mappe).rglob("*.py")))
    return tuple(fil for fil in alle if "versions" not in fil.parts)


@cache
def _tre(fil: Path) -> ast.Module:
    return ast.parse(fil.read_text(encoding="utf-8"), str(fil))


def _sted(fil: Path, linje: int = 1) -> str:
    return f"{fil.relative_to(ROT)}:{linje}"


def _noder(fil: Path, slag: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(_tre(fil)) if isinstance(node, slag))


def test_only_the_clock_reads_the_clock() -> None:
    funnet = [
        _sted(fil, node.lineno)
        for fil in _filer()
        if fil != KLOKKA
        for node in _noder(fil, ast.Attribute)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in KLOKKER
    ]
    assert funnet == []


def test_nobody_waits_in_a_way_that_drops_a_cancellation() -> None:
    tester = tuple(sorted((ROT / "tests").rglob("*.py")))
    funnet = [
        _sted(fil, node.lineno)
        for fil in (*_filer(), *tester)
        for node in _noder(fil, ast.Attribute)
        if isinstance(node, ast.Attribute) and node.attr == "wait_for" and ast.unparse(node.value) == "asyncio"
    ]
    assert funnet == []  # see infra/oppgave.py


def test_a_subject_is_written_once_on_the_event() -> None:
    subjekt = re.compile(r"\bsalto\.(?!oslo)[a-z]+\.[a-z_]+(?![a-z_.]*\.(?:py|db|json))")
    hjemme = (ROT / "contracts", ROT / "infra" / "journal")
    funnet = [
        f"{_sted(fil, node.lineno)} {node.value}"
        for fil in _filer()
        if not any(mappe in fil.parents for mappe in hjemme)
        for node in _noder(fil, ast.Constant)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and subjekt.match(node.value)
    ]
    assert funnet == []


def test_every_module_says_in_one_sentence_what_it_knows() -> None:
    uten = [_sted(fil) for fil in _filer() if not (ast.get_docstring(_tre(fil)) or "").strip()]
    assert uten == []
    foerste = {fil: (ast.get_docstring(_tre(fil)) or "").splitlines()[0] for fil in _filer()}
    assert [_sted(fil) for fil, linje in foerste.items() if not linje.endswith((".", "?"))] == []


def test_no_file_is_longer_than_a_person_reads() -> None:
    lange = {
        _sted(fil): n for fil in _filer() if (n := len(fil.read_text(encoding="utf-8").splitlines())) > LINJER_MAKS
    }
    assert lange == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lange = {
        f"{_sted(fil, node.lineno)} {node.name}": linjer
        for fil in _filer()
        for node in ast.walk(_tre(fil))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (linjer := _egne_linjer(node)) > FUNKSJONSLINJER_MAKS
    }
    assert lange == {}


def _egne_linjer(funksjon: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the function that are not those of a function within it: doors are wired in one place."""
    indre = [
        n for n in ast.walk(funksjon) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n is not funksjon
    ]
    linjer = set(range(funksjon.lineno, (funksjon.end_lineno or 0) + 1))
    for f in indre:
        linjer -= set(range(min([f.lineno, *(d.lineno for d in f.decorator_list)]), (f.end_lineno or 0) + 1))
    return len(linjer)


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    navn = {fil: {*fil.relative_to(ROT).parts[:-1], fil.stem} for fil in _filer()}
    assert [_sted(fil) for fil, deler in navn.items() if deler & FORBUDTE_NAVN] == []


@pytest.mark.parametrize("rom", ROM, ids=lambda r: r.name)
def test_a_room_has_a_way_in_and_calls_its_files_by_nouns(rom: Path) -> None:
    filer = [fil for fil in rom.rglob("*.py") if fil.stem != "__init__"]
    assert (rom / "app.py").exists()
    assert (rom / "__init__.py").exists()
    assert [fil.name for fil in filer if not re.fullmatch(r"[a-z]+(_[a-z]+)?", fil.stem)] == []
    mapper = {del_.name for del_ in rom.rglob("*") if del_.is_dir() and del_.name != "__pycache__"}
    uten_kode = {"data", "templates", "static"}
    pakker = {fil.parent.name for fil in filer if fil.parent != rom}
    assert mapper <= uten_kode | pakker
    assert not uten_kode & pakker


@pytest.mark.parametrize("rom", ROM, ids=lambda r: r.name)
def test_the_rules_of_a_room_know_neither_plumbing_nor_its_doors(rom: Path) -> None:
    egne = f"services.{rom.name}."
    funnet = [
        f"{_sted(fil)} {modul}"
        for fil in sorted(rom.glob("rules*.py"))
        for modul in _importerer(fil)
        if modul.startswith("infra") or modul.removeprefix(egne) in DOERER | {"store", "tables"}
    ]
    assert funnet == []


def _importerer(fil: Path) -> Iterator[str]:
    for node in ast.walk(_tre(fil)):
        if isinstance(node, ast.Import):
            yield from (navn.name for navn in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{navn.name}" for navn in node.names)


@pytest.mark.parametrize("rom", ROM, ids=lambda r: r.name)
def test_a_store_neither_commits_nor_knows_the_time(rom: Path) -> None:
    funnet = [
        _sted(fil, node.lineno)
        for fil in sorted(rom.glob("store*.py"))
        for node in _noder(fil, ast.Attribute)
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback", "begin", "now"}
    ]
    assert funnet == []


def test_no_page_or_mail_fetches_anything_from_elsewhere() -> None:
    absolutt = re.compile(r"""(?:src|href|action|url|@import)\s*[=(]?\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)
    sider = [fil for mappe in KODE for slag in ("templates", "static") for fil in (ROT / mappe).rglob(f"{slag}/**/*")]
    tekst = {fil: fil.read_text(encoding="utf-8", errors="replace") for fil in sider if fil.is_file()}
    assert tekst
    assert [_sted(fil) for fil, innhold in tekst.items() if absolutt.search(innhold)] == []


def test_no_lock_names_where_its_packages_came_from() -> None:
    laaser = [*ROT.glob("*.lock"), *ROT.glob("*lock.json"), *ROT.glob("requirements*.txt")]
    assert {"requirements.lock", "requirements-dev.lock"} <= {fil.name for fil in laaser}
    assert [fil.name for fil in laaser if "://" in fil.read_text(encoding="utf-8")] == []


def test_only_loopback_is_named_as_an_address() -> None:
    adresse = re.compile(r"https?://(?!127\.0\.0\.1|localhost|[\w.-]*\.example\b|\{|(?:api|www)\.twilio\.com|$)[\w.-]+")
    funnet = [
        f"{_sted(fil, node.lineno)} {treff[0]}"
        for fil in _filer()
        for node in _noder(fil, ast.Constant)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (treff := adresse.search(node.value))
    ]
    assert funnet == []


def test_no_file_names_the_machine_it_was_written_on() -> None:
    maskin = re.compile(rf"/(?:{'root'}|{'work'}|home/\w+)/")
    filer = [*_filer(), *(ROT / "tests").rglob("*.py"), *ROT.glob("*.md"), *ROT.glob("*.toml"), ROT / "salto"]
    assert [_sted(fil) for fil in filer if maskin.search(fil.read_text(encoding="utf-8"))] == []


def test_a_table_is_named_by_its_room() -> None:
    funnet = {
        f"{_sted(fil, node.lineno)} {node.value.value!r}"
        for fil in (ROT / "services").glob("*/tables.py")
        for node in ast.walk(_tre(fil))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__tablename__"
        and isinstance(node.value, ast.Constant)
        and not str(node.value.value).startswith(f"{fil.parent.name}_")
    }
    assert funnet == set()
