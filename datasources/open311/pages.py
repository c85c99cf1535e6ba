"""The pages of a GeoReport list: by next address, by count of pages, by number, or none at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasources.contract import FetchContext, SourceSettings
from datasources.document import belongs
from datasources.http import HttpClient, Reply
from datasources.open311.document import read_rows

MOST_PAGES = 300
_PAST_THE_END = frozenset({404})


def read_pages(
    http: HttpClient, url: str, query: Mapping[str, Any], settings: SourceSettings, context: FetchContext
) -> list[Any]:
    """All rows. Stops at an empty, a repeated or a missing page, and in any case at a cap."""
    deadline_s = context.deadline_monotonic_s
    reply = http.get(url, params=query, deadline_s=deadline_s)
    rows = read_rows(reply)
    seen = {_id(row) for row in rows}
    for page in range(2, MOST_PAGES + 1):
        if not _has_more(reply, rows, page, int(query["page_size"])):
            break
        following = reply.headers.get("X-Next-Page-URL", "")
        if following and belongs(following, settings):
            reply = http.get(following, deadline_s=deadline_s, tolerate=_PAST_THE_END)
        else:
            reply = http.get(url, params={**query, "page": page}, deadline_s=deadline_s, tolerate=_PAST_THE_END)
        found = read_rows(reply) if reply.status < 300 else []
        new = [row for row in found if _id(row) not in seen]
        if not new:
            break  # the end, or a server that ignores `page` and repeats itself
        seen.update(_id(row) for row in new)
        rows += new
    return rows


def _has_more(reply: Reply, rows: list[Any], page: int, page_size: int) -> bool:
    if reply.headers.get("X-Next-Page-URL"):
        return True
    pages = reply.headers.get("X-Page-Count", "")
    if pages.isdecimal():
        return page <= int(pages)
    return bool(rows) and len(rows) >= (page - 1) * page_size


def _id(row: Any) -> str:
    return str(row.get("service_request_id")) if isinstance(row, dict) else repr(row)
