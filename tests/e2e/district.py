"""The demonstration's settings for tests: the same upstreams, a few of them asked more often and given up sooner."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.product import REPOSITORY

HASTY: dict[str, dict[str, float]] = {
    "weather-warnings": {"interval_s": 3, "timeout_s": 2, "stale_after_s": 60},
    "police-video": {"interval_s": 10},
    "gas-sensors": {"interval_s": 5},
    "drainage-sensors": {"interval_s": 6, "moves_within_s": 15},
}
"""Overrides by source, so that what takes minutes in a city takes seconds here."""


def write_settings(path: Path, overrides: Mapping[str, Mapping[str, float]] = HASTY, head: str = "") -> Path:
    """Write the demonstration's settings with some times replaced, after `head`."""
    text = (REPOSITORY / "simulator" / "district.toml").read_text(encoding="utf-8")
    first, *sources = re.split(r"^\[\[sources\]\]\n", text, flags=re.MULTILINE)
    blocks = [_overridden(block, overrides) for block in sources]
    path.write_text(head + first + "".join(f"[[sources]]\n{block}" for block in blocks), encoding="utf-8")
    return path


def _overridden(block: str, overrides: Mapping[str, Mapping[str, float]]) -> str:
    found = re.search(r'^key = "(.+)"$', block, flags=re.MULTILINE)
    assert found is not None
    own = dict(overrides.get(found[1], {}))
    moves_within_s = own.pop("moves_within_s", None)
    for name, seconds in own.items():
        block = re.sub(rf"^{name} = .*$", f"{name} = {seconds:g}", block, flags=re.MULTILINE)
    if moves_within_s is None:
        return block
    heading = "[sources.options]\n"
    start, _, options = block.rstrip().partition(heading)
    return f"{start.rstrip()}\n{heading}moves_within_s = {moves_within_s:g}\n{options}\n\n"
