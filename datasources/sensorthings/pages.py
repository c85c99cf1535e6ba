"""Following SensorThings pages, and the rows of both forms: entities and dataArray."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote_plus, urlsplit

from datasources.contract import FetchContext, SourceDataError
from datasources.http import HttpClient, Reply

MOST_PAGES = 500
_MISUNDERSTOOD: frozenset[int] = frozenset({400, 404, 422, 500, 501})
"""How real servers refuse an option they don't know: with an honest 400, a 422 for a large page, or a plain 500."""

_SAFE = "/?&=$(),;:'@"
_KEY = re.compile(r"\(('?)(.*?)\1\)(?:/\w+)?/?$")
_STREAM_KEY = re.compile(r"Datastreams\(('?)(.*?)\1\)(?:/\w+)?/?$")
_NESTED = re.compile(r"\bThings\(.*")


class NotUnderstood(SourceDataError):
    """The server can't do what was asked of it; another dialect may."""


def read_pages(
    http: HttpClient, base: str, query: str, context: FetchContext, *, is_whole: bool = False
) -> Iterator[list[Any]]:
    """The rows of each page. A page that repeats an address or only known ids ends it; so does a cap.

    Raises NotUnderstood for the first page only: whoever understood that has understood the question. At the cap it
    raises SourceDataError("too_many_pages") where the rows are to be all there are: the rest would be taken for gone.
    """
    url = f"{base}/{quote(query, safe=_SAFE)}"
    asked: set[str] = set()
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        asked.add(url)
        refusals = _MISUNDERSTOOD if len(asked) == 1 else frozenset()
        reply = http.get(url, deadline_s=context.deadline_monotonic_s, tolerate=refusals)
        document = _understood(reply)
        new = []
        for row in expanded(document["value"]):
            own_id = _id(row)
            if own_id not in seen:
                seen.add(own_id)
                new.append(row)
        if new:
            yield new
        following = document.get("@iot.nextLink")
        if not new or not isinstance(following, str) or not following:
            return
        url = _rebased(following, url)
        if url in asked:
            return
    if is_whole:
        raise SourceDataError("too_many_pages", f"more than {MOST_PAGES} pages")


def expanded(values: list[Any]) -> Iterator[Any]:
    """Rows as they are; those of a dataArray as entities that name their datastream."""
    for value in values:
        cells = value.get("dataArray") if isinstance(value, dict) else None
        names = value.get("components") if isinstance(value, dict) else None
        if not isinstance(cells, list) or not isinstance(names, list):
            yield value
            continue
        keys = ["@iot.id" if name == "id" else str(name) for name in names]
        stream = _stream_of(value)
        for row in cells:
            yield {**dict(zip(keys, row, strict=False)), **stream} if isinstance(row, list) else row


def _stream_of(value: dict[str, Any]) -> dict[str, Any]:
    for name in ("Datastream", "MultiDatastream"):
        if isinstance(value.get(name), dict):
            return {name: value[name]}
        key = stream_key_of(value.get(f"{name}@iot.navigationLink", value.get(f"{name}@iot.selfLink")))
        if key:
            return {name: {"@iot.id": key}}
    return {}


def key_of(link: Any) -> str:
    """The id in a link to one entity: `…/Things(1)`, `…/Things('a1')`; "" when there is none."""
    found = _KEY.search(link) if isinstance(link, str) else None
    return found.group(2) if found else ""


def stream_key_of(link: Any) -> str:
    """The id of the datastream that a link names; "" for `Observations(7)/Datastream`, where 7 is the observation's."""
    found = _STREAM_KEY.search(link) if isinstance(link, str) else None
    return found.group(2) if found else ""


def query_of(link: Any) -> str:
    """The question in a link to more of what is nested in a Thing, whatever host and path it names; "" in none."""
    found = _NESTED.search(unquote_plus(link)) if isinstance(link, str) else None
    return found.group() if found else ""


def _understood(reply: Reply) -> dict[str, Any]:
    if reply.status in _MISUNDERSTOOD:
        raise NotUnderstood(f"http_status:{reply.status}", f"HTTP {reply.status} to {reply.url[:300]}")
    document = reply.json()
    if not isinstance(document, dict) or not isinstance(document.get("value"), list):
        raise SourceDataError("wrong_shape", "no list of values")
    return document


def _rebased(following: str, current: str) -> str:
    """The next page on the host we were told to ask: servers behind a proxy name one that only they can reach."""
    there, here = urlsplit(following), urlsplit(current)
    if (there.scheme, there.netloc) == (here.scheme, here.netloc):
        return following
    return f"{here.scheme}://{here.netloc}{here.path}?{there.query}"


def _id(row: Any) -> str:
    """What makes a row itself: its id, or all of it where `$select` or a server left the id out."""
    if isinstance(row, dict):
        own_id = row.get("@iot.id", row.get("id"))
        if own_id is not None:
            return str(own_id)
    return repr(row)
