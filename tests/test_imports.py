"""The arrows between the rooms run one way; nothing reads the clock or draws at random behind the caller's back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
ROOMS = ("situation", "datasources", "layouts", "callbacks", "simulator", "app")
MAY_IMPORT = {
    "situation": {"situation"},
    "datasources": {"datasources", "situation"},
    "layouts": {"layouts", "situation"},
    "callbacks": {"callbacks", "layouts", "situation"},
    "simulator": {"simulator"},
    "app": set(ROOMS),
}
FORBIDDEN_PACKAGES = {
    "situation": {"dash", "dash_leaflet", "plotly", "requests", "fastapi", "starlette", "uvicorn"},
    "datasources": {"dash", "dash_leaflet", "plotly", "sqlalchemy", "alembic"},
    "layouts": {"requests", "sqlalchemy", "diskcache", "fastapi"},
    "callbacks": {"requests", "sqlalchemy"},
    "simulator": {"dash", "sqlalchemy"},
    "app": set(),
}
MAY_REACH = {"datasources/sql": "sqlalchemy"}
"""A folder that may use what its room may not. There the database is an upstream, a department's own, read through
SQLAlchemy as others are through HTTP; what the rest of the room would want it for is our store, which it must not know.
"""
LAYOUTS_MAY_USE = {"records", "settings", "numbers", "health", "clock"}


def room_files(room: str) -> list[Path]:
    """Every Python file of a room."""
    return [REPOSITORY / "app.py"] if room == "app" else sorted((REPOSITORY / room).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} relative import"
            yield node.module or ""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_it_may(room: str) -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)} imports {name}"
        for path in room_files(room)
        for name in imports(path)
        if name.split(".")[0] in ROOMS and name.split(".")[0] not in MAY_IMPORT[room]
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_does_not_reach_past_its_contracts(room: str) -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)} imports {name}"
        for path in room_files(room)
        for name in imports(path)
        if name.split(".")[0] in FORBIDDEN_PACKAGES[room]
        and MAY_REACH.get(path.relative_to(REPOSITORY).parent.as_posix()) != name.split(".")[0]
    ]
    assert wrong == []


def test_layouts_use_only_records_and_tables_of_the_situation() -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)} imports {name}"
        for path in room_files("layouts")
        for name in imports(path)
        if name.startswith("situation.") and name.split(".")[1] not in LAYOUTS_MAY_USE
    ]
    assert wrong == []


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "simulator"])
def test_only_the_clock_reads_the_time(room: str) -> None:
    readers = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno}"
        for path in room_files(room)
        if path != REPOSITORY / "situation" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in readers
    ]
    assert wrong == []


def module_of(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def needed_first(module: str, path: Path, modules: set[str]) -> set[str]:
    """The modules that must be whole before this one can be: what it imports, with their packages."""
    named: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    parents = {".".join(name.split(".")[:depth]) for name in named for depth in range(1, name.count(".") + 1)}
    return {name for name in named | parents if name in modules and not f"{module}.".startswith(f"{name}.")}


def test_no_module_of_the_sources_needs_itself() -> None:
    """Kinds of source share much: a circle of imports fails only for whoever begins at the wrong end of it."""
    paths = {module_of(path): path for path in room_files("datasources")}
    needs = {module: needed_first(module, path, set(paths)) for module, path in paths.items()}
    free: set[str] = set()
    while ready := {module for module, others in needs.items() if module not in free and others <= free}:
        free |= ready
    assert sorted(set(needs) - free) == []
