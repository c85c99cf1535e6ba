"""A page with one panel of the weather scene on it: the product's own scripts and styles, values given by the test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layouts.text import catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

ASSETS = Path(__file__).parents[3] / "assets"
SCRIPTS = ("15-bus.js", "21-dom.js", "22-format.js", "23-states.js", "27-signs.js")
STYLES = ("00-tokens.css", "20-panel.css", "scenes/weather/weather.css")
ADDRESS = "http://weather.test"
AT_MS = 1_786_257_128_000
"""The moment of the page: 14:32:08 of 9 August 2026 in Shanghai."""


def start_script(language: str) -> str:
    """What the page's start gives every script, and a `definePanel` that keeps the drawings for the test."""
    text = json.dumps(catalogue(language), ensure_ascii=False)
    return f"""window.onescreen = {{text: {text}, language: {json.dumps(language)}, now: () => {AT_MS},
  settings: {{timezone: "Asia/Shanghai", titles: {{}}}}, drawAllPanels: () => {{}}, drawings: {{}}, opened: [],
  choice: {{chosen: [], set: (change) => onescreen.choice.chosen.push(change), call: () => {{}}}},
  heldPanel: () => null, open: (address) => onescreen.opened.push(address), errors: []}};
onescreen.definePanel = (key, drawing) => (onescreen.drawings[key] = drawing);
onescreen.t = (key, values) => Object.entries(values ?? {{}}).reduce((said, [name, value]) =>
  said.replaceAll(`{{${{name}}}}`, value), onescreen.text[key] ?? key);
onescreen.show = (key, values) => {{
  const section = document.querySelector(".panel");
  section.dataset.panel = key;
  onescreen.drawings[key](section.querySelector(".panel-body"), values, onescreen.tools, section);
}};"""


def html(language: str, size: tuple[int, int]) -> str:
    """The page: one panel of `size` pixels."""
    scene = sorted(path.name for path in (ASSETS / "scenes" / "weather").glob("*.js"))
    scripts = [f"/assets/{name}" for name in SCRIPTS] + [f"/assets/scenes/weather/{name}" for name in scene]
    width, height = size
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
{"".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in STYLES)}
<script src="/start.js"></script></head><body>
<section class="panel" style="width:{width}px;height:{height}px"><div class="panel-head"><h2>·</h2>
<span class="panel-subject"></span><span class="panel-note"></span><span class="panel-age"></span></div>
<div class="panel-body"></div></section>
{"".join(f'<script src="{script}"></script>' for script in scripts)}</body></html>"""


def open_panel(
    page: Page, key: str, values: dict[str, Any], language: str = "zh", size: tuple[int, int] = (640, 560)
) -> None:
    """Opens the page and draws one panel with these values."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        file = ASSETS / path.removeprefix("/assets/").partition("?")[0]
        if path == "/":
            route.fulfill(body=html(language, size), content_type="text/html; charset=utf-8")
        elif path == "/start.js":
            route.fulfill(body=start_script(language), content_type="text/javascript; charset=utf-8")
        elif path.startswith("/assets/") and file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404)

    page.route(f"{ADDRESS}/**", answer)
    page.goto(f"{ADDRESS}/")
    show(page, key, values)


def show(page: Page, key: str, values: dict[str, Any]) -> None:
    """Draws the panel (again) with these values."""
    page.evaluate("([key, values]) => onescreen.show(key, values)", [key, values])
