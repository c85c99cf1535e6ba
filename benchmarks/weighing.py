"""What a page holds: bytes after a garbage collection, and the things that pile up when a page is not tidied.

The browser keeps a note of every request for the tool that drives it (some 290 bytes each, until the page is left):
weight of the scales, no page on a wall has it. It is counted in a heap snapshot and taken off; the table the notes
stand in is not, so what is left is rather too much than too little.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

WEIGHINGS = 3
"""Weighings at each point, of which the least counts: what a frame or a picture under way holds is no growth."""

NOTE = "blink::NetworkResourcesData::ResourceData"


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
    """The least of several weighings, of each thing for itself."""
    tools = opened.context.new_cdp_session(opened)
    try:
        weighings = [_weigh(opened, tools) for _ in range(WEIGHINGS)]
        notes = notes_bytes(_snapshot(tools))
    finally:
        tools.detach()
    return Weight(
        bytes=min(each.bytes for each in weighings) - notes,
        listeners=min(each.listeners for each in weighings),
        nodes=min(each.nodes for each in weighings),
        contexts=min(each.contexts for each in weighings),
        videos=min(each.videos for each in weighings),
    )


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


def _snapshot(tools: CDPSession) -> str:
    chunks: list[str] = []
    tools.on("HeapProfiler.addHeapSnapshotChunk", lambda event: chunks.append(event["chunk"]))
    tools.send("HeapProfiler.takeHeapSnapshot")
    return "".join(chunks)


def notes_bytes(snapshot: str) -> int:
    """Bytes of the notes on requests in a heap snapshot (V8's JSON, of which only the parts needed are read)."""
    fields: list[str] = json.loads(f"[{_array(snapshot, 'node_fields')}]")
    names: list[str] = json.loads(snapshot[snapshot.rindex('"strings":[') + len('"strings":') : snapshot.rindex("}")])
    if NOTE not in names:
        return 0
    nodes = np.fromstring(_array(snapshot, "nodes"), dtype=np.int64, sep=",").reshape(-1, len(fields))
    is_note = nodes[:, fields.index("name")] == names.index(NOTE)
    return int(nodes[is_note, fields.index("self_size")].sum())


def _array(snapshot: str, key: str) -> str:
    """What stands between the brackets of an array of plain values."""
    start = snapshot.index(f'"{key}":[') + len(key) + 4
    return snapshot[start : snapshot.index("]", start)]
