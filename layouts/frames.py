"""The frames of panels: heading, state where its age stands, empty body for the browser to fill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, theme
from layouts.panels import PANELS, TABS, PanelView
from layouts.properties import aria, data
from layouts.scenes import SCENES, Scene
from layouts.text import say, words

OVERVIEW = "overview"


def scenes_of(key: str) -> tuple[str, ...]:
    """The scenes that show a panel of the overview."""
    return (OVERVIEW, *(scene.key for scene in SCENES if key in scene.shared))


def tabs_of(scene: Scene) -> dict[str, str]:
    """By panel of a scene, the column a laptop or phone shows it in; in the order of the columns."""
    shared = {view.key: scene.shared_tabs.get(view.key, view.tab) for view in PANELS if view.key in scene.shared}
    return {view.key: view.tab for view in scene.panels} | shared


def all_tabs() -> tuple[str, ...]:
    """Every column of every scene, once; the browser shows those of the scene that is open."""
    others = (tab for scene in SCENES for tab in (*tabs_of(scene).values(), scene.main))
    return tuple(dict.fromkeys((*TABS, *others)))


def scene_settings() -> list[dict[str, Any]]:
    """What the browser must know of every scene: its panels with their columns, and the column always shown."""
    overview = {"key": OVERVIEW, "tabs": {view.key: view.tab for view in PANELS}, "own": [], "main": "map"}
    return [
        overview,
        *[
            {
                "key": scene.key,
                "tabs": tabs_of(scene),
                "own": [view.key for view in scene.panels],
                "main": scene.main,
            }
            for scene in SCENES
        ],
    ]


def scene_frames(language: str, scene: Scene) -> list[Component]:
    """A scene's own frames; the grid area of each is its key."""
    return [frame(language, view, (scene.key,), style={"gridArea": view.key}) for view in scene.panels]


def frame(
    language: str,
    view: PanelView,
    scenes: Sequence[str],
    *,
    map_view: Component | None = None,
    style: dict[str, str] | None = None,
) -> Component:
    """One panel of these scenes; `map_view` lies in the panel `map`."""
    return html.Section(
        id=ids.panel(view.key),
        className="panel",
        tabIndex=-1,
        style=style,
        children=[
            html.Div(
                className="panel-head",
                children=[
                    html.H2(id=ids.panel_title(view.key), **words(language, view.title)),
                    html.Span(className="panel-subject"),
                    html.Span(className="panel-choice"),
                    *[_heading_number(language, *numbered) for numbered in view.numbers],
                    html.Span(className="panel-note"),
                    html.Span(className="panel-age"),
                ],
            ),
            _body(view, map_view),
        ],
        **data(panel=view.key, state="no-data", in_tab=view.tab, scenes=" ".join(scenes), **_width(view)),
        **aria(labelledby=ids.panel_title(view.key)),
    )


def number(language: str, name: str) -> Component:
    """A hooked number: `assets/26-numbers.js` writes it, its definition stands on hover."""
    return html.Span(
        "—",
        title=say(language, f"number.{name}.definition"),
        **data(kpi=name, value="", title=f"number.{name}.definition"),
    )


def label(language: str, key: str) -> dict[str, Any]:
    """A name for assistive technology, in the page's language."""
    return {"aria-label": say(language, key), "data-label": key}


def _width(view: PanelView) -> dict[str, str]:
    return {"wide": "only"} if view.is_wide_only else {}


def _heading_number(language: str, name: str, word_key: str) -> Component:
    return html.Span(
        className="panel-number",
        children=[html.Span(**words(language, word_key)), " ", number(language, name)],
    )


def _body(view: PanelView, map_view: Component | None) -> Component:
    if view.key == "map":
        children = [] if map_view is None else [map_view]
        return html.Div(children, className="panel-map")
    body = html.Div(id=ids.panel_body(view.key), className="panel-body")
    if view.figure is None:
        return body
    graph = dcc.Graph(
        id=ids.graph(view.key), figure=view.figure(), config=theme.GRAPH_CONFIG, className="graph", responsive=True
    )
    return html.Div(className="panel-chart", children=[graph, body])
