"""One wall in a real browser, which remembers everything that should not have happened on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Request

SIZES = {"wall": (1920, 1080), "4k": (3840, 2160), "wide": (3840, 1080), "laptop": (1366, 768)}
REPORT_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) => console.error(
  `policy: ${event.violatedDirective} ${event.blockedURI}`))"""
LIVE = """() => document.documentElement.dataset.feed === 'live' && document.documentElement.dataset.seq !== ''
  && [...document.querySelectorAll('[data-kpi="cases_open"], .header [data-kpi]')]
    .every((e) => e.dataset.value !== '')"""
"""Also where the numbers of the overview are not built, because another scene was opened first."""
LIVE_TIMEOUT_MS = 60_000


class Wall:
    """A page at an address.

    `is_cut_off` says that the test takes its server away, so lost requests are expected; without `has_pictures` those
    of cameras are. Predicates handed to the page must be functions: its policy forbids evaluating text.
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        size: str = "wall",
        *,
        is_cut_off: bool = False,
        has_pictures: bool = True,
        waits: bool = True,
    ) -> None:
        width, height = SIZES[size]
        self._origin = "/".join(url.split("/")[:3])
        self._is_cut_off = is_cut_off
        self._has_pictures = has_pictures
        self._complaints: list[str] = []
        self._context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        self.page = self._context.new_page()
        self.page.add_init_script(REPORT_VIOLATIONS)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._complaints.append(f"error: {error}"))
        self.page.on("request", self._on_request)
        self.page.goto(url)
        if waits:
            self.wait_until_live()

    def wait_until_live(self) -> None:
        """Until the feed is live and the picture shows numbers."""
        self.page.wait_for_function(LIVE, timeout=LIVE_TIMEOUT_MS)

    def state(self, panel: str) -> str | None:
        """What a panel says of itself."""
        return self.page.get_attribute(f"[data-panel='{panel}']", "data-state")

    def wait_for_state(self, panel: str, *states: str, timeout_s: float) -> None:
        """Until a panel is in one of these states."""
        self.page.wait_for_function(
            "([panel, states]) => states.includes(document.querySelector(`[data-panel='${panel}']`).dataset.state)",
            arg=[panel, list(states)],
            timeout=timeout_s * 1000,
        )

    def why(self, panel: str) -> str:
        """What is said on hover over a panel's age: the reason of its state."""
        return self.page.get_attribute(f"[data-panel='{panel}'] .panel-age", "title") or ""

    def numbers(self) -> dict[str, str]:
        """Every hooked number by name; one that stands in several places must be the same everywhere."""
        pairs = self.page.eval_on_selector_all("[data-kpi]", "all => all.map((e) => [e.dataset.kpi, e.dataset.value])")
        found: dict[str, str] = {}
        for name, value in pairs:
            assert found.setdefault(name, value) == value, f"{name} differs between two places of one page"
        return found

    def held(self, panel: str) -> dict[str, Any]:
        """The values that a panel shows, as the feed told them."""
        held: dict[str, Any] = self.page.evaluate("(key) => onescreen.heldPanel(key)?.values ?? {}", panel)
        return held

    def complaints(self) -> list[str]:
        """Everything odd so far."""
        return list(self._complaints)

    def close(self) -> None:
        """Close the page and its context."""
        self._context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        address = message.location.get("url", "")
        is_lost = "Failed to load resource" in message.text or "no snapshot yet" in message.text
        is_late = "503" in message.text or "504" in message.text  # a busy machine's picture, which its tile says
        is_expected = self._is_cut_off or ("/media/" in address and (is_late or not self._has_pictures))
        if not (is_lost and is_expected):
            self._complaints.append(f"{message.type}: {message.text} ({address})")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self._origin + "/", "data:", "blob:")):
            self._complaints.append(f"asked another host: {request.url}")
