"""How an unknown list goes on: nothing is believed of it that asking for its second page does not prove."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import requests

from datasources.connecting.extent import Extent, extent_of, keys_of
from datasources.connecting.finding import Found, rows_in
from datasources.contract import SourceDataError
from datasources.http import Reply

Ask = Callable[[str], Reply | None]
"""A reply to a GET; None for whatever is none."""

_ROUND = 50
_SIZES = (1000, 100)
"""Rows a page that are tried, where a reply held fewer of a longer list."""


@dataclass(frozen=True, slots=True)
class Way:
    """Names of a query that lists are asked on by: `at` for where (a page's number, or how many rows to leave out),
    `size` for how many; `also` keeps the order of the rows.
    """

    kind: str
    at: str
    size: str
    also: Mapping[str, str] = field(default_factory=dict)


WAYS = (
    Way("page", "current", "size"),
    Way("page", "pageNum", "pageSize"),
    Way("page", "pageNo", "pageSize"),
    Way("page", "page", "pageSize"),
    Way("page", "page", "size"),
    Way("page", "page", "limit"),
    Way("page", "page", "per_page"),
    Way("page", "page", "page_size"),
    Way("page", "pageIndex", "pageSize"),
    Way("page", "currentPage", "pageSize"),
    Way("page", "page", "rows"),
    Way("offset", "offset", "limit"),
    Way("offset", "start", "limit"),
    Way("offset", "start", "rows"),
    Way("offset", "skip", "limit"),
    Way("offset", "startIndex", "count"),
    Way("offset", "resultOffset", "resultRecordCount"),
    Way("offset", "$offset", "$limit", {"$order": ":id"}),
    Way("offset", "$skip", "$top"),
)
"""MyBatis and Spring, RuoYi, CKAN, WFS, ArcGIS, Socrata, OData …"""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """How the rest of a list is asked for: the address without that, and the options of `rest`.

    `whole` is an address that gives everything at once, where there is one.
    """

    url: str
    query: Mapping[str, str]
    paging: Mapping[str, Any]
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is known of a list beyond its first reply: its longest part that was seen, the way on, and a word of it."""

    found: Found
    way: GoingOn | None = None
    why: str = ""


@dataclass(slots=True)
class Trier:
    """Asks for other pages of one list. `own_id` is the column that tells its rows apart, "" where none does.

    `most` is the longest page that was seen.
    """

    url: str
    found: Found
    own_id: str
    extent: Extent
    ask: Ask
    most: Found

    def way(self, said_next: str, reply: Reply) -> GoingOn | None:
        """The first way that is proved; None when none is."""
        if said_next and (address := self._own(said_next)) and self._is_other(self._ids(address)):
            return GoingOn(self._longer(), {}, {"kind": "next", "next": self.extent.next_path} | self._end())
        if (address := self._own(_linked(reply))) and self._is_other(self._ids(address)):
            return GoingOn(self._longer(), {}, {"kind": "link"} | self._end())
        return next((way for each in self._ways() if (way := self._proved(each)) is not None), None)

    @property
    def _count(self) -> int:
        return len(self.found.rows)

    def _longer(self) -> str:
        """The address that gives more rows at once, where `limit` does that."""
        for size in _SIZES:
            longer = _with(self.url, {"limit": str(size)})
            if size > self._count and len(self._ids(longer)) > self._count:
                return longer
        return self.url

    def _own(self, said: str) -> str:
        """The address, when it is on the host that was asked."""
        address = urljoin(self.url, said) if said else ""
        return address if urlsplit(address)[:2] == urlsplit(self.url)[:2] else ""

    def _ways(self) -> Iterator[Way]:
        """Those whose names the address or the reply knows first, spelt as the address spells them."""
        asked = {name.lower(): name for name in dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))}
        known = {*asked, *keys_of(self.found.document), *self.extent.hints}

        def hits(way: Way) -> int:
            return -2 * (way.at.lower() in known) - (way.size.lower() in known)

        for way in sorted(WAYS, key=hits):
            yield Way(way.kind, asked.get(way.at.lower(), way.at), asked.get(way.size.lower(), way.size), way.also)

    def _proved(self, way: Way) -> GoingOn | None:
        first = self._first(way)
        if first is None:
            return None
        size = self._size(way, first)
        options: dict[str, Any] = {"kind": way.kind} | ({} if first == 1 or way.kind == "offset" else {"first": first})
        return GoingOn(
            without(self.url, (way.at, way.size, *way.also)),
            {way.at: "{page}" if way.kind == "page" else "{offset}", way.size: "{size}", **way.also},
            options | {"size": size} | self._end(),
            self._whole(way, first),
        )

    def _whole(self, way: Way, first: int) -> str:
        """An address that gives everything at once, and twice as much when there is; "" when none does."""
        if self.extent.total is None:
            return ""
        whole = self._asked(way, first, max(_SIZES[0], 2 * self.extent.total))
        return whole if len(self._ids(whole)) >= self.extent.total else ""

    def _first(self, way: Way) -> int | None:
        """The number of the first page (0 of offsets); None when this is no way."""
        count = self._count
        if way.kind == "offset":
            later = self._ids(self._asked(way, count, count))
            is_it = self._is_other(later) and bool(self._ids(self._asked(way, 1, count)) & self._ids_seen())
            return 0 if is_it else None
        second = self._ids(self._asked(way, 2, count))
        if not self._is_other(second):
            return None
        first = self._ids(self._asked(way, 1, count))
        if not first or first & second:
            return None
        zeroth = self._ids(self._asked(way, 0, count))
        if not zeroth or zeroth & (first | second):
            return 1  # nothing, or the first page once more
        by_itself = self._ids(without(self.url, (way.at,))) or zeroth  # some systems must be told a page
        return 0 if zeroth & by_itself else 1

    def _size(self, way: Way, first: int) -> int:
        """More rows a page, where that is given."""
        for size in _SIZES:
            if size > self._count and len(got := self._ids(self._asked(way, first, size))) > self._count:
                # what a server cuts its pages to is asked for as that: some count on in the size they were asked for
                is_all = len(got) % _ROUND != 0 if self.extent.total is None else len(got) >= self.extent.total
                return size if is_all else len(got)
        return self._count

    def _asked(self, way: Way, at: int, size: int) -> str:
        return _with(self.url, {way.at: str(at), way.size: str(size), **way.also})

    def _end(self) -> dict[str, Any]:
        return {"total": self.extent.total_path} if self.extent.total_path else {}

    def _is_other(self, ids: frozenset[str]) -> bool:
        return bool(ids) and not ids & self._ids_seen()

    def _ids_seen(self) -> frozenset[str]:
        return frozenset(map(self._id, self.found.rows))

    def _ids(self, url: str) -> frozenset[str]:
        reply = self.ask(url)
        if reply is None:
            return frozenset()
        try:
            found = rows_in(reply, self.found.form)
        except SourceDataError:
            return frozenset()
        self.most = max(self.most, found, key=lambda each: len(each.rows))
        return frozenset(map(self._id, found.rows))

    def _id(self, row: Mapping[str, Any]) -> str:
        return str(row.get(self.own_id)) if self.own_id else json.dumps(row, sort_keys=True, default=str)


