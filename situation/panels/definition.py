"""What a panel is on the server's side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from situation.health import PanelState, Standing, standing
from situation.live import Moment

Values = dict[str, Any]
"""What a panel shows, in plain JSON values; see docs/contracts.md. None means unknown."""

Choice = Mapping[str, str]
"""What a reader filters a panel by, as it stands in the address: key → value."""

OVERVIEW = "overview"

NOBODY_SAYS = Standing(PanelState.NO_DATA, reason=("reason.not-started",))
"""Before the collector has said anything of any source."""


class ChoiceError(ValueError):
    """A choice that a panel does not know; `allowed` are the keys, or the values of this key, that it does."""

    def __init__(self, key: str, value: str, allowed: Sequence[str]) -> None:
        super().__init__(f"{key}={value} is not among {', '.join(allowed) or 'nothing: it has no choice'}")
        self.key = key
        self.value = value
        self.allowed = tuple(allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDefinition:
    """One panel.

    `kinds`: a change of one of them makes it due. `fed_by`: the kinds whose sources decide its state and age (a
    derived panel names what it is derived from). `tick_s`: real seconds after which time alone makes it due.
    `rest_s`: least real seconds between two builds; 0 for what must be exact in every frame. `scene`: whose panel it
    is; outside the overview it is only built while somebody follows its scene. `choose`: the panel by a reader's
    filters; raises ChoiceError for keys or values it does not know.
    """

    key: str
    kinds: frozenset[str]
    fed_by: frozenset[str]
    build: Callable[[Moment], Values]
    tick_s: float = 60.0
    rest_s: float = 0.0
    permission: str = "view-wall"
    stand: Callable[[Moment, Values], Standing] | None = None
    scene: str = OVERVIEW
    choose: Callable[[Moment, Choice], Values] | None = None

    @property
    def title(self) -> str:
        """Text key of its heading."""
        return f"panel.{self.key}"

    def standing(self, moment: Moment, values: Values) -> Standing:
        """Its state and age at a moment, while it shows these values."""
        if not moment.sources and moment.heartbeat is None:
            return NOBODY_SAYS
        if self.stand is not None:
            return self.stand(moment, values)
        return standing(moment.sources_of(self.fed_by), moment.source_states, moment.source_counts(self.fed_by))
