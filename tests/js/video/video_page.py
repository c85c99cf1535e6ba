"""The camera wall alone on a page: the real scripts over canned values and pictures, without product or Dash."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from layouts.text import catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

ASSETS = Path(__file__).parents[3] / "assets"
START = ("15-bus.js", "21-dom.js", "22-format.js", "23-states.js", "27-signs.js")
ADDRESS = "http://wall.test/"
NOW_MS = 1_786_255_200_000
HTML = """<!DOCTYPE html><html data-scene="video" data-feed="live">
<body class="wall"><main id="page-main" class="panels">
<section data-panel="video-wall" style="display:flex;flex-direction:column;width:1200px;height:760px">
<span class="panel-note"></span><div class="panel-body"></div></section></main></body></html>"""
PRELUDE = """(texts) => {
  const listeners = new Set();
  const drawings = {};
  window.cityNow = NOW_MS;
  window.onescreen = {
    language: "zh", text: texts, settings: { speed: 1, timezone: "Asia/Shanghai" },
    t: (key, values) => (texts[key] ?? key).replace(/\\{(\\w+)\\}/g, (whole, name) => values?.[name] ?? whole),
    now: () => window.cityNow,
    realTime: () => Date.now(),
    drawAllPanels: () => null,
    definePanel: (key, draw) => (drawings[key] = draw),
    choice: {
      get: () => window.chosen ?? {},
      set: (changes) => (window.asked = changes),
      on: (listener) => listeners.add(listener),
      call: () => null,
    },
    scenes: { current: () => "video" },
  };
  window.tell = (values) => {
    const section = document.querySelector("section");
    drawings["video-wall"](section.querySelector(".panel-body"), values, onescreen.tools, section);
  };
}""".replace("NOW_MS", str(NOW_MS))


def camera(key: str, **changes: Any) -> dict[str, Any]:
    """A row of the wall's values."""
    given = {
        "id": key,
        "number": 1,
        "name": f"摄像机{key}",
        "address": "宝杨路 1 号",
        "street": "友谊路街道",
        "street_en": "",
    }
    return {**given, "state": "online", "seen_at": None, "finding": None, "since": None, **changes}


def values(cameras: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """What the feed tells of a wall that shows these."""
    given = {"mode": "near", "is_automatic": True, "about": None, "query": {"near": "1"}, "offline": 0, "left_out": 0}
    given |= {"total": len(cameras), "page": 0, "pages": 1, "size": 16, "dwell_s": 12, "tiles": cameras[:16]}
    return {**given, "groups": [], "areas": [], "kinds": [], "tags": [], "burning": [], **changes}


@dataclass
class Platform:
    """What stands behind the wall: pictures in the colour of their camera, and pages of a list of cameras."""

    cameras: list[dict[str, Any]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    code: str = "late"
    last_at: str | None = "2026-08-09T05:50:00Z"
    asked: list[str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """One request of the page."""
        parts = urlsplit(route.request.url)
        if parts.path == "/":
            return route.fulfill(body=HTML, content_type="text/html")
        if parts.path.startswith("/media/"):
            return self._picture(route, parts.path.split("/")[2])
        if parts.path == "/api/panels/video-wall":
            return self._page(route, parse_qs(parts.query))
        return route.fulfill(status=404)

    def _picture(self, route: Route, key: str) -> None:
        self.asked.append(key)
        if key in self.failing:
            body = json.dumps({"error": self.code, "last_picture_at": self.last_at})
            return route.fulfill(status=504, body=body, content_type="application/json")
        target = io.BytesIO()
        Image.new("RGB", (320, 180), colour_of(key)).save(target, "JPEG", quality=95)
        headers = {"x-picture-at": "2026-08-09T06:00:00Z"}
        return route.fulfill(body=target.getvalue(), content_type="image/jpeg", headers=headers)

    def _page(self, route: Route, query: dict[str, list[str]]) -> None:
        size, page = int(query["layout"][0]), int(query["page"][0])
        self.pages.append(page)
        tiles = self.cameras[page * size : (page + 1) * size]
        told = values(self.cameras, mode="rounds", query={"tag": "x"}, page=page, size=size, tiles=tiles)
        route.fulfill(body=json.dumps({"panel": {"values": told}}), content_type="application/json")


def colour_of(key: str) -> tuple[int, int, int]:
    """The colour of a camera's pictures."""
    number = int(key)
    return (40 + number * 37 % 200, 40 + number * 91 % 200, 40 + number * 53 % 200)


def open_wall(page: Page, platform: Platform, layout: int = 4) -> None:
    """Loads the page with the wall's scripts."""
    page.route("**/*", platform.answer)
    page.goto(ADDRESS)
    page.evaluate(PRELUDE, catalogue("zh"))
    page.evaluate("(layout) => (window.chosen = { layout })", str(layout))
    for name in START:
        page.evaluate((ASSETS / name).read_text(encoding="utf-8"))
    for path in sorted((ASSETS / "scenes" / "video").glob("*.js")):
        page.evaluate(path.read_text(encoding="utf-8"))
    for path in (
        ASSETS / "20-panel.css",
        ASSETS / "21-panels.css",
        *sorted((ASSETS / "scenes" / "video").glob("*.css")),
    ):
        page.add_style_tag(content=path.read_text(encoding="utf-8"))
