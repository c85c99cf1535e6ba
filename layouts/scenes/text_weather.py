"""Texts of the weather scene."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {}
"""Key → (Chinese, English)."""
