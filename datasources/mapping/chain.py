"""The dispatch chain of a case: the steps that its system tells, each with its time and state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from datasources.fields import clean
from datasources.mapping.options import StepOptions
from datasources.mapping.paths import compile_path
from datasources.mapping.spec import Spec
from situation.records import CaseEvent, CaseState

MOST_STEPS = 100
_NOTE_LENGTH = 500
_WORD_LENGTH = 100

StateOf = Callable[[Any], CaseState | None]
"""The state that a word means; None for one that no table knows."""


def read_chain(spec: Spec, told: StepOptions, state_of: StateOf) -> Callable[[Any], tuple[CaseEvent, ...]]:
    """How the steps of a row are read, in the order of their times.

    A step without a time is left out; the word of one that no table knows stays visible as its note, and the case
    remains in the state it was in.
    """
    list_of, moment = compile_path(told.rows), spec.moment()
    at_of, word_of = compile_path(told.at), compile_path(told.state)
    actor_of = compile_path(told.actor) if told.actor else _nobody
    note_of = compile_path(told.note) if told.note else _nobody

    def read(row: Any) -> tuple[CaseEvent, ...]:
        found = [(moment(at_of(step)), step) for step in _steps(list_of(row))]
        timed = sorted(((at, step) for at, step in found if at is not None), key=lambda pair: pair[0])
        events: list[CaseEvent] = []
        state = CaseState.REPORTED
        for at, step in timed:
            word = word_of(step)
            known = state_of(word)
            state = known or state
            note = clean(note_of(step), _NOTE_LENGTH) or ("" if known else clean(word, _WORD_LENGTH))
            events.append(CaseEvent(at=at, state=state, actor=clean(actor_of(step), _WORD_LENGTH), note=note))
        return tuple(events)

    return read


def _steps(given: Any) -> Sequence[Mapping[str, Any]]:
    return [step for step in given[:MOST_STEPS] if isinstance(step, Mapping)] if isinstance(given, list) else ()


def _nobody(_: Any) -> None:
    return None
