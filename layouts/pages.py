"""The pages: pure functions from options to Dash components.

Every address shows the same overview; a detail address opens its sheet over it, and `/wall` merely hides the
navigation (`html[data-chrome]`, set by `assets/00-page.js`), so going from one to the other loads nothing.
"""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids, theme
from layouts.options import PageOptions
from layouts.panels import BUILT_SCENES, PANELS, SCENES, TABS, PanelView
from layouts.properties import aria, data
from layouts.text import say, words

__all__ = ["PageOptions", "overview"]

_FIGURES = {"hourly": (ids.HOURLY_GRAPH, theme.hourly_figure), "watched": (ids.WATCHED_GRAPH, theme.watched_figure)}


def overview(options: PageOptions, map_view: Component | None = None) -> Component:
    """The whole app: header, panels, side sheet. `map_view` is the map of `layouts.map`."""
    language = options.language
    return html.Div(
        className="wall",
        children=[
            dcc.Location(id=ids.LOCATION, refresh=False),
            html.A(id=ids.SKIP_LINK, href=f"#{ids.panel('alarms')}", **words(language, "page.skip")),
            _header(options),
            dcc.Store(id=ids.SHEET_PULSE),
            html.Div(id=ids.FEED_BAND, role="alert"),
            _tabs(language),
            html.Main(
                id=ids.MAIN,
                className="panels",
                children=[_panel(language, view, map_view) for view in PANELS],
                **data(tab=TABS[0]),
            ),
            _sheet(language),
        ],
    )


def _header(options: PageOptions) -> Component:
    language = options.language
    return html.Header(
        className="header",
        children=[
            html.H1(options.titles()[language], id=ids.TITLE),
            html.Nav(
                className="scenes",
                children=[_scene(language, scene) for scene in SCENES],
                **_label(language, "page.scenes"),
            ),
            html.Section(
                id=ids.panel("banner"),
                className="banner",
                children=html.Div(id=ids.panel_body("banner"), className="panel-body"),
                **{"data-panel": "banner", "data-state": "no-data", **_label(language, "panel.banner")},
            ),
            html.Div(
                className="header-facts",
                children=[
                    html.Span(id="header-weather", className="weather", **_label(language, "header.weather")),
                    html.Span(
                        className="chip chip-sources",
                        children=[
                            *_ratio(language, "header.sources", "sources"),
                            *_ratio(language, "header.departments", "departments"),
                        ],
                    ),
                    html.Time(id="header-date", className="date"),
                    html.Time(id="header-clock", className="clock"),
                ],
            ),
        ],
    )


def _scene(language: str, scene: str) -> Component:
    """One scene of the navigation; one that is not built yet is disabled and says why."""
    text = words(language, f"scene.{scene}")
    if scene in BUILT_SCENES:
        return html.A(href="/", className="scene", **{"aria-current": "page", "data-open": "home", **text})
    why = say(language, "scene.unbuilt")
    return html.Span(
        className="scene", title=why, **{"aria-disabled": "true", "data-title": "scene.unbuilt", "role": "link", **text}
    )


def _ratio(language: str, key: str, name: str) -> list[Component]:
    """`数据源 25/26` with both numbers hooked."""
    return [
        html.Span(className="chip-label", **words(language, key)),
        html.Span(
            className="chip-ratio",
            children=[_number(language, f"{name}_ok"), "/", _number(language, f"{name}_total")],
        ),
    ]


def _number(language: str, name: str) -> Component:
    """A hooked number: `assets/26-numbers.js` writes it, its definition stands on hover."""
    return html.Span(
        "—",
        title=say(language, f"number.{name}.definition"),
        **data(kpi=name, value="", title=f"number.{name}.definition"),
    )


def _label(language: str, key: str) -> dict[str, Any]:
    """A name for assistive technology, in the page's language."""
    return {"aria-label": say(language, key), "data-label": key}


def _tabs(language: str) -> Component:
    """Columns of a laptop or phone; a wall shows everything and hides them."""
    return html.Div(
        id=ids.TABS,
        className="tabs",
        role="tablist",
        children=[
            html.Button(
                className="column-tab",
                role="tab",
                **{
                    "data-tab": tab,
                    "aria-selected": "true" if tab == TABS[0] else "false",
                    "aria-controls": ids.MAIN,
                    **words(language, f"tab.{tab}"),
                },
            )
            for tab in TABS
        ],
        **_label(language, "page.tabs"),
    )


def _panel(language: str, view: PanelView, map_view: Component | None) -> Component:
    """The frame of a panel: heading, state where its age stands, empty body."""
    return html.Section(
        id=ids.panel(view.key),
        className="panel",
        tabIndex=-1,
        children=[
            html.Div(
                className="panel-head",
                children=[
                    html.H2(id=ids.panel_title(view.key), **words(language, view.title)),
                    html.Span(className="panel-subject"),
                    *[_heading_number(language, *number) for number in view.numbers],
                    html.Span(className="panel-note"),
                    html.Span(className="panel-age"),
                ],
            ),
            _body(view, map_view),
        ],
        **data(panel=view.key, state="no-data", in_tab=view.tab),
        **aria(labelledby=ids.panel_title(view.key)),
    )


def _heading_number(language: str, name: str, word_key: str) -> Component:
    return html.Span(
        className="panel-number",
        children=[html.Span(**words(language, word_key)), " ", _number(language, name)],
    )


def _body(view: PanelView, map_view: Component | None) -> Component:
    if view.key == "map":
        children = [] if map_view is None else [map_view]
        return html.Div(children, className="panel-map")
    if view.key not in _FIGURES:
        return html.Div(id=ids.panel_body(view.key), className="panel-body")
    graph_id, figure = _FIGURES[view.key]
    graph = dcc.Graph(id=graph_id, figure=figure(), config=theme.GRAPH_CONFIG, className="graph", responsive=True)
    return html.Div(
        className="panel-chart", children=[graph, html.Div(id=ids.panel_body(view.key), className="panel-body")]
    )


def _sheet(language: str) -> Component:
    """The side sheet, empty and hidden until an address names a record."""
    return html.Aside(
        id=ids.SHEET,
        className="sheet",
        hidden=True,
        tabIndex=-1,
        children=[
            html.A(
                "×",
                href="/",
                className="sheet-close",
                title=say(language, "sheet.close"),
                **{"data-open": "home", "data-title": "sheet.close", **_label(language, "sheet.close")},
            ),
            html.Div(id=ids.SHEET_BODY, className="sheet-body"),
        ],
    )
