"""Following SensorThings pages, and finding the dialect that a server understands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from datasources.contract import FetchContext, SourceDataError, SourceUnavailable
from datasources.http import HttpClient, Reply

MOST_PAGES = 500
_MISUNDERSTOOD = frozenset({400, 404, 422, 500, 501})
"""How real servers refuse an option they don't know: with an honest 400, a 422 for a large page, or a plain 500."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server is asked with: which time it can order by, and the largest page it gives."""

    order: str  # "" : it can't order at all
    top: int


DIALECTS: tuple[Dialect, ...] = (
    Dialect("phenomenonTime", 1000),
    Dialect("phenomenonTime", 100),
    Dialect("resultTime", 1000),
    Dialect("resultTime", 100),
    Dialect("", 100),
)
"""Tried in this order until one is understood; the cursor remembers which."""


def things_query(dialect: Dialect) -> str:
    """All Things with their places, datastreams and last readings."""
    last = f",Observations($orderby={dialect.order} desc;$top=1)" if dialect.order else ""
    return f"Things?$expand=Locations,Datastreams($expand=ObservedProperty{last})&$top={dialect.top}"


def observations_query(dialect: Dialect, since: str) -> str:
    """Readings after `since`, the oldest first, each naming its datastream."""
    time = dialect.order or "phenomenonTime"
    order = f"&$orderby={time} asc" if dialect.order else ""
    return f"Observations?$filter={time} gt {since}{order}&$expand=Datastream($select=id)&$top={dialect.top}"


def read_pages(http: HttpClient, base: str, query: str, context: FetchContext) -> Iterator[list[Any]]:
    """The rows of each page. A page that repeats an address or only known ids ends it; so does a cap."""
    url = f"{base}/{quote(query, safe=_SAFE)}"
    asked: set[str] = set()
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        asked.add(url)
        reply = http.get(url, deadline_s=context.deadline_monotonic_s, tolerate=_MISUNDERSTOOD)
        document = _understood(reply)
        new = [row for row in document["value"] if _id(row) not in seen]
        seen.update(_id(row) for row in new)
        if new:
            yield new
        following = document.get("@iot.nextLink")
        if not new or not isinstance(following, str) or not following:
            return
        url = _rebased(following, url)
        if url in asked:
            return


class NotUnderstood(SourceDataError):
    """The server can't do what was asked of it; another dialect may."""


def _understood(reply: Reply) -> dict[str, Any]:
    if reply.status in _MISUNDERSTOOD:
        raise NotUnderstood(f"http_status:{reply.status}", f"HTTP {reply.status} to {reply.url[:300]}")
    document = reply.json()
    if not isinstance(document, dict) or not isinstance(document.get("value"), list):
        raise SourceDataError("wrong_shape", "no list of values")
    return document


def as_unavailable(refusal: NotUnderstood) -> SourceUnavailable:
    """A server that understands no dialect at all is not well."""
    return SourceUnavailable(refusal.safe_text, str(refusal))


def _rebased(following: str, current: str) -> str:
    """The next page on the host we were told to ask: servers behind a proxy name one that only they can reach."""
    there, here = urlsplit(following), urlsplit(current)
    if there.netloc == here.netloc:
        return following
    return f"{here.scheme}://{here.netloc}{here.path}?{there.query}"


_SAFE = "/?&=$(),;:'@"


def _id(row: Any) -> str:
    return str(row.get("@iot.id", row.get("id"))) if isinstance(row, dict) else repr(row)
