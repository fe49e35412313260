"""The house keeps its order: imports point left, modules stay small, and everything public says what it does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "onrecord"

# The line along which data moves; an import may point to the left of its own place, never to the right or sideways.
ORDER = (
    {"errors", "model", "ids"},
    {"sources"},
    {"archive"},
    {"reading"},
    {"meaning"},
    {"editions", "notes", "formulas"},
    {"store", "index"},
    {"record"},
    {"publish"},
    {"gather"},
    {"serve", "cluster"},
    {"cli"},
    {"__main__"},
)
PLACE = {name: place for place, names in enumerate(ORDER) for name in names}
MODULES = sorted(PACKAGE.rglob("*.py"))
GROUND = ("errors", "model", "ids")


def room(path: Path) -> str:
    """The folder or single module at the top of the package that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The rooms a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module] if node.module != "onrecord" else [f"onrecord.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path} imports relatively"
        found |= {name.split(".")[1] for name in names if name.startswith("onrecord.")}
    return found


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) != "__init__"], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_imports_point_left(path: Path) -> None:
    here = room(path)
    assert here in PLACE, f"{here} has no place in the plan of the house"
    for there in imported(path) - {here}:
        if here in GROUND and there in GROUND:
            continue
        assert PLACE[there] < PLACE[here], f"{path.relative_to(PACKAGE)} imports {there}, which stands to its right"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_stay_small_and_say_what_they_are(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.count("\n") <= 450, "a module this long is asking to be two"
    assert ast.get_docstring(ast.parse(source)), "a module says in its docstring what it is for"


def test_the_reading_side_is_pure() -> None:
    """No clock, no network, no disk in what turns bytes into values; the package's own data is read with pkgutil."""
    disk, network = {"os", "pathlib", "tempfile", "shutil"}, {"socket", "urllib.request", "http", "requests"}
    banned = disk | network | {"time", "random"}
    for path in MODULES:
        if room(path) not in ("reading", "sources", "editions", "notes"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            assert not banned & set(names), f"{path.relative_to(PACKAGE)} imports {banned & set(names)}"


def test_test_files_have_names_of_their_own() -> None:
    """pytest imports them by these names alone, and stops where two are the same."""
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert len(names) == len(set(names)), sorted(name for name in set(names) if names.count(name) > 1)
