"""How a GeoReport server can be asked: what the core lacks and many servers have, tried before doing without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Form:
    """What a question may hold: `updated_after`, `extensions`, `page_size`, and the dates of the core."""

    has_changes: bool
    has_extensions: bool
    has_pages: bool
    has_dates: bool = True

    def query(self, page_size: int, **dates: datetime) -> dict[str, str]:
        """The parameters for rows of some dates; those that the form lacks are left out."""
        asked: dict[str, str] = {"page_size": str(page_size)} if self.has_pages else {}
        asked |= {"extensions": "true"} if self.has_extensions else {}
        return {**asked, **{name: w3c(at) for name, at in dates.items()}} if self.has_dates else asked


FORMS: tuple[Form, ...] = (
    Form(has_changes=True, has_extensions=True, has_pages=True),
    Form(has_changes=True, has_extensions=False, has_pages=True),
    Form(has_changes=False, has_extensions=False, has_pages=True),
    Form(has_changes=False, has_extensions=False, has_pages=False),
    Form(has_changes=False, has_extensions=False, has_pages=False, has_dates=False),
)
"""Tried in this order until one is understood; the cursor remembers which. Servers answer 400, or 500 with HTML."""


def w3c(at: datetime) -> str:
    """A time as the specification wants it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def form_of(cursor: Mapping[str, object]) -> int:
    """The form that was understood last."""
    found = cursor.get("form")
    return found if isinstance(found, int) and 0 <= found < len(FORMS) else 0
