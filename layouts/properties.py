"""Properties of components whose names hold a hyphen."""

from __future__ import annotations

from typing import Any


def data(**values: str) -> dict[str, Any]:
    """`data-*` properties; an underscore stands for a hyphen."""
    return {f"data-{name.replace('_', '-')}": value for name, value in values.items()}


def aria(**values: str) -> dict[str, Any]:
    """`aria-*` properties."""
    return {f"aria-{name}": value for name, value in values.items()}
