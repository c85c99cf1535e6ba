"""The overview's frame: ids, panels, hooks, nothing inline and nothing from outside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component
from hypothesis import given
from hypothesis import strategies as st

from layouts import ids, pages, theme
from layouts.panels import PANELS, TABS
from layouts.scenes import SCENES
from layouts.shell import index_string, script_json

ASSETS = Path(__file__).parents[2] / "assets"
OPTIONS = pages.PageOptions(district="宝山区", district_en="Baoshan District", release="1")
CONTRACT_PANELS = {
    "kpi hourly streets watched map banner pipeline warnings alarms cameras origins duty timeline departments"
}


def components(root: Any) -> Iterator[Component]:
    """Every component of a tree."""
    if isinstance(root, Component):
        yield root
        children = getattr(root, "children", None)
        for child in children if isinstance(children, (list, tuple)) else [children]:
            yield from components(child)


def properties(name: str) -> list[str]:
    """All values of a property in the overview."""
    found = (component.to_plotly_json()["props"].get(name) for component in components(pages.overview(OPTIONS)))
    return [value for value in found if value is not None]


def test_ids_are_unique_and_known() -> None:
    used = properties("id")
    assert [name for name, times in Counter(used).items() if times > 1] == []
    constants = {value for name, value in vars(ids).items() if name.isupper()}
    assert constants <= {*used}


def test_every_panel_of_the_contract_has_a_frame_and_a_script() -> None:
    wanted = {key for keys in CONTRACT_PANELS for key in keys.split()}
    assert set(properties("data-panel")) == wanted
    drawn = {path.stem for path in (ASSETS / "panels").glob("*.js")}
    assert wanted - drawn == {"map"}  # drawn by the map's own scripts


def test_panels_start_without_data_and_not_as_live() -> None:
    assert set(properties("data-state")) == {"no-data"}


def test_every_number_in_a_heading_starts_unknown() -> None:
    hooks = set(properties("data-kpi"))
    assert {"sources_ok", "sources_total", "alarms_active", "warnings_active", "cases_reported_today"} <= hooks
    assert set(properties("data-value")) == {""}


def test_every_scene_is_a_link_to_its_own_address() -> None:
    links = [c for c in components(pages.overview(OPTIONS)) if getattr(c, "className", None) == "scene"]
    assert [link.href for link in links] == ["/", *(scene.path for scene in SCENES)]


def test_every_panel_is_in_a_column_a_laptop_can_show() -> None:
    assert {panel.tab for panel in PANELS} <= set(TABS)


def test_the_map_is_placed_where_its_panel_is() -> None:
    from dash import html

    view = html.Div(id="a-map")
    assert view in list(components(pages.overview(OPTIONS, view)))


def test_the_page_has_no_inline_script_and_no_outside_address() -> None:
    page = index_string(OPTIONS)
    assert re.findall(r"<script(?![^>]*application/json)[^>]*>[^<]", page) == []
    assert re.findall(r"https?://", page) == []
    assert re.findall(r"\son\w+=", page) == []


def test_the_page_keeps_every_part_dash_fills_in_exactly_once() -> None:
    page = index_string(OPTIONS)
    for part in ("metas", "title", "favicon", "css", "app_entry", "config", "scripts", "renderer"):
        assert page.count(f"{{%{part}%}}") == 1, part


@given(st.text())
def test_nothing_in_page_data_can_end_its_script_element(text: str) -> None:
    inside = script_json({"title": f"</script><!--{text}"})
    assert "<" not in inside
    assert ">" not in inside


def test_hostile_names_cannot_pose_as_parts_of_the_page() -> None:
    page = index_string(pages.PageOptions(district="{%scripts%}</script>"))
    assert page.count("{%scripts%}") == 1


def test_style_sheet_and_charts_use_the_same_colours() -> None:
    css = (ASSETS / "00-tokens.css").read_text("utf-8")
    in_css = dict(re.findall(r"--([\w-]+): (#\w+);", css))
    assert {name: in_css.get(name) for name in theme.TOKENS} == dict(theme.TOKENS)


@pytest.mark.parametrize(
    ("make", "traces"), [(theme.hourly_figure, theme.HourlyTraces), (theme.watched_figure, theme.WatchedTraces)]
)
def test_charts_are_framed_empty_for_the_browser_to_fill(make: Any, traces: type) -> None:
    figure = make()
    assert len(figure.data) == len(traces.__slots__)
    assert all(trace.x in (None, ()) for trace in figure.data)


@pytest.mark.parametrize("path", sorted(ASSETS.rglob("*.css")), ids=lambda path: path.name)
def test_style_sheets_ask_no_other_host(path: Path) -> None:
    assert re.findall(r"url\((?!\./|/assets/)|@import|https?://", path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", sorted(ASSETS.rglob("*.js")), ids=lambda path: path.name)
def test_scripts_never_make_markup_of_data(path: Path) -> None:
    script = path.read_text("utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", script) == []
