"""What a page holds: bytes after a garbage collection, and the things that pile up when a page is not tidied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

WEIGHINGS = 3
"""Weighings at each point, of which the least counts: what a frame under way holds is no growth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """`contexts`: script contexts, those of audio and canvases included; `videos`: elements that play."""

    bytes: float
    listeners: int
    nodes: int
    contexts: int
    videos: int

    def grown_percent(self, first: Weight) -> float:
        """How many per cent more bytes than at `first`."""
        return 100 * (self.bytes / first.bytes - 1)


def weigh(opened: Page) -> Weight:
    """The least of several weighings."""
    tools = opened.context.new_cdp_session(opened)
    try:
        return min((_weigh(opened, tools) for _ in range(WEIGHINGS)), key=lambda weight: weight.bytes)
    finally:
        tools.detach()


def _weigh(opened: Page, tools: CDPSession) -> Weight:
    tools.send("Performance.enable")
    tools.send("HeapProfiler.collectGarbage")
    usage: dict[str, Any] = tools.send("Runtime.getHeapUsage")
    metrics = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    return Weight(
        bytes=usage["usedSize"] + usage.get("backingStorageSize", 0) + usage.get("embedderHeapUsedSize", 0),
        listeners=int(metrics["JSEventListeners"]),
        nodes=int(metrics["Nodes"]),
        contexts=int(metrics["V8PerContextDatas"] + metrics["AudioHandlers"]),
        videos=int(opened.evaluate("document.querySelectorAll('video, audio').length")),
    )
