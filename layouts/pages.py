"""The page: pure functions from options to Dash components.

Every address shows the same page. It holds the frames of the overview; those of another scene are put into their
container when it is first opened (`scene_frames`), and which are seen is CSS (`.panels[data-scene]`). A detail address
opens its sheet over the scene, and `/wall` merely hides the navigation: going from one to another loads nothing.
"""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids
from layouts.frames import all_tabs, frame, label, number, scene_frames, scenes_of
from layouts.options import PageOptions
from layouts.panels import PANELS, TABS
from layouts.properties import data
from layouts.scenes import SCENES
from layouts.text import say, words

__all__ = ["PageOptions", "overview"]


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
            dcc.Store(id=ids.DETAIL),
            html.Div(id=ids.FEED_BAND, role="alert"),
            _tabs(language),
            html.Main(
                id=ids.MAIN,
                className="panels",
                children=[
                    *[frame(language, view, scenes_of(view.key), map_view=map_view) for view in PANELS],
                    *[html.Div(id=ids.scene_frames(scene.key), className="scene-frames") for scene in SCENES],
                ],
                **data(tab=TABS[0], scene="overview"),
            ),
            *[dcc.Store(id=ids.scene_wanted(scene.key)) for scene in SCENES],
            _sheet(language),
        ],
    )


def everything(options: PageOptions, map_view: Component | None = None) -> Component:
    """The page with the frames of all scenes in it: what Dash checks callbacks against."""
    frames = [part for scene in SCENES for part in scene_frames(options.language, scene)]
    return html.Div([overview(options, map_view), *frames])


def _header(options: PageOptions) -> Component:
    language = options.language
    return html.Header(
        className="header",
        children=[
            html.H1(options.titles()[language], id=ids.TITLE),
            html.Nav(
                className="scenes",
                children=[
                    _scene(language, "overview", "/"),
                    *[_scene(language, scene.key, scene.path) for scene in SCENES],
                ],
                **label(language, "page.scenes"),
            ),
            html.Section(
                id=ids.panel("banner"),
                className="banner",
                children=html.Div(id=ids.panel_body("banner"), className="panel-body"),
                **{"data-panel": "banner", "data-state": "no-data", **label(language, "panel.banner")},
            ),
            html.Div(
                className="header-facts",
                children=[
                    html.Span(id="header-weather", className="weather", **label(language, "header.weather")),
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


def _scene(language: str, key: str, path: str) -> Component:
    """One scene of the navigation; the browser moves `aria-current` to the one that is shown."""
    text = words(language, f"scene.{key}")
    return html.A(href=path, className="scene", **{"data-open-scene": key, **text})


def _ratio(language: str, key: str, name: str) -> list[Component]:
    """`数据源 25/26` with both numbers hooked."""
    return [
        html.Span(className="chip-label", **words(language, key)),
        html.Span(
            className="chip-ratio",
            children=[number(language, f"{name}_ok"), "/", number(language, f"{name}_total")],
        ),
    ]


def _tabs(language: str) -> Component:
    """Columns of a laptop or phone; a wall shows everything and hides them."""
    tabs = html.Div(
        id=ids.TABS,
        className="tabs",
        role="tablist",
        children=[
            html.Button(
                className="column-tab",
                role="tab",
                **{
                    "data-tab": tab,
                    "hidden": tab not in TABS,
                    "aria-selected": "true" if tab == TABS[0] else "false",
                    "aria-controls": ids.MAIN,
                    **words(language, f"tab.{tab}"),
                },
            )
            for tab in all_tabs()
        ],
        **label(language, "page.tabs"),
    )
    return html.Nav(tabs, className="tabs-landmark", **label(language, "page.tabs"))


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
                **{"data-open": "home", "data-title": "sheet.close", **label(language, "sheet.close")},
            ),
            html.Div(id=ids.SHEET_BODY, className="sheet-body"),
        ],
    )
