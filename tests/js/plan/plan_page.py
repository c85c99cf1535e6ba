"""A page with nothing but a plan on it: the product's own scripts, answers of `/api/plan` given by the test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layouts.text import catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

ASSETS = Path(__file__).parents[3] / "assets"
STYLES = ("00-tokens.css", "20-panel.css", "later/40-plan.css")
SCRIPTS = ("15-bus.js", "21-dom.js", "22-format.js", "27-signs.js", "28-hints.js")
ADDRESS = "http://plan.test"


def html(language: str, size: tuple[int, int]) -> str:
    """The page, all in one answer: a box of `size` pixels for a plan, which the test makes."""
    later = sorted((ASSETS / "later").glob("[34]*-plan*.js"))
    scripts = [ASSETS / name for name in SCRIPTS] + later
    styles = [ASSETS / name for name in STYLES]
    width, height = size
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
{"".join(f"<style>{path.read_text()}</style>" for path in styles)}
<script>{start_script(language)}</script></head><body>
<div id="box" style="width:{width}px;height:{height}px;display:flex;background:var(--surface-1)"></div>
{"".join(f"<script>{path.read_text()}</script>" for path in scripts)}</body></html>"""


def start_script(language: str) -> str:
    """What the page's start gives every script: texts and settings."""
    text = json.dumps(catalogue(language), ensure_ascii=False)
    return f"""window.onescreen = {{text: {text}, language: {json.dumps(language)},
  settings: {{timezone: "Asia/Shanghai"}}, drawAllPanels: () => {{}},
  calmly: (work) => work}};
onescreen.t = (key, values) => Object.entries(values ?? {{}}).reduce((said, [name, value]) =>
  said.replaceAll(`{{${{name}}}}`, value), onescreen.text[key] ?? key);"""


def open_plan(page: Page, answers: Mapping[str, Any], language: str = "zh", size: tuple[int, int] = (900, 800)) -> None:
    """Opens the page; `answers` are the bodies of addresses, and what is missing there is 404."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path == "/":
            route.fulfill(body=html(language, size), content_type="text/html; charset=utf-8")
        elif path in answers:
            route.fulfill(json=answers[path])
        else:
            route.fulfill(status=404)

    page.route(f"{ADDRESS}/**", answer)
    page.goto(f"{ADDRESS}/")