def find_rest(url: str, reply: Reply, found: Found, own_id: str, ask: Ask) -> Rest:
    """How the list goes on, and what the reader is to know of it ("" when the reply is everything)."""
    extent = extent_of(found.document, len(found.rows), reply, url)
    if not extent.why or (extent.is_guess and found.form["format"] == "xlsx"):
        return Rest(found)
    trier = Trier(url, found, own_id, extent, ask, found)
    way = trier.way(extent.next, reply)
    if way is not None:
        why = f"{len(found.rows)} rows were one page" if extent.is_guess else extent.why
        return Rest(trier.most, way, f"{why}; asked for the next, it gave others")
    unknown = "" if extent.is_guess else ", and how to ask for the rest was not found"
    return Rest(found, None, f"! {extent.why}{unknown}: [sources.options.paging], docs/kinds/rest.md")


def _linked(reply: Reply) -> str:
    links = requests.utils.parse_header_links(reply.headers.get("Link", ""))
    return next((str(link.get("url", "")) for link in links if "next" in link.get("rel", "").lower().split()), "")


def _with(url: str, query: Mapping[str, str]) -> str:
    plain = without(url, tuple(query))
    return f"{plain}{'&' if urlsplit(plain).query else '?'}{urlencode(query, quote_via=quote)}"


def without(url: str, names: Sequence[str]) -> str:
    """The address without some names of its query; as it is where it has none of them."""
    asked = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    left = [pair for pair in asked if pair[0] not in names]
    return url if len(left) == len(asked) else urlsplit(url)._replace(query=urlencode(left, quote_via=quote)).geturl()
