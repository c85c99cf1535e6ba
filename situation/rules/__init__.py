"""The rules: what the collector concludes from what it was told, before the store is told."""

from situation.rules.engine import Rules

__all__ = ["Rules"]
