"""The pages of a GeoReport list: by next address (headers or body), by count, by number, or none at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from datasources.contract import FetchContext, SourceDataError, SourceSettings
from datasources.document import belongs
from datasources.http import HttpClient, Reply
from datasources.open311.document import following_of, raise_for_refusal, read_rows

MOST_PAGES = 300
MOST_WITHOUT_PAGES = 1000
FEWEST_CUT = 100
"""A server that stops short of so many rows has no more; at more it may be the specification's cap of 1,000."""

_PAST_THE_END = frozenset({400, 404})
_MISUNDERSTOOD: frozenset[int] = frozenset({400, 404, 422, 500, 501})
_NEXT_NAMES = ("X-Next-Page-URL", "X-Next-Page", "X-Next-Url")
_COUNT_NAMES = ("X-Page-Count", "X-Total-Pages", "X-Pages")
_TOTAL_NAMES = ("X-Result-Count", "X-Total-Count", "X-Total")
_LINK = re.compile(r"<([^<>]+)>\s*;[^,]*\brel=\"?next\b", re.IGNORECASE)


class NotUnderstood(SourceDataError):
    """The server refused the question; one with fewer parameters may be understood."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a question. `is_cut`: a page was full and no way led beyond it, so there may be more."""

    rows: list[Any]
    is_cut: bool = False


def read_pages(
    http: HttpClient, url: str, query: Mapping[str, Any], settings: SourceSettings, context: FetchContext
) -> Listed:
    """All rows. Stops at an empty, a repeated or a missing page, and in any case at a cap.

    Raises NotUnderstood when the first page is refused with what may be a question of its parameters.
    """
    deadline_s = context.deadline_monotonic_s
    reply = http.get(url, params=query, deadline_s=deadline_s, tolerate=_MISUNDERSTOOD)
    if reply.status in _MISUNDERSTOOD:
        raise_for_refusal(reply, NotUnderstood)
    rows = read_rows(reply)
    seen = {_id(row) for row in rows}
    for page in range(2, MOST_PAGES + 1):
        size = int(query.get("page_size", 0)) or None
        if not _has_more(reply, rows, page, size):
            return Listed(rows, is_cut=size is None and len(rows) >= MOST_WITHOUT_PAGES)
        following = _next_address(reply, settings)
        address, params = (following, None) if following else (url, {**query, "page": page})
        reply = http.get(address, params=params, deadline_s=deadline_s, tolerate=_PAST_THE_END)
        found = read_rows(reply) if reply.status < 300 else []
        new = [row for row in found if _id(row) not in seen]
        if not new:  # the end, or a server that ignores `page` and repeats itself
            return Listed(rows, is_cut=bool(found) and len(rows) >= FEWEST_CUT)
        seen.update(_id(row) for row in new)
        rows += new
    return Listed(rows, is_cut=True)


def _next_address(reply: Reply, settings: SourceSettings) -> str:
    """The next page's address where the reply names one on the source's own host; else ""."""
    link = _LINK.search(reply.headers.get("Link", ""))
    named = _header(reply, _NEXT_NAMES) or (link.group(1) if link else "") or following_of(reply)
    address = urljoin(reply.url, named) if named and not named.isdecimal() else ""
    return address if address and belongs(address, settings) else ""


def _has_more(reply: Reply, rows: list[Any], page: int, page_size: int | None) -> bool:
    """Whether a page of that number (counted from 1) can be expected, by what the last one said."""
    if _header(reply, _NEXT_NAMES) or _LINK.search(reply.headers.get("Link", "")) or following_of(reply):
        return True
    for name in _COUNT_NAMES:
        if reply.headers.get(name, "").isdecimal():
            return page <= int(reply.headers[name])
    for name in _TOTAL_NAMES:
        if reply.headers.get(name, "").isdecimal():
            return len(rows) < int(reply.headers[name]) and bool(rows)
    return page_size is not None and bool(rows) and len(rows) >= (page - 1) * page_size


def _header(reply: Reply, names: tuple[str, ...]) -> str:
    return next((reply.headers[name] for name in names if reply.headers.get(name)), "")


def _id(row: Any) -> str:
    return str(row.get("service_request_id")) if isinstance(row, dict) else repr(row)
