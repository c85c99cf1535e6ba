"""What a reader of the scene may pick: a kind, a street, a standing."""

from __future__ import annotations

from dataclasses import dataclass

from situation.panels.definition import Choice, ChoiceError
from situation.panels.iot.fleet import STANDINGS, Fleet

KEYS = ("kind", "street", "state")


@dataclass(frozen=True, slots=True)
class Picked:
    """A valid choice; "" where nothing is picked."""

    kind: str = ""
    street: str = ""
    state: str = ""


def picked(fleet: Fleet, choice: Choice) -> Picked:
    """The choice, checked against what there is; raises ChoiceError."""
    allowed = {"kind": fleet.kinds, "street": fleet.streets, "state": STANDINGS}
    for key, value in choice.items():
        if key not in allowed:
            raise ChoiceError(key, value, KEYS)
        if value not in allowed[key]:
            raise ChoiceError(key, value, allowed[key])
    return Picked(**choice)
