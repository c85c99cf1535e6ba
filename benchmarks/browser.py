"""A real Chromium with software rendering, and pages that report on themselves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.processes import BenchError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
HERE = Path(__file__).parent
PROBE = (HERE / "probe.js").read_text(encoding="utf-8")
WALL = (HERE / "wall.js").read_text(encoding="utf-8")
PATIENCE_MS = 90_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; raises BenchError when there is none on this machine."""
    found = os.environ.get("ONESCREEN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise BenchError("no Chromium was found: install it or set ONESCREEN_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page(browser: Browser, url: str, script: str = WALL) -> Iterator[Page]:
    """A page in a context of its own, so nothing is cached; `script` says what it reports beside the probe's own."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN", timezone_id="Asia/Shanghai")
    try:
        opened = context.new_page()
        opened.set_default_timeout(PATIENCE_MS)
        opened.add_init_script(f"{PROBE}\n{script}")
        opened.goto(url, wait_until="commit")
        yield opened
    finally:
        context.close()


def seen_s(opened: Page, name: str) -> float:
    """Seconds from navigation until what `name` stands for was on the screen; waits for it."""
    opened.wait_for_function(f"() => window.probe.seen[{name!r}]", polling=50)
    milliseconds: float = opened.evaluate(f"window.probe.seen[{name!r}]")
    return milliseconds / 1000
