"""Secrets in settings are objects that don't print; here they are opened, at the moment of use."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class _Secret(Protocol):
    def reveal(self) -> str: ...


def reveal(value: object) -> str:
    """The text of a secret or of plain text; "" for None."""
    if value is None:
        return ""
    return value.reveal() if isinstance(value, _Secret) else str(value)
