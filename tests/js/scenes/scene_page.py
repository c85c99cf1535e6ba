"""A scene without server and feed: frames by hand, the scripts and styles of the product, values by the test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layouts.scenes import SCENES_BY_KEY
from layouts.text import catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

ASSETS = Path(__file__).parents[3] / "assets"
ADDRESS = "http://scene.test"
STYLES = ("00-tokens", "20-panel", "21-panels", "22-panels-wide", "30-layout", "31-scenes")
SCRIPTS = ("15-bus", "21-dom", "22-format", "23-states", "27-signs", "28-hints", "29-spark", "20-panels")
START = """
window.onescreen = {text: %(text)s, language: %(language)s, settings: {timezone: "Asia/Shanghai", ontime_target: 0.95},
  now: () => %(at)d, realTime: () => Date.now(), opened: [], chosen: %(choice)s};
onescreen.t = (key, values) => Object.entries(values ?? {}).reduce((said, [name, value]) =>
  said.replaceAll(`{${name}}`, value), onescreen.text[key] ?? key);
onescreen.choice = {get: () => onescreen.chosen, set: (changes) => onescreen.opened.push(changes), call() {},
  text: (choice) => Object.values(choice).join(" · "), on() {}};
onescreen.open = onescreen.goTo = (address) => onescreen.opened.push(address);
"""


def _frame(key: str, scene: str, text: Mapping[str, str], tab: str, *, is_main: bool, is_tab: bool) -> str:
    flags = f"{'data-is-main' if is_main else ''} {'data-is-tab' if is_tab else ''}"
    return f"""<section class="panel" data-panel="{key}" id="panel-{key}" data-scenes="{scene}" {flags}
 data-in-tab="{tab}"
 style="grid-area:{key}"><div class="panel-head"><h2>{text.get(f"panel.{key}", key)}</h2>
<span class="panel-choice"></span><span class="panel-subject"></span><span class="panel-note"></span>
<span class="panel-age"></span></div><div class="panel-body"></div></section>"""


def _html(scene: str, language: str, tab: str, start: str) -> str:
    text = catalogue(language)
    views = SCENES_BY_KEY[scene].panels
    main = SCENES_BY_KEY[scene].main
    frames = "".join(
        _frame(view.key, scene, text, view.tab, is_main=view.tab == main, is_tab=view.tab == tab) for view in views
    )
    later = sorted((ASSETS / "later").glob("[34]*-plan*"))
    files = [*later, *sorted((ASSETS / "scenes" / scene).iterdir())]
    styles = [*[ASSETS / f"{name}.css" for name in STYLES], *[path for path in files if path.suffix == ".css"]]
    scripts = [*[ASSETS / f"{name}.js" for name in SCRIPTS], *[path for path in files if path.suffix == ".js"]]
    return f"""<!doctype html><html lang="{language}" data-scene="{scene}"><head><meta charset="utf-8">
<script>{start}</script>{"".join(f"<style>{path.read_text()}</style>" for path in styles)}</head><body>
<div class="wall"><header style="height:var(--header)"></header><main class="panels" id="page-main"
 data-scene="{scene}" style="--rows:60"><div class="scene-frames">{frames}</div></main></div>
{"".join(f"<script>{path.read_text()}</script>" for path in scripts)}</body></html>"""


def open_scene(
    page: Page,
    scene: str,
    panels: Mapping[str, Any],
    *,
    at: int,
    answers: Mapping[str, Any] | None = None,
    choice: Mapping[str, str] | None = None,
    language: str = "zh",
    tab: str = "",
) -> None:
    """Opens the scene and draws `panels`; `answers` are bodies by address, what is missing there is 404."""
    given = {
        "text": json.dumps(catalogue(language), ensure_ascii=False),
        "language": json.dumps(language),
        "at": at,
        "choice": json.dumps(dict(choice or {})),
    }

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path == "/":
            route.fulfill(body=_html(scene, language, tab, START % given), content_type="text/html; charset=utf-8")
        elif path in (answers or {}):
            route.fulfill(json=(answers or {})[path])
        else:
            route.fulfill(status=404)

    page.route(f"{ADDRESS}/**", answer)
    page.goto(f"{ADDRESS}/")
    page.evaluate("document.fonts.ready")
    page.evaluate(
        "(panels) => Object.entries(panels).forEach(([key, panel]) => onescreen.applyPanel(key, panel))", panels
    )
