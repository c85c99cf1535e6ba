"""Where the rows of an unknown reply are: its format, and in JSON the path of its longest list of objects."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasources.cap.elements import local
from datasources.connecting.standards import Seen
from datasources.contract import SourceDataError
from datasources.decode import decode_text
from datasources.formats import FormOptions, read_rows
from datasources.http import Reply

_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_DEEPEST = 6
_FEWEST_BY_KEY = 2
_DESCRIPTIONS = frozenset({"fields", "columns", "schema"})
"""Lists that describe the columns (ArcGIS, CKAN): longer than the rows where there are few, and never the rows."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a reply, and the options that find them again. `document` is what stands around them."""

    form: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]] = ()
    document: Any = None


def find_rows(seen: Seen) -> Found:
    """The rows of a reply; raises SourceDataError when it holds none that could be records."""
    found = rows_in(seen.reply, _form(seen))
    if not found.rows:
        raise SourceDataError("wrong_shape", "no list of objects in the reply")
    return found


def rows_in(reply: Reply, form: Mapping[str, Any]) -> Found:
    """The rows of a reply whose form is known, which may be none; raises SourceDataError."""
    found = read_rows(reply.body, FormOptions.model_validate(form), reply.headers.get("Content-Type", ""))
    return Found(form, [_flat(row) for row in found.rows if isinstance(row, Mapping)], found.document)


def _form(seen: Seen) -> dict[str, Any]:
    body = seen.reply.body
    if seen.reply.is_html:
        raise SourceDataError("html", "an HTML page: a portal, or a page that says that one must log in")
    if body.startswith(b"PK\x03\x04"):
        return {"format": "xlsx"}
    if seen.root is not None:
        tags = Counter(local(each) for each in seen.root.iter() if len(each))
        tag = next((tag for tag, _ in tags.most_common() if tag != local(seen.root)), "")
        return {"format": "xml", "rows": f"//{tag}"} if tag else {"format": "xml"}
    if isinstance(seen.document, dict) and seen.document.get("type") == "FeatureCollection":
        return {"format": "geojson"}
    if isinstance(seen.document, dict | list):
        return {"format": "json", **_longest(seen.document)}
    return _of_text(seen)


def _of_text(seen: Seen) -> dict[str, Any]:
    text = decode_text(seen.reply.body, seen.reply.headers.get("Content-Type", ""))
    first = text.lstrip("\ufeff").lstrip()[:1]
    if first == "{":
        return {"format": "jsonl"}
    try:
        delimiter = csv.Sniffer().sniff(text[:4096], ",;\t|").delimiter
    except csv.Error as error:
        raise SourceDataError("wrong_shape", "neither JSON nor XML nor a table") from error
    form: dict[str, Any] = {"format": "tsv"} if delimiter == "\t" else {"format": "csv", "delimiter": delimiter}
    try:
        seen.reply.body.decode("utf-8")
    except UnicodeDecodeError:
        form["encoding"] = "gb18030"
    return form


def _longest(document: Any) -> dict[str, Any]:
    if (table := _table(document)) is not None:
        return table
    lists = sorted(
        _lists(document, ()), key=lambda each: (not _DESCRIPTIONS.isdisjoint(each[0][-1:]), -each[1], len(each[0]))
    )
    if not lists:
        raise SourceDataError("wrong_shape", "no list of objects in the reply")
    path, _, is_by_key = lists[0]
    form: dict[str, Any] = {"rows": ".".join(path)} if path else {}
    return form | ({"rows_by_key": True} if is_by_key else {})


def _table(document: Any) -> dict[str, Any] | None:
    """A list of lists with their names beside it, as SQL gateways give them; None when it is none."""
    if not isinstance(document, dict):
        return None
    for key, rows in document.items():
        if not (isinstance(rows, list) and rows and all(isinstance(row, list) for row in rows)):
            continue
        for names in document.values():
            is_head = isinstance(names, list) and len(names) == len(rows[0]) and all(isinstance(n, str) for n in names)
            if is_head and names is not rows:
                return {"rows": key if _PLAIN.match(key) else f'"{key}"', "columns": tuple(names)}
    return None


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int, bool]]:
    """Every list of objects (and object of alike objects): its path, its length, whether it is by key."""
    if len(path) > _DEEPEST:
        return
    if count := _count(value):
        yield path, count, False
    if isinstance(value, dict):
        inner = [each for each in value.values() if isinstance(each, dict)]
        if len(inner) == len(value) >= _FEWEST_BY_KEY and len({frozenset(each) for each in inner}) == 1:
            yield path, len(inner), True
        lists = [each for each in value.values() if _count(each)]
        are_alike = len({frozenset(next(row for row in each if isinstance(row, dict))) for each in lists}) == 1
        if len(lists) == len(value) >= _FEWEST_BY_KEY and are_alike:
            yield path, sum(map(_count, lists)), True
        for key, each in value.items():
            yield from _lists(each, (*path, key if _PLAIN.match(key) else f'"{key}"'))


def _count(value: Any) -> int:
    """How many objects are in a list; 0 for anything else."""
    return sum(isinstance(each, dict) for each in value) if isinstance(value, list) else 0


def _flat(row: Mapping[str, Any], above: str = "", depth: int = 0) -> dict[str, Any]:
    """A row with what lies in objects of it by dotted paths."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping) and depth < _DEEPEST:
            flat |= _flat(value, f"{name}.", depth + 1)
        else:
            flat[name] = value
    return flat
