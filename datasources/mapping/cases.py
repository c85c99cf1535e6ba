"""Rows to cases. A system that knows only open and closed is enough; a state no table knows stays visible as given."""

from __future__ import annotations

from typing import Any

from datasources.fields import clean
from datasources.mapping.convert import word_of
from datasources.mapping.spec import Finish, Row, Spec
from datasources.open311.states import CLOSED, ENDED, OPEN, ORIGINS, STATES
from situation.records import Case, CaseEvent, CaseState, Record

PRIORITIES = frozenset({1, 2, 3, 4})
_BEFORE_REGISTERED = frozenset({CaseState.REPORTED, CaseState.ACCEPTED, CaseState.REJECTED, CaseState.CANCELLED})
_WORDS = {**STATES, OPEN: CaseState.REGISTERED, CLOSED: CaseState.CLOSED}
_WORD_LENGTH = 100


def finish_case(spec: Spec) -> Finish:
    """How a row becomes a Case.

    Its state is the constant (or `registered`, for it must be looked after) where the word is unknown; the word then
    stands as the note of an event. Who says no time of registration registers what it takes in.
    """
    state_of, otherwise = spec.value("state"), _state(spec.options.constants.get("state"))

    def finish(row: Row, given: dict[str, Any]) -> Record:
        word = state_of(row.raw)
        state = _state(word)
        if state is None:
            state = otherwise or CaseState.REGISTERED
            given["events"] = _as_given(word, state, given)
        if given.get("priority") not in PRIORITIES:
            given.pop("priority", None)
        origin = given.get("origin")
        if origin:
            given["origin"] = ORIGINS.get(origin, origin)
        given.setdefault("number", row.own_id)
        if "registered_at" not in given and state not in _BEFORE_REGISTERED:
            given["registered_at"] = given.get("reported_at")
        if state not in ENDED:
            given.pop("closed_at", None)
        elif "closed_at" not in given:
            given["closed_at"] = given.get("updated_at")
        return Case(id=row.id, state=state, lon=row.position[0], lat=row.position[1], **given)

    return finish


def _state(word: Any) -> CaseState | None:
    """The state that a word means, None for one that no table knows."""
    return None if word is None else _WORDS.get(word_of(word).lower())


def _as_given(word: Any, state: CaseState, given: dict[str, Any]) -> tuple[CaseEvent, ...]:
    at = given.get("updated_at") or given.get("reported_at")
    note = clean(word, _WORD_LENGTH)
    return (CaseEvent(at=at, state=state, note=note),) if at and note else ()
