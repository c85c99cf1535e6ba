"""XML elements as rows: children and attributes by local name, whatever their namespace."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from datasources.contract import SourceDataError

_DEEPEST = 64
ATTRIBUTE = "@"


def xml_rows(root: Element, path: str) -> list[Any]:
    """The elements at `path` below the root as rows: `data/item`, or `//item` wherever they are; without a path the
    root's children. Raises SourceDataError where the way to them is not there.
    """
    if not path:
        return [as_object(child) for child in root]
    if path.startswith("//"):
        return [as_object(element) for element in root.iter() if _local(element) == path[2:]]
    *way, last = [step for step in path.split("/") if step]
    holders = [root]
    for step in way:
        holders = [child for holder in holders for child in holder if _local(child) == step]
    if not holders:
        raise SourceDataError("wrong_shape", f"no element {'/'.join(way)!r} in {_local(root)!r}")
    return [as_object(child) for holder in holders for child in holder if _local(child) == last]


def as_object(element: Element, depth: int = 0) -> dict[str, Any]:
    """An element as an object.

    `<a id="1"><b unit="m">2</b><c/><c>3</c></a>` is `{"@id": "1", "b": "2", "b@unit": "m", "c": [None, "3"]}`; text
    beside children or attributes of the element itself is `#text`.
    """
    if depth > _DEEPEST:
        raise SourceDataError("wrong_shape", "XML nested too deeply")
    found: dict[str, Any] = {f"{ATTRIBUTE}{_bare(name)}": value for name, value in element.attrib.items()}
    for child in element:
        _add(found, child, depth)
    text = (element.text or "").strip()
    if text:
        found["#text"] = text
    return found


def _add(found: dict[str, Any], child: Element, depth: int) -> None:
    name = _local(child)
    if not name:
        return  # a comment or a processing instruction
    if len(child):
        value: Any = as_object(child, depth + 1)
    else:
        value = (child.text or "").strip() or None
        for attribute, said in child.attrib.items():
            found.setdefault(f"{name}{ATTRIBUTE}{_bare(attribute)}", said)
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _local(element: Element) -> str:
    return _bare(element.tag) if isinstance(element.tag, str) else ""


def _bare(name: str) -> str:
    return name.rpartition("}")[2]
