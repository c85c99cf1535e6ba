"""Finding cameras by name, code, place or road: one joined text, searched as a whole."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.schema import TAG_SEPARATOR

_END = "\n"


@dataclass(frozen=True, slots=True)
class Texts:
    """What is known of every camera in one lower-case text; `starts` says where each row's part begins."""

    joined: str
    starts: list[int]

    def rows_with(self, part: str) -> set[int]:
        """Rows whose text holds `part`."""
        found: set[int] = set()
        at = self.joined.find(part)
        while at >= 0:
            row = bisect_right(self.starts, at) - 1
            found.add(row)
            # the rest of this row can tell nothing new
            after = self.starts[row + 1] if row + 1 < len(self.starts) else len(self.joined)
            at = self.joined.find(part, after)
        return found


def matching_rows(moment: Moment, query: str) -> npt.NDArray[np.bool_]:
    """The cameras in whose name, code, address, street, department or tags every word of the query stands."""
    table = moment.live.tables["camera"]
    texts = moment.cache.get("video.texts", (table.membership, moment.live.version("area")), lambda: _texts(moment))
    mask = np.zeros(len(table), dtype=np.bool_)
    parts = query.lower().replace(_END, " ").split()
    if not parts:
        return mask
    rows = set.intersection(*(texts.rows_with(part) for part in parts))
    mask[list(rows)] = True
    return mask


def _texts(moment: Moment) -> Texts:
    table = moment.live.tables["camera"]
    words = moment.live.words
    streets, departments = moment.street_names, moment.department_names

    def named(names: dict[str, tuple[str, str]], code: int) -> str:
        word = words.word(code)
        return " ".join((word, *names.get(word, ())))

    street_of = {code: named(streets, code) for code in np.unique(table["street"]).tolist()}
    department_of = {code: named(departments, code) for code in np.unique(table["department"]).tolist()}
    tags_of = {code: words.word(code).replace(TAG_SEPARATOR, " ") for code in np.unique(table["tags"]).tolist()}
    columns = zip(
        table["id"].tolist(),
        table["name"].tolist(),
        table["address"].tolist(),
        table["street"].tolist(),
        table["department"].tolist(),
        table["tags"].tolist(),
        strict=True,
    )
    rows = [
        " ".join((key, name, address, street_of[street], department_of[department], tags_of[tags]))
        .replace(_END, " ")
        .lower()
        for key, name, address, street, department, tags in columns
    ]
    starts = np.cumsum([0, *[len(row) + 1 for row in rows]])[:-1].tolist()
    return Texts(_END.join(rows), starts)
