"""Elements with texts that any reader of XML 1.0 takes: what may stand in no document is left out."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: Element, name: str, text: str = "") -> Element:
    """A new element at the end of another."""
    element = SubElement(parent, name)
    element.text = _FORBIDDEN.sub("", text) or None
    return element


def add_if(parent: Element, name: str, text: str) -> None:
    """The same, only when there is something to say."""
    if text:
        add(parent, name, text)


def document(root: Element) -> bytes:
    """The whole document, UTF-8."""
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body
