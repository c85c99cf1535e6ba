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
_PLACE = re.compile(
    r"(^|[._])(lat|latitude|lttd|wd|geometry\.(y|coordinates)|纬度)$|[a-z]Lat(itude)?$|纬度", re.IGNORECASE
)
_HEADER_ROWS = 6
_HEADER_SHARE = 0.8
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
        hint = "; ArcGIS answers with f=json" if "/rest/services" in seen.reply.url else ""
        raise SourceDataError("html", f"an HTML page: a portal, or a page that says that one must log in{hint}")
    if body.startswith(b"PK\x03\x04"):
        return {"format": "xlsx"} | _header_row(seen.reply)
    if seen.root is not None:
        tags = Counter(local(each) for each in seen.root.iter() if len(each))
        tag = next((tag for tag, _ in tags.most_common() if tag != local(seen.root)), "")
        return {"format": "xml", "rows": f"//{tag}"} if tag else {"format": "xml"}
    if isinstance(seen.document, dict) and seen.document.get("type") == "FeatureCollection":
        return {"format": "geojson"}
    if isinstance(seen.document, dict | list):
        return {"format": "json", **_longest(seen.document)}
    return _of_text(seen)


def _header_row(reply: Reply) -> dict[str, Any]:
    """Where the names of a sheet's columns stand: below titles, which fill fewer columns."""
    widths: dict[int, int] = {}
    for row in range(1, _HEADER_ROWS + 1):
        try:
            found = rows_in(reply, {"format": "xlsx", "header_row": row}).rows
        except SourceDataError:
            continue
        widths[row] = len({column for each in found for column in each})
    widest = max(widths.values(), default=0)
    first = next((row for row, width in widths.items() if width >= _HEADER_SHARE * widest), 1)
    return {} if first == 1 else {"header_row": first}


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
    """The list whose objects have positions, else the longest; what describes columns only where it has positions."""
    if (table := _table(document)) is not None:
        return table
    lists = [each for each in _lists(document, ()) if each.has_place or _DESCRIPTIONS.isdisjoint(each.path[-1:])]
    if not lists:
        hint = "; it describes a layer, whose rows are at …/query?where=1=1&outFields=*&f=json"
        is_layer = isinstance(document, dict) and {"geometryType", "currentVersion"} & document.keys()
        raise SourceDataError("wrong_shape", f"no list of objects in the reply{hint if is_layer else ''}")
    if not any(each.has_place for each in lists) and isinstance(document, dict) and "currentVersion" in document:
        raise SourceDataError("wrong_shape", "a list of ArcGIS services or layers: connect one layer, …/0/query?…")
    best = min(lists, key=lambda each: (not each.has_place, -each.count, len(each.path)))
    form: dict[str, Any] = {"rows": ".".join(best.path)} if best.path else {}
    return form | ({"rows_by_key": True} if best.is_by_key else {})


def _table(value: Any, path: str = "", depth: int = 0) -> dict[str, Any] | None:
    """A list of lists with their names beside it, as databases of series give them; None when it is none.

    Raises SourceDataError where there are several, each a series of its own.
    """
    if isinstance(value, list) and len(value) == 1:
        return _table(value[0], f"{path}[0]", depth + 1)
    if isinstance(value, list) and len(value) > 1 and all(_table(each) for each in value[:2]):
        raise SourceDataError("wrong_shape", f"{len(value)} tables of their own at {path}: ask for one, without groups")
    if not isinstance(value, dict) or depth > _DEEPEST:
        return None
    tables = [rows for rows in value.items() if _is_table(rows[1])]
    for key, rows in tables:
        names = next(
            (found for each in value.values() if each is not rows and (found := _names(each, len(rows[0])))), ()
        )
        if names:
            return {"rows": _below(path, key), "columns": names}
    inner = (_table(each, _below(path, key), depth + 1) for key, each in value.items() if isinstance(each, dict | list))
    return next((each for each in inner if each), None)


def _below(path: str, key: str) -> str:
    step = key if _PLAIN.match(key) else f'"{key}"'
    return f"{path}.{step}" if path else step


def _is_table(rows: Any) -> bool:
    return isinstance(rows, list) and bool(rows) and all(isinstance(row, list) for row in rows)


def _names(head: Any, width: int) -> tuple[str, ...]:
    """Names of so many columns: texts, or descriptions that begin with the name or hold it."""
    if not isinstance(head, list) or len(head) != width:
        return ()
    names = [str(name) for each in head if isinstance(name := _name(each), str)]
    return tuple(names) if len(set(names)) == width else ()


def _name(described: Any) -> Any:
    if isinstance(described, dict):
        return described.get("name")
    return described[0] if isinstance(described, list) and described else described


@dataclass(frozen=True, slots=True)
class _List:
    """A list of objects (or an object of alike objects) in a document."""

    path: tuple[str, ...]
    count: int
    is_by_key: bool
    has_place: bool


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[_List]:
    """Every list of objects, and every object of alike objects or of lists of them."""
    if len(path) > _DEEPEST:
        return
    if count := _count(value):
        yield _List(path, count, False, _has_place(value))
    if isinstance(value, dict):
        inner = [each for each in value.values() if isinstance(each, dict)]
        if len(inner) == len(value) >= _FEWEST_BY_KEY and len({frozenset(each) for each in inner}) == 1:
            yield _List(path, len(inner), True, _has_place(inner))
        lists = [each for each in value.values() if _count(each)]
        are_alike = len({frozenset(next(row for row in each if isinstance(row, dict))) for each in lists}) == 1
        if len(lists) == len(value) >= _FEWEST_BY_KEY and are_alike:
            yield _List(path, sum(map(_count, lists)), True, _has_place(lists[0]))
        for key, each in value.items():
            yield from _lists(each, (*path, key if _PLAIN.match(key) else f'"{key}"'))


def _has_place(rows: Sequence[Any]) -> bool:
    row = next((each for each in rows if isinstance(each, dict)), {})
    return any(_PLACE.search(column) for column in _flat(row))


def _count(value: Any) -> int:
    """How many objects are in a list; 0 for anything else."""
    return sum(isinstance(each, dict) for each in value) if isinstance(value, list) else 0


def _flat(row: Mapping[str, Any], above: str = "", depth: int = 0) -> dict[str, Any]:
    """A row with what lies in objects of it, and in lists of one object, by dotted paths."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        name = f"{above}{key}"
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping):
            name, value = f"{name}[0]", value[0]
        if isinstance(value, Mapping) and depth < _DEEPEST:
            flat |= _flat(value, f"{name}.", depth + 1)
        else:
            flat[name] = value
    return flat
