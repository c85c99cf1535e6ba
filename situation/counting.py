"""What a number counts: the rows behind it, by the same masks that make the number, so that both always agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.moment import Mask

RecordNumbers = npt.NDArray[np.int64]
"""Numbers of records, in the order in which a reader wants to see them."""


def always(_moment: Moment) -> bool:
    """For rows of which 0 is always a number and never ignorance."""
    return True


class Rows(Protocol):
    """The rows behind a number."""

    @property
    def kind(self) -> str:
        """Kind of the records."""
        ...

    def count(self, moment: Moment) -> int | None:
        """How many they are, None when nobody can tell."""
        ...

    def numbers(self, moment: Moment) -> RecordNumbers:
        """Their record numbers; none when nobody can tell."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Rows of a table. `order` is the column they are listed by, the smallest first (`-` in front: the largest)."""

    kind: str
    mask: Callable[[Moment], Mask]
    is_known: Callable[[Moment], bool] = always
    order: str = ""

    def count(self, moment: Moment) -> int | None:
        """How many they are, None when nobody can tell."""
        return int(np.count_nonzero(self.mask(moment))) if self.is_known(moment) else None

    def numbers(self, moment: Moment) -> RecordNumbers:
        """Their record numbers in order."""
        if not self.is_known(moment):
            return np.empty(0, dtype=np.int64)
        table, mask = moment.live.tables[self.kind], self.mask(moment)
        numbers = table.numbers[mask]
        if not self.order:
            return np.sort(numbers)
        keys = table[self.order.removeprefix("-")][mask]
        return numbers[np.lexsort((numbers, -keys if self.order.startswith("-") else keys))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Rows of a kind that is kept whole: `members` gives their ids in order."""

    kind: str
    members: Callable[[Moment], list[str]]
    is_known: Callable[[Moment], bool] = always

    def count(self, moment: Moment) -> int | None:
        """How many they are, None when nobody can tell."""
        return len(self.members(moment)) if self.is_known(moment) else None

    def numbers(self, moment: Moment) -> RecordNumbers:
        """Their record numbers in order."""
        if not self.is_known(moment):
            return np.empty(0, dtype=np.int64)
        number_of = {record.id: number for number, record in moment.live.whole[self.kind].items()}
        return np.array([number_of[key] for key in self.members(moment)], dtype=np.int64)
