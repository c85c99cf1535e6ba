"""Texts of the iot scene."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {}
"""Key → (Chinese, English)."""
