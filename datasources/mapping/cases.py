"""Rows to cases. A system that knows only open and closed is enough; a state no table knows stays visible as given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasources.fields import clean
from datasources.mapping.chain import read_chain
from datasources.mapping.convert import word_of
from datasources.mapping.spec import Finish, Row, Spec
from datasources.words.case_states import CLOSED, ENDED, OPEN, ORIGINS, STATES
from situation.records import Case, CaseEvent, CaseState, Record

PRIORITIES = frozenset({1, 2, 3, 4})
_BEFORE_REGISTERED = frozenset({CaseState.REPORTED, CaseState.ACCEPTED, CaseState.REJECTED, CaseState.CANCELLED})
_WORDS = {**STATES, OPEN: CaseState.REGISTERED, CLOSED: CaseState.CLOSED}
_WORD_LENGTH = 100


def finish_case(spec: Spec) -> Finish:
    """How a row becomes a Case.

    Where the word for its state is unknown it stands in `state_text`, and the state is that of its last step, else
    the constant, else `registered`, for it must be looked after. Who says no time of registration registers what it
    takes in.
    """
    word_in, table = spec.value("state"), spec.table("state")
    otherwise = _state(spec.options.constants.get("state")) or CaseState.REGISTERED
    told = spec.options.steps
    chain_of = read_chain(spec, told, lambda word: _state(table(word) if table else word)) if told else _no_steps

    def finish(row: Row, given: dict[str, Any]) -> Record:
        word, events = word_in(row.raw), chain_of(row.raw)
        state = _state(word)
        if state is None:
            state = events[-1].state if events else otherwise
            given["state_text"] = clean(word, _WORD_LENGTH)
        if given.get("priority") not in PRIORITIES:
            given.pop("priority", None)
        origin = given.get("origin")
        if origin:
            given["origin"] = ORIGINS.get(origin, origin)
        given.setdefault("number", row.own_id)
        _add_times(given, state, events)
        return Case(id=row.id, state=state, events=events, lon=row.position[0], lat=row.position[1], **given)

    return finish


def _add_times(given: dict[str, Any], state: CaseState, events: Sequence[CaseEvent]) -> None:
    """When it was registered and closed, as far as steps and other times can say it."""
    if "registered_at" not in given and state not in _BEFORE_REGISTERED:
        later = (event.at for event in events if event.state not in _BEFORE_REGISTERED)
        given["registered_at"] = next(later, given.get("reported_at"))
    if state not in ENDED:
        given.pop("closed_at", None)
    elif "closed_at" not in given:
        ended = (event.at for event in events if event.state in ENDED)
        given["closed_at"] = next(ended, given.get("updated_at"))


def _state(word: Any) -> CaseState | None:
    """The state that a word means, None for one that no table knows."""
    return None if word is None else _WORDS.get(word_of(word).lower())


def _no_steps(_: Any) -> tuple[CaseEvent, ...]:
    return ()
