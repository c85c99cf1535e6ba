"""How a list goes on over several pages: by number, offset, cursor, header or address; capped, and never in circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from datasources.contract import SourceDataError
from datasources.fields import clean, number
from datasources.formats import Rows
from datasources.http import Reply
from datasources.mapping.paths import find
from datasources.rest.options import PagingOptions

COUNTED = frozenset({"page", "offset"})
"""Kinds that count by themselves: their end is an empty page, or one that does not exist."""

MOST_ROWS = 1_000_000
LARGEST = 512 * 1024 * 1024
"""Of one list, all its pages together, in bytes."""

_LONGEST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which page is asked for; `url` is the whole address where the upstream said it."""

    number: int = 0
    offset: int = 0
    cursor: str | None = None
    url: str = ""

    def values(self, options: PagingOptions) -> dict[str, Any]:
        """What templates can say of it."""
        is_counted = options.kind in COUNTED
        return {
            "page": options.first + self.number if is_counted else None,
            "offset": self.offset if is_counted else None,
            "size": options.size if options.kind != "none" else None,
            "cursor": self.cursor,
        }


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came."""

    reply: Reply
    rows: Rows


Ask = Callable[[Place], Page | None]
"""Asks for a page; None when there is no such page."""


def pages(ask: Ask, options: PagingOptions) -> Iterator[Page]:
    """Every page of a list. Raises SourceDataError when it goes in circles, leads elsewhere or does not end."""
    place, seen, last = Place(), set[str](), b""
    offset, size = 0, 0
    for _ in range(options.most_pages):
        page = ask(place)
        if page is None:
            return
        body = sha256(page.reply.body).digest()
        if options.kind in COUNTED and body == last:
            return  # it gives the same page whatever is asked: it has no others
        yield page
        last = body
        offset, size = offset + len(page.rows.rows), size + len(page.reply.body)
        if offset > MOST_ROWS or size > LARGEST:
            raise SourceDataError("too_large", f"{offset} rows in {size} bytes, and the list goes on")
        following = _following(options, page, place, offset)
        if following is None:
            return
        where = following.url or following.cursor or ""
        if where and where in seen:
            raise SourceDataError("paging_loop", f"the list leads back to a page that was read, after {len(seen)}")
        seen.add(where)
        place = following
    raise SourceDataError("too_many_pages", f"the list does not end after {options.most_pages} pages")


def _following(options: PagingOptions, page: Page, place: Place, offset: int) -> Place | None:
    if options.kind == "none":
        return None
    if _is_last(options, page, place, offset):
        return None
    if options.kind in COUNTED:
        if not page.rows.rows:
            return None
        return Place(number=place.number + 1, offset=offset)
    said = _NEXT[options.kind](options, page)
    if not said or said == place.cursor:
        return None
    if options.kind == "cursor":
        return Place(number=place.number + 1, offset=offset, cursor=said)
    return Place(number=place.number + 1, offset=offset, url=_own(said, page.reply.url))


def _is_last(options: PagingOptions, page: Page, place: Place, offset: int) -> bool:
    total = number(find(options.total, page.rows.document)) if options.total else None
    count = number(find(options.pages, page.rows.document)) if options.pages else None
    return (total is not None and offset >= total) or (count is not None and place.number + 1 >= count)


def _own(said: str, here: str) -> str:
    """The next address, as servers write it (also relative, or with blanks in it); only on the host that was asked."""
    address = urljoin(here, said.strip().replace(" ", "%20"))
    there, own = urlsplit(address), urlsplit(here)
    if (there.scheme, there.netloc) != (own.scheme, own.netloc) or not address.isprintable():
        raise SourceDataError("foreign_host", f"the next page is said to be on {there.hostname}")
    return address


def _in_body(options: PagingOptions, page: Page) -> str:
    found = find(options.next, page.rows.document)
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        return ""
    return clean(found, _LONGEST)


def _in_header(options: PagingOptions, page: Page) -> str:
    return page.reply.headers.get(options.header, "").strip()


def _in_link(options: PagingOptions, page: Page) -> str:
    """RFC 8288; several relations may stand in one."""
    for link in requests.utils.parse_header_links(page.reply.headers.get("Link", "")):
        if "next" in link.get("rel", "").lower().split():
            return str(link.get("url", ""))
    return ""


_NEXT: Mapping[str, Callable[[PagingOptions, Page], str]] = {
    "cursor": _in_body,
    "next": _in_body,
    "header": _in_header,
    "link": _in_link,
}
