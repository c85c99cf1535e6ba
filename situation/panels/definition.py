"""What a panel is on the server's side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from situation.health import PanelState, Standing, standing
from situation.live import Moment

Values = dict[str, Any]
"""What a panel shows, in plain JSON values; see docs/contracts.md. None means unknown."""

NOBODY_SAYS = Standing(PanelState.NO_DATA, reason=("reason.not-started",))
"""Before the collector has said anything of any source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDefinition:
    """One panel.

    `kinds`: a change of one of them makes it due. `fed_by`: the kinds whose sources decide its state and age (a
    derived panel names what it is derived from). `tick_s`: real seconds after which time alone makes it due.
    `rest_s`: least real seconds between two builds; 0 for what must be exact in every frame.
    """

    key: str
    kinds: frozenset[str]
    fed_by: frozenset[str]
    build: Callable[[Moment], Values]
    tick_s: float = 60.0
    rest_s: float = 0.0
    permission: str = "view-wall"
    stand: Callable[[Moment, Values], Standing] | None = None

    @property
    def title(self) -> str:
        """Text key of its heading."""
        return f"panel.{self.key}"

    def standing(self, moment: Moment, values: Values) -> Standing:
        """Its state and age at a moment, while it shows these values."""
        if not moment.sources:
            return NOBODY_SAYS
        if self.stand is not None:
            return self.stand(moment, values)
        return standing(moment.sources_of(self.fed_by), moment.source_states, moment.source_counts(self.fed_by))
