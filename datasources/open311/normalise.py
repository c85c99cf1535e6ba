"""GeoReport v2 requests to cases. The core knows open and closed; a dispatch chain comes in extended attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from datasources.contract import RecordRejected, Rejection
from datasources.coordinates import Position, locate
from datasources.fields import Raw, boolean, clean, each, identifier, instant, newest, number, text
from datasources.words.case_states import CLOSED, ENDED, ORIGINS
from situation.records import Case, CaseEvent, CaseState

_BEFORE_REGISTERED = frozenset({CaseState.REPORTED, CaseState.ACCEPTED, CaseState.REJECTED, CaseState.CANCELLED})
_MOST_EVENTS = 100
_NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one server's requests are read. `services` is its list: code → (name, group)."""

    key: str
    department: str
    crs: str
    zone: str | None
    states: Mapping[str, CaseState]
    agencies: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, Sequence[str]] = field(default_factory=dict)


def normalise(rows: Sequence[Any], dialect: Dialect) -> tuple[list[Case], list[Rejection]]:
    """Cases of the rows of one reply."""
    positions = locate(
        [number(row.get("long", row.get("lng"))) if isinstance(row, dict) else None for row in rows],
        [number(row.get("lat")) if isinstance(row, dict) else None for row in rows],
        dialect.crs,
    )
    return each(list(zip(rows, positions, strict=True)), lambda item: _case(item[0], item[1], dialect))


def service_names(rows: Sequence[Any]) -> dict[str, list[str]]:
    """Code → [name, group] of a services list; rows without a code are left out."""
    return {
        text(row, "service_code", limit=100): [text(row, "service_name", limit=100), text(row, "group", limit=100)]
        for row in rows
        if isinstance(row, dict) and text(row, "service_code", limit=100)
    }


def _case(row: Raw, position: Position, dialect: Dialect) -> Case:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    number_ = identifier(row, "service_request_id", "id")
    extra = row.get("extended_attributes")
    extra = extra if isinstance(extra, dict) else {}
    reported_at = _at(row, "requested_datetime", dialect)
    updated_at = _at(row, "updated_datetime", dialect) or reported_at
    if reported_at is None:
        raise RecordRejected(number_, "no requested_datetime")
    events = _events(extra, dialect)
    state = _state(row, extra, events, dialect)
    name, group = _names(row, dialect)
    return Case(
        id=f"{dialect.key}.{number_}",
        source=dialect.key,
        number=number_,
        name=text(extra, "title", limit=200) or name,
        department=_department(row, extra, dialect),
        lon=position[0],
        lat=position[1],
        address=text(row, "address", limit=300),
        state=state,
        category=text(extra, "category", limit=100) or group,
        subcategory=name,
        is_component=boolean(extra.get("is_component")) is True,
        origin=_origin(extra),
        priority=_priority(extra),
        description=text(row, "description"),
        reported_at=reported_at,
        registered_at=_registered_at(extra, events, state, reported_at, dialect),
        due_at=_at(row, "expected_datetime", dialect),
        closed_at=_closed_at(extra, events, state, updated_at, dialect),
        updated_at=updated_at,
        events=events,
    )


def _at(row: Raw, name: str, dialect: Dialect) -> datetime | None:
    return instant(row.get(name), dialect.zone)


def _names(row: Raw, dialect: Dialect) -> tuple[str, str]:
    """Name and group of the service; a code the services list lacks is shown as itself."""
    code = text(row, "service_code", limit=100)
    listed = dialect.services.get(code, ("", ""))
    return text(row, "service_name", limit=100) or listed[0] or code, listed[1]


def _department(row: Raw, extra: Raw, dialect: Dialect) -> str:
    agency = text(row, "agency_responsible", limit=200)
    return text(extra, "department", limit=100) or dialect.agencies.get(agency, "") or dialect.department


def _events(extra: Raw, dialect: Dialect) -> tuple[CaseEvent, ...]:
    """The dispatch chain in order. A word no table knows stays visible as the note of an event."""
    tasks = extra.get("tasks")
    events: list[CaseEvent] = []
    state = CaseState.REPORTED
    for task in tasks[:_MOST_EVENTS] if isinstance(tasks, list) else ():
        at = _at(task, "task_created", dialect) if isinstance(task, dict) else None
        if at is None:
            continue
        word = text(task, "task_type", limit=100)
        known = dialect.states.get(word.lower())
        state = known or state
        note = text(task, "note", "task_notes", limit=_NOTE_LENGTH) or ("" if known else word)
        events.append(CaseEvent(at=at, state=state, actor=text(task, "owner_name", limit=100), note=note))
    return tuple(sorted(events, key=lambda event: event.at))


def _state(row: Raw, extra: Raw, events: Sequence[CaseEvent], dialect: Dialect) -> CaseState:
    """The state the words say, never against the plain open or closed."""
    is_closed = clean(row.get("status"), 50).lower() == CLOSED
    words = [word.strip().lower() for word in text(extra, "detailed_status", limit=200).split(",")]
    candidates = [dialect.states[word] for word in reversed(words) if word in dialect.states]
    if not candidates and clean(row.get("status"), 50).lower() in dialect.states and not is_closed:
        candidates = [dialect.states[clean(row.get("status"), 50).lower()]]
    candidates += [event.state for event in reversed(events)]
    fitting = (state for state in candidates if (state in ENDED) == is_closed)
    return next(fitting, CaseState.CLOSED if is_closed else CaseState.REGISTERED)


def _registered_at(
    extra: Raw, events: Sequence[CaseEvent], state: CaseState, reported_at: datetime, dialect: Dialect
) -> datetime | None:
    stated = _at(extra, "registered_datetime", dialect)
    if stated is not None:
        return stated
    later = [event.at for event in events if event.state not in _BEFORE_REGISTERED]
    if later:
        return later[0]
    # who knows only open and closed registers what it takes in
    return None if state in _BEFORE_REGISTERED or events else reported_at


def _closed_at(
    extra: Raw, events: Sequence[CaseEvent], state: CaseState, updated_at: datetime | None, dialect: Dialect
) -> datetime | None:
    if state not in ENDED:
        return None
    ended = [event.at for event in events if event.state in ENDED]
    return _at(extra, "closed_datetime", dialect) or (ended[0] if ended else None) or updated_at


def _origin(extra: Raw) -> str:
    word = text(extra, "origin", limit=100)
    return ORIGINS.get(word, word or "other")


def _priority(extra: Raw) -> int:
    found = number(extra.get("priority"))
    return int(found) if found is not None and 1 <= found <= 4 else 3


def content_at(cases: Sequence[Case]) -> datetime | None:
    """The newest time that something happened to a case."""
    return newest(case.updated_at for case in cases)
