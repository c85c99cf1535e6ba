"""The scales of the benchmarks: what a page holds, without what the browser keeps for the tool that looks into it."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from benchmarks.weighing import notes_bytes, weigh

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REQUESTS = 4_000
ASK = "async (times) => { for (let i = 0; i < times; i++) await (await fetch('data:,' + i)).text(); }"
HOLD = "(bytes) => { window.held = new Uint8Array(bytes); }"


def _snapshot(*names: str) -> str:
    """A heap snapshot as V8 writes one, of nodes of 7 bytes with these names."""
    strings = ["", *dict.fromkeys(names)]
    nodes = [number for name in names for number in (8, strings.index(name), 1, 7, 0, 0)]
    fields = ["type", "name", "id", "self_size", "edge_count", "detachedness"]
    meta = {"meta": {"node_fields": fields, "node_types": [["hidden"]], "edge_fields": ["type"]}, "node_count": 1}
    snapshot = {"snapshot": meta, "nodes": nodes, "edges": [], "locations": [], "strings": strings}
    return json.dumps(snapshot, separators=(",", ":")) + "\n"


def test_notes_on_requests_are_found_among_everything_else() -> None:
    note = "blink::NetworkResourcesData::ResourceData"
    assert notes_bytes(_snapshot(note, 'a "nodes":[1,2] } of its own', note)) == 14
    assert notes_bytes(_snapshot("Window")) == 0


@pytest.mark.browser
def test_asking_for_much_weighs_nothing_and_holding_on_to_it_does(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.evaluate(ASK, 1_000)
    weights = [weigh(page).bytes]
    for _ in range(3):
        page.evaluate(ASK, REQUESTS)
        weights.append(weigh(page).bytes)
    page.evaluate(HOLD, 5_000_000)
    # about 290 bytes each with the browser's notes; the least of three, for a busy browser tidies up when it likes
    assert min(after - before for before, after in pairwise(weights)) < 150 * REQUESTS
    assert weigh(page).bytes - weights[-1] > 4_500_000
    context.close()
