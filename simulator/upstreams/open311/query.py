"""What a client asks of `GET /requests`: the core of GeoReport v2 and the extensions many servers have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator.model import CityCase

WINDOW = timedelta(days=90)
MAX_ROWS = 1000
CLOSED_STATES = frozenset({"closed", "evaluated", "rejected", "cancelled"})


class BadQuery(ValueError):
    """A parameter that can't be read; `str()` is the description for the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Filters and page. `start` and `end` bound `requested_datetime`; the others are None when not asked for."""

    start: datetime
    end: datetime
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    statuses: frozenset[str] = frozenset()
    service_codes: frozenset[str] = frozenset()
    page: int = 1
    page_size: int = MAX_ROWS

    def admits(self, case: CityCase) -> bool:
        """Whether `case` is asked for."""
        return (
            self.start <= case.reported_at <= self.end
            and (self.updated_after is None or case.updated_at > self.updated_after)
            and (self.updated_before is None or case.updated_at < self.updated_before)
            and (not self.statuses or status_of(case) in self.statuses)
            and (not self.service_codes or case.subcategory_code in self.service_codes)
        )


def status_of(case: CityCase) -> str:
    """GeoReport knows two states."""
    return "closed" if case.state in CLOSED_STATES else "open"


def parse(parameters: Mapping[str, str], now: datetime) -> Query:
    """Read the query; raises BadQuery. Without dates it is the last 90 days, and never more than 90 days."""
    end = _time(parameters, "end_date") or now
    start = _time(parameters, "start_date") or end - WINDOW
    if end - start > WINDOW:
        end = start + WINDOW
    return Query(
        start=start,
        end=end,
        updated_after=_time(parameters, "updated_after"),
        updated_before=_time(parameters, "updated_before"),
        statuses=_choices(parameters, "status", frozenset({"open", "closed"})),
        service_codes=_choices(parameters, "service_code", None),
        page=_number(parameters, "page", 1, None),
        page_size=_number(parameters, "page_size", MAX_ROWS, MAX_ROWS),
    )


def _time(parameters: Mapping[str, str], name: str) -> datetime | None:
    text = parameters.get(name, "")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise BadQuery(f"{name} is not a W3C date-time: {text!r}") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _choices(parameters: Mapping[str, str], name: str, allowed: frozenset[str] | None) -> frozenset[str]:
    chosen = frozenset(part.strip() for part in parameters.get(name, "").split(",") if part.strip())
    if allowed is not None and not chosen <= allowed:
        raise BadQuery(f"{name} must be one of {', '.join(sorted(allowed))}")
    return chosen


def _number(parameters: Mapping[str, str], name: str, default: int, maximum: int | None) -> int:
    text = parameters.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise BadQuery(f"{name} must be a positive number")
    return int(text) if maximum is None else min(int(text), maximum)
