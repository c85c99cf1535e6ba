"""Screens by name: what may be said of a wall, and how it reads as an address."""

from __future__ import annotations

from pathlib import Path

import pytest

from situation.panels import SCENE_PANELS
from situation.settings import Screen, SettingsError, load_settings, part_of
from situation.settings.screens import SCENES

DISTRICT = """
[district]
name = "某区"
adcode = "310113"
"""


def screens(tmp_path: Path, text: str) -> dict[str, Screen]:
    file = tmp_path / "district.toml"
    file.write_text(DISTRICT + text, "utf-8")
    return load_settings(file, {}).screens


def test_the_scenes_of_the_settings_are_those_of_the_panels() -> None:
    assert ("overview", *SCENE_PANELS) == SCENES


def test_a_saved_screen_reads_as_an_address_would(tmp_path: Path) -> None:
    text = '[screens.hall]\nscenes = ["overview", "cases"]\ndwell_s = [30, 20]\nlanguage = "en"\nsound = true\n'
    query = screens(tmp_path, text)["hall"].query()
    assert (query["scenes"], query["dwell"], query["lang"], query["sound"]) == ("overview,cases", "30,20", "en", "on")
    assert "viewing_distance_m" not in query


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[screens.hall]\nscenes = ["cellar"]', "must be one of overview"),
        ("[screens.hall]\nscenes = []", "scenes"),
        ("[screens.hall]\ndwell_s = [1]", "greater than or equal to 5"),
        ('[screens.hall]\nscenes = ["overview", "iot", "grid"]\ndwell_s = [30, 20]', "one for each of its 3 scenes"),
        ('[screens.hall]\npart = "4of3"', "left, centre, right or a part like 1of3"),
        ('[screens.hall]\nnight = "at ten"', "two times of day"),
        ("[screens.left]\nsound = true", "it means a part of a wall"),
        ('[screens.hall]\nscene = "overview"', "did you mean scenes"),
    ],
)
def test_what_a_screen_cannot_be_is_said_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError) as raised:
        screens(tmp_path, text)
    assert complaint in str(raised.value)
    assert "line" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("left", (1, 3)),
        ("centre", (2, 3)),
        ("right", (3, 3)),
        ("1of2", (1, 2)),
        ("3of2", None),
        ("0of2", None),
        ("hall", None),
        ("", None),
    ],
)
def test_a_part_is_one_of_several_browsers_side_by_side(text: str, part: tuple[int, int] | None) -> None:
    assert part_of(text) == part
