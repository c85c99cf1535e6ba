"""What can be wrong with a good reply, made from the contract examples of every kind whatever its format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from examples import Example
from fake_upstream import Body

Pages = dict[str, Body]

ODD: tuple[Any, ...] = (
    None,
    "",
    " ",
    "NaN",
    "x" * 5_000,
    "\u202e\x00\ud83d",
    "0000-00-00 00:00:00",
    "<b>&amp;</b>",
    True,
    0,
    -1,
    0.5,
    1e308,
    10**30,
    [],
    {},
    [[]],
    {"a": {"b": None}},
)
"""Values that no field expects."""

_LON = re.compile(rb"\b121\.\d+")
_LAT = re.compile(rb"\b31\.\d+")


def of_bytes(example: Example, change: Callable[[bytes], bytes]) -> Pages:
    """The pages with each body changed; what is no fixed body stays."""
    return {path: change(body) if isinstance(body, bytes) else body for path, body in example.pages.items()}


def cut(example: Example, share: float) -> Pages:
    """Whole replies of which only a part was written."""
    return of_bytes(example, lambda body: body[: int(len(body) * share)])


def scrambled(example: Example, rng: Random) -> Pages:
    """A few bytes in a hundred replaced."""

    def scramble(body: bytes) -> bytes:
        changed = bytearray(body)
        for _ in range(1 + len(body) // 100):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        return bytes(changed)

    return of_bytes(example, lambda body: scramble(body) if body else body)


def at_null_island(example: Example) -> Pages:
    """Every position at 0, 0."""
    return of_bytes(example, lambda body: _LAT.sub(b"0.0", _LON.sub(b"0.0", body)))


def swapped(example: Example) -> Pages:
    """Longitude where latitude is due and the other way round."""
    return of_bytes(example, lambda body: _LAT.sub(b"121.4802", _LON.sub(b"31.4", body).replace(b"31.4", b"31.4")))


def with_lists(example: Example, change: Callable[[list[Any]], list[Any]]) -> Pages:
    """Every list of objects in JSON replies changed."""

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            inner = [walk(each) for each in value]
            return change(inner) if inner and all(isinstance(each, dict) for each in inner) else inner
        return {name: walk(each) for name, each in value.items()} if isinstance(value, dict) else value

    return {path: _json(walk(document)) if document is not None else body for path, body, document in _all(example)}


def with_one_odd_value(example: Example, rng: Random) -> Pages:
    """One value anywhere in a JSON reply, or one word of another, replaced by what nobody expects there."""
    pages: Pages = dict(example.pages)
    path, body, document = rng.choice(list(_all(example)))
    odd = rng.choice(ODD)
    if document is not None:
        places = list(_places(document))
        if places:
            holder, name = rng.choice(places)
            if rng.random() < 0.15:
                del holder[name]
            else:
                holder[name] = odd
        pages[path] = _json(document)
    elif isinstance(body, bytes):
        words = [*re.finditer(rb"[\w.:+-]+", body)]
        if words:
            at = rng.choice(words)
            text = str(odd).encode("utf-8", "surrogatepass")
            pages[path] = body[: at.start()] + text + body[at.end() :]
    return pages


def _all(example: Example) -> Iterator[tuple[str, Body, Any]]:
    """(path, body, document or None) of every page; each time with documents of its own."""
    for path, body in example.pages.items():
        document = None
        if isinstance(body, bytes):
            for encoding in ("utf-8", "gb18030"):
                try:
                    document = json.loads(body.decode(encoding))
                    break
                except ValueError:
                    continue
        yield path, body, document if isinstance(document, (dict, list)) else None


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key) below a document."""
    for name, each in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, name
        if isinstance(each, (dict, list)):
            yield from _places(each)


def _json(document: Any) -> bytes:
    return json.dumps(document).encode()
