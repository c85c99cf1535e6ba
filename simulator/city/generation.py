"""Builds a whole city from an adcode, a scale and a seed."""

from __future__ import annotations

from simulator.model import City


def generate(adcode: str, scale: int, seed: int) -> City:
    """Build the district `adcode`: the same city for the same three. LookupError when there is no such district."""
    raise NotImplementedError
