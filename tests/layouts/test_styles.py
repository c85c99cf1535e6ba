"""Style sheets of different parts of the page share one name space: none may restyle what another part has named."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"
COMMENT, SELECTORS, FIRST_CLASS = re.compile(r"/\*.*?\*/", re.S), re.compile(r"([^{}]+)\{"), re.compile(r"\.([\w-]+)")
SHARED = frozenset({"panels", "panel", "sheet", "onescreen-map"})
"""Frames that every part lays out in its own way, each under a condition of its own."""


def part_of(path: Path) -> str:
    """A scene, the detail pages, one of the later files, or what every page starts with."""
    where = path.relative_to(ASSETS).parts
    if where[0] == "scenes":
        return where[1]
    return "start" if len(where) == 1 and path.name != "41-detail.css" else path.name


def test_no_style_sheet_restyles_a_class_that_another_part_of_the_page_has_named() -> None:
    named = defaultdict(set)
    for path in sorted(ASSETS.rglob("*.css")):
        for selectors in SELECTORS.findall(COMMENT.sub("", path.read_text("utf-8"))):
            firsts = (FIRST_CLASS.match(selector.strip()) for selector in selectors.split(","))
            for first in filter(None, firsts):
                named[first[1]].add(part_of(path))
    assert {name: parts for name, parts in named.items() if len(parts) > 1 and name not in SHARED} == {}
