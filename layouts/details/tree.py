"""A page as the browser puts it on the screen: `[tag, attributes, children]`, nested; texts are strings.

Dash would build every element anew each time a page is read again: what was opened would close, what is drawn would be
gone. `assets/41-detail.js` changes only what differs.
"""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

Tree = list[Any]
_NAMES = {"className": "class", "tabIndex": "tabindex", "dateTime": "datetime", "htmlFor": "for", "colSpan": "colspan"}


def to_tree(component: Component) -> Tree:
    """The component and all below it as plain lists."""
    properties: dict[str, Any] = component.to_plotly_json()  # type: ignore[no-untyped-call]  # Dash's own is untyped
    attributes = {_NAMES.get(name, name): value for name, value in properties["props"].items() if name != "children"}
    shown = {name: value for name, value in attributes.items() if value is not None and value != ""}
    return [properties["type"].lower(), shown, _children(getattr(component, "children", None))]


def _children(children: Any) -> Tree:
    if children is None:
        return []
    listed = children if isinstance(children, (list, tuple)) else [children]
    return [to_tree(child) if isinstance(child, Component) else str(child) for child in listed if child is not None]
