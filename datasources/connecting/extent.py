"""What a reply says of how long its list is: totals, marks that there is more, addresses of the next page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from datasources.fields import number
from datasources.http import Reply

_TOTAL = re.compile(
    r"^(total|total_?(count|elements|records|rows|nums?|size|hits|features|results|items)|count|found|rows?_?count"
    r"|number_?matched|num_?found|records_?(total|filtered)|nhits|zs)$",
    re.IGNORECASE,
)
_MORE = re.compile(r"^(exceeded_?transfer_?limit|has_?(more|next)(_?page)?|more|is_?truncated)$", re.IGNORECASE)
_LAST = re.compile(r"^(is_?)?last(_?page)?$", re.IGNORECASE)
_NEXT = re.compile(r"^(@odata\.|odata\.)?next(_?(link|page|url|page_?url|uri|href))?$", re.IGNORECASE)
_HREF = ("href", "url")
_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_DEEPEST = 3
_ROUND = 10
_SOCRATA = re.compile(r"/resource/\w{4}-\w{4}")
_WAYS_OF = {"exceededtransferlimit": "resultoffset", "numbermatched": "startindex", "totalfeatures": "startindex"}
"""Marks of a server → how it is asked for more."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Why a reply may not be everything ("" where nothing speaks for that; `is_guess`: only its round number does), and
    where it says what. `hints` are names of queries, in small letters, that such a server knows.
    """

    why: str = ""
    is_guess: bool = False
    total: int | None = None
    total_path: str = ""
    next: str = ""
    next_path: str = ""
    hints: frozenset[str] = frozenset()


def extent_of(document: Any, count: int, reply: Reply, url: str) -> Extent:
    """What speaks for it that a reply of so many rows is not the whole list."""
    said = list(_said(document, ()))
    total_path, total = _total(said, count)
    marks = [
        key for _, key, value in said if (_MORE.match(key) and value is True) or (_LAST.match(key) and value is False)
    ]
    next_path, following = next(_next(document, said), ("", ""))
    hints = {_WAYS_OF[key.lower()] for _, key, _ in said if key.lower() in _WAYS_OF}
    hints |= {"$offset"} if _SOCRATA.search(url) else set()
    is_whole = total is None and any(_TOTAL.match(key) and _whole(value) == count for _, key, value in said)
    why, is_guess = "", False
    if total is not None:
        why = f"{count} of {total} rows were in the reply"
    elif marks or following or 'rel="next"' in reply.headers.get("Link", ""):
        why = f"{count} rows were in the reply, which says that there are more"
    elif not is_whole and _is_round(count, url):
        why, is_guess = f"exactly {count} rows: perhaps only the first page, and the rest is missing", True
    return Extent(why, is_guess, total, total_path, following, next_path, frozenset(hints))


def _total(said: Sequence[tuple[str, str, Any]], count: int) -> tuple[str, int | None]:
    """Where a number of all rows stands, and it: larger than what the reply holds."""
    for path, key, value in said:
        if _TOTAL.match(key) and (found := _whole(value)) is not None and found > count:
            return path, int(found)
    return "", None


def keys_of(document: Any) -> frozenset[str]:
    """What a document says beside its rows, in small letters."""
    return frozenset(key.lower() for _, key, _ in _said(document, ()))


def _said(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
    """Path, key and value of everything that stands beside the rows."""
    if not isinstance(value, Mapping) or len(path) > _DEEPEST:
        return
    for key, each in value.items():
        steps = (*path, key if _PLAIN.match(key) else f'"{key}"')
        yield ".".join(steps), key, each
        yield from _said(each, steps)


def _whole(value: Any) -> float | None:
    return None if isinstance(value, bool) or not isinstance(value, int | str) else number(value)


def _next(document: Any, said: Sequence[tuple[str, str, Any]]) -> Iterator[tuple[str, str]]:
    for path, key, value in said:
        if key == "links" and isinstance(value, list):
            href = next(
                (each.get("href") for each in value if isinstance(each, Mapping) and each.get("rel") == "next"), ""
            )
            if isinstance(href, str) and href:
                yield f"{path}[?rel=='next'].href | [0]", href
        elif _NEXT.match(key) and isinstance(value, str) and ("/" in value or value.startswith("?")):
            yield path, value
        elif _NEXT.match(key) and isinstance(value, Mapping):
            for name in _HREF:
                if isinstance(value.get(name), str):
                    yield f"{path}.{name}", value[name]


def _is_round(count: int, url: str) -> bool:
    """A number of rows that looks like a limit: 10, 20, 100, 1000 …, or one that the address asks for."""
    asked = {value for _, value in parse_qsl(urlsplit(url).query)}
    return count >= _ROUND and (count in (10, 20, 25, 30, 50) or count % 100 == 0 or str(count) in asked)
