"""What a preset is: where the rows of one service's JSON are, and what one row says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from datasources.cap.normalise import Office
from datasources.contract import RecordRejected, SourceDataError
from datasources.fields import Raw
from situation.records import AreaClaim, WeatherWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whom a source's warnings come from, and for which areas (adcodes) it asks."""

    office: Office
    areas: tuple[str, ...] = ()

    @property
    def claim(self) -> tuple[AreaClaim, ...]:
        """Where warnings hold that name no place: the areas asked for; none: the whole district."""
        return (AreaClaim(codes=self.areas),) if self.areas else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One service's JSON. `rows` raises SourceError for what is no list of warnings; `read` raises RecordRejected."""

    rows: Callable[[Any, Asked], Sequence[Any]]
    read: Callable[[Raw, Asked], WeatherWarning]
    key_header: str = ""
    needs_areas: bool = False


def listed(document: Any, *names: str) -> list[Any]:
    """The first list among these members of a document; raises SourceDataError."""
    for name in names:
        found = document.get(name) if isinstance(document, dict) else None
        if isinstance(found, list):
            return found
    raise SourceDataError("wrong_shape", f"no list named {' or '.join(names)}")


def as_row(row: Any) -> Raw:
    """A row that is an object; raises RecordRejected."""
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    return row


def table(value: Any) -> dict[str, Any]:
    """A member that should be an object; empty when it is none."""
    return value if isinstance(value, dict) else {}
