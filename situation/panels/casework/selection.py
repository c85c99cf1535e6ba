"""Selection: the cases a reader has chosen, as masks over the rows of the live table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from situation.live import Moment
from situation.live.moment import Mask
from situation.panels.casework.filters import FILTERS, FILTERS_BY_KEY, PATTERNS
from situation.panels.definition import Choice, ChoiceError


@dataclass(frozen=True)
class Selection:
    """A panel leaves its own keys out (`without`), so that its other bars can still be picked.

    Raises ChoiceError for a key or a value that is not known.
    """

    moment: Moment
    choice: Choice = field(default_factory=dict)
    _masks: dict[str, Mask] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for key, value in self.choice.items():
            self._masks[key] = self._mask(key, value)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not self._masks

    def lasting(self, *without: str) -> Mask:
        """Cases of the choice as far as it holds for their whole life: for history."""
        return self._all(key for key in self._masks if key not in without and FILTERS_BY_KEY[key].is_lasting)

    def of_any_time(self, *without: str) -> Mask:
        """Cases of the whole choice, open or not."""
        return self._all(key for key in self._masks if key not in without)

    def open(self, *without: str) -> Mask:
        """Open cases of the choice: all of them are `cases_open`."""
        return self.moment.is_open & self.of_any_time(*without)

    def overdue(self, *without: str) -> Mask:
        """Overdue cases of the choice: all of them are `cases_overdue`."""
        return self.moment.is_overdue & self.of_any_time(*without)

    def speaks_of_open(self, *without: str) -> bool:
        """Whether it holds a filter that only open cases can meet."""
        return any(not FILTERS_BY_KEY[key].is_lasting for key in self._masks if key not in without)

    def _all(self, keys: Iterable[str]) -> Mask:
        mask = np.ones(len(self.moment.cases), dtype=np.bool_)
        for key in keys:
            mask &= self._masks[key]
        return mask

    def _mask(self, key: str, value: str) -> Mask:
        known = FILTERS_BY_KEY.get(key)
        if known is None:
            raise ChoiceError(key, value, [each.key for each in FILTERS])
        allowed = known.allowed(self.moment)
        if key not in PATTERNS and value not in allowed:
            raise ChoiceError(key, value, allowed)
        try:
            return known.mask(self.moment, value)
        except (ValueError, OverflowError) as error:
            raise ChoiceError(key, value, [PATTERNS.get(key, "")]) from error
