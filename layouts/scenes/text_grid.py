"""Texts of the grid scene and of every plan."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # plans, in whatever scene
    "plan.unknown": ("未知 {n}", "{n} unknown"),
}
"""Key → (Chinese, English)."""
