"""Feeds that list only their newest messages: one that newer ones pushed out holds until it ends.

WMO's CAP Composer lists the latest five unless told otherwise (`num_of_latest_alerts_in_feed`), in force or not: in a
storm a warning leaves the feed while it is in force. Other feeds list what is in force, and drop a message because it
ended. They are told apart by what is dropped: pushed out was who is older than all that are listed and left a list that
grew no shorter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from situation.records import WeatherWarning

LASTS = timedelta(hours=24)
"""How long a message that says no end is looked for after it was pushed out."""

MOST_KEPT = 100


@dataclass(frozen=True, slots=True)
class Place:
    """When the message of a link was sent, until when it holds, and whether it was pushed out before."""

    sent_at: datetime
    until: datetime
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """What a feed showed: how many entries, and the links of those that were in force."""

    count: int = 0
    places: Mapping[str, Place] = field(default_factory=dict)

    def pushed_out(self, listed: Mapping[str, Sequence[WeatherWarning]], count: int, now: datetime) -> list[str]:
        """Links that the feed no longer lists because of newer ones, the newest first."""
        sent = [one.sent_at for warnings in listed.values() for one in warnings if one.sent_at is not None]
        oldest = min(sent, default=None)
        if oldest is None:
            return []
        gone = [(link, place) for link, place in self.places.items() if link not in listed and place.until > now]
        out = [
            (place.sent_at, link)
            for link, place in gone
            if place.sent_at < oldest and (place.is_out or count >= self.count)
        ]
        return [link for _, link in sorted(out, reverse=True)[:MOST_KEPT]]

    def to_cursor(self) -> list[Any]:
        """As JSON, for `read_window`."""
        rows = [
            [link, place.sent_at.timestamp(), place.until.timestamp(), place.is_out]
            for link, place in self.places.items()
        ]
        return [self.count, rows]


def seen(
    count: int, listed: Mapping[str, Sequence[WeatherWarning]], out: Mapping[str, Sequence[WeatherWarning]]
) -> Window:
    """What a feed shows now: messages by their links, those listed and those pushed out."""
    places = {link: place for link, found in listed.items() if (place := _place(found, is_out=False))}
    places |= {link: place for link, found in out.items() if (place := _place(found, is_out=True))}
    return Window(count, places)


def read_window(cursor: Any) -> Window:
    """What `to_cursor` wrote; an empty one for anything else."""
    try:
        count, rows = cursor
        places = {
            str(link): Place(datetime.fromtimestamp(sent, UTC), datetime.fromtimestamp(until, UTC), is_out is True)
            for link, sent, until, is_out in rows
        }
        return Window(int(count), places)
    except (TypeError, ValueError, OverflowError, OSError):
        return Window()


def _place(found: Sequence[WeatherWarning], *, is_out: bool) -> Place | None:
    """None for a message that warns of nothing."""
    warning = [one for one in found if one.message_type != "Cancel" and one.sent_at is not None]
    ends = [one.expires_at or one.sent_at + LASTS for one in warning if one.sent_at is not None]
    sent = [one.sent_at for one in warning if one.sent_at is not None]
    return Place(max(sent), max(ends), is_out) if sent else None
