"""GeoReport v2 documents as XML: what is a list in JSON is a series of elements of one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SINGULAR = {"tasks": "task", "attributes": "attribute"}


def document(root: str, item: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """`<root><item>…</item>…</root>`."""
    return f"{_HEAD}<{root}>{''.join(_element(item, row) for row in rows)}</{root}>\n".encode()


def single(root: str, fields: Mapping[str, Any]) -> bytes:
    """`<root>` with one element per field."""
    return f"{_HEAD}{_element(root, fields)}\n".encode()


def _element(name: str, value: Any) -> str:
    return f"<{name}>{_content(name, value)}</{name}>"


def _content(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "".join(_element(key, field) for key, field in value.items())
    if isinstance(value, list):
        return "".join(_element(_SINGULAR[name], row) for row in value)
    return escape(str(value))
