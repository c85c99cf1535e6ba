"""One kind of thing as text that is scanned whole: bytes of all names, of all codes …, one line an entry.

Scanning 200,000 names this way takes a few milliseconds, needs no database and no rebuilding when a word is changed,
and finds what is inside a word, which Chinese needs: it has no spaces.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from situation.search.pinyin import spell
from situation.store import Named

END = b"\n"
SEPARATOR = "\x1f"
MOST_SCANNED = 300
"""Matches looked at for each way to match: more would not be read, only ranked."""

KEY = 24
"""Bytes by which lines are sorted: the rest is compared one by one."""

AFTER = b"\xff"
"""Sorts after everything that begins the same: no UTF-8 text holds it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an entry."""

    id: str
    name: str
    name_en: str
    code: str
    address: str
    street_code: str
    department: str


class Shelf:
    """What is shown of all entries, packed: objects would take ten times the room."""

    def __init__(self, entries: Iterable[Named]) -> None:
        packed = [SEPARATOR.join(getattr(entry, name) for name in Shown.__slots__).encode() for entry in entries]
        lengths = np.fromiter((len(each) for each in packed), dtype=np.int64, count=len(packed))
        self._ends = np.cumsum(lengths)
        self._bytes = b"".join(packed)

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self._bytes) + 8 * len(self._ends)

    def __getitem__(self, row: int) -> Shown:
        start = int(self._ends[row - 1]) if row else 0
        return Shown(*self._bytes[start : int(self._ends[row])].decode().split(SEPARATOR))


class Text:
    """One field of all entries, lower case, between line ends. With `is_sorted` also in alphabetical order."""

    def __init__(self, lines: Iterable[str], is_sorted: bool = True) -> None:
        encoded = [line.replace("\n", " ").encode() for line in lines]
        lengths = np.fromiter((len(line) + 1 for line in encoded), dtype=np.int64, count=len(encoded))
        self._starts = (np.cumsum(lengths) - lengths + 1).astype(np.int32)
        self._bytes = END + END.join(encoded) + END if encoded else END
        self._order: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)
        if is_sorted and encoded:
            keys = np.array([line[:KEY] for line in encoded], dtype=f"S{KEY}")
            self._order = np.argsort(keys, kind="stable").astype(np.int32)

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self._bytes) + self._starts.nbytes + self._order.nbytes

    def line(self, row: int) -> bytes:
        """The text of an entry."""
        start = int(self._starts[row])
        return self._bytes[start : self._bytes.index(END, start)]

    def beginning_with(self, start: bytes) -> list[int]:
        """Entries that begin so, in alphabetical order: those that are nothing else come first."""
        key = start[:KEY]
        low = bisect_left(self._order, key, key=self._key)
        high = bisect_left(self._order, key + AFTER, lo=low, key=self._key)
        rows: list[int] = self._order[low:high].tolist()
        if len(start) > KEY:
            rows = [row for row in rows if self.line(row).startswith(start)]
        return rows[:MOST_SCANNED]

    def _key(self, row: int) -> bytes:
        return self.line(row)[:KEY]

    def holding(self, needle: bytes) -> list[int]:
        """Entries in which it stands anywhere, in order of their number."""
        places = np.array(list(_places(self._bytes, needle)), dtype=np.int64)
        rows: list[int] = np.unique(np.searchsorted(self._starts, places, side="right") - 1).tolist()
        return rows

    def holds(self, row: int, needle: bytes) -> bool:
        """Whether it stands in an entry."""
        return needle in self.line(row)


def _places(text: bytes, needle: bytes) -> Iterator[int]:
    place, count = text.find(needle), 0
    while place >= 0 and count < MOST_SCANNED:
        yield place
        count += 1
        place = text.find(needle, place + 1)


class Section:
    """All entries of one kind, in ascending order of their number."""

    def __init__(self, kind: str, entries: Sequence[Named]) -> None:
        ordered = sorted(entries, key=lambda entry: entry.number)
        count = len(ordered)
        self.kind = kind
        self.numbers = np.fromiter((entry.number for entry in ordered), dtype=np.int64, count=count)
        self.lons = np.fromiter((np.nan if e.lon is None else e.lon for e in ordered), dtype=np.float64, count=count)
        self.lats = np.fromiter((np.nan if e.lat is None else e.lat for e in ordered), dtype=np.float64, count=count)
        names = [entry.name.lower() for entry in ordered]
        spellings = [spell(name) for name in names]
        self.texts = {
            "name": Text(names),
            "name_en": Text(entry.name_en.lower() for entry in ordered),
            "code": Text(entry.code.lower() for entry in ordered),
            "id": Text(entry.id.lower() if entry.id != entry.code else "" for entry in ordered),
            "full": Text(_other(each.full, name) for each, name in zip(spellings, names, strict=True)),
            "initials": Text(_other(each.initials, name) for each, name in zip(spellings, names, strict=True)),
            "address": Text((entry.address.lower() for entry in ordered), is_sorted=False),
        }
        self._shelf = Shelf(ordered)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def size(self) -> int:
        """Bytes it takes, about."""
        return sum(text.size for text in self.texts.values()) + self._shelf.size + 24 * len(self)

    def row(self, number: int) -> int | None:
        """The entry with a number, None when there is none."""
        row = int(np.searchsorted(self.numbers, number))
        return row if row < len(self) and self.numbers[row] == number else None

    def move(self, row: int, lon: float | None, lat: float | None) -> None:
        """Put an entry somewhere else."""
        self.lons[row] = np.nan if lon is None else lon
        self.lats[row] = np.nan if lat is None else lat

    def entry(self, row: int) -> Named:
        """The entry as it came in."""
        lon, lat = float(self.lons[row]), float(self.lats[row])
        shown = self._shelf[row]
        return Named(
            number=int(self.numbers[row]),
            kind=self.kind,
            lon=None if np.isnan(lon) else lon,
            lat=None if np.isnan(lat) else lat,
            **{name: getattr(shown, name) for name in Shown.__slots__},
        )

    def shown(self, row: int) -> Shown:
        """What is shown of an entry."""
        return self._shelf[row]


def _other(spelled: str, name: str) -> str:
    """A spelling that is the name itself would be found twice."""
    return "" if spelled == name else spelled
