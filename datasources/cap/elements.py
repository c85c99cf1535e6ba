"""Reading XML by local names: CAP comes with many prefixes, wrong namespaces, and none."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from datasources.fields import clean


def local(element: Element) -> str:
    """The name of an element without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    """The children with that local name (given in lower case)."""
    return [child for child in element if local(child) == name]


def child(element: Element, name: str) -> Element | None:
    """The first child with that local name."""
    return next(iter(children(element, name)), None)


def said(element: Element, name: str, limit: int = 2000) -> str:
    """The text of the first child with that name; "" when there is none."""
    found = child(element, name)
    return "" if found is None else clean("".join(found.itertext()), limit)


def pairs(element: Element, name: str) -> Iterator[tuple[str, str]]:
    """(valueName, value) of parameters, event codes and geocodes; also in the older form `name=value`."""
    for found in children(element, name):
        value_name, value = said(found, "valuename", 200), said(found, "value", 500)
        if not value_name and "=" in (found.text or ""):
            value_name, _, value = clean(found.text, 500).partition("=")
        yield value_name.strip(), value.strip()


def find_all(root: Element, name: str) -> list[Element]:
    """Every element of that name in the document, the root included."""
    return [element for element in root.iter() if local(element) == name]
