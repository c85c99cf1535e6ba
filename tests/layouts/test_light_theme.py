"""Both themes fill the same roles: what can be read on dark can be read on light, plans and badges included."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.layouts.test_priority_tokens import contrast

ASSETS = Path(__file__).parents[2] / "assets"
BLOCK = re.compile(r'(:root|html\[data-theme="light"\])\s*{(.*?)}', re.S)
DECLARED = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")
LITERAL = re.compile(r"[:\s](#[0-9a-fA-F]{3,8})\b")
ON_BOTH = frozenset({"#d8d8d8", "#000", "#000000"})
"""The grey of a warning without a level, and the dark of a dimmed wall: the same in either theme."""

LEAST_TEXT = 4.5
STRENGTHS = tuple(f"plan-{strength}" for strength in range(1, 6))
SHEETS = sorted(path for path in ASSETS.rglob("*.css") if "players" not in path.parts and "fonts" not in path.parts)


def tokens(theme: str) -> dict[str, str]:
    """Every colour by name as a theme sees it: the light one fills in what it does not change from the dark one."""
    found: dict[str, dict[str, str]] = {":root": {}, "light": {}}
    for path in SHEETS:
        for selector, block in BLOCK.findall(path.read_text("utf-8")):
            found[":root" if selector == ":root" else "light"].update(DECLARED.findall(block))
    return found[":root"] if theme == "dark" else found[":root"] | found["light"]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("text", ["text-1", "text-2", "text-3", "yellow-text", "orange-text", "red-text", "blue-text"])
def test_text_can_be_read_on_the_panels_of_either_theme(theme: str, text: str) -> None:
    known = tokens(theme)
    for surface in ("surface-0", "surface-1", "surface-2"):
        assert contrast(known[text], known[surface]) >= LEAST_TEXT, surface


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("ground", [*STRENGTHS[:4], "plan-land", "plan-water", "plan-halo", "emergency-help"])
def test_names_and_values_can_be_read_on_every_ground_of_a_plan(theme: str, ground: str) -> None:
    known = tokens(theme)
    assert contrast(known["text-1"], known[ground]) >= LEAST_TEXT
    assert contrast(known["text-2"], known[ground]) >= LEAST_TEXT


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("names", [STRENGTHS, tuple(f"heat-{step}" for step in range(1, 6))])
def test_the_strengths_of_a_plan_go_away_from_its_ground_one_by_one(theme: str, names: tuple[str, ...]) -> None:
    known = tokens(theme)
    away = [contrast(known[name], known["plan-land"]) for name in names]
    assert away == sorted(away)


def test_no_style_sheet_of_a_scene_or_plan_writes_a_colour_that_only_one_theme_can_show() -> None:
    literal: dict[str, set[str]] = {}
    for path in (*ASSETS.glob("scenes/*/*.css"), ASSETS / "later" / "40-plan.css", ASSETS / "later" / "50-finding.css"):
        rules = BLOCK.sub("", path.read_text("utf-8"))
        literal[path.name] = set(LITERAL.findall(rules)) - ON_BOTH
    assert {name: colours for name, colours in literal.items() if colours} == {}
