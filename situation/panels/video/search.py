"""The list beside the wall: the cameras that a reader's words and filters find, or those the wall shows by itself."""

from __future__ import annotations

from situation.live import Moment
from situation.panels.definition import Choice, Values
from situation.panels.video.choosing import Wanted, wanted_of
from situation.panels.video.tiles import camera_row
from situation.panels.video.wall import show_of

MOST_ROWS = 60


def build_search(moment: Moment) -> Values:
    """Without a choice: what the wall shows by itself."""
    return _values(moment, Wanted())


def choose_search(moment: Moment, choice: Choice) -> Values:
    """What the choice finds, in the order in which the wall goes through it."""
    return _values(moment, wanted_of(moment, choice))


def _values(moment: Moment, wanted: Wanted) -> Values:
    if not moment.has_delivered("camera"):
        return {"q": wanted.q, "total": None, "rows": []}
    show = show_of(moment, wanted)
    rows = [camera_row(moment, row) for row in show.rows[:MOST_ROWS].tolist()]
    for place, row in enumerate(rows):
        row["distance_m"] = round(float(show.distances[place])) if show.focus is not None else None
    return {"q": wanted.q, "total": len(show.rows), "rows": rows}
