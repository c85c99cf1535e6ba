"""GeoReport documents, JSON or XML, as plain rows; raises SourceDataError for what is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from datasources.contract import SourceDataError
from datasources.decode import decode_xml
from datasources.fields import text
from datasources.http import Reply

_WRAPPERS = ("service_requests", "requests", "services", "value", "data")
_LISTS = {"tasks": "task", "media_urls": "media_url"}


def read_rows(reply: Reply) -> list[Any]:
    """The rows of a reply in whichever of the two formats it is."""
    if reply.body.lstrip()[:1] == b"<":
        return list(_xml_rows(decode_xml(reply.body)))
    return json_rows(reply.json())


def json_rows(document: Any) -> list[Any]:
    """A bare list, as the specification says, or a list inside an object, as some servers do."""
    rows = document
    if isinstance(document, dict):
        rows = next((document[name] for name in _WRAPPERS if isinstance(document.get(name), list)), None)
    if not isinstance(rows, list):
        raise SourceDataError("wrong_shape", "neither a list nor an object with one")
    first = rows[0] if rows else None
    if isinstance(first, dict) and "description" in first and "code" in first and "service_code" not in first:
        raise SourceDataError(f"upstream_code:{text(first, 'code', limit=20)}", text(first, "description", limit=200))
    return rows


def _xml_rows(root: Element) -> Iterator[dict[str, Any]]:
    if _local(root) in ("errors", "error"):
        message = " ".join(part.strip() for part in root.itertext() if part.strip())
        raise SourceDataError("upstream_error", message[:200])
    for child in root:
        value = _value(child)
        if isinstance(value, dict):
            yield value


def _value(element: Element) -> Any:
    children = list(element)
    if not children:
        return (element.text or "").strip() or None
    if element.get("type") == "array" or _LISTS.get(_local(element)) == _local(children[0]):
        return [_value(child) for child in children]
    return {_local(child): _value(child) for child in children}


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
